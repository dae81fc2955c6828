/** What is measured, from the root of the tree. A row is a thing that a user waits for. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readAssets } from '../../server/assets.js';
import { type Row, timed } from './harness.js';

const CLI = join(process.cwd(), 'dist/cli.js');

export const ROWS: readonly Row[] = [
  { name: 'read grammar and model kernel', bar: 10, run: () => timed(() => void readAssets()) },
  {
    name: '`racelore scenarios`, from start to exit',
    bar: 1000,
    run: () => timed(() => void spawnSync(process.execPath, [CLI, 'scenarios'])),
  },
];
