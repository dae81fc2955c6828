/**
 * The order in which locks of one object are taken, as the kernel's C declares it:
 * `__order("outermost class", …, "innermost class");`.
 */
import type { IrFunction, Program } from '../csource/ir.js';
import type { Held } from './held.js';
import { mapLocals, pathText, rootLocal } from './paths.js';
import type { Values } from './values.js';
import { localsIn } from './values.js';

export class Order {
  readonly #chains: readonly (readonly string[])[];

  constructor(program: Pick<Program, 'declarations'>) {
    this.#chains = program.declarations.flatMap((d) =>
      d.name === '__order' ? [d.args.flatMap((a) => (a.kind === 'string' ? [a.value] : []))] : [],
    );
  }

  /** The declared order that taking `now` under `held` breaks. */
  against(held: Held, now: Held): readonly string[] | undefined {
    if (!sameOwner(held, now)) return undefined;
    return this.#chains.find((chain) => {
      const [inner, outer] = [chain.indexOf(held.class), chain.indexOf(now.class)];
      return outer >= 0 && inner > outer;
    });
  }
}

/** Two locks that a function takes one under the other, of one object. */
export interface Pair {
  readonly function: string;
  readonly held: Held;
  readonly taken: Held;
}

/** What a lock is called whatever its owner's local is called: `->first`; with the owner's kind. */
function shapeOf(h: Held, fn: IrFunction, values: Values): string | undefined {
  const path = h.path && values.expand(h.path);
  const root = path && rootLocal(path);
  const type = root === undefined ? undefined : fn.locals[root]?.type;
  const kind = type?.kind === 'pointer' ? type.to : undefined;
  if (!path || root === undefined || kind?.kind !== 'struct' || kind.name === undefined)
    return undefined;
  const own = mapLocals(path, (l) => (l.local === root ? { ...l, name: kind.name ?? '' } : l));
  return localsIn(path).length === 1 ? pathText(own) : undefined;
}

/** Pairs of the functions of one text, to be compared. */
export class Pairs {
  readonly #by = new Map<string, Pair>();

  /** The pair of another function in the other order; notes this one. */
  opposite(pair: Pair, fn: IrFunction, values: Values): Pair | undefined {
    const outer = shapeOf(pair.held, fn, values);
    const inner = shapeOf(pair.taken, fn, values);
    if (outer === undefined || inner === undefined || outer === inner) return undefined;
    if (!sameOwner(pair.held, pair.taken)) return undefined;
    const key = `${outer} > ${inner}`;
    if (!this.#by.has(key)) this.#by.set(key, pair);
    const other = this.#by.get(`${inner} > ${outer}`);
    return other?.function === pair.function ? undefined : other;
  }
}

/** Locks of two objects of a kind may nest both ways; those of one object have one order. */
function sameOwner(a: Held, b: Held): boolean {
  const [x, y] = [a.path && rootLocal(a.path), b.path && rootLocal(b.path)];
  if (x !== undefined && x === y) return true;
  return a.key !== '' && b.key !== '' && ownerKey(a) === ownerKey(b);
}

/** Key up to the first member or accessor's argument: `inode` of `EXT4_I(inode)->sem`. */
function ownerKey(h: Held): string {
  return /^(?:[A-Z0-9_]+\()*([a-zA-Z_0-9#]+)/.exec(h.key)?.[1] ?? h.key;
}
