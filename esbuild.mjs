/**
 * Builds all of `dist/`: the bundles, the grammar, the model kernel and the notices of what is
 * bundled. A target whose source is not in the tree is left out with a line that says so.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = dirname(fileURLToPath(import.meta.url));
process.chdir(ROOT);

/** @type {import('esbuild').BuildOptions} */
const COMMON = { bundle: true, metafile: true, logLevel: 'warning', charset: 'utf8' };

/** @type {import('esbuild').BuildOptions} */
const NODE = {
  ...COMMON,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The package's ESM entry needs import.meta.url, which a cjs bundle does not have.
  alias: { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' },
  define: { 'import.meta.dirname': '__dirname' },
};

/** Bundles that `racelore` reads itself: short, names kept for the sake of stacks. @type {import('esbuild').BuildOptions} */
const LOADED = { ...NODE, charset: 'ascii', minifyWhitespace: true, minifySyntax: true };

/** @type {import('esbuild').BuildOptions} */
const BROWSER = { ...COMMON, platform: 'browser', format: 'iife', target: 'es2022' };

/** @type {readonly { out: string, sources: string[], options: import('esbuild').BuildOptions }[]} */
const TARGETS = [
  {
    out: 'client.js',
    sources: ['client/extension.ts'],
    options: { ...NODE, external: ['vscode'] },
  },
  { out: 'server.js', sources: ['server/lsp/main.ts'], options: NODE },
  {
    out: 'cli.js',
    sources: ['server/cli/main.ts'],
    options: { ...NODE, banner: { js: '#!/usr/bin/env node' } },
  },
  { out: 'commands.js', sources: ['server/cli/commands.ts'], options: LOADED },
  { out: 'model.js', sources: ['server/cli/model.ts'], options: LOADED },
  { out: 'worker.js', sources: ['server/lsp/worker.ts'], options: NODE },
  { out: 'searches.js', sources: ['server/lsp/searches.ts'], options: LOADED },
  { out: 'trace.js', sources: ['media/trace/main.ts'], options: BROWSER },
  { out: 'trace.css', sources: ['media/trace/trace.css'], options: BROWSER },
];

/** Bundles that are compiled when the product is built, each with what runs most of it: a command, or a document to check. */
const AHEAD = [
  ['model.js', 'run', 'examples/journal.c'],
  ['commands.js', 'check', 'examples/zeroing.eml', '--seconds', '1'],
  ['searches.js', 'examples/zeroing.eml'],
];

/** Folders and files that are copied as they are: from → below dist/. */
const COPIES = [
  ['node_modules/web-tree-sitter/web-tree-sitter.wasm', 'web-tree-sitter.wasm'],
  ['node_modules/tree-sitter-c/tree-sitter-c.wasm', 'tree-sitter-c.wasm'],
  ['server/kernel', 'kernel'],
];

/** Licence texts of every package that ended up in a bundle. @param {Set<string>} packages */
function notices(packages) {
  return [...packages]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      );
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(72)}\n\n`);
}

/** Runs bundles on the examples and keeps what V8 compiled of them, so that no start with this Node has to. */
async function compileAhead() {
  const outfile = 'dist/compile-ahead.js';
  await build({ ...NODE, entryPoints: ['server/compile-ahead.ts'], outfile });
  for (const [name = '', ...command] of AHEAD) {
    const { status } = spawnSync(process.execPath, [outfile, name, ...command], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) process.exit(1);
  }
}

/** Removes what an earlier build left behind; files in use stay in place while we build. */
function prune() {
  const made = new Set([
    'THIRD-PARTY.txt',
    'kernel.json',
    ...AHEAD.map(([name]) => `${name}.cache`),
    'trace.css',
    ...TARGETS.map(({ out }) => out),
  ]);
  for (const [, to = ''] of COPIES) made.add(to);
  for (const entry of readdirSync('dist'))
    if (!made.has(entry)) rmSync(join('dist', entry), { recursive: true });
  for (const entry of readdirSync('dist/kernel', { recursive: true, encoding: 'utf8' }))
    if (!existsSync(join('server/kernel', entry)))
      rmSync(join('dist/kernel', entry), { recursive: true, force: true });
}

/** Parses the model kernel once, here, so that no start has to. */
async function precompile() {
  const outfile = 'dist/precompile.js';
  await build({ ...NODE, entryPoints: ['server/precompile.ts'], outfile });
  const { status } = spawnSync(process.execPath, [outfile], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

mkdirSync('dist', { recursive: true });
// V8 knows a text by its length alone: what was compiled of another one must be gone first.
for (const [name] of AHEAD) rmSync(`dist/${name}.cache`, { force: true });

const packages = new Set(['node_modules/web-tree-sitter', 'node_modules/tree-sitter-c']);
await Promise.all(
  TARGETS.map(async ({ out, sources, options }) => {
    const source = sources.find((file) => existsSync(file));
    if (source === undefined) {
      console.log(`dist/${out}: left out, no ${sources.join(' or ')}`);
      return;
    }
    const outfile = `dist/${out}`;
    // esbuild has printed what is wrong.
    const result = await build({ ...options, entryPoints: [source], outfile }).catch(() =>
      process.exit(1),
    );
    for (const input of Object.keys(result.metafile?.inputs ?? {})) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder !== undefined) packages.add(folder);
    }
  }),
);

for (const [from = '', to = ''] of COPIES) {
  if (!existsSync(from)) console.log(`dist/${to}: left out, no ${from}`);
  else cpSync(from, join('dist', to), { recursive: true, filter: (path) => !path.endsWith('.md') });
}
await precompile();
await compileAhead();
if (existsSync('dist/cli.js')) chmodSync('dist/cli.js', 0o755);
writeFileSync('dist/THIRD-PARTY.txt', notices(packages));
prune();
