/**
 * Findings that a search still looks for, and the threads that may show them: a step of theirs, from
 * where they stand on and over all branches of the cover, ends in the violation. Closed sets around
 * these threads keep the shortest way to each (closed-sets.ts). What was found needs no thread any more.
 */
import type { Leaf } from '../machine/automaton.js';
import { violationKey } from './keys.js';

/** Findings with a bit of their own; further ones share the last bit, which stays. */
const MOST = 30;

export class Questions {
  readonly #bits = new Map<string, number>();
  /** By thread and situation: bits of what the thread may still show. */
  readonly may: readonly Int32Array[];
  /** Bits of what was not found yet. */
  open = -1;

  /** `possible`: leaves by thread and situation; `known`: findings that are not looked for. */
  constructor(possible: readonly (readonly (readonly Leaf[])[])[], known: Iterable<string> = []) {
    this.may = possible.map((mine) => {
      const may = Int32Array.from(mine, (leaves) => {
        let mask = 0;
        for (const { outcomes } of leaves)
          for (const { violation } of outcomes)
            if (violation) mask |= this.#bit(violationKey(violation).id);
        return mask;
      });
      for (let grew = true; grew;) {
        grew = false;
        for (let local = mine.length - 1; local >= 0; local--) {
          let mask = may[local] ?? 0;
          for (const { outcomes } of mine[local] ?? [])
            for (const o of outcomes) if (!o.violation) mask |= may[o.local] ?? 0;
          if (mask === may[local]) continue;
          may[local] = mask;
          grew = true;
        }
      }
      return may;
    });
    for (const id of known) this.found(id);
  }

  #bit(id: string): number {
    const known = this.#bits.get(id);
    if (known !== undefined) return known;
    const made = 1 << Math.min(this.#bits.size, MOST);
    this.#bits.set(id, made);
    return made;
  }

  /** Whether a thread in a situation may show something that was not found yet. */
  isOpen(thread: number, local: number): boolean {
    return ((this.may[thread]?.[local] ?? 0) & this.open) !== 0;
  }

  found(id: string): void {
    const bit = this.#bits.get(id) ?? 0;
    if (bit !== 1 << MOST) this.open &= ~bit;
  }
}
