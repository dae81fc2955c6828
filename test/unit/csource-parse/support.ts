import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CParser } from '../../../server/csource/parser.js';
import { SourceTable, type SourceText } from '../../../server/csource/source.js';

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
