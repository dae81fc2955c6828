/**
 * The files that the core needs and cannot read itself: the C grammar and the model kernel.
 * Both layouts are served: `dist/` as installed, and the source tree, where the tests run.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelFile } from './analysis/model.js';
import { RAN_FILE } from './analysis/ran-ahead.js';
import type { Precompiled } from './analysis/precompiled.js';
import { readParsed } from './analysis/precompiled-text.js';

export interface Grammar {
  /** web-tree-sitter's runtime, as WebAssembly. */
  readonly core: Uint8Array;
  /** The C grammar, as WebAssembly. */
  readonly grammar: Uint8Array;
}

export interface Assets extends Grammar {
  /** The model kernel, sorted by name. */
  readonly kernel: readonly KernelFile[];
}

/** `dist/` when bundled, `server/` otherwise; the kernel lies beside this module in both. */
const HERE = import.meta.dirname;
const KERNEL = join(HERE, 'kernel');
/** Made by the build; the source tree has none, and every file is parsed. */
export const PARSED = join(HERE, 'kernel.json');

function wasm(bundled: string, packaged: string): Uint8Array {
  const installed = join(HERE, bundled);
  return readFileSync(existsSync(installed) ? installed : join(HERE, '../node_modules', packaged));
}

/** Reads every asset; throws when the installation is damaged. About 10 ms. */
export function readAssets(): Assets {
  return { ...readGrammar(), kernel: readKernel() };
}

/** What parsing takes. */
export function readGrammar(): Grammar {
  return {
    core: wasm('web-tree-sitter.wasm', 'web-tree-sitter/web-tree-sitter.wasm'),
    grammar: wasm('tree-sitter-c.wasm', 'tree-sitter-c/tree-sitter-c.wasm'),
  };
}

/** The model kernel, as the build parsed it where it did. */
export function readKernel(): readonly KernelFile[] {
  const made = parsedByName();
  return readKernelTexts().map((file) => {
    const parsed = made.get(file.name);
    return parsed ? { ...file, parsed } : file;
  });
}

/** The model kernel's files as they were written. */
export function readKernelTexts(): readonly KernelFile[] {
  return readdirSync(KERNEL, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[ch]$/.test(name) || name === RAN_FILE)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => ({ name, text: readFileSync(join(KERNEL, name), 'utf8') }));
}

function parsedByName(): ReadonlyMap<string, Precompiled> {
  if (!existsSync(PARSED)) return new Map();
  return new Map(readParsed(readFileSync(PARSED, 'latin1')).map((f) => [f.name, f]));
}

/** Path of a model kernel file on disk, for clients that cannot open `racelore:` documents. */
export function kernelPath(name: string): string {
  return join(KERNEL, name);
}
