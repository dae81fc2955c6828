/**
 * A function that the patch adds. It stands on the model as it is when every name in it means something
 * there; one that the model has under the same name is kept where the patch's does not do all that it does.
 */
import type { FunctionDef, Stmt } from '../csource/ast.js';
import type { Loc } from '../csource/source.js';
import type { Scope } from './check.js';
import type { Outcome } from './outcome.js';
import type { Atom, Tree } from './tree.js';
import type { World } from './world.js';
import { withoutNever } from './never.js';
import { answerOf } from './beside.js';
import { headProblem } from './check.js';
import { calleeName, callsOf, isLocalWork, localsOf, setsOf } from './effects.js';
import { isInert } from './likeness.js';
import { anchor } from './match-model.js';
import { maybeLocal } from './names.js';
import { withHelpers, withValues, withoutInits } from './plain.js';
import { treeOf } from './tree.js';
import { inStmt } from './walk.js';

export interface AddedFunction {
  /** Takes the place of what the model has under its name. */
  readonly admitted: boolean;
  readonly tree: Tree;
  /** Text that the model never comes to. */
  readonly dropped: readonly Loc[];
  of(a: Atom): Outcome | undefined;
}

function scopeOf(fn: FunctionDef, tree: Tree, world: World): Scope {
  const locals = localsOf(fn);
  const labels = new Set(tree.atoms.flatMap((a) => (a.stmt.kind === 'label' ? [a.stmt.name] : [])));
  return {
    world,
    modelName: (n) => n,
    hasLocal: (n) => locals.has(n),
    isLost: () => false,
    hasLabel: (n) => labels.has(n),
    restore: () => false,
  };
}

/** Functions of the model that a body calls, but those that others cannot notice. */
function eventsOf(fn: FunctionDef, world: World): ReadonlySet<string> {
  const found = new Set<string>();
  for (const e of inStmt(fn.body))
    if (e.kind === 'call' && (world.functions.has(calleeName(e)) || e.callee.kind === 'member'))
      found.add(calleeName(e));
  return found;
}

/** Does all that the model's function does, and perhaps more. */
function covers(fn: FunctionDef, model: FunctionDef, world: World): boolean {
  const own = eventsOf(fn, world);
  return [...eventsOf(model, world)].every((name) => own.has(name));
}

/** `model`: what the model has under this name. */
export function addedFunction(
  fn: FunctionDef,
  model: FunctionDef | undefined,
  world: World,
): AddedFunction {
  const tree = treeOf(fn);
  const scope = scopeOf(fn, tree, world);
  const isLocal = maybeLocal(fn, world);
  const problems = new Map<Atom, string>();
  for (const a of tree.atoms) {
    const problem = headProblem(a.stmt, scope);
    // A call for its own sake that the model cannot notice may stay out.
    if (problem !== undefined && !(a.stmt.kind === 'expr' && isLocalWork(a.stmt, isLocal, world)))
      problems.set(a, problem);
  }
  if (model && (problems.size > 0 || !covers(fn, model, world)))
    return besideModel(fn, model, world);
  const of = (a: Atom): Outcome => {
    const problem = problems.get(a);
    return problem === undefined
      ? { class: 'on-model', why: 'added function' }
      : { class: 'not-placed', why: problem };
  };
  return { admitted: true, tree, dropped: [], of };
}

const HEADER = /^[^:]*\.h:/;

/** What the kernel has not as a function: the model's own, and what stands in a header there. */
function isHelper(fn: FunctionDef): boolean {
  const sources = fn.attrs.filter((a) => a.name === '__source');
  return (
    fn.isStatic && sources.every(({ args: [at] }) => at?.kind === 'string' && HEADER.test(at.value))
  );
}

/** What a test says that has one answer in the model. */
function isFixed(s: Stmt, world: World): boolean {
  const calls = callsOf(s).map(calleeName);
  return calls.length > 0 && calls.every((name) => answerOf(name, world) !== undefined);
}

/** What is computed there says on what the next round works. */
function inLoop(a: Atom): boolean {
  for (let l = a.list; l.owner; l = l.owner.list)
    if (/^(?:while|doWhile|for|macroLoop)$/.test(l.owner.stmt.kind)) return true;
  return false;
}

/** The model's own function stays; told is which of its statements do what the patch's do. */
export function besideModel(whole: FunctionDef, model: FunctionDef, world: World): AddedFunction {
  const own = new Set<string>();
  for (const e of inStmt(model.body)) if (e.kind === 'call') own.add(calleeName(e));
  const { fn: pruned, dropped } = withoutNever(whole, own, world);
  const fn = withValues(withoutInits(pruned), world);
  const tree = treeOf(fn);
  const full = withValues(withHelpers(withoutInits(model), fn, world, isHelper), world);
  const anchors = anchor(tree, treeOf(full), { start: true, end: true }, world, true);
  const isLocal = maybeLocal(fn, world);
  const locals = localsOf(model);
  const setsModelled = (a: Atom): boolean =>
    [...setsOf(a.stmt, isLocal)].some((n) => locals.has(anchors.renaming.get(n) ?? n));
  const of = (a: Atom): Outcome => {
    const r = isInert(a.stmt) ? undefined : anchors.model.get(a);
    if (r) return { class: 'on-model', why: 'the model has it', at: r.stmt.loc };
    const computes = a.lists.length === 0 && !inLoop(a) && isLocalWork(a.stmt, isLocal, world);
    const quiet = isInert(a.stmt) || (computes && (isFixed(a.stmt, world) || !setsModelled(a)));
    return quiet
      ? { class: 'no-effect', why: 'local to code that is not in the model' }
      : {
          class: 'not-placed',
          why: 'the model has another form of this function',
          at: model.nameLoc,
        };
  };
  return { admitted: false, tree, dropped, of };
}
