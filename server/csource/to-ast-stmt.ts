/** Statements. Labels and cases become statements of their own in the enclosing list. */
import type { Block, DeclStmt, Expr, For, Stmt, VarDecl } from './ast.js';
import { attributesIn, isSynthetic, locOf, textOf, type Context } from './to-ast-context.js';
import { callArgs, callsIn, expr } from './to-ast-expr.js';
import { field, isBroken, named, outermost, type SNode } from './to-ast-tree.js';
import {
  declarators,
  declaratorAttributes,
  declare,
  specifier,
  type DeclaratorPart,
} from './to-ast-type.js';

/** A `{ … }`; damaged pieces between its statements are `errorStmt`. */
export function block(cx: Context, n: SNode): Block {
  return { kind: 'block', body: list(cx, named(n), n.start + 1), loc: locOf(cx, n) };
}

/** Statements in a row, labels and cases flattened; `from` is where the text before the first one begins. */
export function list(cx: Context, nodes: readonly SNode[], from: number): Stmt[] {
  const out: Stmt[] = [];
  let before = from;
  for (const n of nodes) {
    out.push(...statement(cx, n, before));
    before = n.end;
  }
  return out;
}

/** The statement as one node, for places where C wants exactly one. */
function single(cx: Context, n: SNode | undefined, owner: SNode): Stmt {
  if (!n) return { kind: 'empty', loc: locOf(cx, { start: owner.end, end: owner.end }) };
  const all = statement(cx, n, n.start);
  const only = all[0];
  return only && all.length === 1 ? only : { kind: 'block', body: all, loc: locOf(cx, n) };
}

function damaged(cx: Context, n: SNode): Stmt {
  return { kind: 'errorStmt', calls: callsIn(cx, n), loc: locOf(cx, n) };
}

/** Fields that a statement needs; when they are there, damage elsewhere in it does not lose its structure. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  if_statement: ['condition', 'consequence'],
  while_statement: ['condition', 'body'],
  do_statement: ['body', 'condition'],
  switch_statement: ['condition', 'body'],
  for_statement: ['body'],
  case_statement: [],
  compound_statement: [],
};

function statement(cx: Context, n: SNode, from: number): Stmt[] {
  const needed = NEEDED[n.type];
  if (needed ? needed.some((f) => !field(n, f)) : isBroken(n)) return [damaged(cx, n)];
  const loc = locOf(cx, n);
  switch (n.type) {
    case 'compound_statement':
      return [block(cx, n)];
    case 'expression_statement':
      return [expressionStatement(cx, n)];
    case 'declaration':
      return [isInvented(cx, n) ? damaged(cx, n) : declaration(cx, n, from)];
    case 'labeled_statement':
      return labelled(cx, n);
    case 'case_statement':
      return caseStatement(cx, n);
    case 'goto_statement': {
      const label = field(n, 'label');
      return [label ? { kind: 'goto', name: textOf(cx, label), loc } : damaged(cx, n)];
    }
    case 'break_statement':
      return [{ kind: 'break', loc }];
    case 'continue_statement':
      return [{ kind: 'continue', loc }];
    case 'return_statement': {
      const value = named(n)[0];
      return [{ kind: 'return', ...(value ? { value: expr(cx, value) } : {}), loc }];
    }
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
    case 'type_definition':
      return [{ kind: 'empty', loc }];
    default:
      return [control(cx, n)];
  }
}

/** A declaration of a name that is not in the source: put in front of a cut initialiser, or behind a cut type. */
function isInvented(cx: Context, n: SNode): boolean {
  return declarators(n).some((p) =>
    outermost(p.node, 'identifier')
      .slice(0, 1)
      .some((name) => isSynthetic(cx, name.start)),
  );
}

function control(cx: Context, n: SNode): Stmt {
  const loc = locOf(cx, n);
  const body = field(n, 'body');
  switch (n.type) {
    case 'if_statement': {
      const other = field(n, 'alternative');
      const otherwise = other ? named(other).find((c) => c.type !== 'ERROR') : undefined;
      return {
        kind: 'if',
        test: condition(cx, n),
        then: single(cx, field(n, 'consequence'), n),
        ...(other ? { else: single(cx, otherwise, other) } : {}),
        loc,
      };
    }
    case 'while_statement':
      return whileStatement(cx, n);
    case 'do_statement':
      return { kind: 'doWhile', test: condition(cx, n), body: single(cx, body, n), loc };
    case 'for_statement':
      return forStatement(cx, n);
    case 'switch_statement':
      return { kind: 'switch', value: condition(cx, n), body: single(cx, body, n), loc };
    default:
      return damaged(cx, n);
  }
}

function expressionStatement(cx: Context, n: SNode): Stmt {
  const loc = locOf(cx, n);
  const value = named(n)[0];
  if (!value) return { kind: 'empty', loc };
  const e = expr(cx, value);
  // A statement that cannot be read as a whole says no more than the calls in it.
  return e.kind === 'error'
    ? { kind: 'errorStmt', calls: e.calls, loc }
    : { kind: 'expr', expr: e, loc };
}

/** Condition in parentheses; of a header that was put in front of a cut text only the calls are known. */
function condition(cx: Context, n: SNode): Expr {
  const c = field(n, 'condition');
  if (!c) return { kind: 'error', calls: [], loc: locOf(cx, n) };
  if (isSynthetic(cx, c.start)) return { kind: 'error', calls: callsIn(cx, c), loc: locOf(cx, c) };
  return expr(cx, c);
}

function whileStatement(cx: Context, n: SNode): Stmt {
  const loc = locOf(cx, n);
  const body = single(cx, field(n, 'body'), n);
  if (cx.masked.atomics.has(n.start)) {
    return {
      kind: 'atomic',
      body: body.kind === 'block' ? body : { kind: 'block', body: [body], loc: body.loc },
      loc,
    };
  }
  const hasArgs = cx.masked.loops.get(n.start);
  if (hasArgs === undefined) return { kind: 'while', test: condition(cx, n), body, loc };
  const name = /\w+/.exec(textOf(cx, n))?.[0] ?? '';
  return { kind: 'macroLoop', name, args: hasArgs ? commaList(condition(cx, n)) : [], body, loc };
}

function commaList(e: Expr): Expr[] {
  return e.kind === 'comma' ? [...commaList(e.left), ...commaList(e.right)] : [e];
}

function forStatement(cx: Context, n: SNode): For {
  const init = field(n, 'initializer');
  const test = field(n, 'condition');
  const step = field(n, 'update');
  return {
    kind: 'for',
    ...(init ? { init: forInit(cx, init) } : {}),
    ...(test ? { test: expr(cx, test) } : {}),
    ...(step ? { step: expr(cx, step) } : {}),
    body: single(cx, field(n, 'body'), n),
    loc: locOf(cx, n),
  };
}

function forInit(cx: Context, n: SNode): Stmt {
  if (n.type === 'declaration') return declaration(cx, n, n.start);
  return { kind: 'expr', expr: expr(cx, n), loc: locOf(cx, n) };
}

function labelled(cx: Context, n: SNode): Stmt[] {
  const label = field(n, 'label');
  if (!label) return [damaged(cx, n)];
  const rest = named(n).filter((c) => c !== label && !isEmptyFill(c));
  return [
    { kind: 'label', name: textOf(cx, label), loc: locOf(cx, label) },
    ...list(cx, rest, label.end),
  ];
}

/** The `;` that the parser invents for a label before `}`. */
function isEmptyFill(n: SNode): boolean {
  return n.start === n.end;
}

function caseStatement(cx: Context, n: SNode): Stmt[] {
  const value = field(n, 'value');
  const colon = n.children.find((c) => c.type === ':');
  const range = cx.masked.caseHighs.get(n.start);
  const high = range ? cx.extracted.get(range.start) : undefined;
  const head: Stmt = {
    kind: 'case',
    ...(value ? { value: expr(cx, value) } : {}),
    ...(high ? { high: expr(cx, high) } : {}),
    loc: locOf(cx, { start: n.start, end: colon?.end ?? n.end }),
  };
  return [
    head,
    ...list(
      cx,
      named(n).filter((c) => c !== value && !isEmptyFill(c)),
      colon?.end ?? n.start,
    ),
  ];
}

/** A local declaration. */
function declaration(cx: Context, n: SNode, from: number): DeclStmt {
  return { kind: 'decl', vars: variables(cx, n, from), loc: locOf(cx, n) };
}

/** Variables of a declaration; `from` is the end of what stands before it. */
export function variables(cx: Context, n: SNode, from: number): VarDecl[] {
  const base = specifier(cx, n);
  const storage = ofType(n, 'storage_class_specifier').map((c) => textOf(cx, c));
  const parts = declarators(n);
  return parts.flatMap((p) => variable(cx, p, parts, { base, storage, from }));
}

interface Declaring {
  readonly base: ReturnType<typeof specifier>;
  readonly storage: readonly string[];
  readonly from: number;
}

function variable(
  cx: Context,
  p: DeclaratorPart,
  parts: readonly DeclaratorPart[],
  d: Declaring,
): VarDecl[] {
  const declared = declare(cx, p.node, d.base);
  if (declared.name === undefined || !declared.nameLoc) return [];
  const init = p.node.type === 'init_declarator' ? field(p.node, 'value') : undefined;
  return [
    {
      name: declared.name,
      nameLoc: declared.nameLoc,
      type: declared.type,
      ...(init ? { init: expr(cx, init) } : {}),
      attrs: declaratorAttributes(cx, parts, p, d.from),
      isStatic: d.storage.includes('static'),
      isExtern: d.storage.includes('extern'),
      loc: locOf(cx, { start: p.node.start, end: p.end }),
    },
  ];
}

function ofType(n: SNode, type: string): readonly SNode[] {
  return n.children.filter((c) => c.type === type);
}

/** Attributes between two offsets, for definitions. */
export function attributes(cx: Context, lo: number, hi: number): VarDecl['attrs'] {
  return attributesIn(cx, lo, hi, (c) => callArgs(cx, c));
}
