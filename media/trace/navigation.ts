/**
 * Where one can go in a trace. Pure: a trace and a position in, a position out; never leaves the trace.
 * The position after the last step is the end row, which shows what the schedule led to.
 */
import type { Trace } from '../../shared/trace.js';

export interface Position {
  /** 0-based index in `steps`; `steps.length` is the end row. */
  readonly step: number;
  /** 0-based index in the step's micro-steps when one of them is selected. */
  readonly micro?: number;
}

/** What is shown of a trace. */
export interface Shown {
  readonly changesOnly: boolean;
  /** Steps whose micro-steps are shown. */
  readonly expanded: readonly number[];
}

export type Motion =
  | 'next'
  | 'previous'
  | 'nextStep'
  | 'previousStep'
  | 'nextSame'
  | 'previousSame'
  | 'first'
  | 'last';

/** Indices of the shown steps, the end row included. The end row is always shown. */
export function shownSteps(trace: Trace, shown: Shown): readonly number[] {
  const steps: number[] = [];
  for (const [i, step] of trace.steps.entries())
    if (!shown.changesOnly || step.changes.length > 0) steps.push(i);
  steps.push(trace.steps.length);
  return steps;
}

/** All rows in order: shown steps, each followed by its micro-steps when expanded. */
export function shownRows(trace: Trace, shown: Shown): readonly Position[] {
  const rows: Position[] = [];
  for (const step of shownSteps(trace, shown)) {
    rows.push({ step });
    if (!shown.expanded.includes(step)) continue;
    const count = trace.steps[step]?.micro.length ?? 0;
    for (let micro = 0; micro < count; micro++) rows.push({ step, micro });
  }
  return rows;
}

function order(p: Position): readonly [number, number] {
  return [p.step, p.micro ?? -1];
}

function before(a: Position, b: Position): boolean {
  const [as, am] = order(a);
  const [bs, bm] = order(b);
  return as < bs || (as === bs && am < bm);
}

/** The last row not behind `at`; the first row when all are behind it. */
export function nearest(rows: readonly Position[], at: Position): Position {
  let best = rows[0] ?? { step: 0 };
  for (const row of rows) if (!before(at, row)) best = row;
  return best;
}

function nextAfter(rows: readonly Position[], at: Position): Position | undefined {
  return rows.find((row) => before(at, row));
}

function lastBefore(rows: readonly Position[], at: Position): Position | undefined {
  return rows.findLast((row) => before(row, at));
}

/** The position that a motion leads to; the nearest shown one when there is no such place. */
export function move(trace: Trace, shown: Shown, at: Position, motion: Motion): Position {
  const rows = shownRows(trace, shown);
  const steps = rows.filter((row) => row.micro === undefined);
  const thread = trace.steps[at.step]?.thread;
  const same = steps.filter((row) => trace.steps[row.step]?.thread === thread);
  const here = nearest(rows, at);
  switch (motion) {
    case 'next':
      return nextAfter(rows, at) ?? here;
    case 'previous':
      return lastBefore(rows, at) ?? here;
    case 'nextStep':
      return nextAfter(steps, { step: at.step }) ?? here;
    case 'previousStep':
      return lastBefore(steps, at) ?? here;
    case 'nextSame':
      return nextAfter(same, { step: at.step }) ?? here;
    case 'previousSame':
      return lastBefore(same, { step: at.step }) ?? here;
    case 'first':
      return rows[0] ?? here;
    case 'last':
      return steps.at(-1) ?? here;
  }
}
