/** Bundles the fuzzer and runs it: `node scripts/fuzz.mjs [--minutes N] [--seed S]`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(join(fileURLToPath(import.meta.url), '../..'));
const outfile = 'test/output/fuzz.cjs';
await build({
  entryPoints: ['test/fuzz/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  sourcemap: true,
});
const args = ['--enable-source-maps', outfile, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
