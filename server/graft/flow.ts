/** Where values come from: equal statements that use values of different calls are different ones. */
import type { Names } from './equal.js';
import type { Facts } from './likeness.js';
import type { Renaming } from './names.js';
import type { Atom, Tree } from './tree.js';
import { callsOf, localsOf, setsOf } from './effects.js';
import { memo } from './likeness.js';
import { maybeLocal } from './names.js';
import { exclusive } from './tree.js';

export type AtomMap = Map<Atom, Atom>;

export interface Judge {
  readonly names: Names;
  readonly facts: Facts;
  /** What the data flow says of a pair: below 0 forbids it, above 0 speaks for it. */
  flow(x: Atom, r: Atom): number;
}

/** Last statement that sets each name, asked for many times. */
function settersOf(
  tree: Tree,
  locals: (n: string) => boolean,
): (a: Atom, name: string) => Atom | undefined {
  const sets = memo((a: Atom) => setsOf(a.stmt, locals));
  return (a, name) => {
    for (let i = a.id - 1; i >= 0; i--) {
      const d = tree.atoms[i];
      if (d && tree.gaps.has(d)) return undefined;
      if (d && sets(d).has(name) && !exclusive(d, a)) return d;
    }
    return undefined;
  };
}

/** Each local must have got its value the same way, as far as sure anchors tell. Setters in other branches do not count. */
export function flowOf(
  pre: Tree,
  model: Tree,
  renaming: Renaming,
  facts: Facts,
  sure: AtomMap,
): Judge['flow'] {
  const isLocal = maybeLocal(pre.fn, facts.world);
  const modelLocals = localsOf(model.fn);
  const setter = settersOf(pre, isLocal);
  const modelSetter = settersOf(model, (n) => modelLocals.has(n));
  const verdict = (x: Atom, r: Atom): number => {
    let bonus = 0;
    for (const name of facts.reads(x)) {
      const other = renaming.get(name) ?? name;
      const d = modelLocals.has(other) ? setter(x, name) : undefined;
      if (!d) continue;
      const image = sure.get(d);
      if (image === undefined && facts.strength(d.stmt) < 3 && callsOf(d.stmt).length === 0)
        continue;
      if (image === undefined || image !== modelSetter(r, other)) return -1;
      bonus += 1;
    }
    return bonus;
  };
  return (x, r) => {
    const image = sure.get(x);
    if (image) return image === r ? 100 : -1;
    const v = verdict(x, r);
    return facts.strength(x.stmt) >= 2 ? Math.max(0, v) : v;
  };
}
