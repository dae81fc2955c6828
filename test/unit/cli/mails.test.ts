/** Mails where people have them: maildir, mbox, gzip, public-inbox epochs. */
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readArchive, readMails } from '../../../server/cli/mails.js';
import { readMailDocument } from '../../../server/mail/index.js';
import { epoch, mail, maildir, scratch } from './support.js';

/** Subject of each mail, and the file line of its subject. */
async function brief(names: readonly string[], thread?: string): Promise<string[]> {
  const { text, rawLine, fileOf } = await readMails(names, thread);
  const doc = readMailDocument(text, 'x');
  return doc.messages.map((m) => {
    const at = text
      .split('\n')
      .findIndex((line, n) => n >= m.startLine && line.startsWith('Subject:'));
    const file = fileOf?.(at).replace(/.*\/(?:cur|new)\//, '') ?? '';
    return `${m.subject} ${file}:${(rawLine?.[at] ?? at) + 1}`.replace(/[0-9a-f]{40}/, 'object');
  });
}

const ONE = mail('1@x', 'one');
const RE = mail('2@x', 'Re: one', 'In-Reply-To: <1@x>\n', 'From nobody Mon Sep 17 00:00:00 2001');
const CAFE = Buffer.from(
  mail('3@x', 'other', 'Content-Type: text/plain; charset=iso-8859-1\n', 'caf\u00e9'),
  'latin1',
);

describe('a maildir', () => {
  const files = new Map<string, string | Buffer>([
    ['cur/a:2,S', ONE],
    ['new/b', RE],
    ['cur/c:2,', CAFE],
    ['tmp/d', mail('4@x', 'half written')],
  ]);

  test('is read but for tmp; each mail in its charset, each line with its file', async () => {
    const dir = maildir(files);
    expect(await brief([dir])).toEqual(['one a:2,S:3', 'other c:2,:3', 'Re: one b:3']);
    expect((await readMails([dir])).text).toContain('caf\u00e9');
  });

  test('can be narrowed to one thread', async () => {
    const dir = maildir(files);
    expect(await brief([dir], '<2@x>')).toEqual(['one a:2,S:3', 'Re: one b:3']);
    await expect(readMails([dir], '9@x')).rejects.toThrow('no mail has the id 9@x');
  });

  test('that is empty says so', async () => {
    await expect(readMails([maildir(new Map())])).rejects.toThrow('no mail');
  });
});

describe('a public-inbox', () => {
  test('an epoch; commits that take a mail back are passed', async () => {
    const dir = epoch(ONE, CAFE, undefined, RE);
    expect(await brief([dir])).toEqual(['one object:3', 'other object:3', 'Re: one object:3']);
    expect(await brief([dir], '1@x')).toEqual(['one object:3', 'Re: one object:3']);
  });

  test('all epochs of an inbox, in their order', async () => {
    const inbox = scratch();
    mkdirSync(join(inbox, 'git'));
    renameSync(epoch(RE), join(inbox, 'git/10.git'));
    renameSync(epoch(ONE), join(inbox, 'git/9.git'));
    const { letters } = await readArchive([inbox]);
    expect(letters.map((l) => l.rawSubject)).toEqual(['one', 'Re: one']);
  });

  test('a repository of anything else is left after a while', async () => {
    const other = epoch(...Array.from({ length: 1100 }, () => undefined), ONE);
    await expect(readMails([other])).rejects.toThrow('git, but no public-inbox');
  });

  test('an empty repository, and one whose objects are gone, are bad input', async () => {
    const dir = join(scratch(), 'x.git');
    mkdirSync(join(dir, 'objects'), { recursive: true });
    mkdirSync(join(dir, 'refs'));
    writeFileSync(join(dir, 'HEAD'), 'ref: refs/heads/main\n');
    await expect(readMails([dir])).rejects.toThrow(/x\.git: fatal: /);
  });

  test('what its configuration asks for is not run', async () => {
    const dir = epoch(ONE);
    const trap = join(dir, 'trap');
    appendFileSync(
      join(dir, 'config'),
      `[extensions]\n\tpartialClone = evil\n[remote "evil"]\n\tpromisor = true\n\turl = ext::touch ${trap}\n[protocol "ext"]\n\tallow = always\n[core]\n\trepositoryformatversion = 1\n`,
    );
    const missing = '0123456789012345678901234567890123456789';
    writeFileSync(join(dir, 'HEAD'), `${missing}\n`);
    await expect(readMails([dir])).rejects.toThrow(/fatal: /);
    expect(() => writeFileSync(trap, '', { flag: 'wx' })).not.toThrow();
  });
});

describe('files', () => {
  test('several are one document; a web page and a bare diff among them', async () => {
    const dir = scratch();
    const put = (name: string, content: string | Buffer): string => {
      writeFileSync(join(dir, name), content);
      return join(dir, name);
    };
    const page = 'Re: demo\n\nFrom: Jan\n\nDate: Thu Jun 25 2026 - 05:46:23 EST\n\n\nHello.\n';
    const found = await brief([
      put('a.eml', ONE),
      put('b.mbox.gz', gzipSync(`From a@b Mon Sep 17 10:00:00 2001\n${RE}`)),
      put('c.txt', page),
      put('d.diff', '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n'),
    ]);
    expect(found.map((f) => f.replaceAll(`${dir}/`, ''))).toEqual([
      'one a.eml:3',
      'Re: one b.mbox.gz:4',
      'Re: demo c.txt:1',
      ' d.diff:1',
    ]);
  });

  test('one thread of an mbox keeps the lines of the file', async () => {
    const dir = scratch();
    const from = 'From a@b Mon Sep 17 10:00:00 2001\n';
    const box = [ONE, mail('9@x', 'noise'), RE].map((m) => `${from}${m}\n`).join('');
    writeFileSync(join(dir, 'box'), box);
    const lines = box.split('\n');
    const at = (subject: string): number => lines.indexOf(`Subject: ${subject}`) + 1;
    const found = await brief([join(dir, 'box')], '2@x');
    expect(found.map((f) => f.replace(/ \S*box/, ''))).toEqual([
      `one:${at('one')}`,
      `Re: one:${at('Re: one')}`,
    ]);
  });

  test('text that begins like another mail stays the text of its own', async () => {
    const dir = scratch();
    const forged = `x\n\nFrom a@b Mon Sep 17 10:00:00 2001\n${mail('f@x', 'forged')}`;
    writeFileSync(join(dir, 'a'), mail('1@x', 'real', '', forged));
    writeFileSync(join(dir, 'b'), ONE);
    const found = await brief([join(dir, 'a'), join(dir, 'b')]);
    expect(found.map((f) => f.split(' ')[0])).toEqual(['real', 'one']);
  });

  test('gzip that unpacks to more than it may is refused, and so is what is broken', async () => {
    const dir = scratch();
    const bomb = join(dir, 'bomb.gz');
    const zeros = gzipSync(Buffer.alloc(1024 * 1024, 32), { level: 9 });
    for (let n = 0; n < 300; n++) appendFileSync(bomb, zeros);
    await expect(readMails([bomb])).rejects.toThrow('bomb.gz: unpacks to more than 256 MiB');
    writeFileSync(join(dir, 'cut.gz'), gzipSync(ONE).subarray(0, 40));
    await expect(readMails([join(dir, 'cut.gz')])).rejects.toThrow('broken gzip data');
  });

  test('a directory of anything else is bad input, a source tree too', async () => {
    const tree = scratch();
    renameSync(epoch(ONE), join(tree, '.git'));
    await expect(readMails([tree])).rejects.toThrow('is a directory');
    await expect(readMails([scratch()])).rejects.toThrow('is a directory');
  });
});
