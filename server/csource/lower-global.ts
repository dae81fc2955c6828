/** Variables of file scope: their types with macros replaced, their initialisers as assignments. */
import type { FunctionDef, Problem, VarDecl } from './ast.js';
import type { IrGlobal } from './ir.js';
import { Lowering } from './lower-context.js';
import type { LowerEnv } from './lower-env.js';
import { valueOf } from './lower-expr.js';
import { completeArray, flattenInit } from './lower-init.js';

export interface LoweredGlobal {
  readonly global: IrGlobal;
  readonly problems: readonly Problem[];
}

/** Lowers a variable of file scope, or a static local under a name of its own. */
export function lowerGlobal(decl: VarDecl, name: string, env: LowerEnv): LoweredGlobal {
  const problems: Problem[] = [];
  const expander = env.expander((p) => problems.push(p));
  const declared = expander.type(decl.type);
  const base = { name, loc: decl.nameLoc, attrs: decl.attrs };
  if (!decl.init) return { global: { ...base, type: declared, init: [] }, problems };
  const value = expander.expr(decl.init);
  const report = (loc: Problem['loc'], message: string): void => {
    problems.push({ loc, message, severity: 'error' });
  };
  const target = { kind: 'ident', name, loc: decl.nameLoc } as const;
  const { steps, length } = flattenInit(
    value,
    target,
    env.types.resolve(declared),
    env.types,
    report,
  );
  const init = steps.flatMap((step) => {
    const L = new Lowering(initialiserOf(decl), env, expander);
    const lowered = valueOf(L, step.value);
    if (L.builder.size === 0) return [{ target: step.target, value: lowered }];
    report(step.value.loc, `initialiser of ${decl.name} is not constant`);
    return [];
  });
  const type = length > 0 ? completeArray(declared, length) : declared;
  return { global: { ...base, type, init }, problems };
}

/** Initialisers are lowered like the body of a function without code. */
function initialiserOf({ name, nameLoc, loc, type }: VarDecl): FunctionDef {
  const body = { kind: 'block', body: [], loc } as const;
  const none = { params: [], attrs: [], doc: '', isStatic: true, extent: 'whole' } as const;
  return { kind: 'function', name, nameLoc, loc, result: type, body, ...none };
}
