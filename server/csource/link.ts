/**
 * Units → program. Later units win: macros, functions, types and variables of the same name.
 * In: parsed files of the model kernel, a scenario, grafted functions. Out: everything that can run,
 * its types, contracts and declarations. Never: files, order of schedules, names of the kernel.
 */
import type { Attr, FunctionDef, Problem, TopCall, Unit, VarDecl } from './ast.js';
import type { IrFunction, IrGlobal, Program } from './ir.js';
import { checkProgram } from './link-check.js';
import { Lowering } from './lower-context.js';
import { type LowerEnv, type ProgramEnv, definitions, environmentOf } from './lower-env.js';
import { valueOf } from './lower-expr.js';
import { completeArray, flattenInit } from './lower-init.js';
import { LoweredFunctions } from './lowered.js';
import type { LinkOptions } from './macro.js';

export type { LinkOptions } from './macro.js';
export { type LowerEnv, environmentOf } from './lower-env.js';
export { lowerFunction } from './lower.js';

/**
 * Links units into one program. Problems are data, with the place they are at; nothing throws.
 * `lowered` keeps what programs share; without it every function is lowered anew.
 */
export function link(
  units: readonly Unit[],
  options: LinkOptions,
  lowered = new LoweredFunctions(),
): Program {
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
  const around: Problem[] = [];
  for (const def of definitions(env).values()) {
    const { fn, statics, around: met } = lowered.lower(def, env);
    functions.set(fn.name, fn);
    problems.push(...fn.problems);
    around.push(...met);
    for (const { decl, name } of statics) globals.set(name, lowerGlobal(decl, name, env, problems));
  }
  env.types.completeGlobals(globals);
  let all: readonly Problem[] | undefined;
  return {
    functions,
    globals,
    types: env.types,
    contracts: contractsOf(env),
    declarations: declarationsOf(env),
    get problems(): readonly Problem[] {
      all ??= [...problems, ...checked(units, options, functions, globals, around)];
      return all;
    },
  };
}

/** What is wrong with a program as a whole. Looked for when asked, with types that nobody used before. */
function checked(
  units: readonly Unit[],
  options: LinkOptions,
  functions: Program['functions'],
  globals: Program['globals'],
  around: readonly Problem[],
): readonly Problem[] {
  const env = environmentOf(units, options);
  const { types } = env;
  types.completeGlobals(globals);
  types.layOutAll(env.names);
  const found = checkProgram(functions, globals, env, types);
  const all = [...found, ...env.problems, ...types.problems];
  const same = (a: Problem, b: Problem): boolean =>
    a.loc.src === b.loc.src && a.loc.start === b.loc.start && a.message === b.message;
  for (const p of around) if (!all.some((q) => same(p, q))) all.push(p);
  return all;
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

function contractsOf(env: ProgramEnv): ReadonlyMap<string, readonly Attr[]> {
  const last = definitions(env);
  const contracts = new Map<string, readonly Attr[]>();
  for (const item of env.items) {
    const counts =
      item.kind === 'proto' || (item.kind === 'function' && last.get(item.name) === item);
    if (counts) contracts.set(item.name, [...(contracts.get(item.name) ?? []), ...item.attrs]);
  }
  return contracts;
}

function declarationsOf(env: ProgramEnv): readonly TopCall[] {
  return env.items.filter((item) => item.kind === 'topCall');
}
