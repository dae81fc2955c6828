/**
 * The machine. In: a linked program. Out: a transition system over one array of cells (types.ts).
 * It never decides which thread runs, never keeps a state of its own between calls and never
 * throws on what the modelled code does: that is a violation.
 */
import type { Program } from '../csource/ir.js';
import type { SourceTable } from '../csource/source.js';
import { ModelMachine } from './model-machine.js';

export type { ModelMachine } from './model-machine.js';

export interface MachineOptions {
  /** How often `__fault` may be true in one run. */
  readonly faults: number;
  /** Whether a run may end in a crash (1) or not; 0 when it is not said. */
  readonly crashes?: number;
}

/** Compiles a program and runs its set-up. Never throws on the program's content. */
export function createMachine(
  program: Program,
  table: SourceTable,
  options: MachineOptions,
): ModelMachine {
  return new ModelMachine(program, table, options);
}
