/** Readable text of a function's code, for tests and debugging. */
import type { Expr } from './ast.js';
import type { Instr, IrExpr, IrFunction } from './ir.js';
import { printExpr, printType } from './print-expr.js';
import type { SourceTable } from './source.js';

/** C text of an expression of the IR. */
export function printIr(e: IrExpr): string {
  return printExpr(asSyntax(e));
}

function asSyntax(e: IrExpr): Expr {
  switch (e.kind) {
    case 'local':
      return { kind: 'ident', name: e.name === '' ? `arg${String(e.local)}` : e.name, loc: e.loc };
    case 'unary':
    case 'cast':
      return { ...e, operand: asSyntax(e.operand) };
    case 'binary':
      return { ...e, left: asSyntax(e.left), right: asSyntax(e.right) };
    case 'member':
      return { ...e, object: asSyntax(e.object) };
    case 'index':
      return { ...e, object: asSyntax(e.object), index: asSyntax(e.index) };
    case 'ident':
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'typeArg':
    case 'error':
      return e;
  }
}

function printInstr(instr: Instr, fn: IrFunction): string {
  const into = (result: number | undefined): string =>
    result === undefined ? '' : `${fn.locals[result]?.name ?? '?'} = `;
  const args = (list: readonly IrExpr[]): string => list.map(printIr).join(', ');
  switch (instr.op) {
    case 'assign':
      return `${printIr(instr.target)} = ${printIr(instr.value)}`;
    case 'zero':
      return `zero ${printIr(instr.target)}`;
    case 'call':
      return `${into(instr.result)}call ${printExpr({ kind: 'call', callee: asSyntax(instr.callee), args: instr.args.map(asSyntax), loc: instr.loc })}`;
    case 'intrinsic':
      return `${into(instr.result)}${instr.name}(${args(instr.args)})`;
    case 'branch':
      return `branch ${printIr(instr.cond)} ? ${String(instr.then)} : ${String(instr.else)}`;
    case 'jump':
      return `jump ${String(instr.to)}`;
    case 'return':
      return instr.value ? `return ${printIr(instr.value)}` : 'return';
    case 'atomic':
      return instr.enter ? 'atomic {' : 'atomic }';
    case 'unknown':
      return `unknown: ${instr.reason}`;
  }
}

/**
 * One line an instruction, `pc: text`, under the line and text of its source statement.
 * Typed locals other than parameters are listed first.
 */
export function dumpIr(fn: IrFunction, table: SourceTable): string {
  const lines = [
    `${fn.name}(${fn.locals
      .slice(0, fn.paramCount)
      .map((l) => l.name)
      .join(', ')})`,
  ];
  for (const local of fn.locals.slice(fn.paramCount)) {
    if (local.type && !local.temp)
      lines.push(`  ${local.isStatic ? 'static ' : ''}${local.name}: ${printType(local.type)}`);
  }
  let stmt = -1;
  fn.code.forEach((instr, pc) => {
    const at = fn.stmts[instr.stmt];
    if (instr.stmt !== stmt && at) {
      const text = table.slice(at.loc).replace(/\s+/g, ' ').trim();
      lines.push(`  ${'  '.repeat(at.depth)}[${String(table.lineOf(at.loc) + 1)}] ${text}`);
    }
    stmt = instr.stmt;
    lines.push(`    ${String(pc).padStart(3)}: ${printInstr(instr, fn)}`);
  });
  return lines.join('\n');
}
