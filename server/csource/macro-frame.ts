/** One use of a macro: its arguments, the place of use, and the macros that must not expand again inside. */
import type { Expr, Loc, MacroDef, Problem, Stmt, TypeExpr } from './ast.js';
import { madeExpr } from './macro-paste.js';
import type { Lookup } from './types-names.js';

export interface MacroArg {
  /** As written, for texts of conditions. */
  readonly raw: () => Expr;
  /** With its own macros replaced. */
  readonly full: Expr;
}

export interface Frame {
  readonly args: ReadonlyMap<string, MacroArg>;
  readonly restName: string | undefined;
  readonly rest: readonly MacroArg[];
  readonly hidden: ReadonlySet<string>;
  /** Place of use: of every node that the body gives. */
  readonly loc: Loc;
  /** Only put arguments in; leave macros alone. */
  readonly raw: boolean;
  /** Only the type of the result counts: a statement expression is its last value. */
  readonly typesOnly?: boolean;
  /** What the outermost use may still grow to; shared by all uses inside it. */
  readonly work: Work;
}

/** Syntax nodes that one use of a macro may still give. */
export interface Work {
  left: number;
}

/** More than any macro that people write; a few lines of nested macros could ask for 2^60. */
const MAX_NODES = 50_000;
const MAX_DEPTH = 200;

export function newWork(): Work {
  return { left: MAX_NODES };
}

const sizes = new WeakMap<object, number>();

/** Nodes of a tree as it would be walked: what stands in it twice counts twice. */
function sizeOf(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0;
  const known = sizes.get(node);
  if (known !== undefined) return known;
  let size = Array.isArray(node) ? 0 : 1;
  for (const [key, value] of Object.entries(node)) {
    if (key !== 'loc' && key !== 'nameLoc') size += sizeOf(value);
  }
  sizes.set(node, size);
  return size;
}

/** Takes what a node costs; false when the use has grown too large, said once. */
export function pay(work: Work, node: unknown, loc: Loc, expansion: Expansion): boolean {
  if (work.left < 0) return false;
  work.left -= 1 + sizeOf(node);
  if (work.left >= 0) return true;
  const message = 'a macro gives too much text here; it is not expanded';
  expansion.report({ loc, message, severity: 'error' });
  return false;
}

/** What the parts of the expander know of the program and of each other. */
export interface Expansion {
  readonly macros: Lookup<MacroDef>;
  isType(name: string): boolean;
  /** Value of `__since` or `__fix`, which are constants of the program. */
  switchValue(name: string, args: readonly Expr[], loc: Loc): boolean | undefined;
  report(problem: Problem): void;
  expr(expr: Expr, frame: Frame | undefined): Expr;
  type(type: TypeExpr, frame: Frame | undefined): TypeExpr;
  stmts(stmts: readonly Stmt[], frame: Frame | undefined): Stmt[];
  args(args: readonly Expr[], frame: Frame | undefined): MacroArg[];
}

const REST = /^(.*)\.\.\.$/;

/** Binds arguments to parameters; a problem and undefined when their number is wrong. */
export function enter(
  macro: MacroDef,
  args: readonly MacroArg[],
  loc: Loc,
  outer: Frame | undefined,
  expansion: Expansion,
): Frame | undefined {
  const params = macro.params ?? [];
  const last = REST.exec(params.at(-1) ?? '');
  const fixed = last ? params.slice(0, -1) : params;
  if (args.length < fixed.length || (!last && args.length > fixed.length)) {
    const message = `macro ${macro.name} takes ${String(fixed.length)} arguments, not ${String(args.length)}`;
    expansion.report({ loc, message, severity: 'error' });
    return undefined;
  }
  const work = outer?.work ?? newWork();
  if ((outer?.hidden.size ?? 0) >= MAX_DEPTH) work.left = Math.min(work.left, 0);
  if (!pay(work, macro.expr ?? macro.stmts, loc, expansion)) return undefined;
  const bound = new Map<string, MacroArg>();
  fixed.forEach((name, i) => {
    const arg = args[i];
    if (arg) bound.set(name, arg);
  });
  for (const made of macro.made ?? []) {
    const value = madeExpr(made, (name) => bound.get(name)?.raw(), loc);
    if (!value) {
      const message = `what ## makes in macro ${macro.name} is no name`;
      expansion.report({ loc, message, severity: 'error' });
      return undefined;
    }
    bound.set(made.name, { full: expansion.expr(value, outer), raw: () => value });
  }
  return {
    args: bound,
    restName: last ? last[1]?.trim() || '__VA_ARGS__' : undefined,
    rest: args.slice(fixed.length),
    hidden: new Set([...(outer?.hidden ?? []), macro.name]),
    loc,
    raw: outer?.raw ?? false,
    work,
  };
}

/** The macro of a name where it may expand: with arguments for function-like ones only. */
export function macroFor(
  name: string,
  withArgs: boolean,
  frame: Frame | undefined,
  expansion: Expansion,
): MacroDef | undefined {
  if (frame && (frame.raw || frame.hidden.has(name))) return undefined;
  const macro = expansion.macros.get(name);
  return macro && (macro.params !== undefined) === withArgs ? macro : undefined;
}

/** A name in the body that stands for a name given as argument: of a variable, label, member. */
export function substituteName(name: string, frame: Frame | undefined): string {
  const arg = frame?.args.get(name)?.full;
  return arg?.kind === 'ident' ? arg.name : name;
}
