/**
 * The compact instructions that the machine runs: one per memory access, so that each visible
 * operation is an instruction of its own. Values are closures over the registers of a frame.
 */
import type { CType, IrFunction, Loc } from '../csource/ir.js';
import type { Cpu } from './cpu.js';
import type { MemObject } from './objects.js';
import type { Busy } from './pool.js';
import type { WaitPoint } from './types.js';

export type Eval = (m: Cpu) => number;

/** Where a pointer may point, before the values of the parameters are known. */
export type Abs =
  | { readonly k: 'slot'; readonly slot: number }
  | { readonly k: 'object'; readonly object: MemObject; readonly offset: number }
  /** Some object of this type. */
  | { readonly k: 'type'; readonly type: CType }
  /** Another cell of the same object; without delta: another element of the same array. */
  | { readonly k: 'shift'; readonly base: Abs; readonly delta: number | undefined }
  /** Seen as a pointer to this type. */
  | { readonly k: 'as'; readonly base: Abs; readonly type: CType };

/** What an operation does to memory, for the static analysis of accesses. */
export type Effect =
  | { readonly k: 'none' }
  | { readonly k: 'set'; readonly slot: number; readonly value: Abs }
  | { readonly k: 'load'; readonly slot: number; readonly from: Abs; readonly type: CType }
  | { readonly k: 'store'; readonly to: Abs }
  | {
      readonly k: 'call';
      readonly slot: number | undefined;
      readonly result: CType;
      readonly args: readonly (Abs | undefined)[];
      readonly target: Target;
    }
  | { readonly k: 'return'; readonly value: Abs }
  | { readonly k: 'alloc'; readonly slot: number | undefined; readonly pool: MemObject }
  | { readonly k: 'free'; readonly object: Abs }
  | { readonly k: 'fault' }
  /** Writes what stands in write caches to the media. */
  | { readonly k: 'flush' };

/** Whom a call may reach: a function by name, or what a pointer was loaded from. */
export type Target =
  | { readonly k: 'name'; readonly name: string }
  | { readonly k: 'member'; readonly member: string; readonly arity: number }
  | { readonly k: 'pointer'; readonly arity: number };

/** 0: touches only registers; 1: one access through `addr`, visible or not by its address; 2: always a step of its own. */
export type OpKind = 0 | 1 | 2;

export interface WaitInfo {
  readonly idle: boolean;
  /** Class as the C says; empty: the class of the lock that the region acquires. */
  readonly what: string;
  readonly object: Eval | undefined;
  readonly objectType: CType | undefined;
  readonly kind: WaitPoint['kind'];
  readonly shared: boolean;
}

export class MicroOp {
  kind: OpKind = 0;
  write = false;
  addr: Eval | undefined;
  /** Does the operation; the result is the next program counter, ENDED or BLOCKED. */
  exec: (m: Cpu, op: MicroOp) => number = (_m, op) => op.next;
  next = 0;
  other = 0;
  branches = false;
  /** Register slots used and set here. */
  uses: readonly number[] = [];
  sets: number | undefined;
  effect: Effect = { k: 'none' };
  wait: WaitInfo | undefined;
  /** Ends the thread's activation: no successor. */
  ends = false;
  enters = 0;
  isFault = false;
  /** Slots that hold nothing more when the thread stops before this operation, or calls from it. */
  dead: Int32Array = new Int32Array(0);
  /** Converts and keeps a callee's result. */
  keep: ((m: Cpu, result: number, size: number) => void) | undefined;
  pc = 0;
  readonly fn: CompiledFunction;
  readonly stmt: number;
  readonly loc: Loc;

  constructor(fn: CompiledFunction, stmt: number, loc: Loc) {
    this.fn = fn;
    this.stmt = stmt;
    this.loc = loc;
  }
}

export interface ParamSlot {
  readonly slot: number;
  readonly size: number;
  readonly cell: (m: Cpu, v: number) => number;
}

export interface CompiledFunction {
  readonly name: string;
  readonly ir: IrFunction;
  readonly index: number;
  /** Filled by the compiler. */
  entry: number;
  frame: number;
  params: readonly ParamSlot[];
  ops: MicroOp[];
  /** Slots that are registers: dead ones are zeroed. */
  registers: readonly number[];
  /** Locals that live in cells, by their slot. */
  objects: readonly { readonly slot: number; readonly object: MemObject }[];
  /** Members of those that must be zero when the function returns, by their slot. */
  busy: readonly Busy[];
  /** Size of a returned struct, 0 for scalars. */
  resultSize: number;
  /** Was entered at least once. */
  ran: boolean;
}
