/**
 * Units → program. Later units win: macros, functions, types and variables of the same name.
 * In: parsed files of the model kernel, a scenario, grafted functions. Out: everything that can run,
 * its types, contracts and declarations. Never: files, order of schedules, names of the kernel.
 */
import type { Attr, FunctionDef, Problem, TopCall, Unit, VarDecl } from './ast.js';
import type { IrFunction, IrGlobal, Program } from './ir.js';
import { checkProgram } from './link-check.js';
import { Lowering } from './lower-context.js';
import { type LowerEnv, definitions, environmentOf } from './lower-env.js';
import { valueOf } from './lower-expr.js';
import { completeArray, flattenInit } from './lower-init.js';
import { lowerWithStatics } from './lower.js';
import type { LinkOptions } from './macro.js';

export type { LinkOptions } from './macro.js';
export { type LowerEnv, environmentOf } from './lower-env.js';
export { lowerFunction } from './lower.js';

/** Links units into one program. Problems are data, with the place they are at; nothing throws. */
export function link(units: readonly Unit[], options: LinkOptions): Program {
  const env = environmentOf(units, options);
  const problems: Problem[] = [...units.flatMap((u) => u.problems)];
  const functions = new Map<string, IrFunction>();
  const globals = new Map<string, IrGlobal>();
  for (const decl of env.names.variables.values()) {
    if (decl.isExtern)
      problems.push({
        loc: decl.nameLoc,
        message: `${decl.name} is declared but defined nowhere`,
        severity: 'warning',
      });
    globals.set(decl.name, lowerGlobal(decl, decl.name, env, problems));
  }
  for (const def of definitions(env).values()) {
    const { fn, statics } = lowerWithStatics(def, env);
    functions.set(fn.name, fn);
    problems.push(...fn.problems);
    for (const { decl, name } of statics) globals.set(name, lowerGlobal(decl, name, env, problems));
  }
  const { types } = env;
  types.completeGlobals(globals);
  types.layOutAll();
  problems.push(
    ...checkProgram(functions, globals, env, types),
    ...env.problems,
    ...types.problems,
  );
  return {
    functions,
    globals,
    types,
    contracts: contractsOf(env),
    declarations: declarationsOf(env),
    problems,
  };
}

function lowerGlobal(decl: VarDecl, name: string, env: LowerEnv, problems: Problem[]): IrGlobal {
  const expander = env.expander((p) => problems.push(p));
  const declared = expander.type(decl.type);
  const base = { name, loc: decl.nameLoc, attrs: decl.attrs };
  if (!decl.init) return { ...base, type: declared, init: [] };
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
  return { ...base, type: length > 0 ? completeArray(declared, length) : declared, init };
}

/** Initialisers are lowered like the body of a function without code. */
function initialiserOf({ name, nameLoc, loc, type }: VarDecl): FunctionDef {
  const body = { kind: 'block', body: [], loc } as const;
  const none = { params: [], attrs: [], doc: '', isStatic: true, extent: 'whole' } as const;
  return { kind: 'function', name, nameLoc, loc, result: type, body, ...none };
}

function contractsOf(env: LowerEnv): ReadonlyMap<string, readonly Attr[]> {
  const last = definitions(env);
  const contracts = new Map<string, readonly Attr[]>();
  for (const item of env.items) {
    const counts =
      item.kind === 'proto' || (item.kind === 'function' && last.get(item.name) === item);
    if (counts) contracts.set(item.name, [...(contracts.get(item.name) ?? []), ...item.attrs]);
  }
  return contracts;
}

function declarationsOf(env: LowerEnv): readonly TopCall[] {
  return env.items.filter((item) => item.kind === 'topCall');
}
