/** `npm run bench -- --search [--check] [--clock=cpu] [--rounds=3] [--only=anchors,scenarios,R3,first,third,large] [--record]`. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { Analyzer } from '../../../server/analysis/index.js';
import { readAssets } from '../../../server/assets.js';
import { ROOT, which } from '../../support/tools.mjs';
import { bars, passes } from './bars.js';
import { figuresOf } from './figures.js';
import { measureLarge } from './large.js';
import type { Clock } from './protocol.js';
import { Bench } from './rounds.js';
import { anchors, Ours, scenarios } from './subjects.js';
import { report } from './table.js';
import { measureThird } from './third.js';

function option(args: readonly string[], name: string): string | undefined {
  const start = `--${name}=`;
  return args.find((a) => a.startsWith(start))?.slice(start.length);
}

function firstLine(command: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return (stdout + stderr).split('\n')[0]?.trim() ?? '';
}

function load(): string {
  return loadavg()
    .map((l) => l.toFixed(1))
    .join(' ');
}

const CLOCKS = {
  wall: 'times are wall times',
  cpu: 'times are processor times (user + system, all threads), because others worked on the machine',
} as const satisfies Record<Clock, string>;

function where(rounds: number, clock: Clock, before: string): readonly string[] {
  const [cpu] = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${String(rounds)} rounds`,
    `${String(cpus().length)} × ${cpu?.model ?? 'unknown processor'}, ${gigabytes} GB; load before ${before}, after ${load()}`,
    CLOCKS[clock],
    `Node ${process.version}; ${firstLine('spin', '-V')}; ${firstLine('gcc', '--version')}`,
  ];
}

function part(only: readonly string[] | undefined): readonly string[] {
  return only === undefined ? [] : [`only ${only.join(', ')}`];
}

/** Exit status. Without Spin or a compiler there is nothing to compare with, and a line says so. */
export async function searchBench(args: readonly string[]): Promise<number> {
  const missing = ['spin', 'gcc', 'timeout'].filter((tool) => which(tool) === undefined);
  if (missing.length > 0) {
    process.stdout.write(`the search is not measured: no ${missing.join(', no ')} here\n`);
    return 0;
  }
  const only = option(args, 'only')?.split(',');
  const rounds = Number(option(args, 'rounds') ?? 3);
  const pan = Number(option(args, 'seconds') ?? 60);
  const clock: Clock = option(args, 'clock') === 'cpu' ? 'cpu' : 'wall';
  const before = load();
  const wanted = (name: string, kind: string): boolean =>
    only === undefined || only.includes(name) || only.includes(kind);
  const analyzer = await Analyzer.create(readAssets());
  const subjects = [
    ...anchors((name) => wanted(name, 'anchors')),
    // The compiler takes long on their export: only when they are asked for.
    ...scenarios(analyzer, (id) => only !== undefined && wanted(id, 'scenarios')),
  ];
  const ours = new Ours(clock);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const figures = new Bench({ clock, rounds, pan }, say).run(subjects).map(figuresOf);
  const ids = analyzer.kernel.scenarios.map((s) => s.id);
  const measured = {
    figures,
    firsts: wanted('first', 'first') ? ours.firsts(ids) : [],
    third: wanted('third', 'third') ? measureThird(ours) : [],
    large: wanted('large', 'large') ? measureLarge(ours) : undefined,
  };
  const checked = bars(measured);
  const text = report({
    where: [...where(rounds, clock, before), ...part(only)],
    measured,
    bars: checked,
  });
  process.stdout.write(text);
  // A part of the programs is a look, not the record, unless that is said.
  const isRecord = only === undefined || args.includes('--record');
  writeFileSync(join(ROOT, isRecord ? 'test/bench/search.md' : 'test/output/search.md'), text);
  return args.includes('--check') && !checked.every(passes) ? 1 : 0;
}
