/**
 * A swarm of verifiers: scenario × changes × seed, each a bitstate run of its own over part of the
 * schedules, and one verdict of all of them.
 *
 *   node scripts/swarm.mjs R1 R5,R5+seq-check --seeds 8 --jobs 4 --bits 24 --depth 100000
 *
 * A job is a scenario with `+` and the changes that are turned on. Bitstate runs lose states: what
 * they find is found, "none" is no proof. With `--list` the commands are printed, one job a line,
 * to be run elsewhere; `--merge FILE…` merges what those printed.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** @typedef {{ model: string, seed: number }} Job */
/** @typedef {{ job: string, found: readonly string[], states: number, cut: boolean }} Result */

const ROOT = join(fileURLToPath(import.meta.url), '../..');
const CLI = join(ROOT, 'dist/cli.js');
const FLAGS = [
  '-O2',
  '-w',
  '-DSAFETY',
  '-DNOREDUCE',
  '-DBITSTATE',
  '-DRANDOMIZE',
  '-DT_RAND',
  '-DP_RAND',
];

/** @param {string} command @param {readonly string[]} args @param {string} cwd @returns {string} */
function must(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status === 0) return stdout;
  throw new Error(`${command}: ${error?.message ?? stderr.trim()}`);
}

/** Export, generate, compile. @param {string} model @param {string} dir */
function build(model, dir) {
  const [scenario = '', ...changes] = model.split('+');
  const on = changes.length === 0 ? [] : ['--with', changes.join(',')];
  mkdirSync(dir);
  const text = must(process.execPath, [CLI, 'export', '--promela', scenario, ...on], dir);
  writeFileSync(join(dir, 'm.pml'), text);
  must('spin', ['-a', 'm.pml'], dir);
  must('gcc', [...FLAGS, '-o', 'pan', 'pan.c'], dir);
}

/** What a verifier says. @param {string} job @param {string} output @returns {Result} */
export function resultOf(job, output) {
  const found = [...output.matchAll(/pan:\d+: (.*) \(at depth -?\d+\)/g)].map((m) => m[1] ?? '');
  const states = Number(/(\d[\d.e+]*) states, stored/.exec(output)?.[1] ?? 0);
  const cut = !/states, stored/.test(output) || /max search depth too small/.test(output);
  return { job, found: [...new Set(found)].sort(), states, cut };
}

/** One line a model: its findings in all its runs. @param {readonly Result[]} results @returns {readonly string[]} */
export function merged(results) {
  const models = [...new Set(results.map((r) => r.job.split('#')[0] ?? ''))];
  return models.flatMap((model) => {
    const runs = results.filter((r) => r.job.startsWith(`${model}#`));
    const found = [...new Set(runs.flatMap((r) => r.found))].sort();
    const cut = runs.filter((r) => r.cut).length;
    const most = Math.max(...runs.map((r) => r.states));
    const verdict = found.length > 0 ? 'found' : 'none found';
    const incomplete = cut > 0 ? `, ${cut} cut off` : '';
    const head = `${model}: ${verdict} (${runs.length} runs${incomplete}, up to ${most} states)`;
    return [head, ...found.map((f) => `  ${f}`)];
  });
}

/** @param {Job} job @param {string} dir @param {readonly string[]} args @returns {Promise<Result>} */
function verify({ model, seed }, dir, args) {
  return new Promise((done) => {
    execFile(
      './pan',
      [`-RS${seed}`, ...args],
      { cwd: dir, maxBuffer: 1 << 28 },
      (_error, stdout, stderr) => done(resultOf(`${model}#${seed}`, stdout + stderr)),
    );
  });
}

/** Runs jobs, so many at a time. @param {readonly Job[]} jobs @param {number} width @param {(job: Job) => Promise<Result>} run */
async function swarm(jobs, width, run) {
  /** @type {Result[]} */
  const results = [];
  const queue = [...jobs];
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) results.push(await run(job));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '4' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      bits: { type: 'string', default: '24' },
      depth: { type: 'string', default: '100000' },
      list: { type: 'boolean', default: false },
      merge: { type: 'boolean', default: false },
    },
  });
  if (values.merge)
    return merged(
      positionals.map((f) => resultOf(f.replace(/^.*\//, ''), readFileSync(f, 'utf8'))),
    );
  const models = positionals.flatMap((p) => p.split(','));
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
  const jobs = models.flatMap((model) => seeds.map((seed) => ({ model, seed })));
  const args = ['-c0', `-w${values.bits}`, `-m${values.depth}`, '-n'];
  if (values.list)
    return jobs.map((j) => `./pan -RS${j.seed} ${args.join(' ')} > '${j.model}#${j.seed}'`);
  if (!existsSync(CLI)) throw new Error('dist/cli.js is not there: npm run build');
  if (models.length === 0) throw new Error('no scenario is named');
  const dir = mkdtempSync(join(tmpdir(), 'racelore-swarm-'));
  try {
    for (const model of models) build(model, join(dir, model));
    return merged(
      await swarm(jobs, Number(values.jobs), (j) => verify(j, join(dir, j.model), args)),
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log((await main()).join('\n'));
  } catch (e) {
    console.error(`swarm: ${e instanceof Error ? e.message : String(e)}`);
    process.exitCode = 2;
  }
}
