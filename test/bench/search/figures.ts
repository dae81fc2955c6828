/** The figures of one subject, from what was measured in all rounds. Times in seconds. */
import type { Mode } from './pan.js';
import type { Measured, Way } from './rounds.js';
import { best, buildSeconds, median, panSeconds } from './rounds.js';

export interface Side {
  readonly mode: Mode;
  /** `spin -a` and `gcc -O2`, then the verifier. */
  readonly build: number;
  readonly pan: number;
}

/** One goal, the first finding or the complete verdict, on both sides. */
export interface Goal {
  /** Seconds of a whole process; for the first finding that of `racelore run --first`. */
  readonly cold: number;
  /** In a worker that has searched before: parse, link, machine and search. */
  readonly warm: number;
  /** Best with the compiler counted; undefined when the verifier was cut off in every mode. */
  readonly spin: Side | undefined;
  /** Best without it. */
  readonly pan: Side | undefined;
}

export interface Figures {
  readonly measured: Measured;
  /** Failing subjects: a shortest counterexample. */
  readonly first: Goal | undefined;
  readonly end: Goal;
  /** Any counterexample, depth first: seconds of the verifier alone. */
  readonly any: number | undefined;
  /** Unreduced states a second: ours, the verifier's. */
  readonly speed: number;
  readonly panSpeed: number;
  /** Bytes that a stored state costs: as our search counts them, as the verifier reports. */
  readonly bytes: number | undefined;
  readonly panBytes: number | undefined;
}

/** Stored states from which on the memory of all says something about one of them. */
const MANY = 1_000_000;
/** And for the speed of the verifier. */
const SOME = 100_000;

function side(way: Way | undefined): Side | undefined {
  return way && { mode: way.mode, build: buildSeconds(way), pan: panSeconds(way) };
}

function goal(m: Measured, which: 'first' | 'end'): Goal {
  return {
    cold: median(which === 'first' ? m.coldFirst : m.cold),
    warm: median(m.warm.map((w) => w[which] ?? Number.NaN)) / 1000,
    spin: side(best(m.ways, which, 'all')),
    pan: side(best(m.ways, which, 'pan')),
  };
}

export function figuresOf(m: Measured): Figures {
  const full = m.ways.find((w) => w.mode === 'full' && !w.first);
  const ran = full?.ran.filter((r) => !r.cut && r.elapsed > 0 && r.states >= SOME) ?? [];
  const many = m.rates.filter((r) => r.states >= MANY);
  const any = m.ways.find((w) => w.mode === 'reduced' && w.first);
  return {
    measured: m,
    first: m.failing ? goal(m, 'first') : undefined,
    end: goal(m, 'end'),
    any: any && panSeconds(any),
    speed: median(m.rates.map((r) => r.states / r.seconds)),
    panSpeed: median(ran.map((r) => r.states / r.elapsed)),
    bytes: many.length > 0 ? median(many.map((r) => r.counted / r.states)) : undefined,
    panBytes: ran.length > 0 ? median(ran.map((r) => r.memory / r.states)) : undefined,
  };
}

/** As the design compares: a failing model to its first finding, others to the complete verdict. */
export function verdictGoal(f: Figures): Goal {
  return f.first ?? f.end;
}

/** How many times faster a cold process is than translator, compiler and verifier. */
export function ratio(g: Goal): number | undefined {
  return g.spin && (g.spin.build + g.spin.pan) / g.cold;
}

/** The same against the verifier alone, as if it were there already. */
export function ratioWithoutCompiler(g: Goal): number | undefined {
  return g.pan && g.pan.pan / g.cold;
}

export function warmRatio(g: Goal): number | undefined {
  return g.pan && g.pan.pan / g.warm;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
}
