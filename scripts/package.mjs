/** Builds and packs the extension and the npm package: `node scripts/package.mjs [folder]`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(fileURLToPath(import.meta.url), '../..');
const folder = resolve(process.argv[2] ?? '.');
const vsce = join(ROOT, 'node_modules/@vscode/vsce/vsce');

/** @param {string} file @param {...string} args */
function run(file, ...args) {
  const { status } = spawnSync(file, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

mkdirSync(folder, { recursive: true });
run(process.execPath, 'esbuild.mjs');
const flags = [
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
];
run(process.execPath, vsce, 'package', ...flags, join(folder, 'racelore.vsix'));
run('npm', 'pack', '--ignore-scripts', '--pack-destination', folder);
