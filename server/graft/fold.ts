/**
 * The model kernel at one profile: `__since` and `__fix` become constants, branches that cannot be
 * taken go, so that a function reads like the kernel of that date.
 */
import type { Attr, Block, Expr, FunctionDef, Stmt, TopLevel, Unit } from '../csource/ast.js';
import type { Loc } from '../csource/source.js';
import { inStmt, mapChildren, mapHead, within } from './walk.js';

/** Which version switches are on. */
export interface Switches {
  since(id: string, date: string): boolean;
  fix(id: string): boolean;
}

/** What a call is worth everywhere; undefined when it is not decided. */
export type Decide = (name: string, args: readonly Expr[]) => boolean | undefined;

/** A fold in progress; `drop` hears of what goes. */
interface Folding {
  readonly decide: Decide;
  drop(gone: Loc): void;
}

function text(e: Expr | undefined): string {
  return e?.kind === 'string' ? e.value : '';
}

const SWITCHES: ReadonlySet<string> = new Set(['__since', '__fix']);

function switchValue(name: string, args: readonly Expr[], on: Switches): boolean | undefined {
  if (name === '__since') return on.since(text(args[0]), text(args[1]));
  if (name === '__fix') return on.fix(text(args[0]));
  return undefined;
}

/** Truth of an expression that the switches decide. */
function decided(e: Expr): boolean | undefined {
  return e.kind === 'number' ? e.value !== 0 : undefined;
}

function number(e: Expr, value: boolean): Expr {
  return { kind: 'number', value: value ? 1 : 0, unsigned: false, long: false, loc: e.loc };
}

/** Can be left out: it neither calls nor writes. */
function isPure(e: Expr): boolean {
  for (const x of within(e))
    if (['call', 'assign', 'update', 'stmtExpr', 'error'].includes(x.kind)) return false;
  return true;
}

/** Only what a switch decides is folded: constants of the code itself stay as they are written. */
function foldExpr(e: Expr, on: Folding): { readonly expr: Expr; readonly decided: boolean } {
  if (e.kind === 'call' && e.callee.kind === 'ident') {
    const value = on.decide(e.callee.name, e.args);
    if (value !== undefined) return { expr: number(e, value), decided: true };
  }
  if (e.kind === 'unary' && e.op === '!') {
    const inner = foldExpr(e.operand, on);
    const value = inner.decided ? decided(inner.expr) : undefined;
    return value === undefined
      ? { expr: { ...e, operand: inner.expr }, decided: false }
      : { expr: number(e, !value), decided: true };
  }
  if (e.kind === 'logical') {
    const left = foldExpr(e.left, on);
    const right = foldExpr(e.right, on);
    const absorbing = e.op === '||';
    for (const [side, other] of [
      [left, right],
      [right, left],
    ] as const) {
      if (!side.decided) continue;
      if (decided(side.expr) !== absorbing) return other;
      if (side === left || isPure(left.expr)) return { expr: number(e, absorbing), decided: true };
    }
    return { expr: { ...e, left: left.expr, right: right.expr }, decided: false };
  }
  if (e.kind === 'cond' && e.then) {
    const test = foldExpr(e.test, on);
    if (test.decided) return foldExpr(decided(test.expr) ? e.then : e.else, on);
  }
  return { expr: mapChildren(e, (c) => foldExpr(c, on).expr), decided: false };
}

function foldBlock(b: Block, on: Folding): Block {
  return { ...b, body: b.body.flatMap((s) => foldStmt(s, on)) };
}

/** A branch: one statement, braces kept when there were braces or when it became several. */
function foldBranch(s: Stmt, on: Folding): Stmt {
  if (s.kind === 'block') return foldBlock(s, on);
  const list = foldStmt(s, on);
  const only = list[0];
  return list.length === 1 && only ? only : { kind: 'block', body: list, loc: s.loc };
}

function foldIf(s: Extract<Stmt, { kind: 'if' }>, on: Folding): readonly Stmt[] {
  const test = foldExpr(s.test, on);
  if (test.decided) {
    const taken = decided(test.expr) ? s.then : s.else;
    if (!taken) {
      on.drop(s.loc);
      return [];
    }
    on.drop({ ...s.loc, end: taken.loc.start });
    on.drop({ ...s.loc, start: taken.loc.end });
    return taken.kind === 'block' ? foldBlock(taken, on).body : foldStmt(taken, on);
  }
  return [
    {
      ...s,
      test: test.expr,
      then: foldBranch(s.then, on),
      ...(s.else ? { else: foldBranch(s.else, on) } : {}),
    },
  ];
}

/** A block that a switch opened is dissolved into its list: the kernel of that date has no braces there. */
function foldStmt(s: Stmt, on: Folding): readonly Stmt[] {
  if (s.kind === 'if') return foldIf(s, on);
  const head = mapHead(s, (e) => foldExpr(e, on).expr);
  switch (head.kind) {
    case 'block':
      return [foldBlock(head, on)];
    case 'atomic':
      return [{ ...head, body: foldBlock(head.body, on) }];
    case 'while':
    case 'doWhile':
    case 'for':
    case 'macroLoop':
    case 'switch':
      return [{ ...head, body: foldBranch(head.body, on) }];
    default:
      return [head];
  }
}

const withSwitches = new WeakMap<FunctionDef, boolean>();

/** Whether a switch stands anywhere in a function; most have none. */
function hasSwitch(fn: FunctionDef): boolean {
  let found = withSwitches.get(fn);
  if (found === undefined) {
    found = false;
    for (const e of inStmt(fn.body)) {
      if (e.kind !== 'call' || e.callee.kind !== 'ident' || !SWITCHES.has(e.callee.name)) continue;
      found = true;
      break;
    }
    withSwitches.set(fn, found);
  }
  return found;
}

const folded = new WeakMap<Switches, WeakMap<FunctionDef, FunctionDef>>();

/** One function with its switches decided, once for the same switches; one without stays itself. */
function foldFunction(fn: FunctionDef, on: Switches): FunctionDef {
  if (!hasSwitch(fn)) return fn;
  const known = folded.get(on) ?? new WeakMap<FunctionDef, FunctionDef>();
  folded.set(on, known);
  const decide: Decide = (name, args) => switchValue(name, args, on);
  const fold = (): Block => foldBlock(fn.body, { decide, drop: () => undefined });
  const result = known.get(fn) ?? { ...fn, body: fold() };
  known.set(fn, result);
  return result;
}

/** False for a declaration that the profile does not have. */
function exists(attrs: readonly Attr[], on: Switches): boolean {
  return attrs.every((a) => switchValue(a.name, a.args, on) ?? true);
}

function foldItem(item: TopLevel, on: Switches): readonly TopLevel[] {
  if (item.kind === 'function') return exists(item.attrs, on) ? [foldFunction(item, on)] : [];
  return [item];
}

/** Units with every switch decided. */
export function foldUnits(units: readonly Unit[], on: Switches): readonly Unit[] {
  return units.map((u) => ({ ...u, items: u.items.flatMap((i) => foldItem(i, on)) }));
}

/** A function in which calls have the answers that `decide` gives, and where the text stood that went. */
export function foldBy(
  fn: FunctionDef,
  decide: Decide,
): { readonly fn: FunctionDef; readonly dropped: readonly Loc[] } {
  const dropped: Loc[] = [];
  const body = foldBlock(fn.body, { decide, drop: (gone) => dropped.push(gone) });
  return { fn: { ...fn, body }, dropped };
}
