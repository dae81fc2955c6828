/**
 * Two versions of a series compared as git range-diff does: which patch became which, and for those that
 * changed a diff of commit message and diff. Positions are left out, so that a rebase shows nothing.
 */
import type { MailDocument } from '../mail/index.js';
import type { FilePatch } from '../patch/index.js';
import { readBody } from '../review/index.js';
import type { Series, SeriesPatch } from '../review/index.js';
import { diffLines } from './diff-lines.js';
import { oneLine, plain } from './plain.js';

const CONTEXT = 3;
/** Products of line counts beyond which two texts are not compared line by line. */
const MOST = 16_000_000;

export interface CompareSource {
  readonly doc: MailDocument;
  readonly files: readonly FilePatch[];
  readonly series: readonly Series[];
}

/** A patch of either version and what became of it: `=` unchanged, `!` changed, `<` dropped, `>` new. */
interface Pair {
  readonly mark: '=' | '!' | '<' | '>';
  readonly old?: SeriesPatch;
  readonly now?: SeriesPatch;
  /** What differs between the two. */
  readonly lines: readonly string[];
}

function pairsOf(source: CompareSource, old: Series, now: Series): Pair[] {
  const pairs = now.patches.map((patch): Pair => {
    const before = patch.earlier && old.patches[patch.earlier.patch];
    if (!before) return { mark: '>', now: patch, lines: [] };
    const lines = patchLines(source, before, patch);
    return { mark: lines.length === 0 ? '=' : '!', old: before, now: patch, lines };
  });
  const dropped = now.dropped.flatMap((i): Pair[] => {
    const before = old.patches[i];
    return before ? [{ mark: '<', old: before, lines: [] }] : [];
  });
  return [...pairs, ...dropped];
}

function numbered(patch: SeriesPatch | undefined, total: number): string {
  const text = patch ? `${String(patch.number)}/${String(total)}` : '-';
  return text.padStart(String(total).length * 2 + 1);
}

function heading({ mark, old, now }: Pair, before: Series, after: Series): string {
  const title = oneLine((old ?? now)?.title ?? '');
  return `${numbered(old, before.total)} ${mark} ${numbered(now, after.total)}  ${title}`;
}

/** The commit message of a patch mail, its title first. */
function messageLines({ doc }: CompareSource, { letter, title }: SeriesPatch): string[] {
  const message = doc.messages[letter];
  if (!message) return [];
  const { messageLine, messageEnd } = readBody(doc, message);
  const lines = [title, ''];
  for (let line = messageLine; line < messageEnd; line++)
    lines.push(doc.lines.line(line).trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** What the header of a diff says besides its name. */
function headerText({ oldPath, newPath, isNew, isDeleted, oldMode, newMode }: FilePatch): string {
  if (isNew) return `(new ${newMode ?? ''})`;
  if (isDeleted) return '(deleted)';
  const mode = oldMode === undefined ? '' : ` (mode ${oldMode} => ${newMode ?? ''})`;
  return `${oldPath === newPath ? '' : `${oldPath} => `}${newPath}${mode}`;
}

/** A diff without positions and blobs. */
function diffText(file: FilePatch | undefined): string[] {
  if (!file) return [];
  const hunks = file.hunks.flatMap((hunk) => [
    `@@ ${hunk.section}`.trimEnd(),
    ...hunk.lines.map(({ mark, text }) => `${mark}${text}`),
  ]);
  return [headerText(file), ...hunks];
}

/** Changed lines with some around them; nothing when there are none. */
function compared(title: string, a: readonly string[], b: readonly string[]): string[] {
  if (a.length === b.length && a.every((line, i) => line === b[i])) return [];
  const rows =
    a.length * b.length > MOST
      ? [`... ${String(a.length)} lines became ${String(b.length)}: too many to compare`]
      : diffLines(a, b, CONTEXT);
  return [`@@ ${oneLine(title)} @@`, ...rows.map(plain)];
}

function ownFiles({ files }: CompareSource, letter: number): ReadonlyMap<string, FilePatch> {
  const own = files.filter((f) => f.message === letter && f.depth === 0);
  return new Map(own.map((f) => [f.path, f]));
}

/** What differs between two mails of one patch. */
function patchLines(source: CompareSource, old: SeriesPatch, now: SeriesPatch): string[] {
  const [a, b] = [ownFiles(source, old.letter), ownFiles(source, now.letter)];
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort();
  return [
    ...compared('Commit message', messageLines(source, old), messageLines(source, now)),
    ...paths.flatMap((path) => compared(path, diffText(a.get(path)), diffText(b.get(path)))),
  ];
}

function versionName({ version, rfc, resend }: Series): string {
  return `${rfc ? 'RFC ' : ''}v${String(version)}${resend ? ' RESEND' : ''}`;
}

/** File name for a comparison, e.g. `v1-v2.diff`. */
export function compareName(old: Series, now: Series): string {
  return `${versionName(old)}-${versionName(now)}.diff`.replaceAll(' ', '-');
}

/** The comparison of `now` with the version before it, as text that ends with a newline. */
export function compareText(source: CompareSource, old: Series, now: Series): string {
  const pairs = pairsOf(source, old, now);
  const details = pairs.flatMap((pair) =>
    pair.lines.length === 0 ? [] : ['', heading(pair, old, now), ...pair.lines],
  );
  return [
    `${oneLine(now.title)}: ${versionName(old)} against ${versionName(now)}`,
    '',
    ...pairs.map((pair) => heading(pair, old, now)),
    ...details,
    '',
  ].join('\n');
}
