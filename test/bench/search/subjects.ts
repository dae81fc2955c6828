/** What is measured: the anchor models and every scenario of the model kernel. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Analyzer } from '../../../server/analysis/index.js';
import { ROOT } from '../../support/tools.mjs';
import { ANCHORS } from '../models/anchors.js';
import { timed } from './timed.js';
import type { Clock, First, Program, Rate, Searched, Tables, Work } from './protocol.js';

export interface Subject {
  readonly name: string;
  readonly kind: 'anchor' | 'scenario';
  readonly program: Program;
  readonly promela: string;
  /** States of the Promela without reduction, where they were counted. */
  readonly full: number | undefined;
  /** Slots of Spin's table as a power of two: 24 unless it needs more. */
  readonly slots: number;
}

const CHILD = join(ROOT, 'test/output/bench-search-child.cjs');
/** Anchors for which Spin gets a larger table. */
const LARGE: ReadonlySet<string> = new Set(['A4w2', 'B5']);
/** Small and fixed: between A1b and A2 in everything. */
const LEFT_OUT: ReadonlySet<string> = new Set(['A1']);

function child(work: Work, clock: Clock): string {
  const request = JSON.stringify({ ...work, clock });
  const args = ['--max-old-space-size=4096', CHILD, request];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${request}: ${stderr}`);
  return stdout;
}

/** The command line as a user starts it. */
const CLI = join(ROOT, 'dist/cli.js');
const NO_BUDGET = ['--seconds', '3600', '--states', '1000000000', '--format', 'json'];

/** What `racelore run` is told for a program. */
function argumentsOf(program: Program): readonly string[] {
  return program.kind === 'files' ? program.files : [program.id];
}

/** The processes in which this project is measured. */
export class Ours {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Seconds of `racelore run`, from the start of the process to its exit, traces printed: all is seen, or a first finding. */
  cold(program: Program, goal: 'first' | 'end'): number {
    const more = goal === 'first' ? ['--first'] : [];
    const args = [CLI, 'run', ...argumentsOf(program), ...NO_BUDGET, ...more];
    const run = timed(ROOT, process.execPath, args);
    if (run.status > 1) throw new Error(run.output);
    return run[this.#clock];
  }

  once(program: Program): Searched {
    return JSON.parse(child({ kind: 'once', program }, this.#clock)) as Searched;
  }

  /** With closed sets, however few states there are. */
  reduced(program: Program): Searched {
    return JSON.parse(child({ kind: 'reduced', program }, this.#clock)) as Searched;
  }

  warm(program: Program, runs: number): Searched {
    return JSON.parse(child({ kind: 'warm', program, runs }, this.#clock)) as Searched;
  }

  tables(program: Program): Tables {
    return JSON.parse(child({ kind: 'tables', program }, this.#clock)) as Tables;
  }

  firsts(ids: readonly string[]): readonly First[] {
    return JSON.parse(child({ kind: 'firsts', ids }, this.#clock)) as readonly First[];
  }

  /** Without reduction, until so many states or seconds. */
  rate(program: Program, states: number, seconds: number): Rate {
    return JSON.parse(child({ kind: 'rate', program, states, seconds }, this.#clock)) as Rate;
  }
}

export function anchors(wanted: (name: string) => boolean): readonly Subject[] {
  return ANCHORS.filter(({ name }) => !LEFT_OUT.has(name) && wanted(name)).map((anchor) => ({
    name: anchor.name,
    kind: 'anchor',
    program: { kind: 'files', files: anchor.files },
    promela: anchor.promela,
    full: anchor.states,
    slots: LARGE.has(anchor.name) ? 26 : 24,
  }));
}

/** Scenarios of the model kernel as they stand; without a text for Spin where there is no export. */
export function scenarios(
  { kernel }: Analyzer,
  wanted: (id: string) => boolean,
): readonly Subject[] {
  const ids = kernel.scenarios.map((s) => s.id).filter(wanted);
  return ids.map((id) => {
    const program: Program = { kind: 'scenario', id };
    const promela = JSON.parse(child({ kind: 'promela', program }, 'wall')) as string;
    return { name: id, kind: 'scenario', program, promela, full: undefined, slots: 24 };
  });
}
