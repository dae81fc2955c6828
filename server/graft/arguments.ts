/**
 * Calls as the model's functions take them. Versions of a function differ in their parameters, and small
 * models leave some out: arguments keep their order, and go to the parameters that they name or fit.
 */
import type { Call, Expr, FunctionDef, ParamDecl, TypeExpr } from '../csource/ast.js';
import { printExpr } from '../csource/print.js';
import type { World } from './world.js';
import { calleeName } from './effects.js';
import { sameType } from './equal.js';
import { inStmt, mapChildren, mapStmt, stmtsIn } from './walk.js';

type Known = Pick<World, 'functions' | 'params' | 'macros'>;

const FORBIDDEN = -1000;
/** More than this, and the function is another one of the same name. */
const MAX_DIFFERENCE = 4;

/** Declared types of parameters and locals. */
function typesOf(fn: FunctionDef): ReadonlyMap<string, TypeExpr> {
  const found = new Map<string, TypeExpr>();
  for (const p of fn.params) if (p.name !== undefined) found.set(p.name, p.type);
  for (const s of stmtsIn(fn.body))
    if (s.kind === 'decl') for (const v of s.vars) found.set(v.name, v.type);
  return found;
}

function isNull(e: Expr): boolean {
  return (e.kind === 'ident' && e.name === 'NULL') || (e.kind === 'number' && e.value === 0);
}

function isLiteral(e: Expr): boolean {
  return (
    e.kind === 'number' ||
    e.kind === 'string' ||
    (e.kind === 'ident' && ['NULL', 'true', 'false'].includes(e.name))
  );
}

/** The word by which an argument goes: `map` of `&map`, `i_mapping` of `inode->i_mapping`. */
function wordOf(e: Expr): string | undefined {
  if (e.kind === 'ident' || e.kind === 'member') return e.name;
  if (e.kind === 'cast' || (e.kind === 'unary' && (e.op === '&' || e.op === '*')))
    return wordOf(e.operand);
  return undefined;
}

/** Type of a plain argument, as far as declarations tell. */
function typeOfArg(e: Expr, types: ReadonlyMap<string, TypeExpr>): TypeExpr | undefined {
  if (e.kind === 'ident') return types.get(e.name);
  if (e.kind !== 'unary' || e.op !== '&' || e.operand.kind !== 'ident') return undefined;
  const to = types.get(e.operand.name);
  return to && { kind: 'pointer', to, loc: e.loc };
}

function isStruct(t: TypeExpr | undefined): boolean {
  return t?.kind === 'pointer' && (t.to.kind === 'struct' || t.to.kind === 'union');
}

/** How well an argument fits a parameter. */
function fit(arg: Expr, param: ParamDecl, types: ReadonlyMap<string, TypeExpr>): number {
  const pointer = param.type.kind === 'pointer';
  if (isNull(arg)) return 1;
  if (arg.kind === 'number') return pointer ? FORBIDDEN : 1;
  const type = typeOfArg(arg, types);
  if (type && isStruct(type) && isStruct(param.type) && !sameType(type, param.type))
    return FORBIDDEN;
  const byType = type && isStruct(type) && sameType(type, param.type) ? 3 : 0;
  const [word, name] = [wordOf(arg), param.name];
  if (word === undefined || name === undefined) return byType;
  const alike = word.length > 2 && (word.endsWith(name) || name.endsWith(word));
  return byType + (word === name ? 4 : alike ? 3 : 0);
}

/** Ways to choose `k` of `n` places, ascending. */
function choices(n: number, k: number, from = 0): readonly (readonly number[])[] {
  if (k === 0) return [[]];
  const out: number[][] = [];
  for (let i = from; i <= n - k; i++)
    for (const rest of choices(n, k - 1, i + 1)) out.push([i, ...rest]);
  return out;
}

interface Way {
  readonly args: readonly Expr[];
  readonly score: number;
}

/** Arguments without those that the model's function does not take. */
function dropped(
  args: readonly Expr[],
  params: readonly ParamDecl[],
  types: ReadonlyMap<string, TypeExpr>,
): readonly Way[] {
  return choices(args.length, params.length).map((kept) => {
    const left = kept.flatMap((i) => args[i] ?? []);
    const lost = args.filter((a, i) => !kept.includes(i) && !isLiteral(a)).length;
    return { args: left, score: scoreOf(left, params, types) - lost };
  });
}

/** Arguments with a zero for each parameter that only the model's function takes. */
function filled(
  args: readonly Expr[],
  params: readonly ParamDecl[],
  types: ReadonlyMap<string, TypeExpr>,
  loc: Expr['loc'],
): readonly Way[] {
  const zero: Expr = { kind: 'number', value: 0, unsigned: false, long: false, loc };
  return choices(params.length, args.length).map((taken) => {
    const given = params.map((_, j) => args[taken.indexOf(j)] ?? zero);
    const fits = taken.map((j, i) => {
      const [a, p] = [args[i], params[j]];
      return a && p ? fit(a, p, types) : 0;
    });
    return { args: given, score: fits.reduce((n, f) => n + f, 0) };
  });
}

function scoreOf(
  args: readonly Expr[],
  params: readonly ParamDecl[],
  types: ReadonlyMap<string, TypeExpr>,
): number {
  return args.reduce((n, a, i) => n + (params[i] ? fit(a, params[i], types) : 0), 0);
}

/** The one best way; undefined when nothing tells two of them apart, or nothing speaks for any. */
function best(ways: readonly Way[]): readonly Expr[] | undefined {
  const text = (w: Way): string => w.args.map(printExpr).join(',');
  const [first, ...more] = [...ways].sort((a, b) => b.score - a.score);
  if (!first || first.score < first.args.length) return undefined;
  const rival = more.find((w) => text(w) !== text(first));
  return rival && rival.score >= first.score ? undefined : first.args;
}

function adapt(call: Call, known: Known, types: ReadonlyMap<string, TypeExpr>): Call {
  const name = calleeName(call);
  const params = known.params.get(name);
  if (call.callee.kind !== 'ident' || !params || known.macros.has(name)) return call;
  const more = call.args.length - params.length;
  if (more === 0 || Math.abs(more) > MAX_DIFFERENCE) return call;
  const ways =
    more > 0 ? dropped(call.args, params, types) : filled(call.args, params, types, call.loc);
  const args = best(ways);
  return args ? { ...call, args } : call;
}

function needsAdapting(fn: FunctionDef, known: Known): boolean {
  for (const e of inStmt(fn.body)) {
    if (e.kind !== 'call' || e.callee.kind !== 'ident') continue;
    const params = known.params.get(e.callee.name);
    if (params && params.length !== e.args.length) return true;
  }
  return false;
}

/** The function with each call as the model takes it; where that is not beyond doubt, as it is. */
export function adaptCalls(fn: FunctionDef, known: Known): FunctionDef {
  if (!needsAdapting(fn, known)) return fn;
  const types = typesOf(fn);
  const expr = (e: Expr): Expr => {
    const inner = mapChildren(e, expr);
    return inner.kind === 'call' ? adapt(inner, known, types) : inner;
  };
  const body = mapStmt(fn.body, expr);
  return body.kind === 'block' ? { ...fn, body } : fn;
}
