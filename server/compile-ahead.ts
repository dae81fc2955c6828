/**
 * Run by the build: runs the bundle for files of Model C on the example, from a start as users have
 * it, and keeps what V8 compiled for that beside the bundle.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBundle } from './bundle.js';

const HERE = import.meta.dirname;
const EXAMPLE = join(HERE, '../examples/journal.c');
const NAME = 'model.js';

interface Model {
  runPlain(args: readonly string[]): Promise<number | undefined>;
}

async function main(): Promise<void> {
  const { exports, script } = loadBundle(HERE, NAME);
  await (exports as Model).runPlain(['run', EXAMPLE]);
  const file = join(HERE, `${NAME}.cache`);
  writeFileSync(`${file}.new`, script.createCachedData());
  renameSync(`${file}.new`, file);
}

void main();
