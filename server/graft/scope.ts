/**
 * What a moved statement passes and what an inserted lock covers. Code that the model does not have
 * must not be among it: then the change may be about that code, and the model cannot tell.
 */
import { printExpr } from '../csource/print.js';
import type { Side } from './entries.js';
import type { World } from './world.js';
import type { Atom } from './tree.js';
import { calleeName, callsOf } from './effects.js';
import { below } from './tree.js';
import { OBJECT } from './world.js';

/** A statement of the post image that stands unmoved in the pre image too. */
function keptPre(y: Atom, side: Side): Atom | undefined {
  return side.pairing.moved.has(y) ? undefined : side.pairing.before.get(y);
}

/**
 * What the statement may not pass. The model takes no branch that it leaves out, so an early exit in one
 * says nothing about order; but what is taken or given back before it may be held, or not, behind it.
 */
export function inWayOf(y: Atom, side: Side, world: World): (x: Atom) => boolean {
  const locks = [...below(y)].some(
    (a) => classesOf(a, world.acquires).size + classesOf(a, world.releases).size > 0,
  );
  return (x) => side.unmodelled(x) && (locks || !side.onlyLeaves(x));
}

/** First unmodelled statement of the pre image that a moved statement leaves on its other side. */
export function passed(y: Atom, side: Side, inWay: (x: Atom) => boolean): Atom | undefined {
  const x = side.pairing.before.get(y);
  if (!x) return undefined;
  const own = new Set([...below(x)]);
  const size = own.size;
  const before = side.post.atoms
    .slice(0, y.id)
    .reverse()
    .map((a) => keptPre(a, side))
    .find((a) => a !== undefined);
  const after = side.post.atoms
    .slice(y.id + [...below(y)].length)
    .map((a) => keptPre(a, side))
    .find((a) => a !== undefined);
  const from = x.id + size;
  const down = before && before.id >= from ? side.pre.atoms.slice(from, before.id + 1) : [];
  const up = after && after.id < x.id ? side.pre.atoms.slice(after.id, x.id) : [];
  return [...down, ...up].find((a) => inWay(a) && side.pairing.after.has(a));
}

/** Classes that the statement takes (or gives back), with the object where that tells locks apart. */
function classesOf(y: Atom, of: World['acquires']): ReadonlySet<string> {
  const found = new Set<string>();
  for (const c of callsOf(y.stmt))
    for (const cls of of.get(calleeName(c)) ?? []) {
      const [object] = c.args;
      found.add(cls.startsWith(OBJECT) && object ? `${cls} ${printExpr(object)}` : cls);
    }
  return found;
}

function meets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((c) => b.has(c));
}

function unmodelledIn(atoms: readonly Atom[], side: Side): Atom | undefined {
  for (const y of atoms) {
    const x = side.pairing.before.get(y);
    if (x && side.unmodelled(x)) return x;
  }
  return undefined;
}

/** First unmodelled statement between an inserted acquire and its release, from either end. */
export function covered(y: Atom, side: Side, world: World): Atom | undefined {
  const isNew = (a: Atom): boolean => !side.pairing.before.has(a);
  const opens = classesOf(y, world.acquires);
  const { atoms } = side.post;
  if (opens.size > 0) {
    const close = atoms.findIndex((a) => a.id > y.id && meets(classesOf(a, world.releases), opens));
    return unmodelledIn(atoms.slice(y.id + 1, close < 0 ? undefined : close), side);
  }
  const closes = classesOf(y, world.releases);
  if (closes.size === 0) return undefined;
  for (let i = y.id - 1; i >= 0; i--) {
    const a = atoms[i];
    if (!a || !meets(classesOf(a, world.acquires), closes)) continue;
    return isNew(a) ? unmodelledIn(atoms.slice(i + 1, y.id), side) : undefined;
  }
  return undefined;
}
