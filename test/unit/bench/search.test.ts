import { describe, expect, it } from 'vitest';
import { bars, passes } from '../../bench/search/bars.js';
import type { Bar } from '../../bench/search/bars.js';
import { figuresOf, ratio, ratioWithoutCompiler, warmRatio } from '../../bench/search/figures.js';
import { parsed } from '../../bench/search/pan.js';
import type { Mode, Ran } from '../../bench/search/pan.js';
import type { Rate, Searched } from '../../bench/search/protocol.js';
import type { Measured, Way } from '../../bench/search/rounds.js';
import { report } from '../../bench/search/table.js';

/** What the verifier prints: cut to the lines that count. */
const OUTPUT = `pan:1: assertion violated (reserved==2) (at depth 29)
State-vector 92 byte, depth reached 29, errors: 1
     4594 states, stored
  128.879\ttotal actual memory usage
pan: elapsed time 0.63 seconds
`;

function ran(seconds: number, cut?: Ran['cut']): Ran {
  return { seconds, elapsed: seconds, states: 1000, memory: 2 ** 20, errors: 0, depth: 1, cut };
}

function way(mode: Mode, first: boolean, gcc: number, ...runs: readonly Ran[]): Way {
  return { mode, first, built: [{ spin: 0.1, gcc }], ran: [...runs] };
}

function searched(first: number | undefined, end: number): Searched {
  const rest = { parsed: 1, made: 2, states: 10, transitions: 20, complete: true, peak: 0, cpu: 0 };
  return { ...rest, first, end, found: first === undefined ? [] : ['assert: t: x'], shortest: 3 };
}

function rated(states: number): Rate {
  const rest = { seconds: 1, initial: states, final: states, bits: 8 };
  return { ...rest, states, complete: true, counted: 0, grown: 0, peak: 0 };
}

function measured(name: string, failing: boolean, ways: readonly Way[]): Measured {
  const program = { kind: 'files', files: [] } as const;
  const subject = {
    name,
    kind: 'anchor',
    program,
    promela: '',
    full: 6_000_000,
    slots: 24,
  } as const;
  const times = searched(failing ? 50 : undefined, 200);
  return {
    subject,
    failing,
    ways,
    once: times,
    cold: [0.4],
    coldFirst: [0.4],
    warm: [times],
    rates: [],
  };
}

describe('the verifier', () => {
  it('is read: states, memory, the depth of what it found', () => {
    expect(parsed(OUTPUT)).toEqual({
      elapsed: 0.63,
      states: 4594,
      memory: 128.879 * 2 ** 20,
      errors: 1,
      depth: 29,
      cut: undefined,
    });
    expect(parsed('error: max search depth too small\n').cut).toBe('depth');
    expect(parsed('pan: out of memory\n').cut).toBe('memory');
  });
});

describe('the comparison', () => {
  const proof = figuresOf(
    measured('A2', false, [
      way('full', false, 0.9, ran(5)),
      way('reduced', false, 0.9, ran(3), ran(2.6), ran(2.8)),
      way('breadth first, reduced', false, 0.5, ran(1, 'time')),
    ]),
  );

  it('takes the best mode that has a verdict, by its median', () => {
    expect(proof.end.spin).toEqual({ mode: 'reduced', build: 1, pan: 2.8 });
    expect(ratio(proof.end)).toBeCloseTo(9.5);
    expect(ratioWithoutCompiler(proof.end)).toBeCloseTo(7);
    expect(warmRatio(proof.end)).toBeCloseTo(14);
  });

  it('compares a failing program to a shortest counterexample, never to any', () => {
    const bug = figuresOf(
      measured('A1e', true, [
        way('full', false, 0.9, ran(5)),
        way('reduced', true, 0.9, ran(0.01)),
        way('breadth first', true, 0.9, ran(0.3)),
        way('breadth first, reduced', true, 0.9, ran(0.2)),
      ]),
    );
    expect(bug.first?.spin).toEqual({ mode: 'breadth first, reduced', build: 1, pan: 0.2 });
    expect(bug.any).toBe(0.01);
  });

  it('prints what is not held as missed, and what nobody decided as nothing', () => {
    const undecided = figuresOf(measured('B5', false, [way('full', false, 1, ran(60, 'time'))]));
    const third = [
      {
        id: 'R0',
        tables: { situations: 5, alternatives: 9, cover: 30, sets: 90 },
        reduced: searched(undefined, 200),
        full: rated(40),
      },
    ];
    const firsts = [
      { id: 'R0', warm: 100, cold: 300 },
      { id: 'R1', warm: 250, cold: 500 },
    ];
    const measurements = { figures: [proof, undecided], firsts, third, large: undefined };
    const all = bars(measurements);
    const mean = all.find(({ what }) => what.endsWith('geometric mean of the anchors'));
    expect(mean?.measured).toBeCloseTo(9.5);
    const text = report({ where: ['here'], measured: measurements, bars: all });
    expect(text).toContain('geometric mean of the anchors | 9.50 × | ≥ 15.0 × | missed | no |');
    expect(text).toContain('| B5 | proof | – | – | 400 | – | – | 200 | – |');
    expect(text).toContain('| B5 | > 60.0 | – |');
    expect(text).toContain("the editor's worker, slowest | 250 ms | ≤ 1000 ms | held | no |");
    expect(text).toContain('a fresh worker, slowest | 500 ms | ≤ 400 ms | missed | no |');
    expect(text).toContain('static tables, R0 | 120 ms | ≤ 100 ms | missed | no |');
    expect(text).toContain('| R0 | 5 | 9 | 30.0 | 90.0 | 10 | 40 | 4.00 |');
  });
});

describe('a gate', () => {
  const bar = (over: Partial<Bar>): Bar => ({
    what: 'a ratio',
    measured: 9,
    goal: 15,
    atLeast: true,
    unit: '×',
    gate: undefined,
    ...over,
  });

  it('stands where the bar was held before', () => {
    expect(passes(bar({}))).toBe(true);
    expect(passes(bar({ gate: 8 }))).toBe(true);
    expect(passes(bar({ gate: 10 }))).toBe(false);
    expect(passes(bar({ gate: 8, atLeast: false }))).toBe(false);
  });
});
