/**
 * Macros, expanded on the tree. In: syntax as parsed. Out: the same syntax without uses of known
 * macros and with `__since`/`__fix` as numbers. Nodes from a macro's body stand at the place of use,
 * arguments keep their own place. A macro is not expanded inside its own expansion.
 */
import type {
  Block,
  Call,
  Expr,
  GlobalVar,
  Ident,
  InitItem,
  Loc,
  MacroDef,
  Member,
  Problem,
  Stmt,
  TopCall,
  TypeExpr,
} from './ast.js';
import {
  type Expansion,
  type Frame,
  type MacroArg,
  enter,
  macroFor,
  pay,
  substituteName,
} from './macro-frame.js';
import { expandDecl, expandStmts } from './macro-stmt.js';
import { expandType, typeMeant } from './macro-type.js';
import { printExpr } from './print-expr.js';
import type { Lookup } from './types-names.js';

/** Constants that a run chooses. */
export interface LinkOptions {
  /** `__since(id, date)`. */
  readonly since: (id: string, date: string) => boolean;
  /** `__fix(id)`. */
  readonly fix: (id: string) => boolean;
}

/** Intrinsics that keep the text of their condition as last argument. */
const KEEPS_TEXT: ReadonlySet<string> = new Set(['__assert', '__warn']);

export class Expander implements Expansion {
  readonly macros: Lookup<MacroDef>;
  readonly isType: (name: string) => boolean;
  readonly #options: LinkOptions;
  readonly #report: (problem: Problem) => void;

  constructor(
    macros: Lookup<MacroDef>,
    options: LinkOptions,
    isType: (name: string) => boolean,
    report: (problem: Problem) => void,
  ) {
    this.macros = macros;
    this.isType = isType;
    this.#options = options;
    this.#report = report;
  }

  report(problem: Problem): void {
    this.#report(problem);
  }

  block(block: Block): Block {
    return { ...block, body: this.stmts(block.body, undefined) };
  }

  stmts(stmts: readonly Stmt[], frame: Frame | undefined): Stmt[] {
    return expandStmts(stmts, frame, this);
  }

  type(type: TypeExpr, frame?: Frame): TypeExpr {
    return expandType(type, frame, this);
  }

  /** Variables that a macro call at file scope declares. */
  globals(call: TopCall): GlobalVar[] {
    const macro = macroFor(call.name, true, undefined, this);
    if (!macro) return [];
    if (!macro.stmts?.every((s) => s.kind === 'decl')) {
      const message = `macro ${macro.name} gives no declaration of variables here`;
      if (macro.text !== '') this.report({ loc: call.loc, message, severity: 'warning' });
      return [];
    }
    const frame = enter(macro, this.args(call.args, undefined), call.loc, undefined, this);
    if (!frame) return [];
    return macro.stmts.flatMap((s) =>
      expandDecl(s, frame, this).vars.map((v): GlobalVar => ({
        kind: 'global',
        loc: call.loc,
        var: v,
      })),
    );
  }

  switchValue(name: string, args: readonly Expr[], loc: Loc): boolean | undefined {
    if (name !== '__since' && name !== '__fix') return undefined;
    const [id, date] = args;
    if (id?.kind === 'string' && name === '__fix') return this.#options.fix(id.value);
    if (id?.kind === 'string' && date?.kind === 'string')
      return this.#options.since(id.value, date.value);
    this.report({ loc, message: `${name} takes string literals`, severity: 'error' });
    return false;
  }

  args(args: readonly Expr[], frame: Frame | undefined): MacroArg[] {
    return args.flatMap((arg): readonly MacroArg[] => {
      if (frame && arg.kind === 'ident' && arg.name === frame.restName) return frame.rest;
      const own = frame && arg.kind === 'ident' ? frame.args.get(arg.name) : undefined;
      return [
        own ?? {
          full: this.expr(arg, frame),
          raw: () => (frame ? this.expr(arg, { ...frame, raw: true }) : arg),
        },
      ];
    });
  }

  expr(e: Expr, f?: Frame): Expr {
    const loc = f ? f.loc : e.loc;
    switch (e.kind) {
      case 'ident':
        return this.#ident(e, f);
      case 'number':
      case 'string':
        return f ? { ...e, loc } : e;
      case 'call':
        return this.#call(e, f);
      case 'unary':
      case 'update':
        return { ...e, loc, operand: this.expr(e.operand, f) };
      case 'binary':
        return this.#binary(e, f);
      case 'logical':
        return { ...e, loc, left: this.expr(e.left, f), right: this.expr(e.right, f) };
      case 'comma':
        return { ...e, loc, left: this.expr(e.left, f), right: this.expr(e.right, f) };
      case 'cond':
        return {
          ...e,
          loc,
          test: this.expr(e.test, f),
          ...(e.then ? { then: this.expr(e.then, f) } : {}),
          else: this.expr(e.else, f),
        };
      case 'assign':
        return { ...e, loc, target: this.expr(e.target, f), value: this.expr(e.value, f) };
      case 'member':
        return this.#member(e, f);
      case 'index':
        return { ...e, loc, object: this.expr(e.object, f), index: this.expr(e.index, f) };
      case 'cast':
        if (f && isOperation(e, f, this)) return this.#operation(e, f);
        return { ...e, loc, type: this.type(e.type, f), operand: this.expr(e.operand, f) };
      case 'sizeof':
        return this.#sizeof(e, f);
      case 'offsetof':
        return { ...e, loc, type: this.type(e.type, f), path: this.#path(e.path, f) };
      case 'initList':
        return {
          ...e,
          loc,
          ...(e.type ? { type: this.type(e.type, f) } : {}),
          items: e.items.map((i) => this.#item(i, f)),
        };
      case 'stmtExpr':
        if (f?.typesOnly) return lastValue(e.body, f, this);
        return {
          ...e,
          loc,
          body: { ...e.body, loc: f ? loc : e.body.loc, body: this.stmts(e.body.body, f) },
        };
      case 'typeArg': {
        const arg = e.type.kind === 'name' ? f?.args.get(e.type.name) : undefined;
        return arg ? this.#argument(arg, f) : { ...e, loc, type: this.type(e.type, f) };
      }
      case 'error':
        return {
          ...e,
          loc,
          calls: e.calls.map((c) => this.expr(c, f)).filter((c) => c.kind === 'call'),
        };
    }
  }

  #argument(arg: MacroArg, f: Frame | undefined): Expr {
    const value = f?.raw ? arg.raw() : arg.full;
    return !f || pay(f.work, value, f.loc, this) ? value : { kind: 'error', loc: f.loc, calls: [] };
  }

  #ident(e: Ident, f: Frame | undefined): Expr {
    const arg = f?.args.get(e.name);
    if (arg) return this.#argument(arg, f);
    const macro = macroFor(e.name, false, f, this);
    return (
      (macro && this.#expand(macro, [], f ? f.loc : e.loc, f)) ?? (f ? { ...e, loc: f.loc } : e)
    );
  }

  #call(e: Call, f: Frame | undefined): Expr {
    const loc = f ? f.loc : e.loc;
    const callee = this.expr(e.callee, f);
    const args = this.args(e.args, f);
    const type = typeMeant(callee, this);
    const [first] = args;
    // `(type)(x)` reads as a call where the parser cannot know the type.
    if (type && first && args.length === 1)
      return { kind: 'cast', loc, type, operand: this.#argument(first, f) };
    if (callee.kind !== 'ident')
      return { ...e, loc, callee, args: args.map((a) => this.#argument(a, f)) };
    const macro = macroFor(callee.name, true, f, this);
    const expanded = macro && this.#expand(macro, args, loc, f);
    if (expanded) return expanded;
    const full = args.map((a) => this.#argument(a, f));
    const on = f?.raw ? undefined : this.switchValue(callee.name, full, loc);
    if (on !== undefined)
      return { kind: 'number', value: on ? 1 : 0, unsigned: false, long: false, loc };
    if (first && KEEPS_TEXT.has(callee.name) && !f?.raw) {
      full.push({ kind: 'string', value: printExpr(first.raw()), loc: first.full.loc });
    }
    return { ...e, loc, callee, args: full };
  }

  /** Value of a macro; undefined (and a problem) when its text could not be read. */
  #expand(
    macro: MacroDef,
    args: readonly MacroArg[],
    loc: Loc,
    f: Frame | undefined,
  ): Expr | undefined {
    const frame = enter(macro, args, loc, f, this);
    if (!frame) return undefined;
    if (macro.expr) return this.expr(macro.expr, frame);
    if (macro.text.trim() === '')
      return { kind: 'number', value: 0, unsigned: false, long: false, loc };
    if (macro.stmts)
      return {
        kind: 'stmtExpr',
        loc,
        body: { kind: 'block', loc, body: this.stmts(macro.stmts, frame) },
      };
    this.report({
      loc,
      message: `text of macro ${macro.name} is neither an expression nor statements`,
      severity: 'warning',
    });
    return undefined;
  }

  #binary(e: Extract<Expr, { kind: 'binary' }>, f: Frame | undefined): Expr {
    const loc = f ? f.loc : e.loc;
    const left = this.expr(e.left, f);
    const right = this.expr(e.right, f);
    // `(type) -x` reads as a subtraction where the parser cannot know the type.
    if (left.kind === 'typeArg' && (e.op === '-' || e.op === '+' || e.op === '&' || e.op === '*')) {
      return {
        kind: 'cast',
        loc,
        type: left.type,
        operand: { kind: 'unary', op: e.op, operand: right, loc },
      };
    }
    return { ...e, loc, left, right };
  }

  /** `(param) + x` reads as a cast where the parameter is spelled like a type. */
  #operation(e: Extract<Expr, { kind: 'cast' }>, f: Frame): Expr {
    const { operand, type } = e;
    if (operand.kind !== 'unary' || type.kind !== 'name') return e;
    const { op } = operand;
    if (op !== '+' && op !== '-' && op !== '*' && op !== '&') return e;
    const left: Expr = { kind: 'ident', name: type.name, loc: type.loc };
    return this.expr({ kind: 'binary', op, left, right: operand.operand, loc: e.loc }, f);
  }

  #member(e: Member, f: Frame | undefined): Expr {
    const object = this.expr(e.object, f);
    const arg = f?.args.get(e.name)?.full;
    const member = { ...e, loc: f ? f.loc : e.loc, nameLoc: f ? f.loc : e.nameLoc, object };
    return arg ? memberPath(arg, member) : member;
  }

  #sizeof(e: Extract<Expr, { kind: 'sizeof' }>, f: Frame | undefined): Expr {
    const loc = f ? f.loc : e.loc;
    if (e.type) return { kind: 'sizeof', loc, type: this.type(e.type, f) };
    if (!e.operand) return { kind: 'sizeof', loc };
    const operand = this.expr(e.operand, f);
    return operand.kind === 'typeArg'
      ? { kind: 'sizeof', loc, type: operand.type }
      : { kind: 'sizeof', loc, operand };
  }

  /** Members of a path are no macros; a parameter stands for a member or a longer path. */
  #path(e: Expr, f: Frame | undefined): Expr {
    if (e.kind === 'ident') return f?.args.get(e.name)?.raw() ?? e;
    if (e.kind === 'member')
      return { ...e, object: this.#path(e.object, f), name: substituteName(e.name, f) };
    if (e.kind === 'index')
      return { ...e, object: this.#path(e.object, f), index: this.expr(e.index, f) };
    return e;
  }

  #item(item: InitItem, f: Frame | undefined): InitItem {
    return {
      designators: item.designators.map((d) =>
        typeof d === 'string' ? substituteName(d, f) : this.expr(d, f),
      ),
      ...(item.high ? { high: this.expr(item.high, f) } : {}),
      value: this.expr(item.value, f),
    };
  }
}

/** Whether a cast is to a parameter that was given a value, of something with a sign before it. */
function isOperation(e: Extract<Expr, { kind: 'cast' }>, f: Frame, x: Expander): boolean {
  const { type, operand } = e;
  if (type.kind !== 'name' || operand.kind !== 'unary' || !'+-*&'.includes(operand.op))
    return false;
  const given = f.args.get(type.name)?.full;
  if (given?.kind === 'ident') return !x.isType(given.name);
  return given !== undefined && ['number', 'binary', 'call', 'member'].includes(given.kind);
}

/** Value of a statement expression with the names it declares replaced by casts to their types. */
function lastValue(body: Block, outer: Frame, x: Expander): Expr {
  const { loc } = outer;
  const args = new Map(outer.args);
  const frame = { ...outer, args };
  for (const stmt of body.body) {
    for (const decl of stmt.kind === 'decl' ? stmt.vars : []) {
      const full: Expr = {
        kind: 'cast',
        loc,
        type: x.type(decl.type, frame),
        operand: { kind: 'ident', name: decl.name, loc },
      };
      args.set(decl.name, { full, raw: () => full });
    }
  }
  const last = body.body.at(-1);
  return last?.kind === 'expr' ? x.expr(last.expr, frame) : { kind: 'error', loc, calls: [] };
}

/** `object.path` where the path was given as an argument: `a`, `a.b`, `a[0]`. */
function memberPath(path: Expr, member: Member): Expr {
  if (path.kind === 'ident') return { ...member, name: path.name };
  if (path.kind === 'member') return { ...path, object: memberPath(path.object, member) };
  return path.kind === 'index' ? { ...path, object: memberPath(path.object, member) } : member;
}
