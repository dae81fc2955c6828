/**
 * Breadth-first search that runs every step on the interpreter. Slow and simple: what the other
 * search is compared with, and the one for programs whose threads share their stacks.
 */
import type { FindingKey } from '../../shared/trace.js';
import type { Access } from '../machine/access.js';
import type { ModelMachine } from '../machine/index.js';
import type { MicroOp } from '../machine/ops.js';
import type { Violation } from '../machine/types.js';
import { brokenWitness, deadlockKey, finalKey, violationKey } from './keys.js';
import { StateStore } from './store.js';
import { stubbornSet } from './stubborn.js';
import type { NextStep } from './stubborn.js';
import type { Budget, Decision, ExploreOptions, SearchResult, Witness } from './types.js';

/** How many states are expanded between two questions to the budget. */
const SLICE = 16;

const NOTHING = { reads: new Uint32Array(0), writes: new Uint32Array(0) };

interface Move {
  readonly choices: readonly number[];
  /** Where the store noted the new state. */
  readonly note: number;
  readonly violation: Violation | undefined;
  /** Invariants that do not hold after the step. */
  readonly broken: readonly Violation[];
}

interface Tried extends NextStep {
  readonly moves: readonly Move[];
  readonly blocked: MicroOp | undefined;
}

/** Can be run again with a larger budget. */
export class InterpretedSearch {
  readonly #machine: ModelMachine;
  readonly #options: ExploreOptions;
  readonly #store: StateStore;
  readonly #parent: number[] = [-1];
  readonly #decision: Decision[] = [];
  readonly #decisions = new Map<string, Decision>();
  readonly #found = new Map<string, Witness>();
  /** Deadlocks whose key is known, by what the threads stand at. */
  readonly #seen = new Set<string>();
  readonly #classes: Int32Array;
  readonly #watched: ReadonlySet<number>;
  readonly #futures: readonly Map<number, Access>[];
  readonly #changed: (n: number) => number;
  #transitions = 0;
  #next = 0;
  /** What the machine's cells held when the last run ended. */
  #cells: Int32Array;

  constructor(machine: ModelMachine, options: ExploreOptions) {
    this.#machine = machine;
    this.#cells = machine.initial.slice();
    this.#options = options;
    this.#watched = machine.invariantReads;
    this.#futures = machine.threads.map(() => new Map<number, Access>());
    const { cpu, memory } = machine;
    this.#changed = (n) => cpu.changed(n);
    this.#store = new StateStore(memory.map, cpu.mutable, (state, thread) =>
      machine.usedStack(state, thread),
    );
    this.#classes = Int32Array.from({ length: memory.map.threads }, (_, i) =>
      machine.classOf(i, machine.initial),
    );
  }

  /** `below`: ends before runs of that many steps. */
  run(budget: Budget, below = Infinity): SearchResult {
    const { cpu } = this.#machine;
    // Others use the machine between two runs; the store must find the cells that it loaded.
    cpu.S.set(this.#cells);
    cpu.logCount = 0;
    if (this.#next === 0) this.#start();
    let stopped: SearchResult['stopped'];
    for (; this.#next < this.#store.size; this.#next++) {
      if (this.#store.size >= budget.states) stopped = 'states';
      else if (this.#next % SLICE === 0 && budget.expired()) stopped = 'time';
      if (stopped) break;
      if (this.#next % SLICE === 0 && this.#path(this.#next).length + 1 >= below) break;
      this.#store.load(this.#next, cpu.S);
      this.#expand(this.#next);
    }
    this.#cells = cpu.S.slice();
    return {
      witnesses: [...this.#found.values()],
      states: this.#store.size,
      transitions: this.#transitions,
      complete: stopped === undefined,
      ...(stopped ? { stopped } : {}),
    };
  }

  #start(): void {
    this.#store.addWhole(this.#machine.cpu.S);
    const broken = this.#machine.checkInvariants();
    if (broken.length > 0)
      this.#aside(() => {
        for (const v of broken) this.#findBroken(v, []);
      });
  }

  #expand(n: number): void {
    this.#store.forget();
    const tried: Tried[] = [];
    for (let t = 0; t < this.#machine.threads.length; t++) {
      const next = this.#try(t);
      if (next) tried.push(next);
    }
    for (const t of tried) for (const m of t.moves) this.#judge(n, t.thread, m);
    if (!tried.some((t) => t.enabled)) return this.#quiescent(n, tried);
    const chosen = this.#options.reduce === false ? undefined : stubbornSet(tried);
    const isChosen = (i: number): boolean => chosen?.includes(i) ?? true;
    const open = this.#take(
      n,
      tried.filter((_, i) => isChosen(i)),
    );
    if (!open && chosen)
      this.#take(
        n,
        tried.filter((_, i) => !isChosen(i)),
      );
  }

  /** Notes what a step violates, by whichever way it would be taken. */
  #judge(n: number, thread: number, move: Move): void {
    if (!failed(move)) return;
    const path = [...this.#path(n), { thread, choices: move.choices }];
    if (move.violation) this.#find(violationKey(move.violation), path);
    else
      this.#aside(() => {
        for (const v of move.broken) this.#findBroken(v, path);
      });
  }

  /** Runs the next step of a thread with all its choices; undefined when it has finished. */
  #try(thread: number): Tried | undefined {
    const { cpu } = this.#machine;
    const reduce = this.#options.reduce !== false;
    const track = reduce || this.#watched.size > 0;
    const moves: Move[] = [];
    const reads: number[] = [];
    const writes: number[] = [];
    let blocked: MicroOp | undefined;
    for (let choices: readonly number[] | undefined = []; choices;) {
      cpu.tracking = track;
      const outcome = this.#machine.step(thread, choices);
      cpu.tracking = false;
      if (outcome === 'finished') return undefined;
      choices = undefined;
      if (track) this.#classesOf(reads, writes);
      if (outcome === 'moved') {
        const note = this.#store.note(cpu.S, cpu.changes, this.#changed);
        const made = { choices: this.#machine.madeChoices, note, violation: cpu.violation };
        choices = this.#machine.nextChoices();
        const broken = writes.some((c) => this.#watched.has(c))
          ? this.#machine.checkInvariants()
          : [];
        moves.push({ ...made, broken });
      } else blocked = cpu.blocked;
      cpu.undo();
    }
    const watched = moves.some(failed) || writes.some((c) => this.#watched.has(c));
    return {
      thread,
      enabled: !blocked,
      watched,
      reads,
      writes,
      moves,
      blocked,
      future: reduce ? this.#future(thread) : NOTHING,
    };
  }

  /** What a thread may still do depends on its stack alone. */
  #future(thread: number): Access {
    const stack = this.#store.stackOf(thread);
    const known = this.#futures[thread]?.get(stack);
    if (known) return known;
    const access = this.#machine.futureBits(this.#machine.cpu.S, thread);
    this.#futures[thread]?.set(stack, access);
    return access;
  }

  /** Classes of what the step just run read and wrote. Looks at the cells before the undo. */
  #classesOf(reads: number[], writes: number[]): void {
    const { cpu } = this.#machine;
    for (let i = 0; i < cpu.readCount; i++) this.#addClass(reads, cpu.reads[i] ?? 0);
    for (let i = 0; i < cpu.writeCount; i++) this.#addClass(writes, cpu.writes[i] ?? 0);
  }

  #addClass(to: number[], index: number): void {
    const cls =
      index < this.#classes.length
        ? (this.#classes[index] ?? -1)
        : this.#machine.classOf(index, this.#machine.cpu.S);
    if (cls >= 0 && !to.includes(cls)) to.push(cls);
  }

  /** Stores the successors of some threads; whether one of them still waits to be expanded. */
  #take(n: number, tried: readonly Tried[]): boolean {
    let open = false;
    for (const { thread, moves } of tried) {
      for (const move of moves) {
        this.#transitions++;
        if (failed(move)) continue;
        const { choices, note } = move;
        const id = this.#store.add(note);
        if (id === this.#parent.length) {
          this.#parent.push(n);
          this.#decision.push(this.#decisionOf(thread, choices));
        }
        if (id > n) open = true;
      }
    }
    return open;
  }

  #decisionOf(thread: number, choices: readonly number[]): Decision {
    const key = `${thread}:${choices.join(',')}`;
    const known = this.#decisions.get(key) ?? { thread, choices };
    this.#decisions.set(key, known);
    return known;
  }

  /** Decisions that lead to a stored state. */
  #path(n: number): readonly Decision[] {
    const path: Decision[] = [];
    for (let at = n; at > 0; at = this.#parent[at] ?? 0) {
      const d = this.#decision[at - 1];
      if (d) path.push(d);
    }
    return path.reverse();
  }

  #find(key: FindingKey, schedule: readonly Decision[]): void {
    if (!this.#found.has(key.id)) this.#found.set(key.id, { key, schedule });
  }

  #findBroken(v: Violation, path: readonly Decision[]): void {
    const { key, schedule } = brokenWitness(this.#machine, v, path);
    this.#find(key, schedule);
  }

  #quiescent(n: number, tried: readonly Tried[]): void {
    const roles = this.#machine.threads;
    const stuck = tried.filter(
      (t) => !(t.blocked?.wait?.idle && roles[t.thread]?.role !== 'thread'),
    );
    if (stuck.length === 0) {
      this.#aside((cells) => {
        for (const v of this.#machine.finals(cells)) this.#find(finalKey(v), this.#path(n));
      });
      return;
    }
    const place = roles.map((t) => this.#machine.place(this.#machine.cpu.S, t.id)).join(' ');
    if (this.#seen.has(place)) return;
    this.#seen.add(place);
    const path = this.#path(n);
    this.#aside(() => this.#find(deadlockKey(this.#machine, path), path));
  }

  /** Other uses of the machine change its cells; the store must find those it loaded. */
  #aside(use: (cells: Int32Array) => void): void {
    const { cpu } = this.#machine;
    const cells = cpu.S.slice();
    use(cells);
    cpu.S.set(cells);
    cpu.logCount = 0;
  }
}

function failed(move: Move): boolean {
  return move.violation !== undefined || move.broken.length > 0;
}
