/** Breadth-first search over rows and tables. */
import type { FindingKey } from '../../shared/trace.js';
import type { Automaton, Leaf, Outcome } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import type { Violation } from '../machine/types.js';
import { Choice } from './choice.js';
import { ClosedSets } from './closed-sets.js';
import { ASIDE, ENDED, LIMIT } from './control.js';
import type { Cover } from './cover.js';
import type { Guide } from './guide.js';
import { ASKED, ASKED_AND_ENDS, ASKED_AND_SURPRISES, FREE } from './guide-at.js';
import { HeapFull } from './heap.js';
import { brokenWitness, deadlockKey, finalKey, violationKey } from './keys.js';
import { Questions } from './questions.js';
import { StateSpace } from './state-space.js';
import { DEFAULT_BYTES } from './types.js';
import type { Budget, Decision, ExploreOptions, Witness } from './types.js';

/** How many states are expanded between two questions to the budget. */
const SLICE = 64;
/** The same when all their steps are taken, which is done faster. */
const LARGE_SLICE = 2_048;
/** Numbers of rows are positive 32-bit integers. */
const MOST_ROWS = 2 ** 31 - 1;
/** Rows that are expanded after a surprise to meet further ones, before the search starts again. */
const AFTER_SURPRISE = 2_000;

/** Where a finding was seen. */
export type Seen = 'step' | 'invariant' | 'end';

export interface Found extends Witness {
  readonly seen: Seen;
}

/** The shortest way to one finding, if there is one shorter than `below` steps. */
export interface Question {
  readonly id: string;
  readonly below: number;
  /** Whether a thread may still show it from a situation on. */
  mayShow(sets: ClosedSets, thread: number, local: number): boolean;
}

/** Why a search has ended. `cover`: it may go on once a cover was made; `surprise`: it proves nothing, its cover was too small. */
export type End = 'done' | 'states' | 'time' | 'memory' | 'cover' | 'surprise';

export interface TableSearchOptions {
  readonly reduce: boolean;
  readonly cover?: Cover | undefined;
  readonly question?: Question | undefined;
  /** Findings whose shortest witnesses are known: they are not looked for. */
  readonly known?: readonly Found[] | undefined;
  /** Which inner loop runs, for comparisons. */
  readonly loop?: ExploreOptions['loop'];
}

export class TableSearch {
  readonly #machine: ModelMachine;
  readonly #space: StateSpace;
  readonly #options: TableSearchOptions;
  readonly #choice: Choice | undefined;
  #sets: ClosedSets | undefined;
  #cover: Cover | undefined;
  #questions: Questions | undefined;
  /** Whether some branch of the cover writes a value that is not followed. */
  #maySurprise = false;
  #guide: Guide | undefined;
  readonly #found = new Map<string, Found>();
  /** Deadlocks whose key is known, by the situations of the threads. */
  readonly #seen = new Set<string>();
  #next = 0;
  /** Row that the generated loop has left and that was looked at since. */
  #left = 0;
  /** The memory could not grow. */
  #full = false;
  /** Steps to the rows that are expanded now, and the first row behind them. */
  #depth = 0;
  #levelEnd = 1;
  #surprisedAt: number | undefined;
  #transitions = 0;
  /** Outcomes of the open row that broke an invariant. */
  readonly #broken = new Set<Outcome>();

  /** Throws NotLocal, now or later. */
  constructor(machine: ModelMachine, automaton: Automaton, options: TableSearchOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#space = new StateSpace(machine, automaton, { loop: options.loop });
    this.#choice = options.reduce ? new Choice(this.#space) : undefined;
    for (const w of options.known ?? []) this.#found.set(w.key.id, w);
    if (options.cover) this.#use(options.cover);
  }

  get bytes(): number {
    return this.#space.bytes;
  }
  get states(): number {
    return this.#space.rows.count;
  }
  get transitions(): number {
    return this.#transitions;
  }
  /** Nothing is put off for ever: what is looked for need not be a finding that the threads are asked about. */
  get #isFair(): boolean {
    return !this.#options.question && (!this.#questions || this.#maySurprise);
  }
  /** Every witness is a shortest one. */
  get isExact(): boolean {
    return !this.#options.reduce || this.#questions !== undefined;
  }
  get witnesses(): readonly Found[] {
    return [...this.#found.values()];
  }

  /** Rows are expanded by what a cover tells. */
  #use(cover: Cover): void {
    this.#cover = cover;
    this.#sets = new ClosedSets(this.#space, cover);
    if (!this.#machine.hasInvariants && !this.#options.question)
      this.#questions = new Questions(this.#sets.possible, this.#found.keys());
    // A step that writes what is not followed is a surprise wherever it is met.
    const surprises = (leaf: Leaf): boolean => cover.followed.misses(leaf);
    this.#space.lookAt(surprises);
    const { possible } = this.#sets;
    this.#maySurprise = possible.some((mine) => mine.some((leaves) => leaves.some(surprises)));
    this.#space.rows.guide(this.#sets.setWords);
  }

  /** What the generated loop needs to choose threads as `#choose` does. */
  #guideFor(sets: ClosedSets): Guide {
    const { question } = this.#options;
    const asked = this.#maySurprise ? ASKED_AND_SURPRISES : ASKED_AND_ENDS;
    if (this.#questions) return sets.guide(asked, this.#questions.may);
    if (!question) return sets.guide(FREE, []);
    const may = sets.situations.map((count, t) =>
      Int32Array.from({ length: count }, (_, local) => (question.mayShow(sets, t, local) ? 1 : 0)),
    );
    return sets.guide(ASKED, may);
  }

  /** Goes on until all is seen, the budget ends, or `coverAt` rows are stored without a cover. */
  run(budget: Budget, coverAt = Infinity): End {
    if (this.#full) return 'memory';
    try {
      // Others may have learned since.
      this.#space.fit();
      return this.#run(budget, this.#sets ? Infinity : coverAt);
    } catch (e) {
      if (!(e instanceof HeapFull)) throw e;
      this.#full = true;
      return 'memory';
    }
  }

  #run(budget: Budget, coverAt: number): End {
    const { rows } = this.#space;
    const { question, reduce } = this.#options;
    const limit = Math.min(budget.states, coverAt, MOST_ROWS);
    while (this.#next < rows.count) {
      if (this.#next === this.#levelEnd) {
        // Whatever the next rows show is not shorter.
        if (budget.first === true && this.isExact && this.#found.size > 0) break;
        this.#depth++;
        this.#levelEnd = rows.count;
      }
      if (question && (this.#isAnswered || this.#depth + 1 >= question.below)) break;
      if (budget.expired()) return 'time';
      if (this.#space.bytes >= (budget.bytes ?? DEFAULT_BYTES)) return 'memory';
      if (rows.count >= limit) return rows.count >= budget.states ? 'states' : 'cover';
      const isFast = !reduce || (this.#sets !== undefined && this.#space.canGuide);
      const end = Math.min(this.#levelEnd, this.#next + (isFast ? LARGE_SLICE : SLICE));
      if (!reduce) this.#sweep(end, limit);
      else if (isFast) this.#followUpTo(end, limit);
      else this.#expandUpTo(end, limit);
      this.#transitions += this.#space.takeSteps();
      if (this.#next > (this.#surprisedAt ?? Infinity) + AFTER_SURPRISE) break;
    }
    return this.#surprisedAt === undefined ? 'done' : 'surprise';
  }

  /** What was asked for is found. */
  get #isAnswered(): boolean {
    const { question } = this.#options;
    return question !== undefined && this.#found.has(question.id);
  }

  /** Expands rows one by one, until one lies behind the slice or the limit is reached. */
  #expandUpTo(end: number, limit: number): void {
    const { rows } = this.#space;
    for (; this.#next < end && rows.count < limit; this.#next++) {
      if (this.#isAnswered) return;
      if (this.#next > (this.#surprisedAt ?? Infinity) + AFTER_SURPRISE) return;
      this.#expand(this.#next);
    }
  }

  /** As `#expandUpTo`, but the loop chooses threads by itself; rows that it leaves are expanded here. */
  #followUpTo(end: number, limit: number): void {
    if (!this.#sets) return;
    this.#guide ??= this.#guideFor(this.#sets);
    while (this.#next < end && this.#space.rows.count < limit) {
      if (this.#isAnswered) return;
      const last = (this.#surprisedAt ?? Infinity) + AFTER_SURPRISE + 1;
      if (this.#next >= last) return;
      if (this.#next > 0) {
        this.#guide.open = this.#questions?.open ?? -1;
        const why = this.#space.guided(this.#guide, this.#next, Math.min(end, last), limit);
        this.#next = this.#space.next;
        if (why !== ASIDE) continue;
        // Most rows are left because of a step that is new to the loop, which it then knows.
        if (this.#next !== this.#left) {
          this.#left = this.#next;
          this.#see(this.#next);
          this.#broken.clear();
          continue;
        }
      }
      this.#expand(this.#next++);
    }
  }

  /** Lets the loop expand rows by itself, and sees to those that it leaves. */
  #sweep(end: number, limit: number): void {
    const space = this.#space;
    if (this.#next === 0) this.#expand(this.#next++);
    while (this.#next < end) {
      const why = space.run(this.#next, end, limit);
      const ended = why === ENDED ? space.ends() : [];
      this.#next = space.next;
      for (const n of ended) {
        space.open(n);
        this.#quiescent(n);
      }
      if (why === LIMIT) return;
      if (why === ASIDE) this.#expand(this.#next++);
    }
  }

  /** Opens a row and looks at its special steps; threads whose step fails. */
  #see(n: number): number {
    const space = this.#space;
    const learned = space.open(n);
    let { failing } = space;
    if (this.#cover && learned) this.#surprisedAt ??= n;
    if (n === 0) for (const v of space.brokenHere()) this.#findBroken(v, []);
    for (let rest = space.special; rest !== 0; rest &= rest - 1) {
      const t = 31 - Math.clz32(rest & -rest);
      if (this.#look(n, t)) failing |= 1 << t;
    }
    return failing;
  }

  #expand(n: number): void {
    const failing = this.#see(n);
    const { enabled } = this.#space;
    if (this.#isAnswered) return;
    if (enabled === 0) return this.#quiescent(n);
    const chosen = this.#choose(enabled, failing);
    const open = this.#take(n, chosen);
    if (!open && this.#isFair) this.#take(n, enabled & ~chosen);
    if (this.#broken.size > 0) this.#broken.clear();
  }

  /** Looks at a step that is new to this search, or breaks an invariant; whether it fails. */
  #look(n: number, thread: number): boolean {
    const leaf = this.#space.leaves[thread];
    if (!leaf) return false;
    if (this.#cover?.followed.take(leaf) === true) this.#surprisedAt ??= n;
    this.#space.see(leaf);
    return this.#judge(n, thread, leaf);
  }

  /** Threads whose steps are taken, of the enabled ones. */
  #choose(enabled: number, failing: number): number {
    const { question, reduce } = this.#options;
    if (!reduce) return enabled;
    if (!this.#sets) return this.#choice?.threads(failing) ?? enabled;
    const questions = this.#questions;
    if (!question && !questions) return this.#sets.free(enabled, failing);
    let may = 0;
    for (let t = 0; t < this.#space.threads; t++) {
      const local = this.#space.locals[t] ?? 0;
      const is = question ? question.mayShow(this.#sets, t, local) : questions?.isOpen(t, local);
      if (is === true) may |= 1 << t;
    }
    return this.#sets.asked(may, enabled, !question);
  }

  /** Notes what a step violates, by whichever way it would be taken; whether it does. */
  #judge(n: number, thread: number, leaf: Leaf): boolean {
    const space = this.#space;
    let fails = false;
    for (const outcome of leaf.outcomes) {
      if (outcome.violation) {
        fails = true;
        const key = violationKey(outcome.violation);
        if (!this.#found.has(key.id)) this.#find('step', key, this.#pathAnd(n, thread, outcome));
      } else if (space.watches(leaf)) {
        space.make(thread, outcome);
        const broken = space.broken();
        if (broken.length === 0) continue;
        fails = true;
        this.#broken.add(outcome);
        const path = this.#pathAnd(n, thread, outcome);
        for (const v of broken) this.#findBroken(v, path);
      }
    }
    return fails;
  }

  #pathAnd(n: number, thread: number, { choices }: Outcome): readonly Decision[] {
    return [...this.#path(n), { thread, choices }];
  }

  #path(n: number): readonly Decision[] {
    const path = this.#space.path(n);
    this.#space.open(n);
    return path;
  }

  /** Stores the successors of some threads; whether one of them still waits to be expanded. */
  #take(n: number, threads: number): boolean {
    const space = this.#space;
    if (this.#broken.size === 0) return space.take(threads);
    let open = false;
    for (let t = 0; t < space.threads; t++) {
      if (((threads >> t) & 1) === 0) continue;
      for (const outcome of space.leaves[t]?.outcomes ?? []) {
        this.#transitions++;
        if (outcome.violation || this.#broken.has(outcome)) continue;
        space.make(t, outcome);
        if (space.store() > n) open = true;
      }
    }
    return open;
  }

  #find(seen: Seen, key: FindingKey, schedule: readonly Decision[]): void {
    if (this.#found.has(key.id)) return;
    this.#found.set(key.id, { key, schedule, seen });
    this.#questions?.found(key.id);
  }

  #findBroken(v: Violation, path: readonly Decision[]): void {
    const { key, schedule } = brokenWitness(this.#machine, v, path);
    this.#find('invariant', key, schedule);
  }

  #quiescent(n: number): void {
    const space = this.#space;
    const roles = this.#machine.threads;
    const stuck = space.leaves.some(
      ({ blocked }, t) => blocked && !(blocked.wait?.idle && roles[t]?.role !== 'thread'),
    );
    if (!stuck) {
      for (const v of space.failedFinals()) {
        const key = finalKey(v);
        if (!this.#found.has(key.id)) this.#find('end', key, this.#path(n));
      }
      return;
    }
    const place = space.locals.join(' ');
    if (this.#seen.has(place)) return;
    this.#seen.add(place);
    const path = this.#path(n);
    this.#find('end', deadlockKey(this.#machine, path), path);
  }
}
