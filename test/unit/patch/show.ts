import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs, type FilePatch, type Hunk } from '../../../server/patch/index.js';

export function diffsOf(text: string): FilePatch[] {
  return readDiffs(readMailDocument(text, 'file:///p'));
}

export function lineText(hunk: Hunk): string {
  return hunk.lines.map((line) => line.mark + line.text + (line.noNewline ? '$' : '')).join('\n');
}

/** A hunk in one line: how many lines, what was repaired, what is damaged. Lines are 1-based. */
export function state(hunk: Hunk): string {
  const repairs = hunk.repaired.map((r) => `${r.kind}@${r.line + 1}`);
  const gaps = hunk.gaps.map((line) => `reply@${line + 1}`);
  const bad = hunk.damaged ? [`damaged@${hunk.damaged.line + 1}: ${hunk.damaged.message}`] : [];
  const off = hunk.countsOff ? ['counts off'] : [];
  return [`${hunk.lines.length} lines`, ...repairs, ...gaps, ...bad, ...off].join(', ');
}

export function states(text: string): string[] {
  return diffsOf(text).flatMap((file) => file.hunks.map(state));
}

/** The hunk that most tests damage in some way; 7 old and 8 new lines in 9. */
export const HUNK = [
  '@@ -10,7 +10,8 @@ int demo_count(struct demo *d)',
  ' {',
  ' \tint n;',
  ' ',
  '-\tn = d->count;',
  '+\tspin_lock(&d->lock);',
  '+\tn = d->count;',
  ' \tspin_unlock(&d->lock);',
  ' \treturn n;',
  ' }',
];

export const HEADER = [
  'diff --git a/fs/demo/count.c b/fs/demo/count.c',
  'index 1234567..89abcde 100644',
  '--- a/fs/demo/count.c',
  '+++ b/fs/demo/count.c',
];

export const patch = (hunk: readonly string[], ...behind: readonly string[]): string =>
  [...HEADER, ...hunk, ...behind, ''].join('\n');
export const quoted = (lines: readonly string[], prefix = '> '): string[] =>
  lines.map((line) => prefix + line);
