/**
 * Syntax trees as C text, for people: merged functions, expectations of tests. In: nodes of ast.ts.
 * Out: text with tabs, no comments. Never used to feed a compiler; positions are not kept.
 */
import type { DeclStmt, FunctionDef, Stmt, VarDecl } from './ast.js';
import { printDeclarator, printExpr, printParams } from './print-expr.js';

export { printDeclarator, printExpr, printType } from './print-expr.js';

function tabs(depth: number): string {
  return '\t'.repeat(Math.max(depth, 0));
}

function variable(v: VarDecl): string {
  const init = v.init ? ` = ${printExpr(v.init)}` : '';
  return `${v.isStatic ? 'static ' : ''}${printDeclarator(v.type, v.name)}${init};`;
}

function decl(d: DeclStmt, depth: number): string {
  return d.vars.map((v) => tabs(depth) + variable(v)).join('\n');
}

/** A statement under a header: a block keeps the header's line, anything else goes below. */
function under(head: string, s: Stmt, depth: number): string {
  if (s.kind === 'block') return `${tabs(depth)}${head} ${braces(s.body, depth)}`;
  return `${tabs(depth)}${head}\n${printStmt(s, depth + 1)}`;
}

function braces(body: readonly Stmt[], depth: number): string {
  const inner = body.map((s) => `${printStmt(s, depth + 1)}\n`).join('');
  return `{\n${inner}${tabs(depth)}}`;
}

function ifText(s: Extract<Stmt, { kind: 'if' }>, depth: number): string {
  const head = under(`if (${printExpr(s.test)})`, s.then, depth);
  if (!s.else) return head;
  const glue = s.then.kind === 'block' ? `${head} else` : `${head}\n${tabs(depth)}else`;
  if (s.else.kind === 'if') return `${glue} ${printStmt(s.else, depth).trimStart()}`;
  if (s.else.kind === 'block') return `${glue} ${braces(s.else.body, depth)}`;
  return `${glue}\n${printStmt(s.else, depth + 1)}`;
}

function forHead(s: Extract<Stmt, { kind: 'for' }>): string {
  const init = s.init ? printStmt(s.init, 0).replace(/;$/, '') : '';
  const test = s.test ? ` ${printExpr(s.test)}` : '';
  const step = s.step ? ` ${printExpr(s.step)}` : '';
  return `for (${init};${test};${step})`;
}

/** A statement with its indentation, without the last newline. */
export function printStmt(s: Stmt, depth = 0): string {
  const pad = tabs(depth);
  switch (s.kind) {
    case 'block':
      return pad + braces(s.body, depth);
    case 'expr':
      return `${pad}${printExpr(s.expr)};`;
    case 'decl':
      return decl(s, depth);
    case 'if':
      return pad + ifText(s, depth).trimStart();
    case 'while':
      return under(`while (${printExpr(s.test)})`, s.body, depth);
    case 'doWhile':
      return `${under('do', s.body, depth)}${s.body.kind === 'block' ? ' ' : `\n${pad}`}while (${printExpr(s.test)});`;
    case 'for':
      return under(forHead(s), s.body, depth);
    case 'macroLoop':
      return under(`${s.name}(${s.args.map(printExpr).join(', ')})`, s.body, depth);
    case 'switch':
      return under(`switch (${printExpr(s.value)})`, s.body, depth);
    case 'case': {
      const high = s.high ? ` ... ${printExpr(s.high)}` : '';
      return `${tabs(depth - 1)}${s.value ? `case ${printExpr(s.value)}${high}` : 'default'}:`;
    }
    case 'label':
      return `${s.name}:`;
    case 'goto':
      return `${pad}goto ${s.name};`;
    case 'break':
    case 'continue':
      return `${pad}${s.kind};`;
    case 'empty':
      return `${pad};`;
    case 'return':
      return s.value ? `${pad}return ${printExpr(s.value)};` : `${pad}return;`;
    case 'atomic':
      return `${pad}__atomic ${braces(s.body.body, depth)}`;
    case 'errorStmt':
      return `${pad}<${s.calls.map(printExpr).join('; ')}>;`;
  }
}

/** A whole function: header on one line, body below, trailing newline. */
export function printC(fn: FunctionDef): string {
  const head = `${fn.isStatic ? 'static ' : ''}${printDeclarator(fn.result, `${fn.name}(${printParams(fn.params)})`)}`;
  return `${head}\n${braces(fn.body.body, 0)}\n`;
}
