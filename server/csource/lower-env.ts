/** What lowering knows of the program around a function: macros, types, names, guards, switches. */
import type { Attr, Expr, FunctionDef, MacroDef, Problem, TopCall, TopLevel, Unit } from './ast.js';
import { Expander, type LinkOptions } from './macro.js';
import { TypeTable } from './types.js';
import { builtinType } from './types-int.js';
import { type Names, collectNames } from './types-names.js';

/** Functions that `guard(name)` and `scoped_guard(name, …)` call at entry and at every exit. */
export interface Guard {
  readonly enter: string;
  readonly exit: string;
}

export interface LowerEnv {
  readonly macros: ReadonlyMap<string, MacroDef>;
  readonly names: Names;
  readonly types: TypeTable;
  readonly guards: ReadonlyMap<string, Guard>;
  /** Items that exist with these switches, macro calls at file scope replaced by what they declare. */
  readonly items: readonly TopLevel[];
  readonly problems: readonly Problem[];
  expander(report: (problem: Problem) => void): Expander;
}

/** Environment of a program; later units win where a name is defined twice. */
export function environmentOf(units: readonly Unit[], options: LinkOptions): LowerEnv {
  const all = units.flatMap((u) => u.items);
  const macros = new Map<string, MacroDef>();
  for (const item of all) if (item.kind === 'macro') macros.set(item.name, item);
  const typedefs = new Set(all.flatMap((i) => (i.kind === 'typedef' ? [i.name] : [])));
  const isType = (name: string): boolean => typedefs.has(name) || builtinType(name) !== undefined;
  const expander = (report: (problem: Problem) => void): Expander =>
    new Expander(macros, options, isType, report);

  const problems: Problem[] = [];
  const top = expander((p) => problems.push(p));
  const items = all
    .filter(
      (item) => (item.kind !== 'function' && item.kind !== 'proto') || exists(item.attrs, options),
    )
    .flatMap((item): readonly TopLevel[] =>
      item.kind === 'topCall' ? [item, ...top.globals(item)] : [item],
    );
  const names = collectNames(items);
  const guards = new Map(items.flatMap((i) => (i.kind === 'topCall' ? guardOf(i) : [])));
  const types = new TypeTable(names, (e) => top.expr(e));
  return { macros, names, types, guards, items, problems, expander };
}

/** A function exists unless one of its `__since` or `__fix` attributes is off. */
function exists(attrs: readonly Attr[], options: LinkOptions): boolean {
  return attrs.every((attr) => {
    const [id, date] = attr.args;
    if (id?.kind !== 'string') return true;
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

/** `__guard("name", enter_function, exit_function);` */
function guardOf(call: TopCall): readonly [string, Guard][] {
  if (call.name !== '__guard') return [];
  const [name, enter, exit] = call.args.map(nameOf);
  return name !== undefined && enter !== undefined && exit !== undefined
    ? [[name, { enter, exit }]]
    : [];
}

/** Function definitions by name: the last one that exists. */
export function definitions(env: LowerEnv): ReadonlyMap<string, FunctionDef> {
  const found = new Map<string, FunctionDef>();
  for (const item of env.items) if (item.kind === 'function') found.set(item.name, item);
  return found;
}
