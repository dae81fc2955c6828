/** Builds `dist/` once before the tests that run it, so that they never see an older one. */
import { execFileSync } from 'node:child_process';
import { ROOT } from './tools.mjs';

export default function setup(): void {
  execFileSync(process.execPath, ['esbuild.mjs'], { cwd: ROOT, stdio: 'pipe' });
}
