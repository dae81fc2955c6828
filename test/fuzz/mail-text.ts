/** Mails as nobody should send them: well formed in parts, broken in others. */
import { damagedDiff, goodDiff } from './diff-text.js';
import { inForm } from './forms.js';
import { Random } from './random.js';

const WORDS = [
  'lock',
  'the folio',
  'journal',
  '> ',
  '>>> ',
  '\t',
  '\u00a0',
  '\u202e',
  '\u001b[2J',
  '\u2028',
  '常',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '<script>',
  '=?utf-8?q?=41?=',
  '=C3',
  '-- ',
  '---',
  'From ',
  '@@ -1 +1 @@',
  '%%',
  '%<',
] as const;
const NAMES = [
  'From',
  'To',
  'Date',
  'Subject',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Content-Disposition',
  'X-Thing',
  'Received',
] as const;
const CHARSETS = [
  'utf-8',
  'iso-8859-1',
  'gb2312',
  'iso-2022-jp',
  'utf-16',
  'x-none',
  '"',
  '',
] as const;
const ENCODINGS = ['7bit', '8bit', 'base64', 'quoted-printable', 'BASE64', 'x'] as const;
const PATHS = ['fs/demo/a.c', 'a b.c', '../../etc/passwd', '/dev/null', '"a\\303.c"', ''] as const;
const FILES = ['../../etc/passwd', '0001-x.patch', 'a\u202eb.diff', '%00.patch.txt', ''] as const;
const SUBJECTS = [
  '[PATCH 1/3] demo',
  '[PATCH v2 0/9999] demo',
  '[PATCH v2 1/3] demo',
  '[PATCH v3 1/3] demo',
  'Re: [PATCH v2 2/3] demo',
  'Re: demo',
  '[[[PATCH',
  '[PATCH 3/2] x',
  '[GIT PULL] x',
  '[PATCH AUTOSEL 6.1 1/2] demo',
  '[PATCH xfstests v2] demo',
  'FAILED: patch "[PATCH] demo" failed to apply to 6.1-stable tree',
  '答复: [RFC PATCH v2.1 1/3] demo',
] as const;
const DATES = [
  'Mon, 1 Jun 2026 10:00:00 +0000',
  'Fri, 99 Foo 1 99:99:99',
  '1 Jan 99999999999',
  '',
] as const;

function marked(lines: readonly string[], mark: string): string {
  return lines.map((line) => mark + line).join('\n');
}

/** Makes one input from a seed. */
export class MailMaker {
  readonly #random: Random;
  /** What was written so far, to be quoted. */
  readonly #bodies: string[] = [];

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  make(): Uint8Array {
    const r = this.#random;
    const mails = Array.from({ length: 1 + r.below(6) }, (_, i) => this.#mail(i));
    let text = inForm(r, mails);
    for (let n = r.below(4); n > 0; n--) text = this.#broken(text);
    if (r.chance(3)) text = this.#repeated(text);
    if (r.chance(10)) text = text.replaceAll('\n', '\r\n');
    return Buffer.from(text, r.pick(['utf8', 'utf8', 'utf8', 'utf8', 'latin1']));
  }

  /** A piece many times: what is slow for many of one thing is slow here. */
  #repeated(text: string): string {
    const r = this.#random;
    const from = r.below(text.length);
    const piece = text.slice(from, from + 1 + r.below(r.pick([4, 100, 2000])));
    const times = Math.floor((50_000 + r.below(400_000)) / piece.length);
    return text.slice(0, from) + piece.repeat(times) + text.slice(from);
  }

  #words(most: number): string {
    return this.#random.list(most, () => this.#random.pick(WORDS)).join(' ');
  }

  #mail(i: number): string {
    const r = this.#random;
    const fields = [
      `From: ${this.#header(this.#words(2))} <a${r.below(3)}@x>`,
      `Subject: ${r.pick(SUBJECTS)}${r.chance(50) ? '' : ` ${this.#header(this.#words(2))}`}`,
      `Date: ${r.pick(DATES)}`,
      `Message-ID: <${i}@x>`,
      ...r.list(1, () => `In-Reply-To: <${r.below(6)}@x>`),
      ...r.list(1, () => `References: <${r.below(6)}@x> <${r.below(9)}@y>`),
      ...r.list(3, () => `${r.pick(NAMES)}: ${this.#words(4)}`),
    ];
    return `${fields.join('\n')}\n${this.#part(0)}`;
  }

  /** Words as a header has them: as they are, folded, or encoded. */
  #header(words: string): string {
    const r = this.#random;
    const bytes = Buffer.from(words);
    switch (r.below(4)) {
      case 0:
        return `=?${r.pick(CHARSETS)}?b?${bytes.toString('base64').slice(r.below(3))}?=`;
      case 1:
        return `=?utf-8?Q?${[...bytes].map((b) => `=${b.toString(16).padStart(2, '0')}`).join('')}?=`;
      case 2:
        return words.replaceAll(' ', '\n\t');
      default:
        return words;
    }
  }

  #encoded(body: string, encoding: string, charset: string): string {
    const bytes = Buffer.from(body, charset.startsWith('utf-16') ? 'utf16le' : 'utf8');
    if (/^base64$/i.test(encoding)) return bytes.toString('base64').replaceAll(/(.{76})/g, '$1\n');
    return encoding === 'quoted-printable'
      ? body.replaceAll('=', '=3D').replaceAll(/(.{60})/g, '$1=\n')
      : body;
  }

  /** Headers of a part, an empty line, and its body. */
  #part(level: number): string {
    const r = this.#random;
    if (level < 10 && r.chance(30)) {
      const boundary = r.pick(['b', 'bb', '--', '(', '']);
      const parts = r.list(4, () => `--${boundary}\n${this.#part(level + 1)}`);
      return `Content-Type: multipart/mixed; boundary="${boundary}"\n\n${parts.join('\n')}\n--${boundary}--\n`;
    }
    const encoding = r.pick(ENCODINGS);
    const type = r.pick([
      'text/plain',
      'text/html',
      'application/octet-stream; name=x.patch',
      'message/rfc822',
      'multipart/alternative',
      '',
    ]);
    const flowed = r.chance(20) ? '; format=flowed; delsp=yes' : '';
    const charset = r.pick(CHARSETS);
    const text = this.#encoded(this.#body(), encoding, charset);
    const named = r.chance(20)
      ? `\nContent-Disposition: attachment; filename="${r.pick(FILES)}"`
      : '';
    return `Content-Type: ${type}; charset=${charset}${flowed}${named}\nContent-Transfer-Encoding: ${encoding}\n\n${text}`;
  }

  #body(): string {
    const r = this.#random;
    const pieces = r.list(5, () => {
      const earlier = this.#bodies[r.below(this.#bodies.length)];
      if (earlier !== undefined && r.chance(40)) return this.#quoted(earlier);
      const piece = r.chance(60) ? this.#diff() : this.#words(12).replaceAll(' l', '\nl');
      return marked(piece.split('\n'), r.pick(['> ', '>', '> > ']).repeat(r.below(4)));
    });
    const body = `${this.#top()}${pieces.join('\n\n')}\n${this.#foot()}`;
    if (body.length < 20_000) this.#bodies.push(body);
    return body;
  }

  #top(): string {
    const r = this.#random;
    if (r.chance(70)) return '';
    const lines = ['From: B <b@x>', 'Subject: [PATCH] other', 'Date: x', '', '---8<---', 'Hi,'];
    return `${r.list(3, () => r.pick(lines as [string, ...string[]])).join('\n')}\n\n`;
  }

  #foot(): string {
    const r = this.#random;
    const lines: [string, ...string[]] = [
      'Reviewed-by: A <a1@x>',
      'Fixes: 0123456789ab ("x")',
      `base-commit: ${'0123456789'.repeat(4)}`,
      `prerequisite-patch-id: ${'0123456789'.repeat(4)}`,
      'prerequisite-change-id: 2024-x:v2',
      'change-id: 2024-x',
      'Link: https://lore.kernel.org/r/1@x',
      '-- ',
      '2.39.2',
    ];
    return r.list(4, () => `${r.pick(lines)}\n`).join('');
  }

  /** An earlier text quoted, with lines left out and remarks put in. */
  #quoted(text: string): string {
    const r = this.#random;
    const mark = r.pick(['> ', '>', '| ']);
    const lines = text.split('\n').flatMap((line) => {
      if (r.chance(10)) return [];
      return r.chance(10) ? [mark + line, '', this.#words(4), ''] : [mark + line];
    });
    return `On Monday, A wrote:\n${lines.join('\n')}\n\n${this.#words(6)}`;
  }

  #diff(): string {
    const r = this.#random;
    const path = r.pick(PATHS);
    if (r.chance(60)) {
      const good = goodDiff(r, path === '' ? 'fs/demo/b.c' : path);
      return (r.chance(60) ? good : damagedDiff(r, good)).join('\n');
    }
    const other = r.chance(80) ? path : r.pick(PATHS);
    const hunks = r.list(3, () => {
      const lines = r.list(
        8,
        () => r.pick([' ', '+', '-', '', '\t', '\\ No newline']) + this.#words(3),
      );
      const count = r.below(10);
      return [
        `@@ -${r.below(99)},${count} +${r.below(99)},${count + r.below(3)} @@ ${this.#words(1)}`,
        ...lines,
      ];
    });
    return [
      `diff --git a/${path} b/${other}`,
      ...r.list(2, () =>
        r.pick([
          'index 1234567..89abcde 100644',
          'rename from x',
          'new file mode 100755',
          'Binary files a and b differ',
          'GIT binary patch',
        ]),
      ),
      `--- a/${path}`,
      `+++ b/${other}`,
      ...hunks.flat(),
    ].join('\n');
  }

  /** One change that a bad mail program or a bad person would make. */
  #broken(text: string): string {
    const r = this.#random;
    const [a, b] = [r.below(text.length), r.below(text.length)].sort((x, y) => x - y) as [
      number,
      number,
    ];
    switch (r.below(8)) {
      case 0:
        return text.slice(0, a) + text.slice(b);
      case 1:
        return text.slice(0, b) + text.slice(a, b) + text.slice(b);
      case 2:
        return text.slice(0, a) + r.pick(WORDS) + text.slice(a);
      case 3:
        return text.slice(0, a) + r.pick(WORDS).repeat(1 + r.below(3000)) + text.slice(a);
      case 4:
        return text.slice(0, a) + text.slice(a, b).replaceAll('\n', ' ') + text.slice(b);
      case 5:
        return text.slice(0, a) + '\n'.repeat(r.below(2000)) + text.slice(a);
      case 6:
        return text.slice(a, b) + text;
      default:
        return text.slice(0, a) + String.fromCharCode(r.below(0x10000)) + text.slice(a + 1);
    }
  }
}
