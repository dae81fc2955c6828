/** Diffs as git writes them, with counts that are right, and what mail programs make of them. */
import type { Random } from './random.js';

const LINES = [
  '',
  '\tint error = 0;',
  '\tstruct inode *inode = file_inode(file);',
  '',
  '\tif (error) {',
  '\t\tgoto out;',
  '\t}',
  'out:',
  '\treturn error;',
  '}',
  '-- ',
  '++x;',
  '/* From here on >>> it is = locked. */',
  '#define X(a) \\',
  '\u00a0\u00a0no-break',
  'static int demo(struct inode *inode, loff_t offset, loff_t length, unsigned int flags, int more)',
] as const;

interface Edit {
  readonly mark: ' ' | '+' | '-';
  readonly text: string;
}

function edits(r: Random): Edit[] {
  const count = 1 + r.below(30);
  return Array.from({ length: count }, () => ({
    mark: r.pick([' ', ' ', ' ', '+', '-']),
    text: r.pick(LINES),
  }));
}

function hunk(r: Random, oldStart: number, newStart: number): { text: string[]; edits: Edit[] } {
  const made = edits(r);
  const old = made.filter((e) => e.mark !== '+').length;
  const fresh = made.filter((e) => e.mark !== '-').length;
  const count = (start: number, n: number): string =>
    n === 1 && r.chance(50) ? String(start) : `${n === 0 ? start - 1 : start},${n}`;
  const section = r.chance(50) ? ` ${r.pick(LINES)}` : '';
  const text = [
    `@@ -${count(oldStart, old)} +${count(newStart, fresh)} @@${section}`,
    ...made.map((e) => e.mark + e.text),
  ];
  if (r.chance(5)) text.push('\\ No newline at end of file');
  return { text, edits: made };
}

/** One file as git writes it: hunks in order, all counts right. */
export function goodDiff(r: Random, path: string): string[] {
  const id = (): string => r.below(0x7fffffff).toString(16).padStart(12, 'a').slice(-12);
  const out = [
    `diff --git a/${path} b/${path}`,
    `index ${id()}..${id()} 100644`,
    `--- a/${path}`,
    `+++ b/${path}`,
  ];
  let at = 1 + r.below(50);
  let drift = 0;
  for (let n = 1 + r.below(4); n > 0; n--) {
    const { text, edits: made } = hunk(r, at, at + drift);
    for (const line of text) out.push(line);
    at += made.filter((e) => e.mark !== '+').length + 1 + r.below(40);
    drift += made.filter((e) => e.mark === '+').length - made.filter((e) => e.mark === '-').length;
  }
  return out;
}

function wrapped(line: string): string[] {
  const space = line.lastIndexOf(' ', 72);
  return line.length > 72 && space > 0 ? [line.slice(0, space), line.slice(space + 1)] : [line];
}

/** The same after a mail program: each of these is seen on the lists. */
export function damagedDiff(r: Random, lines: readonly string[]): string[] {
  const space = (line: string): string => line.replace(/^ /, '');
  switch (r.below(8)) {
    case 0:
      return lines.flatMap(wrapped);
    case 1:
      return lines.map(space);
    case 2:
      return lines.map((l) => l.trimEnd());
    case 3:
      return lines.map((l) => l.replaceAll(/ {2,}|^ /g, (s) => '\u00a0'.repeat(s.length)));
    case 4:
      return lines.filter(() => !r.chance(5));
    case 5:
      return lines.flatMap((l) => (r.chance(10) ? [l, ''] : [l]));
    case 6:
      return [lines.join(' ')];
    default:
      return lines.map((l) => (l.startsWith(' ') || l.startsWith('>') ? ` ${l}` : l));
  }
}
