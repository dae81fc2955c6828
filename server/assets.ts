/**
 * The files that the core needs and cannot read itself: the C grammar and the model kernel.
 * Both layouts are served: `dist/` as installed, and the source tree, where the tests run.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface KernelFile {
  /** Path below the kernel folder with `/`, e.g. `ext4.c` or `scenarios/zeroing.c`. */
  readonly name: string;
  readonly text: string;
}

export interface Assets {
  /** web-tree-sitter's runtime, as WebAssembly. */
  readonly core: Uint8Array;
  /** The C grammar, as WebAssembly. */
  readonly grammar: Uint8Array;
  /** The model kernel, sorted by name. */
  readonly kernel: readonly KernelFile[];
}

/** `dist/` when bundled, `server/` otherwise; the kernel lies beside this module in both. */
const HERE = import.meta.dirname;
const KERNEL = join(HERE, 'kernel');

function wasm(bundled: string, packaged: string): Uint8Array {
  const installed = join(HERE, bundled);
  return readFileSync(existsSync(installed) ? installed : join(HERE, '../node_modules', packaged));
}

/** Reads every asset; throws when the installation is damaged. About 10 ms. */
export function readAssets(): Assets {
  return {
    core: wasm('web-tree-sitter.wasm', 'web-tree-sitter/web-tree-sitter.wasm'),
    grammar: wasm('tree-sitter-c.wasm', 'tree-sitter-c/tree-sitter-c.wasm'),
    kernel: readKernel(),
  };
}

function readKernel(): readonly KernelFile[] {
  return readdirSync(KERNEL, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[ch]$/.test(name))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => ({ name, text: readFileSync(join(KERNEL, name), 'utf8') }));
}

/** Path of a model kernel file on disk, for clients that cannot open `racelore:` documents. */
export function kernelPath(name: string): string {
  return join(KERNEL, name);
}
