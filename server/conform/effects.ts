/** What the model's functions do at all: those that only compute are no events. */
import type { Body, Language } from './events.js';
import { eventsOf } from './events.js';
import { alphabetOf } from './compare.js';

const TAKES = new Set(['__acquire', '__acquire_shared']);
const GIVES = new Set(['__release']);
const WAITS = new Set(['__wait', '__idle', '__spin']);
const SPINS = new Set(['__spin']);
const MADE = new Set(['__alloc', '__free']);

/** Whether an intrinsic blocks until something holds. */
export function isWait(name: string): boolean {
  return WAITS.has(name);
}

function isLockOrWait(did: string): boolean {
  return TAKES.has(did) || GIVES.has(did) || WAITS.has(did);
}

export class Effects {
  readonly #does = new Map<string, ReadonlySet<string>>();

  constructor(bodies: ReadonlyMap<string, Body>) {
    const all: Language = {
      meaning: (name) => ({ kind: 'event', as: name }),
      stored: () => true,
      constant: () => undefined,
    };
    for (const [name, body] of bodies) {
      const events = eventsOf(body, all, name);
      this.#does.set(name, events ? alphabetOf(events) : new Set());
    }
  }

  /** Takes or gives a lock or handle, or waits. */
  matters(name: string): boolean {
    return this.#reaches(name, isLockOrWait);
  }

  /** Says by intrinsics of Model C what it means. */
  isPrimitive(name: string): boolean {
    return [...(this.#does.get(name) ?? [])].some((d) => isLockOrWait(d) || MADE.has(d));
  }

  /** Changes something, or matters. */
  acts(name: string): boolean {
    return this.#reaches(name, (d) => /^[.]|^->/.test(d) || MADE.has(d) || isLockOrWait(d));
  }

  /** Ends with more held than before, by its own body. */
  takes(name: string): boolean {
    return this.#has(name, TAKES) && !this.#has(name, GIVES);
  }

  /** Only waits, by its own body. */
  onlyWaits(name: string): boolean {
    const does = [...(this.#does.get(name) ?? [])];
    return does.some((d) => WAITS.has(d)) && !does.some((d) => TAKES.has(d) || GIVES.has(d));
  }

  /** Takes a lock that others spin for. */
  spins(name: string): boolean {
    return this.takes(name) && this.#has(name, SPINS);
  }

  gives(name: string): boolean {
    return this.#has(name, GIVES) && !this.#has(name, TAKES);
  }

  #has(name: string, wanted: ReadonlySet<string>): boolean {
    return this.#reaches(name, (d) => wanted.has(d));
  }

  #reaches(name: string, is: (did: string) => boolean): boolean {
    const seen = new Set([name]);
    for (const at of seen) {
      if (is(at)) return true;
      for (const next of this.#does.get(at) ?? []) seen.add(next);
    }
    return false;
  }
}
