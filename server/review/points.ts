import type { MailDocument } from '../mail/index.js';
import type { FilePatch } from '../patch/index.js';
import { OwnText, bare } from './own-text.js';
import { parentsOf } from './thread.js';
import type { Anchor, Comment, Letter, Point, Series } from './types.js';

/** Lines right above a comment that it is about; what stands further up is context. */
const FOCUS = 4;

interface Target {
  readonly series: Series;
  readonly patch: number | undefined;
}

/** Series and patch of each letter that is a part of one. */
function targets(series: readonly Series[]): Map<number, Target> {
  const found = new Map<number, Target>();
  for (const s of series) {
    if (s.cover !== undefined) found.set(s.cover, { series: s, patch: undefined });
    s.patches.forEach((p, patch) => found.set(p.letter, { series: s, patch }));
  }
  return found;
}

function sameSender(a: Letter | undefined, b: Letter | undefined): boolean {
  const who = (l: Letter | undefined): string =>
    (l?.from.address ?? l?.from.name ?? '').toLowerCase();
  return who(a) === who(b) || (a?.from.name !== '' && a?.from.name === b?.from.name);
}

/** The letter of the same patch in the next version; `gone` when that version has it no more. */
function nextLetter(target: Target, all: readonly Series[]): number | 'gone' | undefined {
  const { series, patch } = target;
  const next = series.next === undefined ? undefined : all[series.next];
  if (!next || patch === undefined) return undefined;
  const found = next.patches.find(
    (p) => p.earlier?.series === series.index && p.earlier.patch === patch,
  );
  return found?.letter ?? 'gone';
}

/** Changed and context lines of a message's own diffs by file, as they compare. */
function linesOf(files: readonly FilePatch[], message: number): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of files) {
    if (file.message !== message || file.depth > 0) continue;
    const lines = found.get(file.path) ?? new Set<string>();
    found.set(file.path, lines);
    for (const hunk of file.hunks)
      for (const { mark, text } of hunk.lines) lines.add(mark + bare(text));
  }
  return found;
}

/** Compares the lines of comments with the next version. */
class Versions {
  readonly #diffs = new Map<number, Map<string, Set<string>>>();

  constructor(
    readonly doc: MailDocument,
    readonly files: readonly FilePatch[],
  ) {}

  isUnchanged(anchor: Anchor, next: number): boolean {
    const { startLine, endLine } = anchor.lines;
    const from = Math.max(startLine, endLine - FOCUS);
    return anchor.path === undefined
      ? this.#hasText(from, endLine, next)
      : this.#hasDiff(from, endLine, anchor.message, anchor.path, next);
  }

  #hasText(from: number, to: number, next: number): boolean {
    const message = this.doc.messages[next];
    const own = message ? new OwnText(this.doc, message) : undefined;
    for (let line = from; line < to; line++) {
      const text = bare(this.doc.lines.head(line, 400));
      if (text !== '' && own?.has(text) !== true) return false;
    }
    return true;
  }

  #hasDiff(from: number, to: number, message: number, path: string, next: number): boolean {
    const known = this.#diffs.get(next) ?? linesOf(this.files, next);
    this.#diffs.set(next, known);
    const lines = known.get(path);
    for (const file of this.files) {
      if (file.message !== message || file.depth > 0 || file.path !== path) continue;
      for (const hunk of file.hunks) {
        for (const { line, mark, text } of hunk.lines)
          if (line >= from && line < to && lines?.has(mark + bare(text)) !== true) return false;
      }
    }
    return true;
  }
}

/** The comments below each comment, nearest first. */
function answersTo(comments: readonly Comment[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  const roots: number[] = [];
  for (const comment of comments) {
    // A comment stands behind the one that it answers.
    const root =
      comment.parent === undefined ? comment.index : (roots[comment.parent] ?? comment.index);
    roots.push(root);
    if (root === comment.index) continue;
    const list = found.get(root);
    if (list) list.push(comment.index);
    else found.set(root, [comment.index]);
  }
  return found;
}

/**
 * What reviewers said of the patches of series: whether the author answered, and whether the next version
 * changed the lines. Trailers and thanks are no points, nor is what authors say of their own patches.
 */
export function pointsIn(
  doc: MailDocument,
  letters: readonly Letter[],
  series: readonly Series[],
  comments: readonly Comment[],
  files: readonly FilePatch[],
): Point[] {
  const target = targets(series);
  const up = parentsOf(letters);
  const answers = answersTo(comments);
  const versions = new Versions(doc, files);
  return comments.flatMap((comment) => {
    const { anchor, parent, isFormal, message, index } = comment;
    // Without a quotation it is about the whole mail that it answers.
    const on = anchor?.message ?? up[message];
    const about = on === undefined ? undefined : target.get(on);
    if (on === undefined || !about || parent !== undefined || isFormal) return [];
    const author = letters[on];
    if (sameSender(letters[message], author)) return [];
    const below = answers.get(index) ?? [];
    const answered = below.some((i) => sameSender(letters[comments[i]?.message ?? -1], author));
    const next = anchor ? nextLetter(about, series) : undefined;
    const became =
      next === undefined || next === 'gone'
        ? next
        : anchor && versions.isUnchanged(anchor, next)
          ? 'unchanged'
          : 'changed';
    return [
      {
        comment: index,
        series: about.series.index,
        ...(about.patch === undefined ? {} : { patch: about.patch }),
        answers: below,
        answered,
        ...(became === undefined ? {} : { next: became }),
      },
    ];
  });
}
