/** Locals whose address is taken: they must live in cells. */
import type { IrExpr, IrFunction } from '../csource/ir.js';
import { operands } from '../csource/operands.js';

/** The local that contains the place an expression names, if it is one without a pointer between. */
function rootLocal(e: IrExpr): number | undefined {
  if (e.kind === 'local') return e.local;
  if (e.kind === 'member') return e.arrow ? undefined : rootLocal(e.object);
  if (e.kind === 'index') return rootLocal(e.object);
  return undefined;
}

function visit(e: IrExpr, taken: Set<number>): void {
  switch (e.kind) {
    case 'unary': {
      const root = e.op === '&' ? rootLocal(e.operand) : undefined;
      if (root !== undefined) taken.add(root);
      visit(e.operand, taken);
      return;
    }
    case 'binary':
      visit(e.left, taken);
      visit(e.right, taken);
      return;
    case 'member':
      return visit(e.object, taken);
    case 'index':
      visit(e.object, taken);
      visit(e.index, taken);
      return;
    case 'cast':
      return visit(e.operand, taken);
    case 'local':
    case 'ident':
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'typeArg':
    case 'error':
      return;
  }
}

/** Indexes of the locals of a function whose address some instruction takes. */
export function addressTaken(fn: IrFunction): ReadonlySet<number> {
  const taken = new Set<number>();
  for (const instr of fn.code) for (const e of operands(instr)) visit(e, taken);
  return taken;
}
