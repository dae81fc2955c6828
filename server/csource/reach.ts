/**
 * Which functions and globals a run can get at: what the threads name, and what that names. A function
 * that nobody names, directly or in a table that somebody names, cannot be called through a pointer
 * either: a pointer to it does not exist in any state.
 */
import type { Instr, IrExpr, IrGlobal } from './ir.js';
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

/** Where the walk finds what a name stands for. */
export interface Named {
  code(name: string): readonly Instr[] | undefined;
  init(name: string): IrGlobal['init'] | undefined;
}

/** Names of all functions and globals that the roots reach, roots included. Functions are asked for first. */
export function reachableNames(of: Named, roots: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (name: string): void => void names.add(name);
  roots.forEach(add);
  /* A set is walked in the order of insertion, and what is added on the way is met as well. */
  for (const name of names) {
    for (const instr of of.code(name) ?? []) {
      for (const e of operands(instr)) visit(e, add);
      if (instr.op === 'call' && instr.target !== undefined) add(instr.target);
    }
    for (const { target, value } of of.init(name) ?? []) {
      visit(target, add);
      visit(value, add);
    }
  }
  return names;
}

/** Whether an expression names one of these. */
export function namesAny(e: IrExpr, names: { has(name: string): boolean }): boolean {
  let found = false;
  visit(e, (name) => (found ||= names.has(name)));
  return found;
}
