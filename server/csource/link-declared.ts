/** What the declarations of a program get wrong: defined twice, or not fit for the role they are given. */
import type { Attr, FunctionDef, Loc, Problem, TagType, TopLevel, TypeExpr } from './ast.js';
import type { IrGlobal } from './ir.js';
import type { ProgramEnv } from './lower-env.js';
import { storageOf } from './layout.js';
import { roleOf } from './link-part.js';
import type { TypeTable } from './types.js';

/** Budgets of a run with the largest value that has a meaning. */
const BUDGETS: ReadonlyMap<string, number> = new Map([
  ['__faults', 16],
  ['__crashes', 1],
]);

type Report = (loc: Loc, message: string) => void;

export function checkDeclarations(
  env: ProgramEnv,
  globals: ReadonlyMap<string, IrGlobal>,
  types: TypeTable,
): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (loc, message) => problems.push({ loc, message, severity: 'error' });
  definedTwice(env.items, report);
  for (const fn of env.functions.values()) checkRole(fn, types, report);
  for (const item of env.items)
    if (item.kind === 'topCall') {
      checkBudget(item, report);
      checkSmall(item, report);
    }
  for (const g of globals.values()) checkStorage(g, types, report);
  return problems;
}

/** Later texts replace what earlier ones define; within one text that is a mistake. */
function definedTwice(items: readonly TopLevel[], report: Report): void {
  const seen = new Map<string, number>();
  const define = (name: string, loc: Loc): void => {
    if (seen.get(name) === loc.src) report(loc, `${name} is defined twice`);
    seen.set(name, loc.src);
  };
  for (const item of items) {
    if (item.kind === 'function' && item.extent === 'whole') define(item.name, item.nameLoc);
    if (item.kind === 'global' && item.var.init) define(item.var.name, item.var.nameLoc);
    const type = item.kind === 'global' ? item.var.type : typeOf(item);
    const tag = type && definedTag(type);
    if (tag?.name !== undefined) define(`${tag.kind} ${tag.name}`, tag.loc);
    for (const e of tag?.enumerators ?? []) define(e.name, e.loc);
  }
}

function typeOf(item: TopLevel): TypeExpr | undefined {
  return item.kind === 'type' || item.kind === 'typedef' ? item.type : undefined;
}

function definedTag(type: TypeExpr): TagType | undefined {
  if (type.kind === 'array') return definedTag(type.of);
  const isTag = type.kind === 'struct' || type.kind === 'union' || type.kind === 'enum';
  return isTag && (type.fields ?? type.enumerators) ? type : undefined;
}

function checkRole(fn: FunctionDef, types: TypeTable, report: Report): void {
  const role = roleOf(fn);
  if (!role) return;
  const takes = fn.params.filter((p) => types.resolve(p.type).kind !== 'void');
  if (takes.length > 0) report(fn.nameLoc, `${fn.name} is ${role.name}: it takes no arguments`);
  if (role.name === '__invariant' && types.resolve(fn.result).kind === 'void')
    report(fn.nameLoc, `${fn.name} is __invariant: it returns whether it holds`);
}

function checkBudget(
  { name, args, loc }: Pick<Attr, 'name' | 'args' | 'loc'>,
  report: Report,
): void {
  const most = BUDGETS.get(name);
  const [given] = args;
  if (most === undefined) return;
  if (given?.kind !== 'number' || !Number.isInteger(given.value) || given.value > most)
    report(loc, `${name} takes a number of 0 to ${String(most)}`);
}

/** A bound that is a size, by its name, and the smallest that it can be. */
function checkSmall(
  { name, args, loc }: Pick<Attr, 'name' | 'args' | 'loc'>,
  report: Report,
): void {
  if (name !== '__small') return;
  const [size, least] = args;
  if (size?.kind !== 'ident' || least?.kind !== 'number' || !Number.isInteger(least.value))
    report(loc, '__small takes the name of a size and its smallest value');
}

/** Whether a crash keeps a cell is known from its declaration; objects of a pool come and go. */
function checkStorage(global: IrGlobal, types: TypeTable, report: Report): void {
  const storage = global.attrs.some((a) => a.name === '__pool') && storageOf(global.attrs);
  if (storage) report(global.loc, `${global.name} is a pool: it cannot be __${storage}`);
  if (global.attrs.some((a) => a.name === '__pool') && types.resolve(global.type).kind !== 'array')
    report(global.loc, `${global.name} is a pool: it must be an array`);
}
