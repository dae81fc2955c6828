import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/tools.mjs';

/** Leaves one line about a nightly test for the log (`scripts/nightly.mjs`), under a name of its own. */
export function record(name: string, line: string): void {
  const dir = join(ROOT, 'test/output/nightly');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, `${name}.txt`), `${line}\n`);
}
