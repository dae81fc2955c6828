/**
 * Loads another bundle of this installation, with the code that V8 compiled of it when the product
 * was built. V8 refuses what another version of it has made, and compiles anew; nothing is written.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

/** What Node wraps around a module. */
type Wrapped = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void;

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

export interface Bundle {
  readonly exports: unknown;
  readonly script: Script;
}

/** For bundles of plain ASCII. `folder`: where the bundle `name` and, perhaps, `name.cache` lie. */
export function loadBundle(folder: string, name: string): Bundle {
  const filename = join(folder, name);
  const text = readFileSync(filename, 'latin1');
  const cachedData = read(`${filename}.cache`);
  const source = `(function (exports, require, module, __filename, __dirname) { ${text}\n})`;
  const script = new Script(source, { filename, ...(cachedData ? { cachedData } : {}) });
  const wrapped = script.runInThisContext() as Wrapped;
  const module = { exports: {} as unknown };
  wrapped(module.exports, createRequire(filename), module, filename, folder);
  return { exports: module.exports, script };
}
