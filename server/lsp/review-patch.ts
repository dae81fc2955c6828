/** One patch in the review tree: its functions, and what was found and said about them. Pure. */
import type { ReviewKind, ReviewNode } from '../../shared/review.js';
import type { DocRange, Finding } from '../../shared/trace.js';
import type { DocumentParts } from '../analysis/parts.js';
import { fileSpan } from '../analysis/parts.js';
import type { FilePatch } from '../patch/index.js';
import { clip, oneLine } from '../report/plain.js';
import { countsOf } from './document-symbol.js';

const WIDEST = 160;

/** Text of a mail as the one line of a row. */
export function row(text: string, otherwise = '…'): string {
  const line = clip(oneLine(text), WIDEST);
  return line === '' ? otherwise : line;
}

/** `3 findings`, `1 patch`; nothing for none. */
export function counted(n: number, what: string): string {
  const plural = what.endsWith('ch') ? `${what}es` : `${what}s`;
  return n === 0 ? '' : `${String(n)} ${n === 1 ? what : plural}`;
}

/** The parts of a detail that say something. */
export function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

/** How many nodes of a kind are below. */
export function below(nodes: readonly ReviewNode[], kind: ReviewKind): number {
  return nodes.reduce((n, c) => n + (c.kind === kind ? 1 : 0) + below(c.children, kind), 0);
}

/** A line of the document as a place. */
export function lineAt(parts: DocumentParts, line: number): DocRange {
  const { uri, lines } = parts.mail;
  return { uri, line, character: 0, endLine: line, endCharacter: lines.length(line) };
}

function findingNode({ finding, at }: Found, id: string): ReviewNode {
  return {
    id: `${id}/finding ${finding.id}`,
    kind: 'finding',
    label: row(finding.message),
    detail: joined(finding.rule, finding.scenario ?? ''),
    severity: finding.severity,
    at,
    children: [],
  };
}

/** A place in a file that nodes hang below: a function, or what is outside of all. */
interface Place {
  readonly name: string;
  readonly at: readonly DocRange[];
  readonly found: Found[];
}

/** A finding at one of its places: another message may have the same diff. */
interface Found {
  readonly finding: Finding;
  readonly at: DocRange;
}

function placesOf(file: FilePatch, parts: DocumentParts): Place[] {
  const byName = new Map<string, DocRange[]>();
  for (const { name, at } of parts.functionsOf(file))
    byName.set(name, [...(byName.get(name) ?? []), at]);
  return [...byName].map(([name, at]) => ({ name, at, found: [] }));
}

function holds(place: Place, line: number): boolean {
  return place.at.some((at) => at.line <= line && line <= at.endLine);
}

function everywhere(finding: Finding): Found[] {
  return [finding.at, ...finding.copies].map((at) => ({ finding, at }));
}

/** Functions of one file with their findings; a file node only for what lies outside of them. */
function fileNodes(
  file: FilePatch,
  parts: DocumentParts,
  findings: readonly Finding[],
  id: string,
): ReviewNode[] {
  const span = fileSpan(file);
  const places = placesOf(file, parts);
  const outside: Found[] = [];
  for (const found of findings.flatMap(everywhere)) {
    const { line } = found.at;
    if (line < span.line || line > span.endLine) continue;
    (places.find((place) => holds(place, line))?.found ?? outside).push(found);
  }
  const path = row(file.path, '(hunk without file)');
  const functions = places.flatMap(({ name, at: [first], found }): ReviewNode[] => {
    const own = `${id}/function ${file.path} ${name}`;
    const children = found.map((f) => findingNode(f, own));
    return first
      ? [{ id: own, kind: 'function', label: `${row(name)}()`, detail: path, at: first, children }]
      : [];
  });
  if (outside.length === 0 && functions.length > 0) return functions;
  const own = `${id}/file ${file.path}`;
  const rest: ReviewNode = {
    id: own,
    kind: 'file',
    label: path,
    detail: countsOf(file),
    at: lineAt(parts, file.headerLine),
    children: outside.map((f) => findingNode(f, own)),
  };
  return [...functions, rest];
}

/** Diffs that the sender of a message wrote. */
function ownFiles(parts: DocumentParts, message: number): readonly FilePatch[] {
  return parts.files.filter((f) => f.message === message && f.depth === 0);
}

/** What a message changes, with what was found in it. */
export function changeNodes(
  parts: DocumentParts,
  message: number,
  findings: readonly Finding[],
  id: string,
): ReviewNode[] {
  return ownFiles(parts, message).flatMap((file) => fileNodes(file, parts, findings, id));
}

/** Findings that stand in none of the sender's own diffs: in quotations. */
export function elsewhere(parts: DocumentParts, findings: readonly Finding[]): ReviewNode[] {
  const spans = parts.files.filter((f) => f.depth === 0).map(fileSpan);
  return findings
    .filter(({ at }) => !spans.some((s) => s.line <= at.line && at.line <= s.endLine))
    .map((finding) => findingNode({ finding, at: finding.at }, ''));
}
