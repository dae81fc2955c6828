/** What each thread holds along a schedule, from the acquire and release events of its steps. */
import type { StepEvent } from '../machine/types.js';

export interface Hold {
  readonly cell: number;
  readonly class: string;
  readonly shared: boolean;
  /** What the caller wants to remember of the moment, e.g. the number of the step. */
  readonly since: number;
}

export class Holds {
  readonly #held: Hold[][];

  constructor(threads: number) {
    this.#held = Array.from({ length: threads }, () => []);
  }

  of(thread: number): readonly Hold[] {
    return this.#held[thread] ?? [];
  }

  apply(thread: number, events: readonly StepEvent[], since: number): void {
    for (const e of events) {
      if (e.kind === 'acquire')
        this.#held[thread]?.push({ cell: e.cell, class: e.class, shared: e.shared, since });
      if (e.kind === 'release') this.#release(thread, e.cell, e.class);
    }
  }

  /** A lock may be released by another thread than took it, such as a page lock at the end of I/O. */
  #release(thread: number, cell: number, cls: string): void {
    const own = this.#held[thread];
    for (const held of own ? [own, ...this.#held] : this.#held) {
      const at = held.findLastIndex((h) => h.cell === cell && h.class === cls);
      if (at >= 0) {
        held.splice(at, 1);
        return;
      }
    }
  }
}
