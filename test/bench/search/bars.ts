/** What the search has to reach. A bar that is held is a gate; one that is not is printed as missed. */
import { geometricMean, ratio, verdictGoal, warmRatio } from './figures.js';
import type { Figures } from './figures.js';
import type { Large } from './large.js';
import type { First } from './protocol.js';
import { median } from './rounds.js';
import type { Third } from './third.js';

export interface Bar {
  readonly what: string;
  readonly measured: number;
  readonly goal: number;
  readonly atLeast: boolean;
  readonly unit: string;
  /** What `--check` insists on, weaker than the goal by what machines differ; undefined: not yet. */
  readonly gate: number | undefined;
}

/** Full spaces from which on the reduction has to show. */
const FIVE_MILLION = 5_000_000;
/** What counts as a bug of 5 million states to its error, without a count of the whole space. */
const LARGE_BUGS: ReadonlySet<string> = new Set(['A2b']);

type Gates = Readonly<Record<string, number>>;

/** Bars that are held, with room for a loaded machine where they are times; bytes need none. */
const GATES: Gates = {
  'warm worker against pan alone, A1e': 1,
  'warm worker against pan alone, B3b': 0.8,
  'unreduced states a second against pan, B3': 2,
  'stored states in one run': 20,
  'memory of the process with them': 1024,
  'speed of the last million and a half against the first': 0.5,
  'bytes a state, at most 96 bits': 32,
  'bytes a state, about 400 bits': 70,
};

const MB = 2 ** 20;

export interface Measurements {
  readonly figures: readonly Figures[];
  readonly firsts: readonly First[];
  readonly third: readonly Third[];
  readonly large: Large | undefined;
}

export function bars({ figures: all, firsts, third, large }: Measurements): readonly Bar[] {
  return [
    ...againstSpin(all),
    ...warmBars(all),
    ...speeds(all),
    ...counterexamples(firsts),
    ...thirds(third),
    ...(large ? memory(large) : []),
  ];
}

export function holds({ measured, goal, atLeast }: Bar): boolean {
  return atLeast ? measured >= goal : measured <= goal;
}

/** Whether `--check` is content. */
export function passes(bar: Bar): boolean {
  return bar.gate === undefined || holds({ ...bar, goal: bar.gate });
}

function least(what: string, measured: number, goal: number, unit = '×'): Bar {
  return { what, measured, goal, atLeast: true, unit, gate: GATES[what] };
}

function most(what: string, measured: number, goal: number, unit: string): Bar {
  return { what, measured, goal, atLeast: false, unit, gate: GATES[what] };
}

function anchorsOf(all: readonly Figures[]): readonly Figures[] {
  return all.filter(({ measured }) => measured.subject.kind === 'anchor');
}

function againstSpin(all: readonly Figures[]): readonly Bar[] {
  const anchors = anchorsOf(all);
  const ratios = anchors.flatMap((f) => ratio(verdictGoal(f)) ?? []);
  if (ratios.length === 0) return [];
  const large = anchors.filter(
    ({ measured: { subject } }) =>
      (subject.full ?? 0) >= FIVE_MILLION || LARGE_BUGS.has(subject.name),
  );
  return [
    least('cold process against Spin, geometric mean of the anchors', geometricMean(ratios), 15),
    least('cold process against Spin, worst anchor', Math.min(...ratios), 6),
    ...large.flatMap((f) => {
      const r = ratio(verdictGoal(f));
      return r === undefined
        ? []
        : [least(`cold process against Spin, ${f.measured.subject.name}`, r, 20)];
    }),
  ];
}

function warmBars(all: readonly Figures[]): readonly Bar[] {
  const bar = (name: string, goal: number): readonly Bar[] =>
    all
      .filter(({ measured }) => measured.subject.name === name)
      .flatMap((f) => {
        const r = warmRatio(verdictGoal(f));
        return r === undefined ? [] : [least(`warm worker against pan alone, ${name}`, r, goal)];
      });
  return [...bar('A2', 12), ...bar('A1e', 1), ...bar('B3b', 1)];
}

function speeds(all: readonly Figures[]): readonly Bar[] {
  return all
    .filter(({ measured }) => ['A2', 'B3', 'B4'].includes(measured.subject.name))
    .map((f) =>
      least(
        `unreduced states a second against pan, ${f.measured.subject.name}`,
        f.speed / f.panSpeed,
        3,
      ),
    );
}

/** Of the failing scenarios. */
function counterexamples(firsts: readonly First[]): readonly Bar[] {
  if (firsts.length === 0) return [];
  const warm = firsts.map((f) => f.warm);
  const cold = firsts.map((f) => f.cold);
  const what = 'first counterexample of a scenario in';
  return [
    most(`${what} the editor's worker, median`, median(warm), 200, 'ms'),
    most(`${what} the editor's worker, slowest`, Math.max(...warm), 1000, 'ms'),
    most(`${what} a fresh worker, slowest`, Math.max(...cold), 400, 'ms'),
  ];
}

function thirds(third: readonly Third[]): readonly Bar[] {
  return third.flatMap(({ id, tables, reduced, full }) => [
    most(`static tables, ${id}`, tables.cover + (tables.sets ?? 0), 100, 'ms'),
    least(`states without reduction against those with it, ${id}`, full.states / reduced.states, 5),
  ]);
}

function memory({ many, narrow, wide }: Large): readonly Bar[] {
  return [
    least('stored states in one run', many.states / 1e6, 20, 'M'),
    most('memory of the process with them', many.peak / MB, 1024, 'MB'),
    least('speed of the last million and a half against the first', many.final / many.initial, 0.5),
    most('bytes a state, at most 96 bits', narrow.counted / narrow.states, 32, 'B'),
    most('bytes a state, about 400 bits', wide.counted / wide.states, 70, 'B'),
  ];
}
