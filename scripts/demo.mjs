/**
 * Checks the example mail, shows the result and replays its schedule. Exits 0 exactly when the
 * deadlock that the mail is about was found and its schedule, replayed, ends in the same one.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(fileURLToPath(import.meta.url), '../..'));
const EXAMPLE = 'examples/zeroing.eml';
/** Writeback that is waited for while a handle is open: what the mail's patch does. */
const RULE = 'RL-WB-HANDLE';

/** @param {string[]} args @returns {{ status: number | null, stdout: string }} */
function racelore(...args) {
  /** @type {['ignore', 'pipe', 'inherit']} */
  const stdio = ['ignore', 'pipe', 'inherit'];
  return spawnSync(process.execPath, ['dist/cli.js', ...args], { encoding: 'utf8', stdio });
}

/** @param {string} what @returns {never} */
function fail(what) {
  console.error(`demo: ${what}`);
  process.exit(1);
}

if (spawnSync(process.execPath, ['esbuild.mjs'], { stdio: 'inherit' }).status !== 0)
  fail('the build failed');

console.log(`$ racelore check ${EXAMPLE}`);
const shown = racelore('check', EXAMPLE);
process.stdout.write(shown.stdout);
if (shown.status !== 1) fail(`no race was reported (exit ${shown.status})`);

const { findings } = JSON.parse(racelore('check', '--format', 'json', EXAMPLE).stdout);
const finding = findings.find(
  /** @param {{ rule: string, token?: string }} f */
  ({ rule, token }) => rule === RULE && token !== undefined,
);
if (finding === undefined) fail(`no ${RULE} with a schedule was found`);

const replayed = racelore('replay', '--format', 'json', finding.token, EXAMPLE);
if (replayed.status !== 0) fail('the schedule cannot be replayed');
const { key, steps, end } = JSON.parse(replayed.stdout);
if (key.property !== 'deadlock' || end.length === 0) fail('the schedule ends in no deadlock');
if (key.id !== finding.key.id) fail('the schedule ends in another deadlock');
console.log(
  `\nReplayed: ${steps.length} steps, then ${end.length} threads that wait for each other.`,
);
