/**
 * Random schedules from a seed: the last resort where even a few preemptions are too many states. A
 * walk goes on with the thread that ran last with a probability of its own, so some walks switch at
 * every step and some hardly ever. The same seed and the same number of steps give the same walks.
 */
import type { ModelMachine } from '../machine/index.js';
import { writesWatched } from './context-bound.js';
import { findingAfter } from './finding.js';
import { brokenWitness, violationKey } from './keys.js';
import type { Budget, Decision, Witness } from './types.js';

/** Steps of one walk at most; a program whose loops do not end is cut there. */
const LONGEST = 2_000;
/** How likely the thread that ran goes on, one of these for each walk. */
const STAYS: readonly number[] = [0, 0.5, 0.8, 0.95];
/** Steps between two questions to the budget. */
const SLICE = 64;

export interface Walked {
  readonly walks: number;
  readonly steps: number;
  readonly witnesses: readonly Witness[];
}

/** Numbers from 0 to below 1: mulberry32, 32 bits of state. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Walks until so many steps were taken, the budget expires, or a key is met that is not known. */
export function randomWalk(
  machine: ModelMachine,
  seed: number,
  most: number,
  { expired }: Pick<Budget, 'expired'>,
  known: ReadonlySet<string>,
): Walked {
  const walker = new Walker(machine, randomNumbers(seed), known);
  let walks = 0;
  while (walker.steps < most && walker.found.size === 0 && !walker.late) {
    walker.walk(most, expired);
    walks++;
  }
  return { walks, steps: walker.steps, witnesses: [...walker.found.values()] };
}

class Walker {
  readonly #machine: ModelMachine;
  readonly #random: () => number;
  readonly #known: ReadonlySet<string>;
  readonly #watched: ReadonlySet<number>;
  readonly found = new Map<string, Witness>();
  steps = 0;
  late = false;

  constructor(machine: ModelMachine, random: () => number, known: ReadonlySet<string>) {
    this.#machine = machine;
    this.#random = random;
    this.#known = known;
    this.#watched = machine.invariantReads;
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  /** One schedule, to its end or to what it violates. */
  walk(most: number, expired: () => boolean): void {
    const { cpu } = this.#machine;
    cpu.S.set(this.#machine.initial);
    cpu.logCount = 0;
    const stay = STAYS[this.#below(STAYS.length)] ?? 0;
    const schedule: Decision[] = [];
    for (let n = 0; n < LONGEST && this.steps < most; n++) {
      if (this.steps % SLICE === 0 && expired()) {
        this.late = true;
        return;
      }
      const moved = this.#any(schedule.at(-1)?.thread, stay);
      if (!moved) return this.#end(schedule);
      this.steps++;
      schedule.push(moved);
      if (this.#judge(schedule)) return;
    }
  }

  /** Takes a step of some thread; undefined when none can move. */
  #any(ran: number | undefined, stay: number): Decision | undefined {
    const order = this.#machine.threads.map((t) => t.id);
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.#below(i + 1);
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    if (ran !== undefined && this.#random() < stay) order.unshift(ran);
    for (const thread of order) {
      const choices = this.#step(thread);
      if (choices) return { thread, choices };
    }
    return undefined;
  }

  /** A step of a thread with choices by chance, one more known at each try; the cells are those after it. */
  #step(thread: number): readonly number[] | undefined {
    const { cpu } = this.#machine;
    for (let choices: readonly number[] = []; ;) {
      cpu.tracking = this.#watched.size > 0;
      const outcome = this.#machine.step(thread, choices);
      cpu.tracking = false;
      if (outcome !== 'moved') {
        cpu.undo();
        return undefined;
      }
      if (cpu.chosen === choices.length) return this.#machine.madeChoices;
      choices = [...choices, this.#below(cpu.arity[choices.length] ?? 1)];
      cpu.undo();
    }
  }

  /** Whether the step just taken ends the walk. */
  #judge(schedule: readonly Decision[]): boolean {
    const { violation } = this.#machine.cpu;
    if (violation) this.#find({ key: violationKey(violation), schedule });
    const broken = violation ? [] : writesWatched(this.#machine, this.#watched);
    for (const v of broken) this.#find(brokenWitness(this.#machine, v, schedule));
    return violation !== undefined || broken.length > 0;
  }

  #end(schedule: readonly Decision[]): void {
    const key = findingAfter(this.#machine, schedule);
    if (key) this.#find({ key, schedule });
  }

  #find(witness: Witness): void {
    const { id } = witness.key;
    if (!this.#known.has(id) && !this.found.has(id)) this.found.set(id, witness);
  }
}
