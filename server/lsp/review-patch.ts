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

/** Something that hangs below what its line stands in. `nodes` makes the rows below a node of this id. */
export interface Pin {
  readonly line: number;
  nodes(under: string): readonly ReviewNode[];
}

function findingNode(finding: Finding, at: DocRange, id: string): ReviewNode {
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
  readonly found: Pin[];
}

function placesOf(file: FilePatch, parts: DocumentParts): Place[] {
  const byName = new Map<string, DocRange[]>();
  for (const { name, at } of parts.functionsOf(file)) {
    const known = byName.get(name);
    if (known) known.push(at);
    else byName.set(name, [at]);
  }
  return [...byName].map(([name, at]) => ({ name, at, found: [] }));
}

function holds(place: Place, line: number): boolean {
  return place.at.some((at) => at.line <= line && line <= at.endLine);
}

/** A finding at each of its places: another message may have the same diff. */
export function findingPins(findings: readonly Finding[]): Pin[] {
  return findings.flatMap((finding) =>
    [finding.at, ...finding.copies].map((at) => ({
      line: at.line,
      nodes: (under: string) => [findingNode(finding, at, under)],
    })),
  );
}

/** Functions of one file with what was found and said there; a file node only for what lies outside of them. */
function fileNodes(
  file: FilePatch,
  parts: DocumentParts,
  pins: readonly Pin[],
  id: string,
): ReviewNode[] {
  const span = fileSpan(file);
  const places = placesOf(file, parts);
  const outside: Pin[] = [];
  for (const pin of pins) {
    const { line } = pin;
    if (line < span.line || line > span.endLine) continue;
    (places.find((place) => holds(place, line))?.found ?? outside).push(pin);
  }
  const path = row(file.path, '(hunk without file)');
  const functions = places.flatMap(({ name, at: [first], found }): ReviewNode[] => {
    const own = `${id}/function ${file.path} ${name}`;
    const children = found.flatMap((pin) => pin.nodes(own));
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
    children: outside.flatMap((pin) => pin.nodes(own)),
  };
  return [...functions, rest];
}

/** Diffs that the sender of a message wrote. */
function ownFiles(parts: DocumentParts, message: number): readonly FilePatch[] {
  return parts.files.filter((f) => f.message === message && f.depth === 0);
}

/** What a message says and changes, with what was found and said there. */
export function changeNodes(
  parts: DocumentParts,
  message: number,
  pins: readonly Pin[],
  id: string,
): ReviewNode[] {
  const files = ownFiles(parts, message);
  const spans = files.map(fileSpan);
  const { startLine = 0, endLine = 0 } = parts.mail.messages[message] ?? {};
  const onText = pins.filter(
    ({ line }) =>
      startLine <= line &&
      line < endLine &&
      !spans.some((s) => s.line <= line && line <= s.endLine),
  );
  return [
    ...onText.flatMap((pin) => pin.nodes(id)),
    ...files.flatMap((file) => fileNodes(file, parts, pins, id)),
  ];
}

/** Findings that stand in none of the sender's own diffs: in quotations. */
export function elsewhere(parts: DocumentParts, findings: readonly Finding[]): ReviewNode[] {
  const spans = parts.files.filter((f) => f.depth === 0).map(fileSpan);
  return findings
    .filter(({ at }) => !spans.some((s) => s.line <= at.line && at.line <= s.endLine))
    .map((finding) => findingNode(finding, finding.at, ''));
}
