/** What a document consists of, for navigation: its messages, its diffs, and the functions of a diff. */
import type { DocRange } from '../../shared/trace.js';
import type { FunctionDef, Unit } from '../csource/ast.js';
import type { SourceTable } from '../csource/source.js';
import type { MailDocument } from '../mail/index.js';
import type { FilePatch, Hunk } from '../patch/index.js';
import { isC } from '../patch/index.js';
import type { FileImages } from './place.js';
import type { StaticAnalysis } from './static.js';

/** A function that a hunk changes, as far as it stands in the hunk. */
export interface FunctionPlace {
  readonly name: string;
  readonly at: DocRange;
}

export interface DocumentParts {
  readonly mail: MailDocument;
  /** Every diff in order of its first line, quoted ones too. */
  readonly files: readonly FilePatch[];
  /** In document order; a function that several hunks change comes once for each. */
  functionsOf(file: FilePatch): readonly FunctionPlace[];
}

interface Span {
  readonly line: number;
  readonly endLine: number;
}

/** The lines of a hunk in the document, both included. */
export function hunkSpan(hunk: Hunk): Span {
  return { line: hunk.headerLine, endLine: hunk.lines.at(-1)?.line ?? hunk.headerLine };
}

/** The lines of a diff in the document, both included. */
export function fileSpan(file: FilePatch): Span {
  const ends = file.hunks.map((hunk) => hunkSpan(hunk).endLine);
  return { line: file.headerLine, endLine: Math.max(file.headerLine, ...ends) };
}

function definitions(unit: Unit | undefined): readonly FunctionDef[] {
  return unit?.items.filter((item): item is FunctionDef => item.kind === 'function') ?? [];
}

/** Functions of one hunk after the patch, and those that only the text before it has. */
function inHunk(
  hunk: Hunk,
  pre: Unit | undefined,
  post: Unit | undefined,
  table: SourceTable,
): FunctionPlace[] {
  const changed = hunk.lines.filter((line) => line.mark !== ' ').map((line) => line.line);
  const place = (def: FunctionDef): FunctionPlace => ({
    name: def.name,
    at: table.docRange(def.loc),
  });
  const isChanged = ({ name, at }: FunctionPlace): boolean =>
    name !== '' && changed.some((line) => at.line <= line && line <= at.endLine);
  const now = definitions(post).map(place);
  const names = new Set(now.map(({ name }) => name));
  const gone = definitions(pre)
    .map(place)
    .filter(({ name }) => !names.has(name));
  return [...now, ...gone].filter(isChanged).sort((a, b) => a.at.line - b.at.line);
}

const CALLED = /([A-Za-z_]\w*)\s*\(/;

/** Without a parsed image: the function that the `@@` line names. */
function fromSection(hunk: Hunk, uri: string): FunctionPlace[] {
  const name = CALLED.exec(hunk.section)?.[1];
  const { line, endLine } = hunkSpan(hunk);
  return name === undefined
    ? []
    : [{ name, at: { uri, line, character: 0, endLine, endCharacter: 0 } }];
}

/** The line of `copy` that stands where `line` stands in `file`; undefined when the two differ in form. */
function lineInCopy(line: number, file: FilePatch, copy: FilePatch): number | undefined {
  for (const [i, hunk] of file.hunks.entries()) {
    const at = hunk.lines.findIndex((l) => l.line === line);
    const mate = copy.hunks[i];
    if (at >= 0) return mate?.lines.length === hunk.lines.length ? mate.lines[at]?.line : undefined;
  }
  return undefined;
}

/** The same functions where another message has the same diff. */
function inCopy(
  places: readonly FunctionPlace[],
  file: FilePatch,
  copy: FilePatch,
): FunctionPlace[] {
  return places.flatMap(({ name, at }) => {
    const line = lineInCopy(at.line, file, copy);
    const endLine = lineInCopy(at.endLine, file, copy);
    if (line === undefined || endLine === undefined) return [];
    return [{ name, at: { ...at, line, endLine } }];
  });
}

/** The parts of an analysed document. */
export function partsOf(s: StaticAnalysis, table: SourceTable): DocumentParts {
  const images = new Map<FilePatch, FileImages>();
  for (const { placed } of s.patches)
    for (const file of placed.files)
      for (const same of [file.change.primary, ...file.change.copies]) images.set(same, file);
  return {
    mail: s.doc,
    files: s.files,
    functionsOf(file) {
      const parsed = images.get(file);
      if (!parsed && !isC(file.path)) return [];
      const { primary } = parsed?.change ?? {};
      const found = (primary ?? file).hunks.flatMap((hunk, i) => {
        const inside = parsed ? inHunk(hunk, parsed.pre[i], parsed.post[i], table) : [];
        return inside.length > 0 ? inside : fromSection(hunk, s.doc.uri);
      });
      return primary && primary !== file ? inCopy(found, primary, file) : found;
    },
  };
}
