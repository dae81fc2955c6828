/** The variables that literals are about, as tables by number of the variable among them: its gate. */
import type { Counts } from './counts.js';
import type { Cover } from './cover.js';
import type { ThreadLiterals } from './literals.js';

export class Gates {
  readonly size: number;
  readonly vars: Int32Array;
  /** By gate and code, one code behind the other: the literals of each thread that hold. */
  readonly holds: readonly Int32Array[];
  /** Bit of the variable among counted ones, or 0. */
  readonly counted: Int32Array;
  /** By gate and thread, one gate behind the other: literals; those that hold for all values but zero. */
  readonly literals: Int32Array;
  readonly notZero: Int32Array;
  /** By gate: threads with a literal on it. */
  readonly users: Int32Array;
  /** By thread: gates that it has literals on, and the gate of each literal. */
  readonly used: Int32Array;
  readonly gateOf: readonly Int32Array[];

  constructor(cover: Cover, all: readonly ThreadLiterals[], counts: Counts) {
    const vars = [...new Set(all.flatMap(({ literals }) => literals.map((l) => l.v)))];
    const { values } = cover.automaton;
    const select = (v: number, test: (codes: Uint8Array) => boolean): Int32Array =>
      Int32Array.from(all, ({ literals }) =>
        literals.reduce((mask, l, i) => (l.v === v && test(l.codes) ? mask | (1 << i) : mask), 0),
      );
    const isPositive = (v: number, codes: Uint8Array): boolean =>
      cover.codes(v).every((code) => values[v]?.[code] === 0 || codes[code] === 1);
    const each = vars.map((v) => select(v, () => true));
    this.size = vars.length;
    this.vars = Int32Array.from(vars);
    this.holds = vars.map((v) =>
      Int32Array.from(
        (values[v] ?? []).flatMap((_, code) => [...select(v, (codes) => codes[code] === 1)]),
      ),
    );
    this.counted = this.vars.map((v) => {
      const n = counts.vars.indexOf(v);
      return n < 0 ? 0 : 1 << n;
    });
    this.literals = Int32Array.from(each.flatMap((masks) => [...masks]));
    this.notZero = Int32Array.from(
      vars.flatMap((v) => [...select(v, (codes) => isPositive(v, codes))]),
    );
    this.users = Int32Array.from(each, (masks) =>
      masks.reduce((users, mask, t) => (mask === 0 ? users : users | (1 << t)), 0),
    );
    this.gateOf = all.map(({ literals }) => Int32Array.from(literals, (l) => vars.indexOf(l.v)));
    this.used = Int32Array.from(this.gateOf, (mine) =>
      mine.reduce((mask, g) => mask | (1 << g), 0),
    );
  }
}
