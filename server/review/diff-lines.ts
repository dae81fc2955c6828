import type { FilePatch, Hunk } from '../patch/index.js';
import type { Anchor } from './types.js';

interface Place {
  readonly file: FilePatch;
  readonly hunk: Hunk;
  /** Place in the hunk's lines. */
  readonly at: number;
}

/** The lines of a document that are lines of diffs: unquoted ones, or those quoted in replies. */
export class DiffLines {
  readonly #places = new Map<number, Place>();

  constructor(files: readonly FilePatch[], quoted: boolean) {
    for (const file of files) {
      if (file.depth > 0 !== quoted) continue;
      for (const hunk of file.hunks)
        hunk.lines.forEach(({ line }, at) => this.#places.set(line, { file, hunk, at }));
    }
  }

  has(line: number): boolean {
    return this.#places.has(line);
  }

  /** File of a run of lines, and the numbers in it of the last line that has one on either side. */
  numbers(from: number, to: number): Pick<Anchor, 'path' | 'newLine' | 'oldLine'> {
    let path: string | undefined;
    let newLine: number | undefined;
    let oldLine: number | undefined;
    for (let line = to; line >= from; line--) {
      const place = this.#places.get(line);
      if (!place || (path !== undefined && place.file.path !== path)) continue;
      path = place.file.path;
      const { mark } = place.hunk.lines[place.at] ?? { mark: ' ' };
      if (mark !== '-') newLine ??= numberOf(place, '-', place.hunk.newStart);
      if (mark !== '+') oldLine ??= numberOf(place, '+', place.hunk.oldStart);
    }
    return {
      ...(path === undefined ? {} : { path }),
      ...(newLine === undefined ? {} : { newLine }),
      ...(oldLine === undefined ? {} : { oldLine }),
    };
  }
}

function numberOf({ hunk, at }: Place, other: '+' | '-', start: number): number {
  return start + hunk.lines.slice(0, at).filter(({ mark }) => mark !== other).length;
}
