import { describe, expect, test } from 'vitest';
import { bars, idleThreads, laneThreads, patterns } from '../../../media/trace/lanes.js';
import type { Trace, TraceHold } from '../../../shared/trace.js';
import { A, B, TRACE } from './sample.js';

function holding(...after: readonly (readonly TraceHold[])[]): Trace {
  const first = TRACE.steps[0];
  if (!first) throw new Error('sample has steps');
  return { ...TRACE, steps: after.map((holds) => ({ ...first, holds: [holds] })) };
}

function drawn(trace: Trace): readonly string[] {
  return bars(trace).map(
    (b) =>
      `${b.thread} ${b.hold.class} steps ${b.first + 1}-${b.last + 1} slot ${b.slot} ${b.hold.mode}`,
  );
}

describe('lanes', () => {
  test('one for each thread that moves or waits at the end', () => {
    expect(laneThreads(TRACE).map((t) => t.name)).toEqual(['writer', 'worker', 'disk']);
    expect(idleThreads(TRACE).map((t) => t.name)).toEqual(['timer']);
  });

  test('all threads when the schedule is empty', () => {
    expect(laneThreads({ ...TRACE, steps: [], end: [] })).toHaveLength(4);
  });
});

describe('bars', () => {
  test('reach from the step that takes the lock to the last step that holds it', () => {
    expect(drawn(TRACE)).toEqual([
      '0 lock A steps 1-5 slot 0 exclusive',
      '0 lock C steps 4-4 slot 1 shared',
      '1 lock B steps 2-5 slot 0 exclusive',
    ]);
  });

  test('a slot is used again only after its bar has ended', () => {
    const later = { ...B, since: 3 };
    expect(drawn(holding([A], [A, B], [B], [B, { ...A, since: 4 }], [later]))).toEqual([
      '0 lock A steps 1-2 slot 0 exclusive',
      '0 lock B steps 2-4 slot 1 exclusive',
      '0 lock A steps 4-4 slot 0 exclusive',
      '0 lock B steps 5-5 slot 0 exclusive',
    ]);
  });

  test('the same lock held twice has two bars', () => {
    expect(drawn(holding([A, A], [A]))).toEqual([
      '0 lock A steps 1-2 slot 0 exclusive',
      '0 lock A steps 1-1 slot 1 exclusive',
    ]);
  });

  test('a class has one pattern in all lanes, in order of appearance', () => {
    expect([...patterns(TRACE)]).toEqual([
      ['lock A', 0],
      ['lock B', 1],
      ['lock C', 2],
    ]);
  });
});
