import { contentHash, type FilePatch } from '../patch/index.js';

/** A hash over paths and changed lines, without positions, context and white space: a rebase keeps it. */
export function changeHash(files: readonly FilePatch[]): string {
  const lines: string[] = [];
  for (const file of files) {
    lines.push(`${file.oldPath} ${file.newPath}`);
    for (const { lines: rows } of file.hunks) {
      for (const { mark, text } of rows)
        if (mark !== ' ') lines.push(mark + text.replaceAll(/\s+/g, ''));
    }
  }
  return contentHash(lines.join('\n'));
}
