/** What the functions of the inner loop have in common: rows, trees, outcomes, the hash table. */
import * as at from '../control.js';
import type { Block } from './function.js';
import * as w from './code.js';
import type { Code } from './code.js';

export const control = (word: number): Code => w.load(w.constant(4 * word));
export const keep = (word: number, value: Code): Code => w.store(w.constant(4 * word), 0, value);

/** What every function needs to find rows and slots. */
export class Shape {
  readonly words: number;
  /** Bytes of a row with its parent; as many as a successor takes with its hash. */
  readonly stride: number;

  constructor(words: number) {
    this.words = words;
    this.stride = 4 * (words + 1);
  }

  each(make: (i: number) => Code): Code {
    return Array.from({ length: this.words }, (_, i) => make(i));
  }

  /** Byte address of row `n`. */
  row(directory: Code, n: Code): Code {
    const chunk = w.load(w.add(directory, w.shl(w.shr(n, w.constant(at.CHUNK_LG)), w.constant(2))));
    const inside = w.and(n, w.constant((1 << at.CHUNK_LG) - 1));
    return w.add(chunk, w.mul(inside, w.constant(this.stride)));
  }

  /** Sets `h` to the hash of words that lie in locals. */
  hash(h: number, word: (i: number) => Code): Code {
    const mix = (by: number): Code => w.xor(w.get(h), w.shr(w.get(h), w.constant(by)));
    return [
      w.set(h, w.constant(at.HASH.seed)),
      this.each((i) => [
        w.set(h, w.mul(w.xor(w.get(h), word(i)), w.constant(at.HASH.word))),
        w.set(h, mix(at.HASH.shift)),
      ]),
      w.set(h, w.mul(w.get(h), w.constant(at.HASH.last))),
      w.set(h, mix(at.HASH.end)),
    ];
  }
}

/** Follows a tree from `node` by the row at `row`, up to a leaf or 0. */
function descend(f: Block, node: number, row: number): Code {
  const place = f.local();
  const code = w.and(
    w.shr(
      w.load(w.add(w.get(row), w.and(w.get(place), w.constant(0xffff)))),
      w.shr(w.get(place), w.constant(16)),
    ),
    w.load(w.get(node), 4),
  );
  const out = w.label();
  return w.block(
    out,
    w.during(w.isZero(w.and(w.get(node), w.constant(1))), [
      w.brIf(out, w.isZero(w.get(node))),
      w.set(place, w.load(w.get(node))),
      w.set(node, w.load(w.add(w.get(node), w.shl(code, w.constant(2))), 8)),
    ]),
  );
}

/** Sets `node` to the leaf of the thread whose record is at `thread`, `local` to its situation. */
export function leafOf(f: Block, node: number, local: number, thread: number, row: number): Code {
  const field = w.load(w.add(w.get(row), w.load(w.get(thread))));
  return [
    w.set(local, w.and(w.shr(field, w.load(w.get(thread), 4)), w.load(w.get(thread), 8))),
    w.set(node, w.load(w.add(w.load(w.get(thread), 12), w.shl(w.get(local), w.constant(2))))),
    descend(f, node, row),
  ];
}

/** Writes what an outcome makes of the words in locals `from` to the address in `to`. */
export function make(shape: Shape, from: number, outcome: number, to: number, into?: number): Code {
  return shape.each((i) => {
    const value = w.or(
      w.and(w.get(from + i), w.load(w.get(outcome), 8 * i)),
      w.load(w.get(outcome), 8 * i + 4),
    );
    if (into === undefined) return w.store(w.get(to), 4 * i, value);
    return [w.set(into + i, value), w.store(w.get(to), 4 * i, w.get(into + i))];
  });
}

/** Leaves 1 in `bad` when the state at `row` breaks an invariant or is not judged yet. */
export function judge(f: Block, bad: number, row: number): Code {
  const node = f.local();
  return [
    w.set(node, control(at.JUDGE)),
    descend(f, node, row),
    w.set(bad, w.differ(w.get(node), w.constant(at.HOLDS))),
  ];
}

/** Locals that hold the state of the table. */
export interface Store {
  readonly count: number;
  readonly table: number;
  readonly lg: number;
  readonly slots: number;
  readonly directory: number;
}

export function openStore(f: Block): { readonly store: Store; readonly code: Code } {
  const store = {
    count: f.local(),
    table: f.local(),
    lg: f.local(),
    slots: f.local(),
    directory: f.local(),
  };
  const code = [
    w.set(store.count, control(at.COUNT)),
    w.set(store.table, control(at.TABLE)),
    w.set(store.lg, control(at.LG)),
    w.set(store.slots, w.sub(w.shl(w.constant(1), w.get(store.lg)), w.constant(1))),
    w.set(store.directory, control(at.DIRECTORY)),
  ];
  return { store, code };
}

export const slotOf = (s: Store, slot: number): Code =>
  w.add(w.get(s.table), w.shl(w.get(slot), w.constant(2)));
export const homeOf = (s: Store, hash: Code): Code =>
  w.shr(hash, w.sub(w.constant(32), w.get(s.lg)));
export const differs = (s: Store, entry: number, tag: number): Code =>
  w.shr(w.xor(w.get(entry), w.get(tag)), w.get(s.lg));
const numberOf = (s: Store, entry: number): Code =>
  w.sub(w.and(w.get(entry), w.get(s.slots)), w.constant(1));

/** Stores the state at `from` with its hash in `h` when it is new; `n` becomes the number of its row. */
export function insert(
  f: Block,
  shape: Shape,
  s: Store,
  from: number,
  h: number,
  parent: number,
  n: number,
): Code {
  const [slot, tag, entry, row] = [f.local(), f.local(), f.local(), f.local()];
  const [found, again] = [w.label(), w.label()];
  const same = Array.from({ length: shape.words }, (_, i) =>
    w.xor(w.load(w.get(from), 4 * i), w.load(w.get(row), 4 * i)),
  ).reduce((a, b) => w.or(a, b));
  const append = [
    w.store(slotOf(s, slot), 0, w.or(w.get(tag), w.add(w.get(s.count), w.constant(1)))),
    w.set(n, w.get(s.count)),
    w.set(row, shape.row(w.get(s.directory), w.get(n))),
    shape.each((i) => w.store(w.get(row), 4 * i, w.load(w.get(from), 4 * i))),
    w.store(w.get(row), 4 * shape.words, w.get(parent)),
    w.bump(s.count, 1),
    w.br(found),
  ];
  return [
    w.set(slot, homeOf(s, w.get(h))),
    w.set(tag, w.shl(w.get(h), w.get(s.lg))),
    w.block(found, {
      kind: 'loop',
      label: again,
      body: [
        w.set(entry, w.load(slotOf(s, slot))),
        w.when(w.isZero(w.get(entry)), append),
        w.when(w.isZero(differs(s, entry, tag)), [
          w.set(n, numberOf(s, entry)),
          w.set(row, shape.row(w.get(s.directory), w.get(n))),
          w.brIf(found, w.isZero(same)),
        ]),
        w.set(slot, w.and(w.add(w.get(slot), w.constant(1)), w.get(s.slots))),
        w.br(again),
      ],
    }),
  ];
}
