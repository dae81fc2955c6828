/** Texts in base64 and quoted-printable: decoded in place, every line with its line in the file. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../server/analysis/index.js';
import { readAssets } from '../../../server/assets.js';
import { textOf } from '../../../server/mail/byte-text.js';
import { decodeMail } from '../../../server/mail/decoded.js';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import { checkText } from '../../../server/report/check-text.js';

const EXAMPLE = readFileSync(new URL('../../../examples/zeroing.eml', import.meta.url), 'utf8');
const [HEAD, BODY] = [
  EXAMPLE.slice(0, EXAMPLE.indexOf('\n\n')),
  EXAMPLE.slice(EXAMPLE.indexOf('\n\n') + 2),
];

function base64(text: string): string {
  return (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\n');
}

/** As mail programs write it: no line above 76 characters, `=` and what is not ASCII in hex. */
function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const hex = [...Buffer.from(line)]
        .map((b) =>
          b === 0x3d || b > 126 || (b < 32 && b !== 9)
            ? `=${b.toString(16).toUpperCase().padStart(2, '0')}`
            : String.fromCharCode(b),
        )
        .join('')
        .replace(/[ \t]$/, (c) => `=${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
      return (hex.match(/.{1,70}(?:=[0-9A-F]{2})?/g) ?? ['']).join('=\n');
    })
    .join('\n');
}

function mail(encoding: string, body: string, head = HEAD): string {
  const plain = head.replace(/^(?:Content-|MIME-).*\n/gim, '');
  return `${plain}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${body}\n`;
}

const ENCODED = [
  ['base64', mail('base64', base64(BODY))],
  ['quoted-printable', mail('Quoted-Printable', quoted(BODY))],
] as const;

/** Text of the body behind the first empty line. */
function bodyOf(text: string): string {
  return text.slice(text.indexOf('\n\n') + 2);
}

describe('an encoded mail', () => {
  it.each(ENCODED)('%s: its text is the one that was written', (_, raw) => {
    const decoded = decodeMail(raw, 'a.eml');
    expect(bodyOf(decoded?.text ?? '').trimEnd()).toBe(BODY.trimEnd());
    const doc = readMailDocument(decoded?.text ?? '', 'a.eml');
    expect(doc.problems).toEqual([]);
    expect(doc.messages.map((m) => [m.subject, m.text.length])).toEqual([
      [readMailDocument(EXAMPLE, 'a.eml').messages[0]?.subject, 1],
    ]);
  });

  it('says where each line stands in the file', () => {
    const raw = mail('quoted-printable', 'a=3Db=\nc\nnext\nand an=\n other\n');
    const decoded = decodeMail(raw, 'a.eml');
    const lines = raw.split('\n');
    const at = (text: string): string =>
      lines[decoded?.rawLine[decoded.text.split('\n').indexOf(text)] ?? -1] ?? '';
    expect(at('a=bc')).toBe('a=3Db=');
    expect(at('next')).toBe('next');
    expect(at('and an other')).toBe('and an=');
    expect(decoded?.rawLine.length).toBe(decoded?.text.split('\n').length);
  });

  it('is decoded in its character set, else taken as Latin-1', () => {
    const latin = mail('quoted-printable', 'J=F6rg =80').replace('utf-8', 'iso-8859-1');
    expect(decodeMail(latin, '')?.text).toContain('Jörg');
    const wrong = mail('quoted-printable', 'J=F6rg').replace('utf-8', 'no-such-set');
    expect(decodeMail(wrong, '')?.text).toContain('Jörg');
    const cyrillic = mail('base64', Buffer.from([0xf0, 0xd2]).toString('base64'));
    expect(decodeMail(cyrillic.replace('utf-8', 'koi8-r'), '')?.text).toContain('Пр');
  });

  it('has its header words decoded, on one line', () => {
    const head =
      'From: =?utf-8?q?J=C3=B6rg?= <j@x>\nSubject: =?utf-8?b?W1BBVENIXSA=?=\n =?utf-8?q?a=0Ab?=\nDate: x';
    const { text = '' } = decodeMail(mail('base64', base64('hi\n'), head), '') ?? {};
    expect(text.split('\n').slice(0, 2)).toEqual(['From: Jörg <j@x>', 'Subject: [PATCH] a b']);
  });

  it('keeps the other parts: an attached patch in base64 beside plain text', () => {
    const raw = [
      'From: A <a@b>',
      'Subject: patch attached',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="XX"',
      '',
      '--XX',
      'Content-Type: text/plain',
      '',
      'see below',
      '--XX',
      'Content-Type: application/octet-stream; name="fix.patch"',
      'Content-Disposition: attachment; filename="fix.patch"',
      'Content-Transfer-Encoding: base64',
      '',
      base64('--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n'),
      '--XX',
      'Content-Type: image/png',
      'Content-Transfer-Encoding: base64',
      '',
      'AAAA',
      '--XX--',
      '',
    ].join('\n');
    const decoded = decodeMail(raw, '');
    const doc = readMailDocument(decoded?.text ?? '', '');
    const texts = doc.messages[0]?.text.map((t) =>
      Array.from({ length: t.endLine - t.startLine }, (_, i) => doc.lines.line(t.startLine + i)),
    );
    expect(texts?.map((t) => t[0])).toEqual(['see below', '--- a/x.c']);
    expect(decoded?.text).toContain('AAAA');
  });

  it('cannot begin another message of its mbox', () => {
    const from = 'From a@b Mon Sep 17 10:00:00 2001';
    const inner = `hello\n\n${from}\nFrom: X <x@y>\nSubject: forged\nDate: now\n\ntext\n`;
    const head = 'From: A <a@b>\nSubject: real\nDate: now';
    const part = (text: string): string => `${from}\n${mail('base64', base64(text), head)}`;
    const box = `${part(inner)}\n${part('second\n')}`;
    const doc = readMailDocument(decodeMail(box, '')?.text ?? '', '');
    expect(doc.messages.length).toBe(2);
    expect(doc.messages.some((m) => m.subject === 'forged')).toBe(false);
  });

  it('keeps two bytes a character: an attached patch in UTF-16', () => {
    const patch = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';
    const utf16 = Buffer.from(`\ufeff${patch}`, 'utf16le').toString('base64');
    const raw = mail('base64', (utf16.match(/.{1,40}/g) ?? []).join('\n'));
    const decoded = decodeMail(raw.replace('utf-8', 'utf-16'), '');
    const lines = decoded?.text.split('\n') ?? [];
    expect(lines.join('\n')).toContain(patch);
    // 30 bytes a line of base64; the byte order mark and 21 characters stand before the @@
    const at = decoded?.rawLine[lines.indexOf('@@ -1 +1 @@')] ?? 0;
    expect(at - raw.split('\n').indexOf('')).toBe(1 + Math.floor((2 + 2 * 20) / 30));
  });

  it.each([
    ['a mail without encoding', EXAMPLE],
    ['words about encodings', `${HEAD}\n\nContent-Transfer-Encoding: base64\n`],
  ])('%s stays as it is', (_, text) => {
    expect(decodeMail(text, '')).toBeUndefined();
  });

  it('that is longer than anybody reads stays as it is, and that is said', () => {
    const long = mail('base64', 'QUJD'.repeat(9_000_000));
    expect(decodeMail(long, '')).toBeUndefined();
    const [problem] = readMailDocument(long, '').problems;
    expect(problem?.message).toBe('this text is base64 and was not decoded');
  });

  it.each([
    ['no base64 at all', mail('base64', '!!! not base64 ???\n====\n')],
    ['cut in the middle', mail('base64', base64(BODY).slice(0, 501))],
    ['bytes that are no text', mail('quoted-printable', '=00=FF=C3=28=zz=\n=')],
  ])('damaged: %s', (_, raw) => {
    const decoded = decodeMail(raw, '');
    expect(decoded?.rawLine.length).toBe(decoded?.text.split('\n').length);
  });
});

describe('a mail in another character set', () => {
  const head = (charset: string): string =>
    `From: J\u00f6rg <j@x>\nSubject: s\nDate: d\nContent-Type: text/plain; charset=${charset}\n\n`;
  const from = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';
  const latin = Buffer.from(`${from}${head('iso-8859-15')}caf\u00e9 \u00a4\n\n`, 'latin1');
  const utf8 = Buffer.from(`${from}${head('utf-8')}na\u00efve\n\n`);
  const chinese = Buffer.concat([
    Buffer.from(`${from}${head('gb2312')}`, 'latin1'),
    Buffer.from([0xb3, 0xa3, 0xb7, 0xef, 10, 10]),
  ]);
  const unnamed = Buffer.from(`${from}${head('x-none')}don\u0092t\n`, 'latin1');

  it('is read in it, each mail of an mbox in its own', () => {
    const { text, isBytes } = textOf(Buffer.concat([latin, utf8, chinese, unnamed]));
    expect(isBytes).toBe(true);
    const decoded = decodeMail(text, '', isBytes);
    const doc = readMailDocument(decoded?.text ?? '', '');
    expect(doc.messages.map((m) => [m.from.name, doc.lines.line(m.bodyLine)])).toEqual([
      ['J\u00f6rg', 'caf\u00e9 \u20ac'],
      ['J\u00f6rg', 'na\u00efve'],
      ['J鰎g', '常凤'],
      ['J\u00f6rg', 'don\u2019t'],
    ]);
    expect(decoded?.rawLine).toEqual(text.split('\n').map((_, i) => i));
  });

  it('in UTF-8 is read as it is, whatever it says', () => {
    const { text, isBytes } = textOf(utf8);
    expect([isBytes, decodeMail(text, '', isBytes)]).toEqual([false, undefined]);
  });

  it('may have seven bits', () => {
    const raw = head('iso-2022-jp').replace('\u00f6', 'o');
    const jp = `${raw}\u001b$B$"$$\u001b(B.\n`;
    expect(decodeMail(jp, '')?.text).toContain('あい.\n');
  });

  it('in quoted-printable beside raw bytes is decoded once', () => {
    const raw = mail('quoted-printable', 'caf=E9 \u00e9').replace('utf-8', 'iso-8859-1');
    const { text, isBytes } = textOf(Buffer.from(raw, 'latin1'));
    expect(decodeMail(text, '', isBytes)?.text).toContain('caf\u00e9 \u00e9');
  });
});

describe('parts of a mail', () => {
  const PATCH = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';
  const withPart = (headers: string, body: string): number =>
    readDiffs(
      readMailDocument(
        `From: A <a@b>\nSubject: s\nContent-Type: multipart/mixed; boundary=XX\n\n--XX\n${headers}\n\n${body}\n--XX--\n`,
        '',
      ),
    ).length;

  it.each([
    ['a mail inside', 'Content-Type: message/rfc822', `From: B <b@c>\nSubject: t\n\n${PATCH}`, 1],
    [
      'a name in pieces',
      "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*0*=UTF-8''a.patch",
      PATCH,
      1,
    ],
    ['only a name', 'Content-Type: application/octet-stream; name=patch', PATCH, 1],
    ['an archive', 'Content-Type: application/gzip; name=fix.patch.gz', PATCH, 0],
    ['HTML', 'Content-Type: text/html', PATCH, 0],
    ['a picture', 'Content-Type: image/png; name="x.png"', PATCH, 0],
  ])('%s', (_, headers, body, expected) => expect(withPart(headers, body)).toBe(expected));
});

describe('the check of an encoded mail', async () => {
  const analyzer = await Analyzer.create(readAssets());
  const budget = { states: 1e6, expired: () => false };

  it.each(ENCODED)('%s: finds what the plain mail has, and names both places', (_, raw) => {
    const plainFindings = analyzer.check('file:///p.eml', EXAMPLE, budget).findings;
    const decoded = decodeMail(raw, '');
    const result = analyzer.check('file:///e.eml', decoded?.text ?? '', budget);
    expect(result.findings.map((f) => [f.rule, f.severity, f.at.character])).toEqual(
      plainFindings.map((f) => [f.rule, f.severity, f.at.character]),
    );
    expect(plainFindings.length).toBeGreaterThan(0);
    const text = checkText(result, { name: 'e.eml', traces: false, rawLine: decoded?.rawLine });
    const at = result.findings[0]?.at.line ?? 0;
    expect(text).toContain(`e.eml:${(decoded?.rawLine[at] ?? 0) + 1} (decoded ${at + 1}:`);
  });
});
