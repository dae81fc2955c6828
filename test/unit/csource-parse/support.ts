import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Unit } from '../../../server/csource/ast.js';
import { CParser } from '../../../server/csource/parser.js';
import { SourceTable, type Loc, type SourceText } from '../../../server/csource/source.js';

const require = createRequire(import.meta.url);

let loaded: Promise<CParser> | undefined;

/** One parser a test file. */
export function parser(): Promise<CParser> {
  loaded ??= CParser.load(
    readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm')),
  );
  return loaded;
}

export function source(text: string, table = new SourceTable()): SourceText {
  return table.add({ name: 'fs/demo/inode.c', uri: 'demo:inode.c', text });
}

/** A file of our own with most constructs that kernel and Model C use. */
export const DEMO = readFileSync(fileURLToPath(new URL('demo.c', import.meta.url)), 'utf8');

/** Every object in a syntax tree, outermost first. */
export function* nodesOf(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) {
    for (const v of value) yield* nodesOf(v);
  } else if (typeof value === 'object' && value !== null) {
    const node: Record<string, unknown> = { ...value };
    yield node;
    for (const v of Object.values(node)) yield* nodesOf(v);
  }
}

function isLoc(value: unknown): value is Loc {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
}

/** What `##` and `#` make has a name of its own, and stands where they do. */
function isMade(text: string, { start }: Loc, name: string): boolean {
  return /^[\uac00-\ud7a3]$/.test(name) && /^(?:\w+\s*##|#)/.test(text.slice(start));
}

/** What is wrong with the places of a unit; empty when each lies where it says. */
export function misplaced(unit: Unit, text: string): string[] {
  const out: string[] = [];
  const check = (loc: unknown, expected: string, what: string): void => {
    if (!isLoc(loc)) out.push(`${what}: no place`);
    else if (text.slice(loc.start, loc.end) !== expected && !isMade(text, loc, expected))
      out.push(`${what}: “${text.slice(loc.start, loc.end)}” for “${expected}”`);
  };
  for (const node of nodesOf(unit.items)) {
    const { kind, name, loc, nameLoc } = node;
    if (isLoc(loc) && !(loc.start >= 0 && loc.start <= loc.end && loc.end <= text.length))
      out.push(`${String(kind)}: ${loc.start}…${loc.end}`);
    if (typeof name !== 'string') continue;
    if (kind === 'ident' || kind === 'label') check(loc, name, kind);
    if (
      isLoc(nameLoc) &&
      !(kind === 'function' && node['extent'] === 'fragment' && nameLoc.end === nameLoc.start)
    )
      check(nameLoc, name, `name of ${String(kind)}`);
    if (
      (kind === 'goto' || kind === 'macroLoop') &&
      isLoc(loc) &&
      !text.slice(loc.start, loc.end).includes(name)
    )
      out.push(`${kind} ${name}`);
  }
  return out;
}
