/**
 * The part of a program that can run, without lowering the rest: what begins by itself, and all that this names.
 * In: an environment. Out: functions and globals. Never: problems, which are those of the whole program.
 *
 * Soundness: a function that no reached text names is never called, directly or through a pointer, since no state
 * holds a pointer to it; what only such functions name is neither read nor written. Variables of file scope are all
 * kept, so that addresses are those of the program, with their initial values but where these name other functions.
 */
import { specialiseAllocators } from './allocators.js';
import type { Attr, FunctionDef } from './ast.js';
import type { IrFunction, IrGlobal, Part } from './ir.js';
import type { ProgramEnv } from './lower-env.js';
import type { LoweredFunctions } from './lowered.js';
import { namesAny, reachableNames } from './reach.js';

/** Attributes of functions that the machine calls by itself. */
const ROLES: ReadonlySet<string> = new Set([
  '__thread',
  '__daemon',
  '__irq',
  '__setup',
  '__start',
  '__finally',
  '__invariant',
  '__recovery',
  '__after_crash',
]);

type Members = Pick<Part, 'functions' | 'globals'>;

/** Undefined: the part depends on the rest, for whom the pools of allocators are made. */
export function partOf(env: ProgramEnv, lowered: LoweredFunctions): Members | undefined {
  if (sizesOfPools(env.functions.values()) > 1) return undefined;
  const globals = new Map<string, IrGlobal>();
  for (const decl of env.names.variables.values())
    globals.set(decl.name, lowered.global(decl, decl.name, env).global);
  const statics = new Map<string, readonly IrGlobal[]>();
  const found = new Map<string, IrFunction>();
  const code = (name: string): IrFunction['code'] | undefined => {
    const def = env.functions.get(name);
    if (!def) return undefined;
    const made = lowered.lower(def, env);
    found.set(name, made.fn);
    const own = made.statics.map((s) => lowered.global(s.decl, s.name, env).global);
    if (own.length > 0) statics.set(name, own);
    for (const g of own) globals.set(g.name, g);
    return made.fn.code;
  };
  const roots = [...env.functions.values()].filter((def) => roleOf(def)).map((def) => def.name);
  const reached = reachableNames({ code, init: (name) => globals.get(name)?.init }, roots);
  const functions = inOrder(env.functions.keys(), found);
  const left = { has: (name: string): boolean => env.functions.has(name) && !found.has(name) };
  const all = new Map<string, IrGlobal>();
  for (const name of env.names.variables.keys()) {
    const g = globals.get(name);
    if (g) all.set(name, reached.has(name) ? g : without(g, left));
  }
  for (const name of functions.keys()) for (const g of statics.get(name) ?? []) all.set(g.name, g);
  specialiseAllocators(functions, all, env.types);
  return { functions, globals: all };
}

/** The attribute that says when a function is called by itself. */
export function roleOf({ attrs }: FunctionDef): Attr | undefined {
  return attrs.find((a) => ROLES.has(a.name));
}

/** How many numbers of objects allocators ask for: with one, it does not matter which of them makes a pool. */
function sizesOfPools(functions: Iterable<FunctionDef>): number {
  const sizes = new Set<string>();
  for (const { attrs } of functions)
    for (const a of attrs)
      if (a.name === '__allocator')
        sizes.add(a.args[0]?.kind === 'number' ? String(a.args[0].value) : '');
  return sizes.size;
}

/** An object that nobody reaches, without functions that nobody reaches. */
function without(g: IrGlobal, left: { has(name: string): boolean }): IrGlobal {
  const init = g.init.filter((i) => !namesAny(i.value, left));
  return init.length === g.init.length ? g : { ...g, init };
}

function inOrder<V>(names: Iterable<string>, of: ReadonlyMap<string, V>): Map<string, V> {
  const all = new Map<string, V>();
  for (const name of names) {
    const value = of.get(name);
    if (value !== undefined) all.set(name, value);
  }
  return all;
}
