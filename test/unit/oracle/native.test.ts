/**
 * The native tree-sitter against the WebAssembly one, same grammar: two builds of the parser must
 * see the same tree of masked text (from errors their versions recover differently). The native one
 * is optional; where its prebuilt binary does not load,
 * `npm rebuild tree-sitter --ignore-scripts=false` compiles it.
 */
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';
import { describe, expect, it } from 'vitest';
import { readAssets } from '../../../server/assets.js';
import { mask } from '../../../server/csource/mask.js';

interface NativeParser {
  setLanguage(language: unknown): void;
  parse(text: string): { readonly rootNode: { toString(): string } };
}

/** A parser of the native package, or undefined where that is not installed or does not load. */
function nativeParser(): NativeParser | undefined {
  const require = createRequire(import.meta.url);
  try {
    const Native = require('tree-sitter') as new () => NativeParser;
    const parser = new Native();
    parser.setLanguage(require('tree-sitter-c'));
    return parser;
  } catch {
    return undefined;
  }
}

const native = nativeParser();
const assets = readAssets();
await Parser.init({ wasmBinary: assets.core });
const wasm = new Parser();
wasm.setLanguage(await Language.load(assets.grammar));

describe.skipIf(native === undefined)('the native and the WebAssembly parser', () => {
  it.each(assets.kernel)('see the same tree in $name', ({ text }) => {
    const masked = mask(text, (start, end) => ({ src: 0, start, end })).text;
    const tree = wasm.parse(masked);
    expect(tree?.rootNode.toString()).toBe(native?.parse(masked).rootNode.toString());
    tree?.delete();
  });
});
