/**
 * The machine: a linked program as a transition system over one flat array of cells.
 * In: Program (csource/ir). Out: initial state, successors, names of cells. Knows no scheduling
 * order and no property beyond what one step can show; search/ decides what to explore.
 */
import type { Loc, Program } from '../csource/ir.js';
import type { PropertyKind, TraceThread } from '../../shared/trace.js';

/** A whole state: globals, pools, then per thread status, pc, frames. Immutable once stored. */
export type State = Int32Array;

/** Why a step ended in a violation. */
export interface Violation {
  readonly property: Exclude<PropertyKind, 'deadlock' | 'stuck' | 'invariant' | 'final'>;
  readonly function: string;
  /** Condition or message, normalised to one line. */
  readonly text: string;
  /** Rule that an assertion names: `RL-…`. */
  readonly rule?: string;
  readonly loc: Loc;
  /** Found after a crash: the choices of that crash, as its decision has them. */
  readonly crash?: readonly number[];
}

export type StepResult =
  | {
      readonly kind: 'moved';
      readonly state: State;
      readonly choices: readonly number[];
      readonly violation?: Violation;
    }
  /** Not enabled: the wait's condition is false. */
  | { readonly kind: 'blocked'; readonly wait: WaitPoint }
  | { readonly kind: 'finished' };

export interface WaitPoint {
  readonly idle: boolean;
  readonly function: string;
  /** Wait class as the C says, or the class of the lock that is being acquired. */
  readonly what: string;
  /** Symbolic name of the object waited for; empty when the C does not say. */
  readonly object: string;
  /** Cell of that object, 0 when unknown. */
  readonly cell: number;
  readonly loc: Loc;
  /** `lock`: the waiter acquires what it waits for; `state`: the C names what; `condition`: `what` is the condition's text. */
  readonly kind: 'lock' | 'state' | 'condition';
  /** The waiter would share what it waits for with other sharers. */
  readonly shared: boolean;
}

/** What happened inside one micro-step, for traces; computed only on replay. */
export type StepEvent =
  | {
      readonly kind: 'store';
      readonly cell: number;
      readonly from: number;
      readonly to: number;
      readonly fn: string;
      readonly loc: Loc;
    }
  | { readonly kind: 'load'; readonly cell: number; readonly fn: string; readonly loc: Loc }
  | { readonly kind: 'call'; readonly fn: string; readonly at: Loc; readonly depth: number }
  | { readonly kind: 'return'; readonly fn: string; readonly depth: number }
  | {
      readonly kind: 'acquire';
      readonly cell: number;
      readonly class: string;
      readonly shared: boolean;
      readonly fn: string;
      readonly loc: Loc;
    }
  | {
      readonly kind: 'release';
      readonly cell: number;
      readonly class: string;
      readonly fn: string;
      readonly loc: Loc;
    }
  /** A dirty cell of a write cache at a crash: lost, or written (then the cell is that of the medium). */
  | {
      readonly kind: 'settle';
      readonly cell: number;
      readonly from: number;
      readonly to: number;
      readonly kept: boolean;
    }
  /** After a crash a function of recovery, or the check, begins. */
  | { readonly kind: 'alone'; readonly fn: string; readonly check: boolean }
  | { readonly kind: 'note'; readonly text: string; readonly loc: Loc };

export interface StackFrame {
  readonly function: string;
  /** Place inside the function: of the call for outer frames, of the next instruction for the innermost. */
  readonly loc: Loc;
  /** Enclosing statement in that function. */
  readonly stmt: Loc;
}

export interface Machine {
  readonly program: Program;
  readonly threads: readonly TraceThread[];
  /** After all `__setup` functions; each thread stands before its first visible operation. */
  readonly initial: State;
  /** Violation or error found while setting up. */
  readonly problem?: Violation;
  /**
   * All results of letting `thread` do one visible operation and the invisible ones after it.
   * One entry a choice; a single `blocked` or `finished` entry otherwise.
   */
  successors(state: State, thread: number): readonly StepResult[];
  /** Whether a thread can move, has finished, or the wait at which it is blocked. */
  standing(state: State, thread: number): 'moves' | 'finished' | WaitPoint;
  /**
   * One step with its choices fixed and its events recorded. Same result as in `successors`. The
   * number behind the last thread is a crash: the threads end, recovery and one check run alone.
   */
  replay(
    state: State,
    thread: number,
    choices: readonly number[],
  ): { readonly result: StepResult; readonly events: readonly StepEvent[] };
  /** Outermost frame first; empty when the thread has finished. */
  stack(state: State, thread: number): readonly StackFrame[];
  /** Whether a crash is possible and something looks at what it leaves. */
  readonly canCrash: boolean;
  /** Violated invariants, and what a crash in this state would violate. */
  invariants(state: State): readonly Violation[];
  /** Runs `__finally` on a copy. */
  finals(state: State): readonly Violation[];
  /** Names of the functions that were entered so far, by any step, setup or check. */
  readonly ran: ReadonlySet<string>;
  /** `unknown: name` for each function, member or name without definition that was run so far. */
  readonly assumptions: readonly string[];
  /** `inode.i_size`, `folio[0].writeback`; names of stack cells need the state. */
  cellName(cell: number, state?: State): string;
  /** Value as the source would write it: enum names, `true`, `NULL`, `&folio[0]`. */
  cellValue(cell: number, value: number, state?: State): string;
  /**
   * Classes of cells (`struct.member` or global) that the thread may still read or write from here on,
   * over all continuations: for independence and for "who could end this wait".
   */
  futureAccess(
    state: State,
    thread: number,
  ): { readonly reads: ReadonlySet<number>; readonly writes: ReadonlySet<number> };
  /** Class number of a cell, comparable with `futureAccess`. */
  cellClass(cell: number, state?: State): number;
  /** State indexes of shared cells that a step reads and writes; for a blocked one what its wait reads. */
  footprint(
    state: State,
    thread: number,
    choices: readonly number[],
  ): { readonly reads: readonly number[]; readonly writes: readonly number[] };
  /** Name of the object that has a lock of this class: `inode` for `&inode.i_rwsem`, `folio[0]` for `&folio[0]`; empty when the class says it all. */
  objectName(cell: number, cls: string, state: State): string;
  /** Whether two cells start objects of one type. */
  sameKind(a: number, b: number, state: State): boolean;
  /** Classes that the invariants, and recovery and checks after a crash, read of a state. */
  readonly invariantReads: ReadonlySet<number>;
  /** Cell classes read by the wait at which the thread stands. */
  waitReads(state: State, thread: number): ReadonlySet<number>;
}
