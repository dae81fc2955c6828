import { defineConfig } from 'vitest/config';

// Fixed so that no test depends on where it runs.
process.env['TZ'] = 'UTC';
process.env['LANG'] = 'C.UTF-8';

/** One project a layer; `test/run.mjs` runs them in order and adds up the rows. */
const LAYERS = [
  'unit',
  'kernel',
  'spin',
  'nightly',
  'corpus',
  'lsp',
  'journeys',
  'nvim',
  'package',
  'editor',
];
const SLOW = new Set(['journeys', 'nvim', 'package', 'editor']);
/** What is made before: these run what the build makes, or what is packed from it. */
const SETUP = new Map([
  ['lsp', 'build'],
  ['journeys', 'build'],
  ['nvim', 'build'],
  ['editor', 'pack'],
]);

function setup(layer: string): string[] {
  const name = SETUP.get(layer);
  return name === undefined ? [] : [`test/support/${name}.ts`];
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    maxConcurrency: 2,
    projects: LAYERS.map((name) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: SLOW.has(name) ? 90_000 : 30_000,
        hookTimeout: SLOW.has(name) ? 120_000 : 90_000,
        fileParallelism: !SLOW.has(name),
        globalSetup: setup(name),
      },
    })),
  },
});
