/** One path through a function, as the places a reader has to look at. */
import type { IrFunction, Loc } from '../csource/ir.js';
import type { PathState } from './path-state.js';

export interface WitnessStep {
  readonly at: Loc;
  readonly text: string;
}

/** Program counters from the entry to a state, in order, with the state before each. */
export function pathTo(
  pc: number,
  state: PathState,
): readonly { readonly pc: number; readonly state: PathState }[] {
  const out = [{ pc, state }];
  for (let s = state.from; s; s = s.state.from) out.push({ pc: s.pc, state: s.state });
  return out.reverse();
}

/** The branches of a path after a place, as the reader sees them: the condition and which way it went. */
export function decisions(
  fn: IrFunction,
  path: readonly { readonly pc: number }[],
): readonly WitnessStep[] {
  return path.flatMap(({ pc }, i): readonly WitnessStep[] => {
    const instr = fn.code[pc];
    const next = path[i + 1]?.pc;
    if (instr?.op !== 'branch' || next === undefined || instr.then === instr.else) return [];
    return [{ at: instr.loc, text: next === instr.then ? 'true here' : 'false here' }];
  });
}
