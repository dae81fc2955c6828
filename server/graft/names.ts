/**
 * Local names: what the patch calls `f` the model may call `g`. Parameters map by name, then by type;
 * other locals by the statements in which they stand for each other.
 */
import type { FunctionDef, ParamDecl } from '../csource/ast.js';
import type { Names } from './equal.js';
import { sameType } from './equal.js';
import { localsOf } from './effects.js';
import type { World } from './world.js';
import { inStmt } from './walk.js';

/** All identifiers that a function mentions or declares. */
function mentioned(fn: FunctionDef): Set<string> {
  const found = localsOf(fn);
  for (const e of inStmt(fn.body)) if (e.kind === 'ident') found.add(e.name);
  return found;
}

const CONSTANTS = new Set(['NULL', 'true', 'false']);

/**
 * Names of an image that can be locals. A fragment hides declarations, so every name counts that is
 * not one of the model's globals, functions and constants.
 */
export function maybeLocal(image: FunctionDef, world: World): (name: string) => boolean {
  const declared = localsOf(image);
  return (name) =>
    declared.has(name) || (!world.names.has(name) && !CONSTANTS.has(name) && /[a-z]/.test(name));
}

/** Names as equal, or as a pair of locals that neither side uses otherwise; pairs go to `vote`. */
export function guessing(
  image: FunctionDef,
  model: FunctionDef,
  world: World,
  vote: (a: string, b: string) => void,
): Names {
  const local = maybeLocal(image, world);
  const modelLocals = localsOf(model);
  const imageNames = mentioned(image);
  return {
    pair(a, b) {
      if (a === b) return true;
      if (!local(a) || modelLocals.has(a) || !modelLocals.has(b) || imageNames.has(b)) return false;
      vote(a, b);
      return true;
    },
  };
}

/** Image name → model name, for names that differ. */
export type Renaming = ReadonlyMap<string, string>;

export function renamed(renaming: Renaming): Names {
  return { pair: (a, b) => (renaming.get(a) ?? a) === b };
}

/** Injective choice of the most frequent pairs; a tie chooses neither. */
export function chooseNames(
  votes: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Map<string, string> {
  const all = [...votes].flatMap(([a, bs]) => [...bs].map(([b, n]) => ({ a, b, n })));
  const chosen = new Map<string, string>();
  for (const { a, b, n } of all) {
    const beaten = all.some((o) => (o.a === a) !== (o.b === b) && o.n >= n);
    if (!beaten) chosen.set(a, b);
  }
  return chosen;
}

/** Parameters that are left after equal names, paired where one type has one candidate on each side. */
export function pairParams(
  image: readonly ParamDecl[],
  model: readonly ParamDecl[],
): Map<string, string> {
  const left = image.filter((p) => p.name !== undefined && !model.some((m) => m.name === p.name));
  const right = model.filter((m) => m.name !== undefined && !image.some((p) => p.name === m.name));
  const pairs = new Map<string, string>();
  for (const p of left) {
    const fits = right.filter((m) => sameType(p.type, m.type));
    const rivals = left.filter((o) => sameType(o.type, p.type));
    const only = fits[0];
    if (
      p.name !== undefined &&
      only?.name !== undefined &&
      fits.length === 1 &&
      rivals.length === 1
    )
      pairs.set(p.name, only.name);
  }
  return pairs;
}
