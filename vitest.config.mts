import { defineConfig } from 'vitest/config';

// Fixed so that no test depends on where it runs.
process.env['TZ'] = 'UTC';
process.env['LANG'] = 'C.UTF-8';

/** One project a layer; `test/run.mjs` runs them in order and adds up the rows. */
const LAYERS = ['unit', 'kernel', 'corpus', 'lsp', 'journeys', 'nvim', 'package', 'editor'];
const SLOW = new Set(['nvim', 'package', 'editor']);
/** These run what the build makes. */
const BUILT = new Set(['lsp', 'journeys', 'nvim', 'package', 'editor']);

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: LAYERS.map((name) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: SLOW.has(name) ? 60_000 : 20_000,
        hookTimeout: SLOW.has(name) ? 120_000 : 30_000,
        fileParallelism: !SLOW.has(name),
        globalSetup: BUILT.has(name) ? ['test/support/build.ts'] : [],
      },
    })),
  },
});
