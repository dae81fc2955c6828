import { describe, expect, it } from 'vitest';
import { Automaton } from '../../../server/machine/automaton.js';
import * as control from '../../../server/search/control.js';
import { ASIDE, ENDED, LIMIT, OPENED } from '../../../server/search/control.js';
import { Heap } from '../../../server/search/heap.js';
import { packed } from '../../../server/search/layout.js';
import { StateSpace } from '../../../server/search/state-space.js';
import { Trees } from '../../../server/search/trees.js';
import * as w from '../../../server/search/wasm/code.js';
import { explore } from '../../../server/search/index.js';
import type { SearchResult } from '../../../server/search/types.js';
import { ANCHORS } from '../../bench/models/anchors.js';
import { make } from '../machine/support.js';
import { generatedLocks } from './generated-locks.js';
import { generated } from './generated.js';
import { search } from './support.js';

/** Threads that write many cells: `cells` of two bits each, in as many states as are asked for. */
function wide(cells: number): string {
  const writer = (t: number): string =>
    `__thread("t${t}") void t${t}(void) { for (int i = ${t}; i < ${cells}; i += 4) a[i] = 1 + __choose(3); }`;
  return `int a[${cells}]; ${[0, 1, 2, 3].map(writer).join('\n')}`;
}

type Which = 'plain' | 'generated';

function spaceOf(text: string, loop: Which): StateSpace {
  const { machine } = make(text);
  return new StateSpace(machine, new Automaton(machine), { loop });
}

/** Expands rows one after the other, up to so many stored ones, without judging anything. */
function sweep(space: StateSpace, limit: number): void {
  for (let next = 0; next < space.rows.count;) {
    const why = space.run(next, space.rows.count, limit);
    ({ next } = space);
    if (why === LIMIT) return;
    if (why !== ASIDE) continue;
    space.open(next++);
    for (const leaf of space.leaves) space.see(leaf);
    space.take(space.enabled);
  }
}

/** Rows with their parents, as words, in the order of storing. */
function rowsOf({ rows }: StateSpace): number[] {
  const { words } = rows.heap;
  return Array.from({ length: rows.count }, (_, n) => [
    ...words.subarray(rows.start(n), rows.start(n) + rows.layout.words + 1),
  ]).flat();
}

function swept(text: string, loop: Which, limit: number): StateSpace {
  const space = spaceOf(text, loop);
  sweep(space, limit);
  return space;
}

describe('the generated loop', () => {
  it.each([1, 2, 40, 130, 220])(
    'stores the rows of the plain one, in its order, over %i cells',
    (cells) => {
      const [a, b] = [swept(wide(cells), 'plain', 6_000), swept(wide(cells), 'generated', 6_000)];
      expect(b.rows.count).toBe(a.rows.count);
      expect(b.takeSteps()).toBe(a.takeSteps());
      expect(rowsOf(b)).toEqual(rowsOf(a));
    },
  );

  it('does so in programs with locks, waits, choices and failures', () => {
    for (let seed = 0; seed < 40; seed++) {
      const text = seed % 2 === 0 ? generated(seed) : generatedLocks(seed);
      const [a, b] = [swept(text, 'plain', 4_000), swept(text, 'generated', 4_000)];
      expect(rowsOf(b), `program ${seed}\n${text}`).toEqual(rowsOf(a));
    }
  });

  it.each([
    ['mixed', generated],
    ['lock', generatedLocks],
  ])('chooses the threads of the plain one in %s programs', (_, generate) => {
    let most = 0;
    for (let seed = 0; seed < 60; seed++) {
      const text = generate(seed);
      const of = (loop: Which): SearchResult => search(text, { raw: true, coverAt: 0, loop });
      const [a, b] = [of('plain'), of('generated')];
      expect(b, `program ${seed}\n${text}`).toEqual(a);
      most = Math.max(most, a.states);
    }
    expect(most).toBeGreaterThan(1_000);
  });

  it.each(['A1e', 'B3b', 'B3'])('chooses the threads of the plain one in %s', (name) => {
    const texts = ANCHORS.find((a) => a.name === name)?.texts ?? [];
    const of = (loop: Which): SearchResult =>
      explore(make(texts).machine, { states: 200_000, expired: () => false }, { raw: true, loop });
    const [a, b] = [of('plain'), of('generated')];
    expect(a.complete).toBe(true);
    expect(b).toEqual(a);
  });

  it('leaves off where nothing more can be shown, as the plain one does', () => {
    const text = `int never, x, y; int z[4];
__invariant("small") bool small(void) { return x < 3; }
__thread("a") void a(void) { if (__choose(2)) __wait(never); x = 1; y++; __assert(y < 2, "y"); }
__thread("b") void b(void) { y++; for (int i = 0; i < 4; i++) z[i] = x; }
__thread("c") void c(void) { for (int i = 0; i < 4; i++) z[i] = 2; }`;
    const of = (loop: Which): SearchResult => search(text, { raw: true, coverAt: 0, loop });
    expect(of('generated')).toEqual(of('plain'));
  });

  it('names the rows that have no step, each once', () => {
    const space = spaceOf(wide(2), 'generated');
    const ends: number[] = [];
    for (let next = 0; next < space.rows.count; { next } = space)
      if (space.run(next, space.rows.count, 1_000) === ENDED) ends.push(...space.ends());
    // Both cells have one of three values at the end.
    expect(new Set(ends).size).toBe(9);
    expect(ends).toHaveLength(9);
  });

  it('is caught when a mask is wrong', () => {
    const right = swept(wide(8), 'generated', 4_000);
    const space = spaceOf(wide(8), 'generated');
    space.open(0);
    const m = space.rows.heap.words;
    const outcome = ((m[OPENED >> 2] ?? 0) >> 2) + 4;
    m[outcome] = (m[outcome] ?? 0) & ~(m[outcome] ?? 0);
    sweep(space, 4_000);
    expect(rowsOf(space)).not.toEqual(rowsOf(right));
  });
});

describe('a code that is wider than its field', () => {
  it('is refused where steps are written down', () => {
    const { machine } = make('int x; __thread("t") void t(void) { x = 1; x = 2; }');
    const automaton = new Automaton(machine);
    const leaf = automaton.learn(0, 0, () => 0);
    const root = automaton.root(0, 0);
    if (!root) throw new Error('nothing was learned');
    const plant = (bits: number): void => {
      const heap = new Heap(control.RESERVED);
      const trees = new Trees(heap, 1, packed([]));
      trees.use(packed([4, bits]), true);
      trees.plant(0, 0, root, () => 0, 0);
    };
    expect(leaf.outcomes[0]?.writes).toEqual([0, 1]);
    expect(() => {
      plant(1);
    }).not.toThrow();
    expect(() => {
      plant(0);
    }).toThrow('code is wider than its field');
  });

  it('is refused where a state is made', () => {
    const space = spaceOf('int x; __thread("t") void t(void) { x = 1; }', 'plain');
    space.open(0);
    const outcome = { choices: [], local: 0, writes: [0, 1 << 20], violation: undefined };
    expect(() => {
      space.make(0, outcome);
    }).toThrow('code is wider than its field');
  });
});

describe('bytes a state', () => {
  it.each([
    [36, 96, 32],
    [192, 416, 70],
  ])('of %i cells are few at every moment', (cells, bits, most) => {
    const space = spaceOf(wide(cells), 'generated');
    sweepOn(space, 850_000);
    // The table is made anew on this way.
    for (let limit = 860_000; limit <= 1_100_000; limit += 20_000) {
      sweepOn(space, limit);
      expect(space.rows.heap.peak / space.rows.count).toBeLessThanOrEqual(most);
    }
    const used = space.rows.layout.widths.reduce((a, b) => a + b, 0);
    expect(used).toBeLessThanOrEqual(bits);
    expect(space.rows.layout.words).toBe(Math.ceil(used / 32));
  });
});

/** Goes on where the last sweep ended. */
function sweepOn(space: StateSpace, limit: number): void {
  for (let { next } = space; next < space.rows.count; { next } = space)
    if (space.run(next, space.rows.count, limit) === LIMIT) return;
}

describe('the emitter', () => {
  /** Runs a function without parameters. */
  function result(body: w.Code, locals = 0): unknown {
    const bytes = w.moduleOf([{ name: 'f', params: 0, locals, body }]);
    const { memory } = new Heap(64);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      heap: { memory },
    });
    const { f } = exports;
    if (typeof f !== 'function') throw new Error('no function');
    return Reflect.apply(f, undefined, []) as unknown;
  }

  it.each([0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 0x7fffffff, -0x80000000, 0x9e3779b9])(
    'writes the constant %i',
    (n) => {
      expect(result(w.constant(n))).toBe(n | 0);
    },
  );

  it('counts the regions between a branch and its label', () => {
    const out = w.label();
    const body = [
      w.block(
        out,
        w.during(w.constant(1), w.when(w.constant(1), [w.set(0, w.constant(7)), w.br(out)])),
      ),
      w.get(0),
    ];
    expect(result(body, 1)).toBe(7);
    expect(() => result([w.br(w.label()), w.constant(0)])).toThrow('out of a region');
  });

  it('sums up in a loop', () => {
    const body = [
      w.during(w.below(w.get(0), w.constant(10)), [
        w.bump(0, 1),
        w.set(1, w.add(w.get(1), w.get(0))),
      ]),
      w.get(1),
    ];
    expect(result(body, 2)).toBe(55);
  });
});
