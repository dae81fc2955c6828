/** Builds `dist/` once before the tests that run it, so that they never see an older one. */
import { spawnSync } from 'node:child_process';
import { ROOT } from './tools.mjs';

export default function setup(): void {
  const { status } = spawnSync(process.execPath, ['esbuild.mjs'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the build failed');
}
