/** `racelore run` on a file of Model C in a process of its own: what a user waits for, part by part. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../support/tools.mjs';

const CLI = join(ROOT, 'dist/cli.js');

/** Milliseconds. */
export interface ColdRun {
  /** From before the process is made until it has ended. */
  readonly total: number;
  /** Node, until the first line of ours runs. */
  readonly start: number;
  /** Our code and the grammar. */
  readonly load: number;
  readonly parse: number;
  readonly link: number;
  readonly machine: number;
  /** Tables and search: steps are learned where the search meets them. */
  readonly search: number;
  /** Witnesses run again and worded. */
  readonly traces: number;
  /** Printing, and the end of the process. */
  readonly end: number;
  /** As printed, with its counts. */
  readonly verdict: string;
}

const PARTS = ['start', 'load', 'parse', 'link', 'machine', 'search', 'traces'] as const;

/** Settings of the shell that Node reads at its start would be measured too. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8' };
}

function parsed(text: string): Readonly<Record<string, number>> {
  return JSON.parse(text.trim().split('\n').at(-1) ?? '{}') as Record<string, number>;
}

/** Runs the files once; throws when nothing was decided. `seconds`: the budget. */
export function cold(files: readonly string[], seconds = 600): ColdRun {
  const budget = ['--seconds', String(seconds), '--states', '1000000000'];
  const args = [CLI, 'run', ...files, '--times', '--format', 'json', ...budget];
  const before = performance.now();
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: environment(),
    maxBuffer: 2 ** 28,
  });
  const total = performance.now() - before;
  const verdict = (JSON.parse(stdout || '{}') as { verdict?: { text?: string } }).verdict?.text;
  if (verdict === undefined) throw new Error(`no verdict on ${files.join(' ')}: ${stderr}`);
  const laps = parsed(stderr);
  const part = (name: string): number => laps[name] ?? 0;
  const end = total - PARTS.reduce((sum, name) => sum + part(name), 0);
  return {
    total,
    start: part('start'),
    load: part('load'),
    parse: part('parse'),
    link: part('link'),
    machine: part('machine'),
    search: part('search'),
    traces: part('traces'),
    end,
    verdict,
  };
}
