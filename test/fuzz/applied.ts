/** A patch that is applied and taken back leaves the text as it was. */
import { applyHunks, reverse, type FilePatch } from '../../server/patch/index.js';
import { held } from './held.js';

/** Files longer than this are not made. */
const MOST_LINES = 20_000;

/** A text that the hunks were made for: their lines in their places, others between. None for numbers that no diff has. */
function baseOf(file: FilePatch): string | undefined {
  const lines: string[] = [];
  let end = 0;
  let drift = 0;
  for (const { oldStart, oldCount, newStart, newCount, lines: rows } of file.hunks) {
    const pre = rows.filter((row) => row.mark !== '+');
    const from = oldCount === 0 ? oldStart : oldStart - 1;
    const to = newCount === 0 ? newStart : newStart - 1;
    if (to !== from + drift) return undefined;
    drift += newCount - oldCount;
    if (from < end || from > MOST_LINES || pre.length !== oldCount) return undefined;
    while (lines.length < from) lines.push(`line ${lines.length} of none`);
    for (const { text } of pre) lines.push(text);
    end = lines.length;
  }
  return `${lines.concat('the end').join('\n')}\n`;
}

/** @throws when it does not. */
export function checkApplied(file: FilePatch): void {
  const isWhole = file.hunks.every(
    (h) => !h.damaged && !h.countsOff && !h.lines.some((l) => l.noNewline || l.text.includes('\n')),
  );
  const base = isWhole && file.hunks.length > 0 ? baseOf(file) : undefined;
  if (base === undefined) return;
  const after = applyHunks(base, file.hunks);
  held(after.failed.length === 0, `a hunk of ${file.headerLine + 1} does not apply`);
  if (after.offsets.some((off) => off !== 0)) return;
  const back = applyHunks(after.text, reverse(file).hunks);
  held(back.failed.length === 0, `a hunk of ${file.headerLine + 1} cannot be taken back`);
  held(
    back.offsets.some((off) => off !== 0) || back.text === base,
    'taken back it is another text',
  );
}
