/** Runs every tool once a round on each subject, in turn, so that all see the same load. */
import type { Built, Mode, Ran } from './pan.js';
import { Promela } from './pan.js';
import type { Clock, Rate, Searched } from './protocol.js';
import type { Subject } from './subjects.js';
import { Ours } from './subjects.js';

export interface Limits {
  readonly clock: Clock;
  readonly rounds: number;
  /** Seconds for one run of the verifier. */
  readonly pan: number;
}

/** Longest run of the verifier in the first round, in seconds, that is repeated in the others. */
const REPEATED = 4;
/** Unreduced: so many states or seconds, unless the space ends before. */
const RATE_STATES = 8_000_000;
const RATE_SECONDS = 8;
const WARM_RUNS = 3;
/** States without reduction from which on the verifier runs in one mode and one round only. */
const LARGE = 20_000_000;

/** One way to run the verifier, with what it took each time. */
export interface Way {
  readonly mode: Mode;
  /** Ends at the first finding; otherwise it sees everything. */
  readonly first: boolean;
  readonly built: Built[];
  readonly ran: Ran[];
}

export interface Measured {
  readonly subject: Subject;
  readonly failing: boolean;
  readonly ways: readonly Way[];
  /** A run in a fresh process of the benchmark, for counts and phases. */
  readonly once: Searched;
  /** Seconds of `racelore run`, one entry a round as in what follows. */
  readonly cold: number[];
  /** The same with `--first`, for failing subjects. */
  readonly coldFirst: number[];
  readonly warm: Searched[];
  readonly rates: Rate[];
}

/** Exports of scenarios take the compiler long: they go without the modes that are never the best. */
function waysOf(failing: boolean, { kind, full }: Subject): readonly Way[] {
  const isLarge = (full ?? 0) > LARGE;
  const way = (mode: Mode, first: boolean): Way => ({ mode, first, built: [], ran: [] });
  const all = [way('full', false), way('reduced', false)];
  const shortest = way('breadth first, reduced', true);
  if (kind === 'scenario') return failing ? [...all, shortest] : all;
  // Of the largest only what was the best in every measurement of the design, for the time it takes.
  if (isLarge) return [way('reduced', false)];
  if (!failing) return [...all, way('breadth first, reduced', false)];
  return [...all, way('reduced', true), way('breadth first', true), shortest];
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Seconds of the verifier; a run that was cut off is never the best. */
export function panSeconds(way: Way): number {
  return way.ran.some((r) => r.cut) ? Infinity : median(way.ran.map((r) => r.seconds));
}

export function buildSeconds(way: Way): number {
  return median(way.built.map((b) => b.spin + b.gcc));
}

/** The fastest way to the first finding, as short as it can be, or to the complete verdict. */
export function best(
  ways: readonly Way[],
  goal: 'first' | 'end',
  parts: 'pan' | 'all',
): Way | undefined {
  const fit = ways.filter((w) =>
    goal === 'end' ? !w.first : w.first && w.mode.startsWith('breadth first'),
  );
  const cost = (w: Way): number => panSeconds(w) + (parts === 'all' ? buildSeconds(w) : 0);
  const [fastest] = [...fit].sort((a, b) => cost(a) - cost(b));
  return fastest && panSeconds(fastest) < Infinity ? fastest : undefined;
}

export class Bench {
  readonly #limits: Limits;
  readonly #say: (line: string) => void;
  readonly #ours: Ours;

  constructor(limits: Limits, say: (line: string) => void) {
    this.#limits = limits;
    this.#say = say;
    this.#ours = new Ours(limits.clock);
  }

  run(subjects: readonly Subject[]): readonly Measured[] {
    const all = subjects.map((subject): readonly [Measured, Promela] => {
      const once = this.#ours.once(subject.program);
      const failing = once.found.length > 0;
      const measured: Measured = {
        subject,
        failing,
        ways: subject.promela === '' ? [] : waysOf(failing, subject),
        once,
        cold: [],
        coldFirst: [],
        warm: [],
        rates: [],
      };
      return [measured, new Promela(subject.promela, this.#limits.clock)];
    });
    try {
      for (let round = 0; round < this.#limits.rounds; round++)
        for (const [measured, promela] of all) this.#round(measured, promela, round);
    } finally {
      for (const [, promela] of all) promela.remove();
    }
    return all.map(([measured]) => measured);
  }

  #round(m: Measured, promela: Promela, round: number): void {
    const start = performance.now();
    const { program } = m.subject;
    for (const way of m.ways) if (round === 0 || isRepeated(m, way)) this.#pan(m, way, promela);
    m.cold.push(this.#ours.cold(program, 'end'));
    if (m.failing) m.coldFirst.push(this.#ours.cold(program, 'first'));
    m.warm.push(this.#ours.warm(program, WARM_RUNS));
    if (round === 0) m.rates.push(this.#ours.rate(program, RATE_STATES, RATE_SECONDS));
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    this.#say(`round ${String(round + 1)}: ${m.subject.name}, ${seconds} s`);
  }

  #pan({ subject }: Measured, way: Way, promela: Promela): void {
    const { mode, first } = way;
    way.built.push(promela.build(mode, way.ran.length));
    way.ran.push(promela.run(mode, { limit: this.#limits.pan, slots: subject.slots, first }));
  }
}

/** After the first round: the best ways, and what speeds are compared with. */
function isRepeated({ ways, subject }: Measured, way: Way): boolean {
  if (panSeconds(way) > REPEATED || (subject.full ?? 0) > LARGE) return false;
  const goals = ['first', 'end'] as const;
  const wanted = goals.flatMap((goal) => [best(ways, goal, 'all'), best(ways, goal, 'pan')]);
  return wanted.includes(way) || (subject.kind === 'anchor' && way.mode === 'full');
}
