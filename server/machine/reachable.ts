/**
 * Which functions and globals a run can get at: what the threads name, and what that names. A function
 * that nobody names, directly or in a table that somebody names, cannot be called through a pointer
 * either: a pointer to it does not exist in any state.
 */
import type { IrExpr, Program } from '../csource/ir.js';
import { operands } from './operands.js';

function visit(e: IrExpr, found: (name: string) => void): void {
  switch (e.kind) {
    case 'ident':
      return found(e.name);
    case 'unary':
    case 'cast':
      return visit(e.operand, found);
    case 'binary':
      visit(e.left, found);
      visit(e.right, found);
      return;
    case 'member':
      return visit(e.object, found);
    case 'index':
      visit(e.object, found);
      visit(e.index, found);
      return;
    case 'local':
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'typeArg':
    case 'error':
      return;
  }
}

/** Names of all functions and globals that the roots reach, roots included. */
export function reachableNames(program: Program, roots: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (name: string): void => void names.add(name);
  roots.forEach(add);
  /* A set is walked in the order of insertion, and what is added on the way is met as well. */
  for (const name of names) {
    for (const instr of program.functions.get(name)?.code ?? []) {
      for (const e of operands(instr)) visit(e, add);
      if (instr.op === 'call' && instr.target !== undefined) add(instr.target);
    }
    for (const { target, value } of program.globals.get(name)?.init ?? []) {
      visit(target, add);
      visit(value, add);
    }
  }
  return names;
}
