/** Builds everything and runs the benchmarks: `node scripts/bench.mjs [--search] [--check]`. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(fileURLToPath(import.meta.url), '../..');
process.chdir(ROOT);
const built = spawnSync(process.execPath, ['esbuild.mjs'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

/**
 * Modules that look where they are see their place in the tree, the assets that of `assets`.
 * @param {string} assets @returns {import('esbuild').Plugin}
 */
const inPlace = (assets) => ({
  name: 'in-place',
  setup({ onLoad }) {
    onLoad({ filter: /\/(server|test)\/.*\.m?[tj]s$/ }, ({ path }) => {
      const folder = path.endsWith('server/assets.ts') ? assets : dirname(path);
      const contents = readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(folder))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: path.endsWith('ts') ? 'ts' : 'js' };
    });
  },
});

/** @param {string} entry @param {string} outfile @param {string} assets */
async function bundle(entry, outfile, assets) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias: { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' },
    plugins: [inPlace(join(ROOT, assets))],
  });
}

const outfile = 'test/output/bench.cjs';
await bundle('test/bench/main.ts', outfile, 'server');
// As installed: with what the build has made of the model kernel.
await bundle('test/bench/search/child.ts', 'test/output/bench-search-child.cjs', 'dist');
const args = [outfile, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
