/** What lowering knows of the program around a function: macros, types, names, guards, switches. */
import type { Attr, Expr, FunctionDef, MacroDef, Problem, TopCall, TopLevel, Unit } from './ast.js';
import { Expander, type LinkOptions } from './macro.js';
import { TypeTable } from './types.js';
import { builtinType } from './types-int.js';
import { type Lookup, type NameLookup, type Names, collectNames, namesIn } from './types-names.js';

/** Functions that `guard(name)` and `scoped_guard(name, …)` call at entry and at every exit. */
export interface Guard {
  readonly enter: string;
  readonly exit: string;
}

/** All that lowering can ask of a program, by name. */
export interface EnvParts {
  readonly macros: Lookup<MacroDef>;
  readonly names: NameLookup;
  readonly guards: Lookup<Guard>;
  readonly options: LinkOptions;
  readonly isType: (name: string) => boolean;
}

export interface LowerEnv extends EnvParts {
  readonly types: TypeTable;
  /** Of macros at file scope and in types, as far as those were looked at. */
  readonly problems: readonly Problem[];
  expander(report: (problem: Problem) => void): Expander;
}

/** Of a whole program. */
export interface ProgramEnv extends LowerEnv {
  readonly units: readonly Unit[];
  readonly names: Names;
  readonly macros: ReadonlyMap<string, MacroDef>;
  readonly guards: ReadonlyMap<string, Guard>;
  /** Items that exist with these switches, macro calls at file scope replaced by what they declare. */
  readonly items: readonly TopLevel[];
  /** Definitions by name: the last one that exists. */
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** Names that might have been macros where file scope was read. */
  readonly asked: ReadonlySet<string>;
  /** The environment that this one adds to, and the names that may have another meaning here. */
  readonly base?: { readonly env: ProgramEnv; readonly added: ReadonlySet<string> };
}

/** The same answers, with types and problems of its own. */
export function environmentFrom(parts: EnvParts, problems: Problem[] = []): LowerEnv {
  const { macros, names, guards, options, isType } = parts;
  const expander = (report: (problem: Problem) => void): Expander =>
    new Expander(macros, options, isType, report);
  const top = expander((p) => problems.push(p));
  const types = new TypeTable(names, (e) => top.expr(e));
  return { macros, names, guards, options, isType, types, problems, expander };
}

/** Environment of a program; later units win where a name is defined twice. */
export function environmentOf(units: readonly Unit[], options: LinkOptions): ProgramEnv {
  const all = units.flatMap((u) => u.items);
  const macros = new Map<string, MacroDef>();
  for (const item of all) if (item.kind === 'macro') macros.set(item.name, item);
  const typedefs = new Set(all.flatMap((i) => (i.kind === 'typedef' ? [i.name] : [])));
  const isType = (name: string): boolean => typedefs.has(name) || builtinType(name) !== undefined;
  const problems: Problem[] = [];
  const asked = new Set<string>();
  const top = new Expander(noting(macros, asked), options, isType, (p) => problems.push(p));
  const items = itemsThatExist(all, options, top);
  const names = collectNames(items);
  const guards = new Map(items.flatMap((i) => (i.kind === 'topCall' ? guardOf(i) : [])));
  const env = environmentFrom({ macros, names, guards, options, isType }, problems);
  const functions = definitions(items, new Map());
  return { ...env, ...{ units, names, macros, guards, items, functions, asked } };
}

/** The environment of more units on top of those of another, at the cost of what is added. */
export function extendEnvironment(base: ProgramEnv, units: readonly Unit[]): ProgramEnv {
  const all = units.flatMap((u) => u.items);
  const { options, isType } = base;
  const together = [...base.units, ...units];
  const defined = all.filter((i) => i.kind === 'macro');
  // Types, and some macros, change what the base itself declares.
  if (all.some((i) => i.kind === 'typedef') || defined.some((m) => base.asked.has(m.name)))
    return environmentOf(together, options);
  const macros =
    defined.length === 0
      ? base.macros
      : new Map([...base.macros, ...defined.map((m) => [m.name, m] as const)]);
  const asked = new Set(base.asked);
  const top = new Expander(noting(macros, asked), options, isType, () => undefined);
  const more = itemsThatExist(all, options, top);
  const names = collectNames(more, base.names);
  const own = more.flatMap((i) => (i.kind === 'topCall' ? guardOf(i) : []));
  const added = [
    ...namesIn(collectNames(more)),
    ...own.map(([n]) => n),
    ...defined.map((m) => m.name),
  ];
  const guards = new Map([...base.guards, ...own]);
  const env = environmentFrom({ macros, names, guards, options, isType });
  return {
    ...env,
    ...{ units: together, names, macros, guards, asked },
    items: [...base.items, ...more],
    functions: definitions(more, base.functions),
    base: { env: base, added: new Set(added) },
  };
}

/** The same macros; notes every name that was looked up. */
function noting(macros: ReadonlyMap<string, MacroDef>, asked: Set<string>): Lookup<MacroDef> {
  const get = (name: string): MacroDef | undefined => {
    asked.add(name);
    return macros.get(name);
  };
  return { get, has: (name) => get(name) !== undefined };
}

function itemsThatExist(
  all: readonly TopLevel[],
  options: LinkOptions,
  top: Expander,
): readonly TopLevel[] {
  const start = chosenStart(all, options);
  return all
    .filter(
      (item) =>
        (item.kind !== 'function' && item.kind !== 'proto') || exists(item.attrs, options, start),
    )
    .flatMap((item): readonly TopLevel[] =>
      item.kind === 'topCall' ? [item, ...top.globals(item)] : [item],
    );
}

/** Names of the states that items can start from, in order: `__start("name")` on functions. */
export function startsOf(items: readonly TopLevel[]): readonly string[] {
  const names = items.flatMap((i) =>
    i.kind === 'function' ? i.attrs.filter((a) => a.name === '__start') : [],
  );
  return [
    ...new Set(names.flatMap((a) => (a.args[0]?.kind === 'string' ? [a.args[0].value] : []))),
  ];
}

/** The start that the run asks for, as it asks for a fix; else the first one. */
function chosenStart(items: readonly TopLevel[], { fix }: LinkOptions): string | undefined {
  const starts = startsOf(items);
  return starts.find((name) => fix(name)) ?? starts[0];
}

/** A function exists unless one of its `__since` or `__fix` attributes is off, or it is another start. */
function exists(attrs: readonly Attr[], options: LinkOptions, start: string | undefined): boolean {
  return attrs.every((attr) => {
    const [id, date] = attr.args;
    if (id?.kind !== 'string') return true;
    if (attr.name === '__start') return id.value === start;
    if (attr.name === '__fix') return options.fix(id.value);
    return (
      attr.name !== '__since' || date?.kind !== 'string' || options.since(id.value, date.value)
    );
  });
}

function nameOf(expr: Expr | undefined): string | undefined {
  if (expr?.kind === 'ident') return expr.name;
  return expr?.kind === 'string' ? expr.value : undefined;
}

const guardsOf = new WeakMap<TopCall, readonly [string, Guard][]>();

/** `__guard("name", enter_function, exit_function);`, the same objects in every environment. */
function guardOf(call: TopCall): readonly [string, Guard][] {
  if (call.name !== '__guard') return [];
  const known = guardsOf.get(call);
  if (known) return known;
  const [name, enter, exit] = call.args.map(nameOf);
  const found: readonly [string, Guard][] =
    name !== undefined && enter !== undefined && exit !== undefined
      ? [[name, { enter, exit }]]
      : [];
  guardsOf.set(call, found);
  return found;
}

function definitions(
  items: readonly TopLevel[],
  before: ReadonlyMap<string, FunctionDef>,
): ReadonlyMap<string, FunctionDef> {
  const found = new Map(before);
  for (const item of items) if (item.kind === 'function') found.set(item.name, item);
  return found;
}
