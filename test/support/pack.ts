/** Packs the extension once before the tests that install it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './tools.mjs';

const FOLDER = join(ROOT, 'test/output/package');

/** The extension as users get it. */
export const VSIX = join(FOLDER, 'racelore.vsix');

export default function setup(): void {
  const { status } = spawnSync(process.execPath, ['scripts/package.mjs', FOLDER], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('packaging failed');
}
