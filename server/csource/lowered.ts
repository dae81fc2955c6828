/**
 * Functions and variables lowered once for all programs in which what they name means the same. Lowering asks its
 * environment by name only: the answers are kept beside the result, which is taken again where an
 * environment would give the same ones.
 */
import type { FunctionDef, MacroDef, Problem, TagType, TypeExpr, VarDecl } from './ast.js';
import {
  type EnvParts,
  type Guard,
  type LowerEnv,
  type ProgramEnv,
  environmentFrom,
} from './lower-env.js';
import { type LoweredGlobal, lowerGlobal } from './lower-global.js';
import { type Lowered, lowerWithStatics } from './lower.js';
import type { LinkOptions } from './macro.js';
import type { EnumConstant, Lookup, NameLookup } from './types-names.js';

/** A table that remembers what it was asked and what it said. */
class Asked<V> implements Lookup<V> {
  readonly #of: Lookup<V>;
  readonly #all: Set<string>;
  readonly #answers = new Map<string, V | undefined>();

  /** `all` collects the names that any table was asked for. */
  constructor(of: Lookup<V>, all: Set<string>) {
    this.#of = of;
    this.#all = all;
  }

  get(name: string): V | undefined {
    const answer = this.#of.get(name);
    this.#answers.set(name, answer);
    this.#all.add(name);
    return answer;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  agrees(other: Lookup<V>): boolean {
    for (const [name, answer] of this.#answers) if (other.get(name) !== answer) return false;
    return true;
  }
}

/** An environment that remembers every question. */
class Recording implements EnvParts {
  readonly macros: Asked<MacroDef>;
  readonly guards: Asked<Guard>;
  readonly names: NameLookup & {
    readonly tags: Asked<TagType>;
    readonly typedefs: Asked<TypeExpr>;
    readonly enumConstants: Asked<EnumConstant>;
    readonly variables: Asked<VarDecl>;
    readonly functions: Asked<TypeExpr>;
  };
  readonly isType: (name: string) => boolean;
  readonly options: LinkOptions;
  readonly #all = new Set<string>();
  readonly #bases = new WeakMap<ProgramEnv, boolean>();
  readonly #types = new Map<string, boolean>();
  readonly #since = new Map<string, { readonly date: string; readonly on: boolean }>();
  readonly #fixes = new Map<string, boolean>();

  constructor(of: EnvParts) {
    const { names, options } = of;
    const all = this.#all;
    this.macros = new Asked(of.macros, all);
    this.guards = new Asked(of.guards, all);
    this.names = {
      tags: new Asked(names.tags, all),
      typedefs: new Asked(names.typedefs, all),
      enumConstants: new Asked(names.enumConstants, all),
      variables: new Asked(names.variables, all),
      functions: new Asked<TypeExpr>(names.functions, all),
    };
    this.isType = (name): boolean => {
      const is = of.isType(name);
      this.#types.set(name, is);
      return is;
    };
    this.options = {
      since: (id, date): boolean => {
        const on = options.since(id, date);
        this.#since.set(`${id} ${date}`, { date, on });
        return on;
      },
      fix: (id): boolean => {
        const on = options.fix(id);
        this.#fixes.set(id, on);
        return on;
      },
    };
  }

  /** Whether an environment gives the same answers; one on top of a base by what it adds to that. */
  agreesWith(env: Env): boolean {
    if (!env.base) return this.#agrees(env);
    const { env: base, added } = env.base;
    let inBase = this.#bases.get(base);
    if (inBase === undefined) {
      inBase = this.#agrees(base);
      this.#bases.set(base, inBase);
    }
    for (const name of added) if (this.#all.has(name)) return this.#agrees(env);
    return inBase || this.#agrees(env);
  }

  #agrees({ macros, guards, names, isType, options }: EnvParts): boolean {
    for (const [name, is] of this.#types) if (isType(name) !== is) return false;
    for (const [id, on] of this.#fixes) if (options.fix(id) !== on) return false;
    for (const [key, { date, on }] of this.#since)
      if (options.since(key.slice(0, -date.length - 1), date) !== on) return false;
    return (
      this.macros.agrees(macros) &&
      this.guards.agrees(guards) &&
      this.names.tags.agrees(names.tags) &&
      this.names.typedefs.agrees(names.typedefs) &&
      this.names.enumConstants.agrees(names.enumConstants) &&
      this.names.variables.agrees(names.variables) &&
      this.names.functions.agrees(names.functions)
    );
  }
}

interface Kept<V> {
  readonly asked: Recording;
  readonly result: V & Around;
}

interface Around {
  /** Problems of types and of macros in them. */
  readonly around: readonly Problem[];
}

type Env = LowerEnv & Pick<ProgramEnv, 'base'>;

/** Results kept of one declaration: versions and scenarios that differ in what it uses. */
const CAPACITY = 8;

/** What programs share. */
export class LoweredFunctions {
  readonly #functions = new WeakMap<FunctionDef, Kept<Lowered>[]>();
  readonly #globals = new WeakMap<VarDecl, Kept<LoweredGlobal>[]>();
  #count = 0;

  /** How often a function was really lowered, for exact work counts in tests. */
  get count(): number {
    return this.#count;
  }

  lower(def: FunctionDef, env: Env): Lowered & Around {
    const kept = this.#functions.get(def) ?? [];
    this.#functions.set(def, kept);
    return take(kept, env, (asked) => {
      this.#count++;
      return lowerWithStatics(def, asked);
    });
  }

  /** `name`: of the object; a declaration has the same one in all programs. */
  global(decl: VarDecl, name: string, env: Env): LoweredGlobal & Around {
    const kept = this.#globals.get(decl) ?? [];
    this.#globals.set(decl, kept);
    return take(kept, env, (asked) => lowerGlobal(decl, name, asked));
  }
}

function take<V>(kept: Kept<V>[], env: Env, make: (asked: LowerEnv) => V): V & Around {
  const known = kept.find((k) => k.asked.agreesWith(env));
  if (known) return known.result;
  const asked = new Recording(env);
  const own = environmentFrom(asked);
  const made = make(own);
  const result = { ...made, around: [...own.problems, ...own.types.problems] };
  if (kept.length >= CAPACITY) kept.shift();
  kept.push({ asked, result });
  return result;
}
