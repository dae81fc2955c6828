/** May a statement of the patch stand in the model's function? Every name in it must mean something there. */
import type { Call, Expr, Stmt } from '../csource/ast.js';
import type { World } from './world.js';
import { calleeName } from './effects.js';
import { headExprs, within } from './walk.js';

/** Words of Model C itself that may stand in the model's part of a merged expression. */
const INTRINSICS = new Set([
  '__wait',
  '__spin',
  '__idle',
  '__choose',
  '__fault',
  '__warn',
  '__current',
  '__in_irq',
  '__alloc',
  '__assert',
  '__note',
]);
const CONSTANTS = new Set(['NULL', 'true', 'false', 'current']);

export interface Scope {
  readonly world: World;
  /** Model name of a name of the patch. */
  modelName(name: string): string;
  /** Local variables of the merged function, model names. */
  hasLocal(name: string): boolean;
  /** Locals whose value was computed by something that was not placed. */
  isLost(name: string): boolean;
  hasLabel(name: string): boolean;
  /** Brings in a local that the model left out, when its declaration is shown; false when it cannot. */
  restore(name: string): boolean;
}

function callProblem(c: Call, scope: Scope): string | undefined {
  const name = calleeName(c);
  if (c.callee.kind !== 'ident' || INTRINSICS.has(name)) return undefined;
  if (scope.hasLocal(scope.modelName(name))) return undefined;
  if (!scope.world.names.has(name)) return `calls ${name}(), which is not in the model`;
  const params = scope.world.params.get(name);
  if (params && !scope.world.macros.has(name) && params.length !== c.args.length) {
    return `calls ${name}() with ${c.args.length} arguments, the model's takes ${params.length}`;
  }
  return undefined;
}

function nameProblem(name: string, scope: Scope): string | undefined {
  if (CONSTANTS.has(name)) return undefined;
  const local = scope.modelName(name);
  if (scope.hasLocal(local)) {
    return scope.isLost(local)
      ? `uses ${name}, whose value comes from a line that was not placed`
      : undefined;
  }
  return scope.world.names.has(name) || scope.restore(name)
    ? undefined
    : `uses ${name}, which is not in the model`;
}

/** Why an expression means nothing in the model's function; undefined when it does. */
export function exprProblem(top: Expr, scope: Scope): string | undefined {
  const callees = new Set<Expr>();
  const targets = new Set<Expr>();
  for (const e of within(top)) {
    if (e.kind === 'call') callees.add(e.callee);
    if (e.kind === 'assign' && e.op === '=') targets.add(e.target);
  }
  for (const e of within(top)) {
    let problem: string | undefined;
    if (e.kind === 'error') problem = 'was not understood';
    else if (e.kind === 'call') problem = callProblem(e, scope);
    else if (e.kind === 'ident' && !callees.has(e)) {
      const assigned = targets.has(e) && scope.hasLocal(scope.modelName(e.name));
      problem = assigned ? undefined : nameProblem(e.name, scope);
    } else if (e.kind === 'member' && !scope.world.fields.has(e.name))
      problem = `field ${e.name} is not in the model`;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Why the statement itself (without what is nested in it) cannot be placed; undefined when it can. */
export function headProblem(s: Stmt, scope: Scope): string | undefined {
  if (s.kind === 'errorStmt') return 'was not understood';
  if (s.kind === 'goto' && !scope.hasLabel(s.name))
    return `label ${s.name} has no place in the model`;
  if (s.kind === 'macroLoop' && !scope.world.names.has(s.name))
    return `${s.name}() is not in the model`;
  for (const e of headExprs(s)) {
    const problem = exprProblem(e, scope);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
