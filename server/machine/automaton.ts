/**
 * Threads as automata. What a step does depends on the thread's own cells (its place, the values of
 * its registers and frames) and on the shared cells that it reads; so each situation of a thread gets
 * a number, and its next step becomes a decision tree over the values of the shared cells in the order
 * of reading. The trees are learned: a branch that is not known yet is run once on the interpreter.
 * A table holds numbers alone: no name, no text of the program is ever turned into code.
 */
import type { Access } from './access.js';
import { ESCAPED } from './cpu.js';
import type { Cpu } from './cpu.js';
import type { ModelMachine } from './model-machine.js';
import type { MicroOp } from './ops.js';
import type { Violation } from './types.js';

/** One way in which a step can go. */
export interface Outcome {
  readonly choices: readonly number[];
  /** The thread's situation afterwards. */
  readonly local: number;
  /** Shared cells written, as variable and code in turns. */
  readonly writes: readonly number[];
  readonly violation: Violation | undefined;
}

/** The next step of a thread, for given values of what it reads. */
export interface Leaf {
  /** Dense number, for tables beside this one. */
  readonly id: number;
  readonly thread: number;
  /** Situation of the thread. */
  readonly local: number;
  readonly finished: boolean;
  /** The wait at which the thread is blocked. */
  readonly blocked: MicroOp | undefined;
  readonly outcomes: readonly Outcome[];
  /** Variables read, in order, with the codes that were read. */
  readonly reads: readonly number[];
  readonly codes: readonly number[];
  /** Variables written by any outcome; blind writes of the old value included. */
  readonly writes: readonly number[];
  /** Unknown names that the step takes for granted. */
  readonly assumed: readonly string[];
}

/** A fork over the code of variable `v`, or a leaf (`v` is -1). */
export interface Node {
  v: number;
  readonly kids: (Node | undefined)[];
  leaf: Leaf | undefined;
}

/** Broken invariants (or failed final checks), for given values of what they read. */
export interface Judgement {
  v: number;
  readonly kids: (Judgement | undefined)[];
  violations: readonly Violation[] | undefined;
}

/** Thrown when a thread touches the stack of another one: then its cells are not its own. */
export class NotLocal extends Error {}

/** Codes of the variables of a state: where a step is run. */
export type CodeOf = (v: number) => number;

/** The situations of one thread, by number. */
class Locals {
  readonly cells: Int32Array[] = [];
  readonly roots: (Node | undefined)[] = [];
  /** By hash the latest situation that has it, and for each situation the one before with the same hash. */
  readonly #latest = new Map<number, number>();
  readonly #before: number[] = [];

  /** Number of the situation in `length` cells of `S` from `base` on. */
  number(S: Int32Array, base: number, length: number): number {
    const hash = situationHash(S, base, length);
    const latest = this.#latest.get(hash) ?? -1;
    for (let n = latest; n >= 0; n = this.#before[n] ?? -1)
      if (isSame(this.cells[n], S, base, length)) return n;
    const made = this.cells.length;
    this.#latest.set(hash, made);
    this.#before.push(latest);
    this.cells.push(S.slice(base, base + length));
    this.roots.push(undefined);
    return made;
  }
}

/** Of `length` cells from `base` on. */
export function situationHash(S: Int32Array, base: number, length: number): number {
  let hash = length;
  for (let i = base; i < base + length; i++) {
    hash = Math.imul(hash ^ (S[i] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isSame(cells: Int32Array | undefined, S: Int32Array, base: number, n: number): boolean {
  if (cells?.length !== n) return false;
  for (let i = 0; i < n; i++) if (cells[i] !== S[base + i]) return false;
  return true;
}

export class Automaton {
  readonly machine: ModelMachine;
  /** State index of each variable, and the values its codes stand for; code 0 is the initial value. */
  readonly cells: number[] = [];
  readonly values: number[][] = [];
  readonly #leaves: Leaf[] = [];

  /** Leaves so far. */
  get leafCount(): number {
    return this.#leaves.length;
  }
  readonly #codes: Map<number, number>[] = [];
  readonly #varOf: Int32Array;
  readonly #locals: readonly Locals[];
  readonly #start: Int32Array;

  constructor(machine: ModelMachine) {
    this.machine = machine;
    const { threads, threadCount } = machine.memory.map;
    this.#varOf = new Int32Array(threads).fill(-1);
    this.#start = machine.initial.slice(0, threads);
    this.#locals = Array.from({ length: threadCount }, () => new Locals());
    for (let t = 0; t < threadCount; t++) this.#numberOf(t, machine.initial);
  }

  /** By its id. Throws RangeError when there is none. */
  leaf(id: number): Leaf {
    const leaf = this.#leaves[id];
    if (!leaf) throw new RangeError('no such leaf');
    return leaf;
  }

  /** Number of situations of a thread so far. */
  localCount(thread: number): number {
    return this.#locals[thread]?.cells.length ?? 0;
  }

  root(thread: number, local: number): Node | undefined {
    return this.#locals[thread]?.roots[local];
  }

  variable(cell: number): number {
    if (cell >= this.#varOf.length) throw new NotLocal();
    const known = this.#varOf[cell] ?? -1;
    if (known >= 0) return known;
    const v = this.cells.length;
    const first = this.#start[cell] ?? 0;
    this.#varOf[cell] = v;
    this.cells.push(cell);
    this.values.push([first]);
    this.#codes.push(new Map([[first, 0]]));
    return v;
  }

  /** Class of a variable's cell, as `futureAccess` counts them. */
  classOf(v: number): number {
    return this.machine.classOf(this.cells[v] ?? 0, this.machine.initial);
  }

  code(v: number, value: number): number {
    const codes = this.#codes[v];
    const known = codes?.get(value);
    if (known !== undefined) return known;
    const made = this.values[v]?.push(value) ?? 1;
    codes?.set(value, made - 1);
    return made - 1;
  }

  #numberOf(thread: number, S: Int32Array): number {
    const base = this.machine.memory.threadBase(thread);
    if ((S[base + ESCAPED] ?? 0) !== 0) throw new NotLocal();
    const used = this.machine.usedStack(S, thread);
    return this.#locals[thread]?.number(S, base, used) ?? 0;
  }

  /** Puts shared cells and one thread into the cpu. */
  #shared(codeOf: CodeOf): void {
    const { S } = this.machine.cpu;
    S.set(this.#start);
    for (let v = 0; v < this.cells.length; v++)
      S[this.cells[v] ?? 0] = this.values[v]?.[codeOf(v)] ?? 0;
    this.machine.cpu.logCount = 0;
    this.machine.cpu.events = undefined;
  }

  #own(thread: number, local: number): void {
    const { S } = this.machine.cpu;
    const cells = this.#locals[thread]?.cells[local] ?? new Int32Array(0);
    const base = this.machine.memory.threadBase(thread);
    S.set(cells, base);
    S.fill(0, base + cells.length, base + this.machine.memory.map.region);
  }

  /** Whole state in the cells of the machine. */
  spell(codeOf: CodeOf, localOf: (thread: number) => number): Int32Array {
    this.#shared(codeOf);
    for (let t = 0; t < this.#locals.length; t++) this.#own(t, localOf(t));
    return this.machine.cpu.S.slice();
  }

  /** Runs a step with all its choices and adds it to the thread's tree. Throws NotLocal. */
  learn(thread: number, local: number, codeOf: CodeOf): Leaf {
    this.#shared(codeOf);
    this.#own(thread, local);
    const { machine } = this;
    const { cpu } = machine;
    const known = cpu.assumptions.size > 0 ? [...cpu.assumptions] : NONE;
    if (known.length > 0) cpu.assumptions.clear();
    const reads: number[] = [];
    const writes: number[] = [];
    const outcomes: Outcome[] = [];
    let blocked: MicroOp | undefined;
    let finished = false;
    for (let choices: readonly number[] | undefined = []; choices;) {
      cpu.tracking = true;
      const end = machine.step(thread, choices);
      cpu.tracking = false;
      choices = undefined;
      if (cpu.foreign) throw new NotLocal();
      this.#note(cpu.reads, cpu.readCount, reads);
      if (end === 'moved') {
        outcomes.push(this.#outcome(thread, cpu, writes));
        choices = machine.nextChoices();
      } else if (end === 'blocked') blocked = cpu.blocked;
      else finished = true;
      cpu.undo();
    }
    const assumed = cpu.assumptions.size > 0 ? [...cpu.assumptions] : NONE;
    for (const a of known) cpu.assumptions.add(a);
    for (const a of assumed) if (!known.includes(a)) cpu.assumptions.delete(a);
    const codes = reads.map(codeOf);
    const made = { finished, blocked, outcomes, reads, codes, writes, assumed };
    const leaf: Leaf = { id: this.#leaves.length, thread, local, ...made };
    this.#leaves.push(leaf);
    this.#plant(thread, local, leaf);
    return leaf;
  }

  #note(from: Int32Array, count: number, to: number[]): void {
    for (let i = 0; i < count; i++) {
      const v = this.variable(from[i] ?? 0);
      if (!to.includes(v)) to.push(v);
    }
  }

  #outcome(thread: number, cpu: Cpu, allWrites: number[]): Outcome {
    const mine: number[] = [];
    this.#note(cpu.writes, cpu.writeCount, mine);
    const { threads, region } = this.machine.memory.map;
    const base = threads + thread * region;
    for (let n = 0; n < cpu.changes; n++) {
      const cell = cpu.changed(n);
      if (cell >= base && cell < base + region) continue;
      const v = this.variable(cell);
      if (!mine.includes(v)) mine.push(v);
    }
    for (const v of mine) if (!allWrites.includes(v)) allWrites.push(v);
    const writes: number[] = [];
    for (const v of mine) writes.push(v, this.code(v, cpu.S[this.cells[v] ?? 0] ?? 0));
    const { violation } = cpu;
    // What a failed step leaves behind is never looked at.
    const local = violation ? 0 : this.#numberOf(thread, cpu.S);
    return { choices: this.machine.madeChoices, local, writes, violation };
  }

  #plant(thread: number, local: number, leaf: Leaf): void {
    const roots = this.#locals[thread]?.roots ?? [];
    let node = (roots[local] ??= empty());
    leaf.reads.forEach((v, i) => {
      node.v = v;
      node = node.kids[leaf.codes[i] ?? 0] ??= empty();
    });
    node.leaf = leaf;
  }

  // ---- judgements ----------------------------------------------------------------------------

  /** What a thread may still do in a situation, by the analysis of its code. */
  future(thread: number, local: number): Access {
    this.#own(thread, local);
    return this.machine.futureBits(this.machine.cpu.S, thread);
  }

  /** Runs the invariants or the final checks on a state and adds the result to their tree. */
  judge(tree: Judgement, checks: 'invariants' | 'finals', codeOf: CodeOf): readonly Violation[] {
    this.#shared(codeOf);
    const reads: number[] = [];
    const seen = (m: Cpu): void => {
      this.#note(m.reads, m.readCount, reads);
      if (m.foreign) throw new NotLocal();
    };
    const violations =
      checks === 'finals' ? this.machine.checkFinals(seen) : this.machine.checkInvariants(seen);
    let node = tree;
    for (const v of reads) {
      node.v = v;
      node = node.kids[codeOf(v)] ??= { v: -1, kids: [], violations: undefined };
    }
    node.violations = violations;
    return violations;
  }
}

const NONE: readonly string[] = [];

function empty(): Node {
  return { v: -1, kids: [], leaf: undefined };
}
