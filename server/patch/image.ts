import type { LineOrigin } from '../csource/source.js';
import type { FilePatch, Hunk, HunkImage } from './types.js';

function imageOf(hunk: Hunk, side: 'pre' | 'post'): HunkImage {
  const other = side === 'pre' ? '+' : '-';
  const kept = hunk.lines.filter((line) => line.mark !== other);
  const lines = kept.map(({ line, column, mark }): LineOrigin => ({ line, column, mark }));
  return { text: kept.map((line) => line.text).join('\n'), lines, section: hunk.section, hunk };
}

/** The text of each hunk before (`pre`) or after (`post`) the change, with the place of every line. */
export function image(
  file: FilePatch,
  side: 'pre' | 'post',
  hunks: readonly Hunk[] = file.hunks,
): HunkImage[] {
  return hunks.map((hunk) => imageOf(hunk, side));
}
