/**
 * The comparisons that take too long for every test run. What each says goes on top of
 * `test/nightly.md`, with the date and the commit; the exit code is 1 when one fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(fileURLToPath(import.meta.url), '../..');
const LOG = join(ROOT, 'test/nightly.md');
const RECORDS = join(ROOT, 'test/output/nightly');
const HEAD = '# Nightly runs\n\nWritten by `npm run nightly`, the latest first.\n';

/** @param {string[]} args */
function git(...args) {
  return spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
}

const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ', tree changed';
const commit = `${git('rev-parse', '--short=12', 'HEAD')}${changed}`;
rmSync(RECORDS, { recursive: true, force: true });
const start = performance.now();
const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
const args = [vitest, 'run', '--project', 'nightly', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
const minutes = ((performance.now() - start) / 60_000).toFixed(1);

const names = existsSync(RECORDS) ? readdirSync(RECORDS).sort() : [];
const lines = names.map((name) => `- ${readFileSync(join(RECORDS, name), 'utf8').trim()}`);
const outcome = status === 0 ? 'all agree' : 'FAILED';
const entry = [`## ${date} UTC, ${commit}: ${outcome}, ${minutes} min`, '', ...lines, ''].join(
  '\n',
);
const before = existsSync(LOG) ? readFileSync(LOG, 'utf8').slice(HEAD.length) : '';
writeFileSync(LOG, `${HEAD}\n${entry}${before}`);
process.exitCode = status === 0 ? 0 : 1;
