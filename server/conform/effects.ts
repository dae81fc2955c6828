/** What the model's functions do at all: those that only compute are no events. */
import type { Expr } from '../csource/ast.js';
import type { Body, Language } from './events.js';
import { text } from './tree.js';
import { eventsOf } from './events.js';
import { alphabetOf, canEndWithout } from './compare.js';

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
  return isIn(did, TAKES, GIVES, WAITS);
}

/** A take or give with its class, where the model writes one: `__acquire folio lock`. */
function withClass(name: string, [, what]: readonly Expr[]): string {
  const known = TAKES.has(name) || GIVES.has(name) ? text(what) : undefined;
  return known === undefined ? name : `${name} ${known}`;
}

function isIn(did: string, ...sets: readonly ReadonlySet<string>[]): boolean {
  const [name = ''] = did.split(' ', 1);
  return sets.some((s) => s.has(name));
}

export class Effects {
  readonly #does = new Map<string, ReadonlySet<string>>();

  readonly #always = new Set<string>();

  constructor(bodies: ReadonlyMap<string, Body>) {
    const all: Language = {
      meaning: (name, args) => ({ kind: 'event', as: withClass(name, args) }),
      stored: () => true,
      constant: () => undefined,
    };
    for (const [name, body] of bodies) {
      const events = eventsOf(body, all, name);
      const does = events ? alphabetOf(events) : new Set<string>();
      this.#does.set(name, does);
      const takes = new Set([...does].filter((d) => isIn(d, TAKES)));
      if (events && takes.size > 0 && !canEndWithout(events, takes)) this.#always.add(name);
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
    return does.some((d) => WAITS.has(d)) && !does.some((d) => isIn(d, TAKES, GIVES));
  }

  /** Takes a lock that others spin for. */
  spins(name: string): boolean {
    return this.takes(name) && this.#has(name, SPINS);
  }

  gives(name: string): boolean {
    return this.#has(name, GIVES) && !this.#has(name, TAKES);
  }

  /** The class of what a function takes or gives, when the model names one and only one; else ''. */
  classOf(name: string): string {
    const classes = new Set<string>();
    this.#reaches(name, (d) => {
      if (isIn(d, TAKES, GIVES)) classes.add(d.slice(d.indexOf(' ') + 1));
      return false;
    });
    const [only = ''] = classes;
    return classes.size === 1 && !isIn(only, TAKES, GIVES) ? only : '';
  }

  /** Whether a function comes back with a lock whatever it finds. */
  alwaysTakes(name: string): boolean {
    return this.#always.has(name);
  }

  #has(name: string, wanted: ReadonlySet<string>): boolean {
    return this.#reaches(name, (d) => isIn(d, wanted));
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
