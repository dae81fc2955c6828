import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
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

export function isLoc(value: unknown): value is Loc {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
}
