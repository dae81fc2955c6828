/** One measured process: reads a request from its first argument, prints the answer as JSON. */
import { readFileSync } from 'node:fs';
import type { ModelKernel } from '../../../server/analysis/model.js';
import { Analyzer } from '../../../server/analysis/index.js';
import { readAssets } from '../../../server/assets.js';
import type { Program as Linked } from '../../../server/csource/ir.js';
import { link } from '../../../server/csource/link.js';
import { CParser } from '../../../server/csource/parser.js';
import { SourceTable } from '../../../server/csource/source.js';
import { exportPromela } from '../../../server/export/index.js';
import { createMachine } from '../../../server/machine/index.js';
import type { MachineOptions, ModelMachine } from '../../../server/machine/index.js';
import { Automaton } from '../../../server/machine/automaton.js';
import { ClosedSets } from '../../../server/search/closed-sets.js';
import { Cover, Followed } from '../../../server/search/cover.js';
import { explore } from '../../../server/search/index.js';
import type { ExploreOptions } from '../../../server/search/index.js';
import { scout } from '../../../server/search/scout.js';
import { StateSpace } from '../../../server/search/state-space.js';
import { mostLeaves } from '../../../server/search/tables.js';
import { TableSearch } from '../../../server/search/table-search.js';
import type { End } from '../../../server/search/table-search.js';
import { givenClock, isWorker, measureFirsts, serveFirsts } from './firsts.js';
import type { Clock, Program, Rate, Request, Searched, Tables } from './protocol.js';

/** Slices in which the search of `rate` runs, and how many make its first and its last speed. */
const SLICE = 500_000;
const ENDS = 3;
const BYTES = 2 ** 33;
/** Stored states, and steps of random runs, after which tables are made. */
const MET = 1_000;
const SCOUTED = 6_000;
/** Milliseconds of a run above which one is enough. */
const LONG = 2_000;

interface Source {
  readonly table: SourceTable;
  /** Parses, if that was not done, and links. */
  readonly link: () => Linked;
  readonly budgets: MachineOptions;
}

async function filesOf(files: readonly string[]): Promise<() => Source> {
  const { core, grammar } = readAssets();
  const parser = await CParser.load(core, grammar);
  return () => {
    const table = new SourceTable();
    const units = files.map((uri, i) =>
      parser.parseFile(table.add({ name: `${i}.c`, uri, text: readFileSync(uri, 'utf8') })),
    );
    const options = { since: () => false, fix: () => false };
    return { table, link: () => withoutErrors(link(units, options)), budgets: { faults: 0 } };
  };
}

function scenarioOf(analyzer: Analyzer, id: string): Source {
  const config = analyzer.config(id, { with: [], without: [] });
  if (typeof config === 'string') throw new Error(config);
  const { scenario, profile, switches } = config;
  const kernel: ModelKernel = analyzer.kernel;
  const made = (): Linked => kernel.link(profile, switches, [], scenario);
  return { table: kernel.table, link: made, budgets: scenario };
}

/** Everything that a worker has before the text comes; then the source, anew each time. */
async function prepare(program: Program): Promise<() => Source> {
  if (program.kind === 'files') return filesOf(program.files);
  const analyzer = await Analyzer.create(readAssets());
  return () => scenarioOf(analyzer, program.id);
}

/** As a file is asked for before it is run; scenarios of the model kernel are run as they are. */
function withoutErrors(program: Linked): Linked {
  const bad = program.problems.filter((p) => p.severity === 'error');
  if (bad.length > 0) throw new Error(bad.map((p) => p.message).join('\n'));
  return program;
}

function machineOf(source: Source): ModelMachine {
  return createMachine(source.link(), source.table, source.budgets);
}

/** Processor milliseconds of this process, all its threads. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

let clock: Clock = 'wall';

/** Milliseconds since the process started, by either clock. */
function now(): number {
  return clock === 'wall' ? performance.now() : cpu();
}

/** Searches to the first finding or to the end; times count from `start`. */
function search(
  source: () => Source,
  until: 'first' | 'end',
  start: number,
  options: ExploreOptions = {},
): Searched {
  const given = source();
  const parsed = now() - start;
  const machine = machineOf(given);
  const made = now() - start;
  const budget = { states: Infinity, bytes: BYTES, expired: () => false, first: until === 'first' };
  const result = explore(machine, budget, options);
  const { states, transitions, complete, witnesses } = result;
  const lengths = witnesses.map((w) => w.schedule.length);
  return {
    parsed,
    made,
    first: until === 'first' && lengths.length > 0 ? now() - start : undefined,
    end: complete ? now() - start : undefined,
    states,
    transitions,
    complete,
    found: witnesses.map((w) => w.key.id).sort(),
    shortest: lengths.length > 0 ? Math.min(...lengths) : undefined,
    peak: process.resourceUsage().maxRSS * 1024,
    cpu: cpu(),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Once for the compiler of the runtime, uncounted; then the medians of both ways to end. */
function warm(source: () => Source, runs: number): Searched {
  const once = (until: 'first' | 'end'): Searched => search(source, until, now());
  const uncounted = once('end');
  const fails = uncounted.found.length > 0;
  const counted = (uncounted.end ?? 0) > LONG ? 1 : runs;
  if (fails) once('first');
  const ends: Searched[] = [];
  const firsts: Searched[] = [];
  for (let n = 0; n < counted; n++) {
    ends.push(once('end'));
    if (fails) firsts.push(once('first'));
  }
  const of = (all: readonly Searched[], pick: (s: Searched) => number | undefined): number =>
    median(all.map((s) => pick(s) ?? Number.NaN));
  const [last] = ends;
  if (!last) throw new Error('no runs');
  return {
    ...last,
    parsed: of(ends, (s) => s.parsed),
    made: of(ends, (s) => s.made),
    end: of(ends, (s) => s.end),
    first: fails ? of(firsts, (s) => s.first) : undefined,
  };
}

function speed(slices: readonly { readonly states: number; readonly seconds: number }[]): number {
  const sum = (pick: (s: (typeof slices)[number]) => number): number =>
    slices.reduce((n, s) => n + pick(s), 0);
  return sum((s) => s.states) / sum((s) => s.seconds);
}

/** Bits of a packed state: situations of the threads, and the values met of each variable. */
function bitsOf(machine: ModelMachine, automaton: Automaton): number {
  const locals = machine.threads.map((t) => automaton.localCount(t.id));
  const sizes = [...locals, ...automaton.values.map((v) => v.length)];
  return sizes.reduce((sum, n) => sum + Math.ceil(Math.log2(Math.max(1, n))), 0);
}

function rate(source: () => Source, most: number, seconds: number): Rate {
  const machine = machineOf(source());
  const before = process.memoryUsage.rss();
  const automaton = new Automaton(machine);
  const search = new TableSearch(machine, automaton, { reduce: false });
  const start = now();
  const expired = (): boolean => now() - start > seconds * 1000;
  const slices: { states: number; seconds: number }[] = [];
  let end: End;
  do {
    const known = search.states;
    const began = now();
    end = search.run({ states: Math.min(most, known + SLICE), bytes: BYTES, expired });
    slices.push({ states: search.states - known, seconds: (now() - began) / 1000 });
  } while (end === 'states' && search.states < most);
  const peak = process.resourceUsage().maxRSS * 1024;
  // The last slice of a space that ends is a small one.
  const whole = slices.length > 1 ? slices.filter((s) => s.states >= SLICE / 2) : slices;
  return {
    states: search.states,
    complete: end === 'done',
    seconds: (now() - start) / 1000,
    initial: speed(whole.slice(0, ENDS)),
    final: speed(whole.slice(-ENDS)),
    bits: bitsOf(machine, automaton),
    counted: search.bytes,
    grown: peak - before,
    peak,
  };
}

/** Made as a search makes them once it has met what the program does. */
function tables(source: () => Source): Tables {
  const machine = machineOf(source());
  const automaton = new Automaton(machine);
  const expired = (): boolean => false;
  const met = new TableSearch(machine, automaton, { reduce: true });
  met.run({ states: Infinity, bytes: BYTES, expired }, MET);
  const most = mostLeaves(met.states);
  scout(automaton, SCOUTED, expired);
  const start = now();
  const cover = Cover.build(automaton, new Followed(automaton), most, expired);
  const covered = now();
  if (!cover) {
    const situations = machine.threads.reduce((n, t) => n + automaton.localCount(t.id), 0);
    const { leafCount: alternatives } = automaton;
    return { situations, alternatives, cover: covered - start, sets: undefined };
  }
  const sets = new ClosedSets(new StateSpace(machine, automaton), cover);
  const moving = sets.possible.flat(2).filter((leaf) => leaf.outcomes.length > 0);
  return {
    situations: sets.situations.reduce((a, b) => a + b, 0),
    alternatives: moving.length,
    cover: covered - start,
    sets: now() - covered,
  };
}

/** In a worker; undefined: the scenario has no finding. */
async function first(id: string): Promise<number | undefined> {
  const start = now();
  analyzer ??= await Analyzer.create(readAssets());
  const made = analyzer;
  const { first: found } = search(() => scenarioOf(made, id), 'first', start);
  return found;
}

let analyzer: Analyzer | undefined;

function promela(source: Source): string | undefined {
  const program = source.link();
  const machine = createMachine(program, source.table, source.budgets);
  return exportPromela(program, source.table, machine, { title: ['benchmark'] }).text;
}

async function main(): Promise<void> {
  if (isWorker) {
    clock = givenClock();
    serveFirsts(first);
    return;
  }
  const request = JSON.parse(process.argv[2] ?? '') as Request;
  ({ clock } = request);
  if (request.kind === 'firsts') {
    const file = process.argv[1] ?? '';
    process.stdout.write(JSON.stringify(await measureFirsts(file, request.ids, clock, now)));
    return;
  }
  const source = await prepare(request.program);
  const answer = (): unknown => {
    switch (request.kind) {
      case 'once':
        return search(source, 'end', 0);
      case 'reduced':
        return search(source, 'end', 0, { coverAt: MET });
      case 'warm':
        return warm(source, request.runs);
      case 'rate':
        return rate(source, request.states, request.seconds);
      case 'tables':
        return tables(source);
      case 'promela':
        return promela(source()) ?? '';
    }
  };
  process.stdout.write(JSON.stringify(answer()));
}

void main();
