/**
 * What must not change for a thread to stay out of somewhere: a literal says that a variable has one
 * of some codes. While that holds, all steps that read another code of it are barred. First come those
 * that block a situation, each alone: a thread that is blocked there stays so while one of them holds.
 * Then those that decide which way a thread goes.
 */
import type { Leaf } from '../machine/automaton.js';
import type { Cover } from './cover.js';

/** Literals of one thread, and variables that have literals: as many as a mask has bits. */
const MOST = 30;
/** Literals for one value only are made of variables with at most so many. */
const MOST_CODES = 3;

export interface Literal {
  readonly v: number;
  /** By code: 1 when it is one of them. */
  readonly codes: Uint8Array;
}

/** Codes of a variable for which the situation is blocked, whatever the others are. */
function blocking(cover: Cover, leaves: readonly Leaf[], v: number): Uint8Array | undefined {
  const codes = new Uint8Array(cover.automaton.values[v]?.length ?? 1);
  for (const code of cover.codes(v)) codes[code] = 1;
  for (const leaf of leaves) {
    if (leaf.outcomes.length === 0) continue;
    const at = leaf.reads.indexOf(v);
    if (at < 0) return undefined;
    codes[leaf.codes[at] ?? 0] = 0;
  }
  return codes.includes(1) ? codes : undefined;
}

/** Literals of one thread and, by situation, the mask of those each of which alone blocks it. */
export interface ThreadLiterals {
  readonly literals: readonly Literal[];
  readonly blocking: Int32Array;
}

class Literals {
  readonly list: Literal[] = [];
  readonly blocking: Int32Array;
  readonly #numbers = new Map<string, number>();
  readonly #gates: Set<number>;

  /** `gates`: variables that have literals so far, of all threads. */
  constructor(situations: number, gates: Set<number>) {
    this.blocking = new Int32Array(situations);
    this.#gates = gates;
  }

  /** Number of a literal; -1 when there are too many. */
  add(v: number, codes: Uint8Array): number {
    const key = `${v} ${codes.join('')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.list.length === MOST || (this.#gates.size === MOST && !this.#gates.has(v))) return -1;
    this.#gates.add(v);
    this.#numbers.set(key, this.list.length);
    return this.list.push({ v, codes }) - 1;
  }
}

/** Adds literals that block a situation, each alone. */
function addBlocking(cover: Cover, mine: readonly (readonly Leaf[])[], to: Literals): void {
  mine.forEach((leaves, local) => {
    if (!leaves.some((leaf) => leaf.outcomes.length === 0)) return;
    for (const v of new Set(leaves.flatMap((leaf) => leaf.reads))) {
      const codes = blocking(cover, leaves, v);
      const n = codes ? to.add(v, codes) : -1;
      if (n >= 0) to.blocking[local] = (to.blocking[local] ?? 0) | (1 << n);
    }
  });
}

/** Adds literals for one value of a variable that decides between steps. */
function addDeciding(cover: Cover, mine: readonly (readonly Leaf[])[], to: Literals): void {
  for (const v of new Set(mine.flat().flatMap((leaf) => leaf.reads))) {
    const followed = cover.codes(v);
    if (followed.length > MOST_CODES) continue;
    for (const code of followed) {
      const codes = new Uint8Array(cover.automaton.values[v]?.length ?? 1);
      codes[code] = 1;
      to.add(v, codes);
    }
  }
}

/** Of all threads, by their possible leaves in each situation. */
export function literalsOf(
  cover: Cover,
  all: readonly (readonly (readonly Leaf[])[])[],
): readonly ThreadLiterals[] {
  const gates = new Set<number>();
  const made = all.map((mine) => new Literals(mine.length, gates));
  for (const add of [addBlocking, addDeciding])
    made.forEach((to, t) => add(cover, all[t] ?? [], to));
  return made.map(({ list, blocking: masks }) => ({ literals: list, blocking: masks }));
}
