/** The code of a function as steps: what may follow one, and how one waits. */
import type { Instr, IrFunction } from '../csource/ir.js';

/** Program counters that may follow. */
export function successorsOf(instr: Instr, pc: number): readonly number[] {
  switch (instr.op) {
    case 'return':
      return [];
    case 'jump':
      return [instr.to];
    case 'branch':
      return [instr.then, instr.else];
    case 'assign':
    case 'zero':
    case 'call':
    case 'intrinsic':
    case 'atomic':
    case 'unknown':
      return [pc + 1];
  }
}

/** How a token is waited for in the atomic region around its acquire. */
export function waitBefore(
  fn: IrFunction,
  pc: number,
): { readonly atomic: boolean; readonly waits: boolean } {
  for (let i = pc - 1; i >= 0; i--) {
    const instr = fn.code[i];
    if (!instr || instr.op === 'atomic') break;
    if (instr.op !== 'intrinsic') continue;
    if (instr.name === '__spin' || instr.name === '__wait')
      return { atomic: instr.name === '__spin', waits: instr.args[0]?.kind !== 'number' };
  }
  return { atomic: false, waits: false };
}
