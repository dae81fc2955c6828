/**
 * Runs the layers of tests in order and adds them up. A layer whose tool is missing is skipped by
 * name; with CI=true that is a failure. `node test/run.mjs unit kernel` runs only those.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, browser, editorHost, which } from './support/tools.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, note?: string }} Counts */
/** @typedef {{ name: string, needs?: () => string | undefined, run: () => Counts | Promise<Counts> }} Layer */

const CI = process.env['CI'] === 'true';
const OUTPUT = join(ROOT, 'test/output');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/** @param {string[]} args @returns {boolean} */
function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  return status === 0;
}

/** What the script printed comes in one piece, for others run beside it. @param {string} script @returns {Promise<boolean>} */
function ends(script) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { cwd: ROOT });
    /** @type {string[]} */
    const printed = [];
    child.stdout.setEncoding('utf8').on('data', (text) => printed.push(text));
    child.stderr.setEncoding('utf8').on('data', (text) => printed.push(text));
    child.on('error', () => resolve(false));
    child.on('close', (status) => {
      console.log(`\n> ${script}`);
      process.stdout.write(printed.join(''));
      resolve(status === 0);
    });
  });
}

/**
 * Each script of package.json counts as one test. The lanes run side by side, the scripts of one in order.
 * @param {readonly (readonly string[])[]} lanes @returns {Promise<Counts>}
 */
async function scripts(...lanes) {
  /** @type {string[]} */
  const failed = [];
  const run = lanes.map(async (lane) => {
    for (const script of lane) if (!(await ends(script))) failed.push(script);
  });
  await Promise.all(run);
  const note = failed.length === 0 ? {} : { note: failed.join(', ') };
  return {
    passed: lanes.flat().length - failed.length,
    failed: failed.length,
    skipped: 0,
    ...note,
  };
}

/** One project of vitest.config.ts. @param {string} project @returns {Counts} */
function vitest(project) {
  const report = join(OUTPUT, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ok = node(VITEST, 'run', '--project', project, ...reporters);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, note: 'no report' };
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const broken = !ok && numFailedTests === 0;
  return {
    passed: numPassedTests,
    failed: broken ? 1 : numFailedTests,
    skipped: numPendingTests,
    ...(broken ? { note: 'the run itself failed' } : {}),
  };
}

const needsSpin = () => ['spin', 'gcc'].find((tool) => which(tool) === undefined);
const needsNvim = () => (which('nvim') === undefined ? 'nvim' : undefined);
const needsEditor = () => {
  if (browser() === undefined) return 'chromium';
  return editorHost() === undefined ? 'the editor host' : undefined;
};

/** @type {readonly Layer[]} */
const LAYERS = [
  { name: 'verify', run: () => scripts(['build', 'lint'], ['types', 'format:check', 'exports']) },
  { name: 'unit', run: () => vitest('unit') },
  { name: 'kernel', run: () => vitest('kernel') },
  { name: 'spin', needs: needsSpin, run: () => vitest('spin') },
  { name: 'lsp', run: () => vitest('lsp') },
  { name: 'journeys', run: () => vitest('journeys') },
  { name: 'nvim', needs: needsNvim, run: () => vitest('nvim') },
  { name: 'package', run: () => vitest('package') },
  { name: 'editor', needs: needsEditor, run: () => vitest('editor') },
];

/** @param {Layer} layer @returns {Promise<Counts & { name: string, seconds: number }>} */
async function runLayer({ name, needs, run }) {
  console.log(`\n=== ${name} ===`);
  const missing = needs?.();
  if (missing !== undefined) {
    const note = `${missing} is missing: npm run setup`;
    console.log(note);
    return { name, passed: 0, failed: CI ? 1 : 0, skipped: CI ? 0 : 1, seconds: 0, note };
  }
  const start = performance.now();
  return { name, ...(await run()), seconds: (performance.now() - start) / 1000 };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !LAYERS.some((layer) => layer.name === name));
if (unknown.length > 0) {
  console.error(`no such layer: ${unknown.join(', ')}`);
  process.exit(2);
}
mkdirSync(OUTPUT, { recursive: true });
const chosen = LAYERS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
/** @type {Awaited<ReturnType<typeof runLayer>>[]} */
const rows = [];
for (const layer of chosen) rows.push(await runLayer(layer));

console.log('\nlayer       passed  failed  skipped  seconds');
for (const { name, passed, failed, skipped, seconds, note } of rows) {
  const counts = [passed, failed, skipped].map((count) => String(count).padStart(8)).join('');
  const line = `${name.padEnd(10)}${counts} ${seconds.toFixed(1).padStart(8)}`;
  console.log(note === undefined ? line : `${line}  ${note}`);
}
/** @param {'passed' | 'failed' | 'skipped'} key */
const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
process.exitCode = total('failed') === 0 ? 0 : 1;
