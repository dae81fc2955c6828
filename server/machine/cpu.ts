/**
 * The moving part of the machine: one array of cells with an undo log, the registers of the thread
 * that runs, and the checks every access passes. What the operations do is in ops/compile.
 */
import type { Loc } from '../csource/ir.js';
import type { MicroOp } from './ops.js';
import { isAlive, placeOf, staleText } from './lifetime.js';
import { BASE } from './objects.js';
import { LOST } from './storage.js';
import type { StepEvent, Violation } from './types.js';

/** Thread header cells, from the start of the thread's region. */
export const STATUS = 0;
export const PC = 1;
export const FP = 2;
export const SP = 3;
/** Number of frames on the stack to which another thread may hold a pointer. */
export const ESCAPED = 4;
/** How many things the thread holds, then two cells for each of the most that are told apart (held.ts). */
export const HELD = 5;
export const MOST_HELD = 12;
export const THREAD_HEADER = HELD + 1 + 2 * MOST_HELD;
/** Frame header cells, from the frame pointer. */
export const RETURN = 0;
export const CALLER = 1;
export const SHARED = 2;
export const FRAME_HEADER = 3;

export const FINISHED = 1;

/** Results of an operation that are no program counter. */
export const ENDED = -1;
export const BLOCKED = -2;

export interface MemoryMap {
  /** Cells of globals are [0, globals). */
  readonly globals: number;
  /** Hidden cells (pools, fault budget) are [globals, threads). */
  readonly threads: number;
  readonly region: number;
  readonly threadCount: number;
  /** Cell of the fault budget. */
  readonly faults: number;
  /** Per global cell: state index of the cell that says whether its pool element is allocated, or -1. */
  readonly guard: Int32Array;
  /** Per global cell what a crash does to it: LOST, STAYS, or the cell of the medium behind a write cache. */
  readonly medium: Int32Array;
  readonly size: number;
}

/** Names of pool elements by hidden cell, and of the function that a hidden cell's value records. */
export interface LifeNames {
  readonly element: (cell: number) => string;
  readonly site: (value: number) => string;
}

/** Ends a step early; the cpu holds the reason. Not an error of ours, so it has no useful stack. */
export class Stop extends Error {}
const STOP = new Stop('step ended');

export class Cpu {
  readonly S: Int32Array;
  readonly map: MemoryMap;
  /** Global cells that some thread may still write; reads of others are invisible. */
  mutable: Uint8Array;
  fp = 0;
  sp = 0;
  /** Start of the region of the running thread. */
  base = 0;
  thread = 0;
  irq = false;
  /** Runs alone: set-up, final and invariant functions. */
  solo = false;
  op: MicroOp | undefined;
  result = 0;
  /** Runs after a crash: what stood in a write cache may be lost, memory has its first values. */
  crashed = false;
  /** Depth of atomic regions, and what happened in the outermost one so far. */
  atomic = 0;
  acted = 0;
  waited = false;
  blocked: MicroOp | undefined;
  violation: Violation | undefined;
  choices: number[] = [];
  arity: number[] = [];
  chosen = 0;
  events: StepEvent[] | undefined;
  depth = 0;
  /** Names for texts about hidden cells: of their elements, and of who freed or allocated them. */
  lives: LifeNames = { element: () => 'an object', site: () => '' };
  readonly assumptions = new Set<string>();
  /** Cells read and written by the step, when asked for. */
  tracking = false;
  /** The step looked at the stack of another thread. */
  foreign = false;
  readCount = 0;
  writeCount = 0;
  reads: Int32Array = new Int32Array(256);
  writes: Int32Array = new Int32Array(256);
  logCount = 0;
  #log = new Int32Array(4096);

  constructor(map: MemoryMap) {
    this.map = map;
    this.S = new Int32Array(map.size);
    this.mutable = new Uint8Array(map.globals).fill(1);
  }

  // ---- undo log ------------------------------------------------------------------------------

  /** Sets a cell; the old value can be brought back by `undo`. */
  put(index: number, value: number): void {
    const old = this.S[index] ?? 0;
    if (old === value) return;
    if (this.logCount + 2 > this.#log.length) {
      const bigger = new Int32Array(this.#log.length * 2);
      bigger.set(this.#log);
      this.#log = bigger;
    }
    this.#log[this.logCount++] = index;
    this.#log[this.logCount++] = old;
    this.S[index] = value;
  }

  /** Index of the n-th logged change. */
  changed(n: number): number {
    return this.#log[2 * n] ?? 0;
  }

  get changes(): number {
    return this.logCount >> 1;
  }

  /** Takes back all changes, or those since the log was `mark` long. */
  undo(mark = 0): void {
    const log = this.#log;
    for (let i = this.logCount - 2; i >= mark; i -= 2) this.S[log[i] ?? 0] = log[i + 1] ?? 0;
    this.logCount = mark;
  }

  // ---- failures ------------------------------------------------------------------------------

  fail(property: Violation['property'], text: string, loc?: Loc, rule?: string): never {
    const op = this.op;
    this.violation ??= {
      property,
      function: op?.fn.name ?? '',
      text,
      loc: loc ?? op?.loc ?? { src: 0, start: 0, end: 0 },
      ...(rule === undefined ? {} : { rule }),
    };
    throw STOP;
  }

  /** NULL is used as if it were an object: a bug of the threads, a slip of the model in code that runs alone. */
  failOnNull(text: string): never {
    return this.fail(this.solo ? 'model-error' : 'null-dereference', text);
  }

  /**
   * A rule is broken, and the run goes on as well: what the break leads to is looked at too. Both ways are
   * choices of the step, so each is searched, and replayed, like any other.
   */
  notice(property: Violation['property'], text: string, rule?: string): void {
    if (this.choose(2) === 1) this.fail(property, text, undefined, rule);
  }

  /** A warning is found, and the step goes on. */
  warn(text: string, loc: Loc): void {
    this.violation ??= { property: 'warn', function: this.op?.fn.name ?? '', text, loc };
  }

  /** The step cannot be taken now; what `exec` of a wait returns. */
  block(): number {
    this.blocked = this.op;
    return BLOCKED;
  }

  // ---- places --------------------------------------------------------------------------------

  regionOf(index: number): number {
    const { threads, region } = this.map;
    return threads + Math.floor((index - threads) / region) * region;
  }

  /** Frame that contains a cell of a thread's used stack. */
  frameOf(base: number, index: number): number {
    let at = base === this.base ? this.fp : (this.S[base + FP] ?? 0);
    while (at > index) at = this.S[at + CALLER] ?? 0;
    return at;
  }

  /** Whether a load or store through this address can be seen by, or can see, another thread. */
  visible(address: number, write: boolean): boolean {
    const index = placeOf(address) - BASE;
    if (index < 0) return false;
    const { globals, threads, region, guard } = this.map;
    if (index < globals) return write || this.mutable[index] === 1 || (guard[index] ?? -1) >= 0;
    if (index < threads || index >= this.map.size) return false;
    if (index < this.base || index >= this.base + region) {
      this.foreign = true;
      return true;
    }
    return (
      (this.S[this.base + ESCAPED] ?? 0) !== 0 &&
      (this.S[this.frameOf(this.base, index) + SHARED] ?? 0) !== 0
    );
  }

  /** State index of an address that may be accessed; anything else ends the step. */
  check(address: number): number {
    const index = placeOf(address) - BASE;
    const { globals, threads, guard, size } = this.map;
    if (index >= 0 && index < globals) {
      const cell = guard[index] ?? -1;
      if (cell >= 0) {
        if (this.tracking) this.noteRead(cell);
        const life = this.S[cell] ?? 0;
        if (!isAlive(life, address)) this.stale(cell, life);
      }
      return index;
    }
    if (index < 0 && address >= 0)
      this.failOnNull(address === 0 ? 'NULL is dereferenced' : 'member of NULL is accessed');
    if (index < threads || index >= size)
      this.fail('model-error', 'pointer to no object is dereferenced');
    const base = this.regionOf(index);
    if (base !== this.base) this.foreign = true;
    const top = base === this.base ? this.sp : (this.S[base + SP] ?? 0);
    if (index < base + THREAD_HEADER)
      this.fail('model-error', 'pointer to no object is dereferenced');
    if (index >= top) this.fail('lifetime', 'use of a local variable after its function returned');
    return index;
  }

  /** An access through a pointer to an object that is not alive. */
  stale(cell: number, life: number): never {
    const { element, site } = this.lives;
    return this.fail('use-after-free', staleText(life, element(cell), site(life)));
  }

  /** Value at an address that was checked before, as part of a copied struct. */
  peek(address: number): number {
    const index = placeOf(address) - BASE;
    if (this.crashed) this.settle(index);
    if (this.tracking && this.visible(address, false)) this.noteRead(index);
    return this.S[index] ?? 0;
  }

  noteRead(index: number): void {
    // After a crash all other cells have their first values, whatever the state was.
    if (this.crashed && (this.map.medium[index] ?? LOST) === LOST) return;
    if (this.readCount === this.reads.length) this.reads = grow(this.reads);
    this.reads[this.readCount++] = index;
  }

  noteWrite(index: number): void {
    if (this.writeCount === this.writes.length) this.writes = grow(this.writes);
    this.writes[this.writeCount++] = index;
  }

  // ---- access --------------------------------------------------------------------------------

  load(address: number): number {
    const index = this.check(address);
    if (this.crashed) this.settle(index);
    if (this.tracking && this.visible(address, false)) this.noteRead(index);
    if (this.events && this.op && this.visible(address, false)) {
      this.events.push({ kind: 'load', cell: index + BASE, fn: this.op.fn.name, loc: this.op.loc });
    }
    return this.S[index] ?? 0;
  }

  /** Changes a hidden cell as a visible store. */
  putHidden(index: number, value: number): void {
    if (this.tracking) this.noteWrite(index);
    if (this.events && this.op) {
      this.events.push({
        kind: 'store',
        cell: index + BASE,
        from: this.S[index] ?? 0,
        to: value,
        fn: this.op.fn.name,
        loc: this.op.loc,
      });
    }
    this.put(index, value);
  }

  store(address: number, value: number): void {
    const index = this.check(address);
    const seen = this.visible(address, true);
    if (seen) {
      this.acted++;
      if (index < this.map.globals && this.mutable[index] === 0 && !this.solo)
        this.fail('model-error', 'store to a cell that was taken for constant');
      if (this.tracking) this.noteWrite(index);
      if (this.events && this.op) {
        this.events.push({
          kind: 'store',
          cell: index + BASE,
          from: this.S[index] ?? 0,
          to: value,
          fn: this.op.fn.name,
          loc: this.op.loc,
        });
      }
    }
    this.put(index, value);
    if (this.crashed && this.#behind(index) >= 0) this.put(this.#behind(index), value);
    const target = value - BASE;
    if (target >= this.base && target < this.sp && (seen || index < this.base)) this.escape(target);
  }

  // ---- crash ---------------------------------------------------------------------------------

  /** Cell of the medium behind a cell of a write cache; negative for others. */
  #behind(index: number): number {
    return this.map.medium[index] ?? LOST;
  }

  /**
   * The first look at a cell of a write cache after a crash: where the medium has another value, it is
   * chosen now whether the cell was lost (0) or written (1). Which cells are looked at first depends on
   * values alone, so this is as good as choosing for all of them at the crash.
   */
  settle(index: number): void {
    const behind = this.#behind(index);
    if (behind < 0) return;
    const [from, old] = [this.S[index] ?? 0, this.S[behind] ?? 0];
    if (this.tracking) {
      this.noteRead(index);
      this.noteRead(behind);
    }
    if (from === old) return;
    const kept = this.choose(2) === 1;
    this.put(kept ? behind : index, kept ? from : old);
    const [cell, was, is] = kept ? [behind, old, from] : [index, from, old];
    this.events?.push({ kind: 'settle', cell: cell + BASE, from: was, to: is, kept });
  }

  /** A pointer to a cell of the own stack became reachable for others. */
  escape(index: number): void {
    const frame = this.frameOf(this.base, index);
    if (frame < this.base || this.S[frame + SHARED] === 1) return;
    this.put(frame + SHARED, 1);
    this.put(this.base + ESCAPED, (this.S[this.base + ESCAPED] ?? 0) + 1);
    const end = this.frameEnd(frame);
    for (let i = frame + FRAME_HEADER; i < end; i++) {
      const v = (this.S[i] ?? 0) - BASE;
      if (v >= this.base && v < this.sp) this.escape(v);
    }
  }

  frameEnd(frame: number): number {
    let [end, at] = [this.sp, this.fp];
    while (at > frame) [end, at] = [at, this.S[at + CALLER] ?? 0];
    return end;
  }

  // ---- choices -------------------------------------------------------------------------------

  choose(n: number): number {
    if (n <= 1) return 0;
    const given = this.choices[this.chosen];
    const value = given === undefined || given >= n || given < 0 ? 0 : given;
    this.choices[this.chosen] = value;
    this.arity[this.chosen] = n;
    this.chosen++;
    return value;
  }
}

function grow(a: Int32Array): Int32Array {
  const bigger = new Int32Array(a.length * 2);
  bigger.set(a);
  return bigger;
}
