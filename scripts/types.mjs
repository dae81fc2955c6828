/** Type-checks the whole project and then each part with only what that part may use. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const parts = ['', 'core.', 'shell.', 'client.', 'media.'].map((part) => `tsconfig.${part}json`);
const failed = parts.filter(
  (file) => spawnSync(process.execPath, [tsc, '-p', file], { stdio: 'inherit' }).status !== 0,
);
for (const file of failed) console.error(`types: ${file} has errors`);
process.exitCode = failed.length === 0 ? 0 : 1;
