/**
 * Iterative context bounding: all schedules without a preemption, then with one, then with two … A
 * preemption takes the processor from a thread that could go on; switches at a wait or at the end of
 * a thread are free. For programs whose states are more than the budget: most races need one or two.
 *
 * What it says of a bound that it finished: no schedule with that many preemptions shows a finding. A
 * node is a state and the thread that ran last; bounds are searched in rising order, so a node is first
 * met with the fewest preemptions that lead to it, and what can follow depends on the node alone. It
 * leaves out nothing within a bound, and proves nothing beyond it.
 */
import type { ModelMachine } from '../machine/index.js';
import type { MicroOp } from '../machine/ops.js';
import type { Violation } from '../machine/types.js';
import { brokenWitness, deadlockKey, finalKey, violationKey } from './keys.js';
import { StateStore } from './store.js';
import type { Budget, Decision, Witness } from './types.js';

/** Nodes that are expanded between two questions to the budget. */
const SLICE = 16;

export interface Bounded {
  /** The last bound that was begun. */
  readonly bound: number;
  /** It was finished. */
  readonly complete: boolean;
  readonly states: number;
  readonly witnesses: readonly Witness[];
}

interface Move {
  readonly choices: readonly number[];
  readonly note: number;
  readonly violation: Violation | undefined;
  readonly broken: readonly Violation[];
}

type Spent = Required<Omit<Budget, 'early' | 'first'>>;

/** Until the budget ends, or to the end of the first bound that shows a key that is not known. */
export function contextBound(
  machine: ModelMachine,
  budget: Spent,
  known: ReadonlySet<string>,
): Bounded {
  return new ContextBoundSearch(machine, known).run(budget);
}

class ContextBoundSearch {
  readonly #machine: ModelMachine;
  readonly #store: StateStore;
  readonly #watched: ReadonlySet<number>;
  readonly #known: ReadonlySet<string>;
  readonly #found = new Map<string, Witness>();
  /** Of each node: its state, the thread that ran last (-1: none), where it was met first, and how. */
  readonly #state: number[] = [0];
  readonly #ran: number[] = [-1];
  readonly #parent: number[] = [-1];
  readonly #decision: (Decision | undefined)[] = [undefined];
  readonly #nodes = new Set<number>();
  /** States in which nothing moves that were judged. */
  readonly #ends = new Set<number>();
  #blocked: MicroOp | undefined;
  #expanded = 0;

  constructor(machine: ModelMachine, known: ReadonlySet<string>) {
    this.#machine = machine;
    this.#known = known;
    this.#watched = machine.invariantReads;
    const { cpu, memory } = machine;
    cpu.S.set(machine.initial);
    cpu.logCount = 0;
    this.#store = new StateStore(memory.map, cpu.mutable, (state, t) =>
      machine.usedStack(state, t),
    );
    this.#store.addWhole(cpu.S);
  }

  run(budget: Spent): Bounded {
    let open = [0];
    for (let bound = 0; ; bound++) {
      const preempted: number[] = [];
      const complete = this.#within(open, preempted, budget);
      const next: number[] = [];
      if (!complete || this.#found.size > 0 || preempted.length === 0)
        return this.#result(bound, complete);
      for (const node of preempted) {
        if (this.#isOver(budget)) return this.#result(bound + 1, false);
        this.#preempt(node, next);
      }
      open = next;
    }
  }

  #result(bound: number, complete: boolean): Bounded {
    return { bound, complete, states: this.#store.size, witnesses: [...this.#found.values()] };
  }

  #isOver({ states, bytes, expired }: Spent): boolean {
    if (this.#state.length >= states) return true;
    if (this.#expanded++ % SLICE !== 0) return false;
    return expired() || this.#store.bytes >= bytes;
  }

  /** All that follows without a preemption; `later`: nodes in which there can be one. */
  #within(open: number[], later: number[], budget: Spent): boolean {
    for (const node of open) {
      if (this.#isOver(budget)) return false;
      this.#load(node);
      const ran = this.#ran[node] ?? -1;
      if (ran >= 0 && this.#take(node, ran, open)) later.push(node);
      else this.#switch(node, ran, open);
    }
    return true;
  }

  /** The thread that ran cannot go on: any other may. */
  #switch(node: number, ran: number, open: number[]): void {
    let moved = false;
    let stuck = ran >= 0 && this.#waitsHere(ran);
    for (let t = 0; t < this.#machine.threads.length; t++) {
      if (t === ran) continue;
      if (this.#take(node, t, open)) moved = true;
      else if (this.#waitsHere(t)) stuck = true;
    }
    if (!moved) this.#judgeEnd(node, stuck);
  }

  #preempt(node: number, open: number[]): void {
    this.#load(node);
    for (let t = 0; t < this.#machine.threads.length; t++)
      if (t !== this.#ran[node]) this.#take(node, t, open);
  }

  #load(node: number): void {
    this.#store.forget();
    this.#store.load(this.#state[node] ?? 0, this.#machine.cpu.S);
  }

  /** Takes the next step of a thread with all its choices; whether there is one. */
  #take(node: number, thread: number, open: number[]): boolean {
    const moves = this.#moves(thread);
    for (const move of moves) {
      if (move.violation || move.broken.length > 0) {
        this.#judge(node, thread, move);
        continue;
      }
      const state = this.#store.add(move.note);
      const key = state * this.#machine.threads.length + thread;
      if (this.#nodes.has(key)) continue;
      this.#nodes.add(key);
      open.push(this.#state.length);
      this.#state.push(state);
      this.#ran.push(thread);
      this.#parent.push(node);
      this.#decision.push({ thread, choices: move.choices });
    }
    return moves.length > 0;
  }

  #moves(thread: number): readonly Move[] {
    const { cpu } = this.#machine;
    const moves: Move[] = [];
    this.#blocked = undefined;
    for (let choices: readonly number[] | undefined = []; choices;) {
      cpu.tracking = this.#watched.size > 0;
      const outcome = this.#machine.step(thread, choices);
      cpu.tracking = false;
      choices = undefined;
      if (outcome === 'moved') {
        const note = this.#store.note(cpu.S, cpu.changes, (n) => cpu.changed(n));
        const made = { choices: this.#machine.madeChoices, note, violation: cpu.violation };
        choices = this.#machine.nextChoices();
        moves.push({ ...made, broken: writesWatched(this.#machine, this.#watched) });
      } else if (outcome === 'blocked') this.#blocked = cpu.blocked;
      cpu.undo();
    }
    return moves;
  }

  /** Whether the thread that was just found unable to move waits for something that must come. */
  #waitsHere(thread: number): boolean {
    const op = this.#blocked ?? (this.#moves(thread), this.#blocked);
    return op !== undefined && !(op.wait?.idle && this.#machine.threads[thread]?.role !== 'thread');
  }

  #path(node: number): readonly Decision[] {
    const path: Decision[] = [];
    for (let at = node; at > 0; at = this.#parent[at] ?? 0) {
      const d = this.#decision[at];
      if (d) path.push(d);
    }
    return path.reverse();
  }

  #judge(node: number, thread: number, { choices, violation, broken }: Move): void {
    const path = [...this.#path(node), { thread, choices }];
    this.#aside(() => {
      if (violation) this.#find({ key: violationKey(violation), schedule: path });
      else for (const v of broken) this.#find(brokenWitness(this.#machine, v, path));
    });
  }

  #judgeEnd(node: number, stuck: boolean): void {
    const state = this.#state[node] ?? 0;
    if (this.#ends.has(state)) return;
    this.#ends.add(state);
    const schedule = this.#path(node);
    this.#aside((cells) => {
      if (stuck) this.#find({ key: deadlockKey(this.#machine, schedule), schedule });
      else for (const v of this.#machine.finals(cells)) this.#find({ key: finalKey(v), schedule });
    });
  }

  #find(witness: Witness): void {
    const { id } = witness.key;
    if (!this.#known.has(id) && !this.#found.has(id)) this.#found.set(id, witness);
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

/** Invariants that the step just run has broken: looked at when it wrote what they read. */
export function writesWatched(
  machine: ModelMachine,
  watched: ReadonlySet<number>,
): readonly Violation[] {
  if (watched.size === 0) return [];
  const { cpu } = machine;
  for (let i = 0; i < cpu.writeCount; i++)
    if (watched.has(machine.classOf(cpu.writes[i] ?? 0, cpu.S))) return machine.checkInvariants();
  return [];
}
