/** One operation of the exported program: at most one access to memory, so a place to stop before. */
import type { Loc } from '../csource/ir.js';
import type { Busy } from '../machine/pool.js';

export interface Op {
  /** 0: touches only the frame; 1: one access through `addr`, a step when others can see it; 2: always a step. */
  readonly kind: 0 | 1 | 2;
  readonly write: boolean;
  readonly addr?: string;
  /** C statements. */
  readonly body: string;
  readonly flow: Flow;
  readonly uses: readonly number[];
  readonly sets?: number;
  readonly stmt: number;
  readonly loc: Loc;
  /** Most combinations of choices made here; 1 when none. */
  readonly choices: number;
  /** `__fault`: a step while the fault budget lasts. */
  readonly fault: boolean;
  /** Depth of atomic regions before the operation. */
  readonly atomic: number;
  /** Keeps a callee's result, in the caller's frame. */
  readonly keep?: string;
}

/** Where control goes; targets are instructions of the IR until a function is complete. */
export type Flow =
  | { readonly k: 'next' }
  | { readonly k: 'jump'; readonly to: number }
  | { readonly k: 'branch'; readonly cond: string; readonly then: number; readonly else: number }
  | { readonly k: 'call'; readonly callees: Callees }
  | { readonly k: 'return' };

/** Whom a call reaches: one function, or whatever a pointer of this origin may name. */
export type Callees =
  | { readonly k: 'name'; readonly name: string }
  | { readonly k: 'pointer'; readonly member?: string; readonly arity: number };

/** One function as operations. */
export interface FunctionText {
  readonly name: string;
  readonly ops: readonly Op[];
  /** Cells of a frame. */
  readonly frame: number;
  /** C statements that copy the arguments `rl_arg` into a frame at `base`. */
  readonly params: string;
  readonly registers: readonly number[];
  /** Names of the locals with the slot of their first cell, for readers: `3 lock`. */
  readonly names: readonly string[];
  /** Members of locals that must be zero when the function returns, by their slot. */
  readonly busy: readonly Busy[];
  /** Cells of a returned struct, 0 for scalars. */
  readonly resultSize: number;
}
