import type { FilePatch, Hunk, HunkLine } from './types.js';

/** Hunks that were placed, in order, and those that were not. */
export interface Applied {
  readonly text: string;
  /** Lines by which a placed hunk stands off its `@@` line, in order of the placed hunks. */
  readonly offsets: readonly number[];
  readonly failed: readonly { readonly hunk: Hunk; readonly reason: string }[];
}

/** Lines with the final LF kept apart, as `\ No newline at end of file` needs it. */
interface Body {
  lines: string[];
  endsWithNewline: boolean;
}

function bodyOf(text: string): Body {
  if (text === '') return { lines: [], endsWithNewline: true };
  const endsWithNewline = text.endsWith('\n');
  return { lines: (endsWithNewline ? text.slice(0, -1) : text).split('\n'), endsWithNewline };
}

function textOf(body: Body): string {
  return body.lines.length === 0 ? '' : body.lines.join('\n') + (body.endsWithNewline ? '\n' : '');
}

function matches(lines: readonly string[], at: number, want: readonly HunkLine[]): boolean {
  return (
    at >= 0 &&
    at + want.length <= lines.length &&
    want.every((line, i) => lines[at + i] === line.text)
  );
}

/** Place of the lines nearest to `guess`; undefined when there is none, or two equally near. */
function place(
  lines: readonly string[],
  guess: number,
  want: readonly HunkLine[],
  floor: number,
): number | 'none' | 'two' {
  if (guess >= floor && matches(lines, guess, want)) return guess;
  if (want.length === 0) return 'none';
  const far = Math.max(guess - floor, lines.length - guess);
  for (let off = 1; off <= far; off++) {
    const before = guess - off >= floor && matches(lines, guess - off, want);
    const after = matches(lines, guess + off, want);
    if (before && after) return 'two';
    if (before) return guess - off;
    if (after) return guess + off;
  }
  return 'none';
}

const hasNoNewline = (lines: readonly HunkLine[]): boolean => lines.at(-1)?.noNewline === true;

/**
 * Applies hunks to the text they were made for. All lines of the pre image must match exactly; a
 * hunk may stand elsewhere than its `@@` line says when the nearest place is unique. Damaged hunks fail.
 */
export function applyHunks(text: string, hunks: readonly Hunk[]): Applied {
  const body = bodyOf(text);
  const offsets: number[] = [];
  const failed: { hunk: Hunk; reason: string }[] = [];
  let drift = 0;
  let floor = 0;
  for (const hunk of hunks) {
    const pre = hunk.lines.filter((line) => line.mark !== '+');
    const post = hunk.lines.filter((line) => line.mark !== '-');
    const guess = (pre.length === 0 ? hunk.oldStart : hunk.oldStart - 1) + drift;
    const at = hunk.damaged ? 'none' : place(body.lines, guess, pre, floor);
    if (typeof at !== 'number') {
      failed.push({
        hunk,
        reason:
          hunk.damaged?.message ??
          (at === 'two' ? 'two places fit equally' : 'the lines are not there'),
      });
      continue;
    }
    body.lines = body.lines.slice(0, at).concat(
      post.map((line) => line.text),
      body.lines.slice(at + pre.length),
    );
    floor = at + post.length;
    if (floor === body.lines.length && hasNoNewline(pre) !== hasNoNewline(post))
      body.endsWithNewline = !hasNoNewline(post);
    offsets.push(at - guess);
    drift += at - guess + post.length - pre.length;
  }
  return { text: textOf(body), offsets, failed };
}

const TURNED = { '+': '-', '-': '+', ' ': ' ' } as const;

/** Runs of removals before additions, as diff prints them. */
function ordered(lines: readonly HunkLine[]): HunkLine[] {
  const out: HunkLine[] = [];
  let added: HunkLine[] = [];
  for (const line of lines) {
    if (line.mark === '+') added.push(line);
    else {
      if (line.mark === ' ') {
        for (const late of added) out.push(late);
        added = [];
      }
      out.push(line);
    }
  }
  return out.concat(added);
}

function reverseHunk(hunk: Hunk): Hunk {
  return {
    ...hunk,
    oldStart: hunk.newStart,
    oldCount: hunk.newCount,
    newStart: hunk.oldStart,
    newCount: hunk.oldCount,
    lines: ordered(hunk.lines.map((line) => ({ ...line, mark: TURNED[line.mark] }))),
  };
}

/** The patch that takes this one back; positions stay those of the document. */
export function reverse(file: FilePatch): FilePatch {
  const { preBlob, postBlob, oldMode, newMode, ...rest } = file;
  return {
    ...rest,
    oldPath: file.newPath,
    newPath: file.oldPath,
    path: file.isNew ? file.path : file.isDeleted ? file.path : file.oldPath,
    ...(postBlob === undefined ? {} : { preBlob: postBlob }),
    ...(preBlob === undefined ? {} : { postBlob: preBlob }),
    ...(newMode === undefined ? {} : { oldMode: newMode }),
    ...(oldMode === undefined ? {} : { newMode: oldMode }),
    isNew: file.isDeleted,
    isDeleted: file.isNew,
    hunks: file.hunks.map(reverseHunk),
  };
}
