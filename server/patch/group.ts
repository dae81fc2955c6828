import { contentHash } from './hash.js';
import type { Change, FilePatch, Hunk } from './types.js';

/** Lines as they compare: marks and text without trailing space, which mail programs and quoting change. */
function normal(hunk: Hunk): string[] {
  return hunk.lines.map((line) => line.mark + line.text.trimEnd());
}

function contentOf(file: FilePatch): string {
  const modes =
    file.hunks.length === 0
      ? `${file.oldMode ?? ''} ${file.newMode ?? ''} ${file.postBlob ?? ''}`
      : '';
  const hunks = file.hunks.map((h) => `@@ -${h.oldStart} +${h.newStart}\n${normal(h).join('\n')}`);
  return [`${file.oldPath} ${file.newPath}${modes}`, ...hunks].join('\n');
}

/** Whether all of `part` occurs in `whole` in the same order. */
function within(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const line of part) {
    at = whole.indexOf(line, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function sameHeader(a: Hunk, b: Hunk): boolean {
  return (
    a.oldStart === b.oldStart &&
    a.newStart === b.newStart &&
    a.oldCount === b.oldCount &&
    a.newCount === b.newCount
  );
}

/** Whether two names can be those of one file; a hunk without header has none. */
function samePath(copy: FilePatch, whole: FilePatch): boolean {
  return copy.path === '' || (copy.path === whole.path && copy.oldPath === whole.oldPath);
}

/** Object ids agree as far as both are given; one may be abbreviated more. */
function sameBlob(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a.startsWith(b) || b.startsWith(a);
}

/** A trimmed copy: every hunk of it stands in `whole` under the same `@@` numbers, perhaps with lines left out. */
function isTrimmedCopy(copy: FilePatch, whole: FilePatch): boolean {
  if (
    !samePath(copy, whole) ||
    !sameBlob(copy.preBlob, whole.preBlob) ||
    !sameBlob(copy.postBlob, whole.postBlob)
  )
    return false;
  let lines = 0;
  for (const hunk of copy.hunks) {
    const mate = whole.hunks.find((h) => sameHeader(h, hunk));
    if (!mate || !within(normal(hunk), normal(mate))) return false;
    lines += hunk.lines.length;
  }
  return lines > 0 || (copy.hunks.length === 0 && copy.postBlob !== undefined && copy.path !== '');
}

/** Lines of `part` that occur in `whole` in the same order, searched for one after the other. */
function shared(part: readonly string[], whole: readonly string[]): number {
  let at = 0;
  let found = 0;
  for (const line of part) {
    const next = whole.indexOf(line, at);
    if (next < 0) continue;
    at = next + 1;
    found++;
  }
  return found;
}

/**
 * A copy of what somebody has edited since: it answers a message after it, stands under the same
 * `@@` numbers, and has the same object ids or, without them, nearly the same lines.
 */
function isOlderCopy(copy: FilePatch, whole: FilePatch): boolean {
  if (copy.message <= whole.message || !samePath(copy, whole) || copy.hunks.length === 0)
    return false;
  if (copy.preBlob !== undefined && copy.postBlob !== undefined) {
    return copy.preBlob === whole.preBlob && copy.postBlob === whole.postBlob;
  }
  if (whole.preBlob !== undefined) return false;
  return copy.hunks.every((hunk) => {
    const mate = whole.hunks.find((h) => sameHeader(h, hunk));
    return mate !== undefined && shared(normal(hunk), normal(mate)) * 4 >= hunk.lines.length * 3;
  });
}

interface Group {
  readonly id: string;
  primary: FilePatch;
  readonly all: FilePatch[];
}

/** The group that a quoted file is a copy of: the nearest before it, then the nearest at all. */
function home(file: FilePatch, groups: readonly Group[]): Group | undefined {
  const fits = groups.filter((g) => isTrimmedCopy(file, g.primary));
  const near = fits.findLast((g) => g.primary.message <= file.message) ?? fits[0];
  return near ?? groups.findLast((g) => g.primary.depth === 0 && isOlderCopy(file, g.primary));
}

/** Groups of files with the same content; an unquoted one leads its group. */
function exactGroups(files: readonly FilePatch[]): Group[] {
  const byContent = new Map<string, Group>();
  for (const file of files) {
    const content = contentOf(file);
    const group = byContent.get(content);
    if (!group) byContent.set(content, { id: contentHash(content), primary: file, all: [file] });
    else {
      group.all.push(file);
      if (group.primary.depth > 0 && file.depth === 0) group.primary = file;
    }
  }
  return [...byContent.values()];
}

/** Whether a file's header or hunks say of a change at all. */
export function isChange(file: FilePatch): boolean {
  return (
    file.hunks.length > 0 ||
    file.isRename ||
    file.isBinary ||
    file.newMode !== undefined ||
    file.postBlob !== undefined
  );
}

function size(group: Group): number {
  return group.primary.hunks.reduce((n, h) => n + h.lines.length, 0);
}

/**
 * Finds the changes that several places of a document show: a diff quoted again in replies, trimmed
 * or whole, is one change. Two unquoted diffs are one only when they are equal. Changes come in the
 * order of their primaries; files without hunk and without other change are left out.
 */
export function groupChanges(files: readonly FilePatch[]): Change[] {
  const groups = exactGroups(files.filter(isChange));
  const own = groups.filter((g) => g.primary.depth === 0);
  const quoted = groups.filter((g) => g.primary.depth > 0).sort((a, b) => size(b) - size(a));
  for (const group of quoted) {
    const into = home(group.primary, own);
    if (into) into.all.push(...group.all);
    else own.push(group);
  }
  const order = new Map(files.map((file, i) => [file, i]));
  const place = (file: FilePatch): number => order.get(file) ?? 0;
  return own
    .map((g) => {
      const all = [...g.all].sort((a, b) => place(a) - place(b));
      const primary = g.primary.depth === 0 ? g.primary : (all[0] ?? g.primary);
      return { id: g.id, primary, copies: all.filter((f) => f !== primary) };
    })
    .sort((a, b) => place(a.primary) - place(b.primary));
}
