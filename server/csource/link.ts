/**
 * Units → program. Later units win: macros, functions, types and variables of the same name.
 * In: parsed files of the model kernel, a scenario, grafted functions. Out: everything that can run,
 * its types, contracts and declarations. Never: files, order of schedules, names of the kernel.
 */
import { specialiseAllocators } from './allocators.js';
import type { Problem, Unit, VarDecl } from './ast.js';
import type { Declared, IrFunction, IrGlobal, Part, Program } from './ir.js';
import { checkProgram } from './link-check.js';
import { partOf } from './link-part.js';
import { type ProgramEnv, environmentOf } from './lower-env.js';
import { LoweredFunctions } from './lowered.js';
import type { LinkOptions } from './macro.js';

export type { LinkOptions } from './macro.js';
export { type ProgramEnv, environmentOf, extendEnvironment, startsOf } from './lower-env.js';
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
  return linkEnvironment(environmentOf(units, options), lowered);
}

/** The program of an environment. Functions are lowered when they are asked for: all of them, or those that run. */
export function linkEnvironment(env: ProgramEnv, lowered: LoweredFunctions): Program {
  let linked: Linked | undefined;
  const whole = (): Linked => (linked ??= linkAll(env, lowered));
  let part: Part | undefined;
  let all: readonly Problem[] | undefined;
  return {
    get functions(): Program['functions'] {
      return whole().functions;
    },
    get globals(): Program['globals'] {
      return whole().globals;
    },
    get types(): Program['types'] {
      whole();
      return env.types;
    },
    get contracts(): Program['contracts'] {
      return contractsOf(env);
    },
    get declarations(): Program['declarations'] {
      return declarationsOf(env);
    },
    get part(): Part {
      part ??= linkPart(env, lowered) ?? this;
      return part;
    },
    get problems(): readonly Problem[] {
      const { functions, globals, problems, around } = whole();
      all ??= [...problems, ...checked(env, functions, globals, around)];
      return all;
    },
  };
}

function linkPart(env: ProgramEnv, lowered: LoweredFunctions): Part | undefined {
  const members = partOf(env, lowered);
  if (!members) return undefined;
  const { types } = env;
  types.completeGlobals(members.globals);
  return {
    ...members,
    types,
    declarations: declarationsOf(env),
  };
}

interface Linked extends Pick<Program, 'functions' | 'globals'> {
  /** Of declarations and functions. */
  readonly problems: readonly Problem[];
  /** Of types and of macros in them. */
  readonly around: readonly Problem[];
}

function linkAll(env: ProgramEnv, lowered: LoweredFunctions): Linked {
  const problems: Problem[] = [...env.units.flatMap((u) => u.problems)];
  const around: Problem[] = [];
  const functions = new Map<string, IrFunction>();
  const globals = new Map<string, IrGlobal>();
  const addGlobal = (decl: VarDecl, name: string): void => {
    const made = lowered.global(decl, name, env);
    globals.set(name, made.global);
    problems.push(...made.problems);
    around.push(...made.around);
  };
  for (const decl of env.names.variables.values()) {
    if (decl.isExtern)
      problems.push({
        loc: decl.nameLoc,
        message: `${decl.name} is declared but defined nowhere`,
        severity: 'warning',
      });
    addGlobal(decl, decl.name);
  }
  for (const def of env.functions.values()) {
    const { fn, statics, around: met } = lowered.lower(def, env);
    functions.set(fn.name, fn);
    problems.push(...fn.problems);
    around.push(...met);
    for (const { decl, name } of statics) addGlobal(decl, name);
  }
  specialiseAllocators(functions, globals, env.types);
  env.types.completeGlobals(globals);
  return { functions, globals, problems, around };
}

/** What is wrong with a program as a whole. Looked for when asked, with types that nobody used before. */
function checked(
  { units, options }: ProgramEnv,
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

function declarationsOf({ items }: ProgramEnv): Program['declarations'] {
  return items.filter((item) => item.kind === 'topCall');
}

function contractsOf(env: ProgramEnv): Program['contracts'] {
  const last = env.functions;
  const contracts = new Map<string, readonly Declared[]>();
  for (const item of env.items) {
    const counts =
      item.kind === 'proto' || (item.kind === 'function' && last.get(item.name) === item);
    if (counts && item.attrs.length > 0)
      contracts.set(item.name, [...(contracts.get(item.name) ?? []), item]);
  }
  return contracts;
}
