/** Builds everything and runs the benchmarks: `node scripts/bench.mjs [--check]`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(fileURLToPath(import.meta.url), '../..');
process.chdir(ROOT);
const built = spawnSync(process.execPath, ['esbuild.mjs'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const outfile = 'test/output/bench.cjs';
await build({
  entryPoints: ['test/bench/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  alias: { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' },
  // The two modules that look where they are see their place in the tree.
  define: {
    'import.meta.dirname': JSON.stringify(join(ROOT, 'server')),
    'import.meta.url': JSON.stringify(pathToFileURL(join(ROOT, 'test/support/tools.mjs')).href),
  },
});
const args = [outfile, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
