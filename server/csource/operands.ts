/** The expressions that an instruction reads or writes through, in order. */
import type { Instr, IrExpr } from './ir.js';

export function operands(instr: Instr): readonly IrExpr[] {
  switch (instr.op) {
    case 'assign':
      return [instr.target, instr.value];
    case 'zero':
      return [instr.target];
    case 'call':
      return [instr.callee, ...instr.args];
    case 'intrinsic':
      return instr.args;
    case 'branch':
      return [instr.cond];
    case 'return':
      return instr.value ? [instr.value] : [];
    case 'jump':
    case 'atomic':
    case 'unknown':
      return [];
  }
}
