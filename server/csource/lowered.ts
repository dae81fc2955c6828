/**
 * Functions lowered once for all programs in which what they name means the same. Lowering asks its
 * environment by name only: the answers are kept beside the result, which is taken again where an
 * environment would give the same ones.
 */
import type { FunctionDef, MacroDef, TagType, TypeExpr, VarDecl } from './ast.js';
import { type EnvParts, type Guard, type LowerEnv, environmentFrom } from './lower-env.js';
import { type Lowered, lowerWithStatics } from './lower.js';
import type { LinkOptions } from './macro.js';
import type { EnumConstant, Lookup, NameLookup } from './types-names.js';

/** A table that remembers what it was asked and what it said. */
class Asked<V> implements Lookup<V> {
  readonly #of: Lookup<V>;
  readonly #answers = new Map<string, V | undefined>();

  constructor(of: Lookup<V>) {
    this.#of = of;
  }

  get(name: string): V | undefined {
    const answer = this.#of.get(name);
    this.#answers.set(name, answer);
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
  readonly #types = new Map<string, boolean>();
  readonly #since = new Map<string, { readonly date: string; readonly on: boolean }>();
  readonly #fixes = new Map<string, boolean>();

  constructor(of: EnvParts) {
    const { names, options } = of;
    this.macros = new Asked(of.macros);
    this.guards = new Asked(of.guards);
    this.names = {
      tags: new Asked(names.tags),
      typedefs: new Asked(names.typedefs),
      enumConstants: new Asked(names.enumConstants),
      variables: new Asked(names.variables),
      functions: new Asked<TypeExpr>(names.functions),
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

  /** Whether another environment would have given the same answers. */
  agrees({ macros, guards, names, isType, options }: EnvParts): boolean {
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

interface Kept {
  readonly asked: Recording;
  readonly lowered: Lowered;
}

/** Results kept of one function: versions and scenarios that differ in what it uses. */
const CAPACITY = 8;

export class LoweredFunctions {
  readonly #kept = new WeakMap<FunctionDef, Kept[]>();
  #count = 0;

  /** How often a function was really lowered, for exact work counts in tests. */
  get count(): number {
    return this.#count;
  }

  lower(def: FunctionDef, env: LowerEnv): Lowered {
    const kept = this.#kept.get(def) ?? [];
    this.#kept.set(def, kept);
    const known = kept.find((k) => k.asked.agrees(env));
    if (known) return known.lowered;
    this.#count++;
    const asked = new Recording(env);
    const around = environmentFrom(asked);
    const alone = lowerWithStatics(def, around);
    const lowered = { ...alone, around: [...around.problems, ...around.types.problems] };
    if (kept.length >= CAPACITY) kept.shift();
    kept.push({ asked, lowered });
    return lowered;
  }
}
