/**
 * What each thread holds, as cells of its own region: pairs of the place that was acquired and how, in
 * order of the place, so that the order in which two locks were taken is not part of a state.
 *
 * Soundness: nobody but the thread itself reads or writes these cells, and they follow from its own
 * steps; so a check of them needs no other order of steps than the search tries anyway.
 */
import type { Part } from '../csource/ir.js';
import { HELD, MOST_HELD } from './cpu.js';
import type { Cpu } from './cpu.js';

/** How many are held, of a thread of which nobody knows. */
const UNKNOWN = -1;

/** Something held: its address, the number of its class, and how it was taken. */
export interface Way {
  readonly place: number;
  readonly cls: number;
  /** A lock that is spun for. */
  readonly spins: boolean;
  readonly shared: boolean;
}

const SPINS = 1;
const SHARED = 2;
const CLASS_SHIFT = 2;

function cellOf(m: Cpu, i: number): number {
  return m.base + HELD + 1 + 2 * i;
}

const NOTHING: readonly Way[] = [];

/** What the running thread holds; undefined when that is not known. */
export function heldBy(m: Cpu): readonly Way[] | undefined {
  const n = m.S[m.base + HELD] ?? 0;
  if (n === UNKNOWN) return undefined;
  if (n === 0) return NOTHING;
  return Array.from({ length: n }, (_, i) => {
    const way = m.S[cellOf(m, i) + 1] ?? 0;
    return {
      place: m.S[cellOf(m, i)] ?? 0,
      cls: way >> CLASS_SHIFT,
      spins: (way & SPINS) !== 0,
      shared: (way & SHARED) !== 0,
    };
  });
}

/** From here on nobody knows what the thread holds: it called what is not in the program. */
export function forget(m: Cpu): void {
  const n = m.S[m.base + HELD] ?? 0;
  for (let i = 0; i < n; i++) {
    m.put(cellOf(m, i), 0);
    m.put(cellOf(m, i) + 1, 0);
  }
  m.put(m.base + HELD, UNKNOWN);
}

/** The running thread holds one thing more. */
export function take(m: Cpu, { place, cls, spins, shared }: Way): void {
  const n = m.S[m.base + HELD] ?? 0;
  if (n === UNKNOWN) return;
  if (n === MOST_HELD) {
    forget(m);
    return;
  }
  const way = (cls << CLASS_SHIFT) | (spins ? SPINS : 0) | (shared ? SHARED : 0);
  let i = n;
  for (; i > 0; i--) {
    const [p, w] = [m.S[cellOf(m, i - 1)] ?? 0, m.S[cellOf(m, i - 1) + 1] ?? 0];
    if (p < place || (p === place && w <= way)) break;
    m.put(cellOf(m, i), p);
    m.put(cellOf(m, i) + 1, w);
  }
  m.put(cellOf(m, i), place);
  m.put(cellOf(m, i) + 1, way);
  m.put(m.base + HELD, n + 1);
}

/** The running thread holds it no more; false when it did not. */
export function drop(m: Cpu, place: number, cls: number): boolean {
  const n = m.S[m.base + HELD] ?? 0;
  if (n === UNKNOWN) return true;
  let i = 0;
  const isIt = (at: number): boolean =>
    m.S[cellOf(m, at)] === place && (m.S[cellOf(m, at) + 1] ?? 0) >> CLASS_SHIFT === cls;
  while (i < n && !isIt(i)) i++;
  if (i === n) return false;
  for (; i < n - 1; i++) {
    m.put(cellOf(m, i), m.S[cellOf(m, i + 1)] ?? 0);
    m.put(cellOf(m, i) + 1, m.S[cellOf(m, i + 1) + 1] ?? 0);
  }
  m.put(cellOf(m, n - 1), 0);
  m.put(cellOf(m, n - 1) + 1, 0);
  m.put(m.base + HELD, n - 1);
  return true;
}

/** What a program declares of classes of locks. */
export class LockRules {
  /** `__handed_over("class");`: another thread than took it may release it. */
  readonly handedOver: ReadonlySet<string>;
  readonly #after: ReadonlyMap<string, ReadonlySet<string>>;

  constructor({ declarations }: Pick<Part, 'declarations'>) {
    const lists = (name: string): readonly (readonly string[])[] =>
      declarations
        .filter((d) => d.name === name)
        .map((d) => d.args.flatMap((a) => (a.kind === 'string' ? [a.value] : [])));
    this.handedOver = new Set(lists('__handed_over').flat());
    this.#after = closure(lists('__order'));
  }

  /** `__order("a", "b", "c");`: whether `first` is to be taken before `second`. */
  precedes(first: string, second: string): boolean {
    return this.#after.get(first)?.has(second) ?? false;
  }
}

/** For each class all that come after it, also by way of others. */
function closure(chains: readonly (readonly string[])[]): Map<string, Set<string>> {
  const after = new Map<string, Set<string>>();
  const add = (a: string, b: string): boolean => {
    const known = after.get(a) ?? new Set();
    after.set(a, known);
    return !known.has(b) && known.add(b).size > 0;
  };
  for (const chain of chains) chain.slice(1).forEach((b, i) => add(chain[i] ?? b, b));
  for (let grew = true; grew;) {
    grew = false;
    for (const [a, direct] of after)
      for (const b of [...direct]) for (const c of after.get(b) ?? []) if (add(a, c)) grew = true;
  }
  return after;
}
