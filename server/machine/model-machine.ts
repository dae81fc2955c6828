/** The machine of one linked program: compiled code, memory, and one cpu on which steps are run. */
import type { CType, Loc, Program } from '../csource/ir.js';
import type { SourceTable } from '../csource/source.js';
import type { TraceThread } from '../../shared/trace.js';
import { AccessAnalysis } from './access.js';
import type { Access } from './access.js';
import { toSet, unionOf } from './bits.js';
import { Crash, replayCrash } from './crash.js';
import { Cpu, FINISHED, SP, STATUS } from './cpu.js';
import { initialisers } from './initial.js';
import { FutureAccess } from './future.js';
import { LIFE_SHIFT, isAllocated, placeOf } from './lifetime.js';
import { Linkage } from './linkage.js';
import { Memory } from './memory.js';
import { BASE } from './objects.js';
import type { CompiledFunction, MicroOp } from './ops.js';
import { runAlone, runStep, startThread } from './run.js';
import type { Outcome } from './run.js';
import { LOST } from './storage.js';
import { CallTargets } from './targets.js';
import { rolesOf } from './threads.js';
import type {
  Machine,
  StackFrame,
  State,
  StepEvent,
  StepResult,
  Violation,
  WaitPoint,
} from './types.js';
import { valueText } from './values.js';

const NO_PLACE: Loc = { src: 0, start: 0, end: 0 };
const NO_CHOICES: readonly number[] = [];

export class ModelMachine implements Machine {
  readonly program: Program;
  readonly threads: readonly TraceThread[];
  readonly initial: State;
  readonly problem?: Violation;
  readonly cpu: Cpu;
  readonly memory: Memory;
  readonly #link: Linkage;
  readonly #future: FutureAccess;
  readonly #invariants: readonly { readonly id: string; readonly fn: CompiledFunction }[];
  readonly #finals: readonly CompiledFunction[];
  readonly #crash: Crash | undefined;
  /** Reads of the invariants, and of recovery and checks after a crash as far as a crash leaves it. */
  readonly invariantAccess: Access;

  constructor(
    program: Program,
    table: SourceTable,
    options: { readonly faults: number; readonly crashes?: number },
  ) {
    this.program = program;
    const { part } = program;
    const roles = rolesOf(part);
    this.threads = roles.threads.map((t) => t.info);
    this.memory = new Memory(part, this.threads.length, options.crashes);
    const link = new Linkage(part, table, this.memory);
    this.#link = link;
    const threads = roles.threads.map((t) => link.require(t.fn));
    const setups = roles.setups.map((fn) => link.require(fn));
    this.#finals = roles.finals.map((fn) => link.require(fn));
    this.#invariants = roles.invariants.map(({ id, fn }) => ({ id, fn: link.require(fn) }));
    const crashes = (options.crashes ?? 0) > 0;
    const recoveries = crashes ? roles.recoveries.map((fn) => link.require(fn)) : [];
    const checks = crashes
      ? roles.afterCrash.map(({ id, fn }) => ({ id, fn: link.require(fn) }))
      : [];
    const crashFns = [...recoveries, ...checks.map((c) => c.fn)];
    const init = initialisers(part, link);
    link.compileAll();
    this.cpu = new Cpu(this.memory.map);
    this.cpu.lives = link.lives;
    let problem = init(this.cpu);
    this.cpu.S[this.memory.map.faults] = options.faults;
    if (crashFns.length > 0)
      this.#crash = new Crash(this.cpu, link, { recoveries, checks }, this.cpu.S.slice());
    problem ??= this.#setUp(setups);
    // What stood on devices before the first step is on their media.
    this.memory.map.medium.forEach((behind, i) => {
      if (behind >= 0) this.cpu.S[behind] = this.cpu.S[i] ?? 0;
    });

    const invariantFns = this.#invariants.map((i) => i.fn);
    const started = [...threads, ...setups, ...this.#finals, ...invariantFns, ...crashFns];
    const targets = new CallTargets(part, link, started);
    const analysis = new AccessAnalysis(link, (t) => targets.of(t));
    const roots = analysis.roots([...threads, ...invariantFns, ...crashFns]);
    const rootsOf = (
      fns: readonly CompiledFunction[],
    ): NonNullable<ReturnType<typeof roots.get>>[] => fns.flatMap((fn) => roots.get(fn.name) ?? []);
    this.#future = new FutureAccess(link, analysis, rootsOf(threads));
    this.cpu.mutable = this.#mutableCells(rootsOf(threads).map((a) => a.total));
    this.invariantAccess = {
      reads: unionOf(
        [
          ...rootsOf(invariantFns).map((a) => a.total.reads),
          ...rootsOf(crashFns).map((a) => this.#surviving(a.total.reads)),
        ],
        analysis.words,
      ),
      writes: new Uint32Array(analysis.words),
    };

    this.#spreadPools(rootsOf(threads).map((a) => a.total));
    threads.forEach((fn, t) => {
      startThread(this.cpu, link, t, this.threads[t]?.role === 'irq', fn);
      problem ??= this.cpu.violation;
      this.cpu.logCount = 0;
    });
    if (this.memory.map.size + BASE > 1 << LIFE_SHIFT) problem = tooLarge;
    if (problem) this.problem = problem;
    this.initial = this.cpu.S.slice();
  }

  #setUp(setups: readonly CompiledFunction[]): Violation | undefined {
    for (const fn of setups) {
      runAlone(this.cpu, this.#link, fn);
      this.cpu.logCount = 0;
      if (this.cpu.violation) return this.cpu.violation;
    }
    return undefined;
  }

  /** Of the classes read after a crash those that stand on devices, with the media behind write caches. */
  #surviving(reads: Uint32Array): Uint32Array {
    const result = new Uint32Array(reads.length);
    const add = (cls: number): void => {
      result[cls >> 5] = (result[cls >> 5] ?? 0) | (1 << (cls & 31));
    };
    this.memory.map.medium.forEach((behind, i) => {
      const cls = behind === LOST ? -1 : this.memory.classOf(i, this.#link, undefined);
      if (cls < 0 || (((reads[cls >> 5] ?? 0) >>> (cls & 31)) & 1) === 0) return;
      add(cls);
      if (behind >= 0) add(this.memory.classOf(behind, this.#link, undefined));
    });
    return result;
  }

  #mutableCells(accesses: readonly Access[]): Uint8Array {
    const written = unionOf(
      accesses.map((a) => a.writes),
      accesses[0]?.writes.length ?? 1,
    );
    const mutable = new Uint8Array(this.memory.map.globals);
    for (let i = 0; i < mutable.length; i++) {
      const cls = this.memory.classOf(i, this.#link, undefined);
      mutable[i] = ((written[cls >> 5] ?? 0) >>> (cls & 31)) & 1;
    }
    return mutable;
  }

  /**
   * Threads start to look for a free element at different places, as far apart as there is room.
   * Soundness: an allocator may return any free object, and no program may depend on which; so one
   * choice for each thread stands for all. Allocations of two threads then mostly commute, and their
   * order does not show in the state.
   */
  #spreadPools(accesses: readonly Access[]): void {
    for (const { pool } of this.memory.pools) {
      const uses = accesses.map(
        (a) => ((a.writes[pool.class >> 5] ?? 0) >>> (pool.class & 31)) & 1,
      );
      const users = uses.filter((u) => u === 1).length;
      let rank = 0;
      uses.forEach((u, t) => {
        pool.first[t] = u === 1 ? Math.floor((rank++ * pool.count) / users) : 0;
      });
    }
  }

  /** What was taken for granted about unknown functions, members and names, as far as it was run. */
  get assumptions(): readonly string[] {
    return [...this.cpu.assumptions].sort();
  }

  get ran(): ReadonlySet<string> {
    return new Set(this.#link.functions.filter((fn) => fn.ran).map((fn) => fn.name));
  }

  // ---- stepping in place: for the search -----------------------------------------------------

  /** Runs a step on the cpu's cells; the caller reads them and undoes. */
  step(thread: number, choices: readonly number[]): Outcome {
    return runStep(this.cpu, this.#link, thread, this.threads[thread]?.role === 'irq', choices);
  }

  /** The next combination of choices after a step that made choices; undefined when all were tried. */
  nextChoices(): readonly number[] | undefined {
    const { choices, arity, chosen } = this.cpu;
    for (let i = chosen - 1; i >= 0; i--) {
      const next = (choices[i] ?? 0) + 1;
      if (next < (arity[i] ?? 0)) return [...choices.slice(0, i), next];
    }
    return undefined;
  }

  /** Where the thread that was just found blocked waits. Call before `undo`. */
  waitPoint(op: MicroOp): WaitPoint {
    const m = this.cpu;
    const info = op.wait;
    const role = this.threads[m.thread]?.role;
    const object = info?.object ? this.#quietly(info.object) : 0;
    const to: CType = info?.objectType?.kind === 'pointer' ? info.objectType.to : { kind: 'void' };
    const name = object === 0 ? undefined : this.#link.describe(m, object, to);
    const what = info && info.what !== '' ? info.what : (name?.member ?? '');
    return {
      idle: (info?.idle ?? false) && role !== 'thread',
      function: op.fn.name,
      what,
      object: name ? ownerName(name, what) : '',
      cell: object,
      loc: op.loc,
      kind: info?.kind ?? 'condition',
      shared: info?.shared ?? false,
    };
  }

  /** A value that is only for display: whatever goes wrong means "unknown". */
  #quietly(f: (m: Cpu) => number): number {
    const m = this.cpu;
    const { tracking, violation } = m;
    m.tracking = false;
    try {
      return f(m);
    } catch {
      return 0;
    } finally {
      m.tracking = tracking;
      m.violation = violation;
    }
  }

  futureBits(state: State, thread: number): Access {
    return this.#future.of(state, thread);
  }

  // ---- states as values ----------------------------------------------------------------------

  #enter(state: State): void {
    this.cpu.S.set(state);
    this.cpu.logCount = 0;
    this.cpu.events = undefined;
  }

  successors(state: State, thread: number): readonly StepResult[] {
    const results: StepResult[] = [];
    for (let choices: readonly number[] | undefined = []; choices;) {
      this.#enter(state);
      const result = this.#result(this.step(thread, choices));
      results.push(result);
      choices = result.kind === 'moved' ? this.nextChoices() : undefined;
    }
    return results;
  }

  standing(state: State, thread: number): 'moves' | 'finished' | WaitPoint {
    this.#enter(state);
    const outcome = this.step(thread, NO_CHOICES);
    if (outcome === 'finished') return outcome;
    const { blocked } = this.cpu;
    return outcome === 'blocked' && blocked ? this.waitPoint(blocked) : 'moves';
  }

  #result(outcome: Outcome): StepResult {
    const m = this.cpu;
    if (outcome === 'finished') return { kind: 'finished' };
    if (outcome === 'blocked' && m.blocked)
      return { kind: 'blocked', wait: this.waitPoint(m.blocked) };
    const moved = { kind: 'moved' as const, state: m.S.slice(), choices: this.madeChoices };
    return m.violation ? { ...moved, violation: m.violation } : moved;
  }

  replay(
    state: State,
    thread: number,
    choices: readonly number[],
  ): { readonly result: StepResult; readonly events: readonly StepEvent[] } {
    this.#enter(state);
    if (thread === this.threads.length && this.#crash) return this.#replayCrash(choices);
    const events: StepEvent[] = [];
    const outcome = runStep(
      this.cpu,
      this.#link,
      thread,
      this.threads[thread]?.role === 'irq',
      choices,
      events,
    );
    const result = this.#result(outcome);
    this.cpu.events = undefined;
    return { result, events };
  }

  #replayCrash(choices: readonly number[]): ReturnType<Machine['replay']> {
    const m = this.cpu;
    const { violation, events } = this.#crash
      ? replayCrash(this.#crash, m, choices)
      : { violation: undefined, events: [] };
    const made = [choices[0] ?? 0, ...m.choices.slice(0, m.chosen)];
    const moved = { kind: 'moved' as const, state: m.S.slice(), choices: made };
    return { result: violation ? { ...moved, violation } : moved, events };
  }

  get canCrash(): boolean {
    return this.#crash !== undefined;
  }

  /** State indexes of shared cells that a step reads and writes; for a blocked one what its wait reads. */
  footprint(
    state: State,
    thread: number,
    choices: readonly number[],
  ): { readonly reads: readonly number[]; readonly writes: readonly number[] } {
    this.#enter(state);
    const m = this.cpu;
    m.tracking = true;
    this.step(thread, choices);
    m.tracking = false;
    return {
      reads: [...m.reads.subarray(0, m.readCount)],
      writes: [...m.writes.subarray(0, m.writeCount)],
    };
  }

  stack(state: State, thread: number): readonly StackFrame[] {
    return this.#link.frames(state, thread).map(({ fn, pc }) => {
      const op = this.#link.code[pc];
      const loc: Loc = op?.loc ?? fn.ir.def.loc;
      return { function: fn.name, loc, stmt: fn.ir.stmts[op?.stmt ?? -1]?.loc ?? loc };
    });
  }

  invariants(state: State): readonly Violation[] {
    this.#enter(state);
    return this.checkInvariants();
  }

  /**
   * On the cpu's cells as they are; they and the undo log are left unchanged. `seen` is called after
   * each invariant, with what it read. What a crash would violate comes behind the invariants.
   */
  checkInvariants(seen?: (m: Cpu) => void): readonly Violation[] {
    const broken = this.#invariants.flatMap(({ id, fn }) => {
      const failed = this.#alone(fn, seen);
      if (failed) return [failed];
      return this.cpu.result === 0
        ? [{ property: 'assert' as const, function: fn.name, text: id, loc: fn.ir.def.nameLoc }]
        : [];
    });
    return this.#crash ? [...broken, ...this.#crash.check(seen)] : broken;
  }

  get invariantReads(): ReadonlySet<number> {
    return toSet(this.invariantAccess.reads);
  }

  get hasInvariants(): boolean {
    return this.#invariants.length > 0 || this.canCrash;
  }

  #alone(fn: CompiledFunction, seen?: (m: Cpu) => void): Violation | undefined {
    const m = this.cpu;
    const mark = m.logCount;
    m.tracking = seen !== undefined;
    runAlone(m, this.#link, fn);
    m.tracking = false;
    m.undo(mark);
    seen?.(m);
    return m.violation;
  }

  finals(state: State): readonly Violation[] {
    this.#enter(state);
    return this.checkFinals();
  }

  /** Like `checkInvariants`, for the functions that check the end. */
  checkFinals(seen?: (m: Cpu) => void): readonly Violation[] {
    return [...this.#finals.flatMap((fn) => this.#alone(fn, seen) ?? []), ...this.#leaks(seen)];
  }

  /** Objects that are still allocated in the end, of pools in which none may be. */
  #leaks(seen?: (m: Cpu) => void): readonly Violation[] {
    const m = this.cpu;
    const pools = this.memory.pools.filter((o) => o.pool.leaks);
    return pools.flatMap(({ pool }) => {
      m.readCount = 0;
      for (let i = 0; i < pool.count; i++) m.noteRead(pool.hidden + i);
      seen?.(m);
      const cells = [...m.S.subarray(pool.hidden, pool.hidden + pool.count)];
      const names = new Set(cells.filter((c) => isAllocated(c)).map((c) => m.lives.site(c)));
      return [...names].sort().map((name): Violation => ({
        property: 'leak',
        function: name,
        text: `${pool.element} is never freed`,
        loc: this.program.part.functions.get(name)?.def.nameLoc ?? NO_PLACE,
      }));
    });
  }

  finished(state: State, thread: number): boolean {
    return state[this.memory.threadBase(thread) + STATUS] === FINISHED;
  }

  /** Choices of the step just run. */
  get madeChoices(): readonly number[] {
    return this.cpu.chosen === 0 ? NO_CHOICES : this.cpu.choices.slice(0, this.cpu.chosen);
  }

  /** What a thread stands at, with its locals, as a short text: equal texts, equal situations. */
  place(state: State, thread: number): string {
    const base = this.memory.threadBase(thread);
    return state.subarray(base, base + this.usedStack(state, thread)).join(',');
  }

  /** Cells in use of a thread's region, from its start. */
  usedStack(state: State, thread: number): number {
    const base = this.memory.threadBase(thread);
    const sp = state[base + SP] ?? 0;
    return sp === 0 ? 1 : sp - base;
  }

  // ---- names ---------------------------------------------------------------------------------

  cellName(cell: number, state?: State): string {
    return this.memory.nameOf(cell, this.#link, state).path;
  }

  cellValue(cell: number, value: number, state?: State): string {
    return valueText(this.memory, this.#link, cell, value, state);
  }

  /** Name of the object at an address as holds show it: what contains the lock of this class. */
  objectName(cell: number, cls: string, state: State): string {
    const full = this.memory.nameOf(cell, this.#link, state, { kind: 'void' });
    const exact = this.memory.nameOf(cell, this.#link, state);
    const parts = exact.path.split('.');
    const at = parts.findIndex((p) => p.replace(/\[\d+\]$/, '') === cls);
    if (at > 0) return parts.slice(0, at).join('.');
    return at === 0 ? '' : full.path;
  }

  sameKind(a: number, b: number, state: State): boolean {
    const [x, y] = [a, b].map(
      (cell) => this.memory.nameOf(cell, this.#link, state, { kind: 'void' }).type,
    );
    return x?.kind === 'struct' && y?.kind === 'struct'
      ? x.layout === y.layout
      : x?.kind === y?.kind;
  }

  futureAccess(
    state: State,
    thread: number,
  ): { readonly reads: ReadonlySet<number>; readonly writes: ReadonlySet<number> } {
    const { reads, writes } = this.futureBits(state, thread);
    return { reads: toSet(reads), writes: toSet(writes) };
  }

  cellClass(cell: number, state?: State): number {
    return this.memory.classOf(placeOf(cell) - BASE, this.#link, state);
  }

  waitReads(state: State, thread: number): ReadonlySet<number> {
    const { reads } = this.footprint(state, thread, []);
    return new Set(
      reads.map((i) => this.memory.classOf(i, this.#link, state)).filter((c) => c >= 0),
    );
  }

  /** Class of a state index of the cpu's current cells. */
  classOf(index: number, state: State): number {
    return this.memory.classOf(index, this.#link, state);
  }
}

/** Addresses have room for so many cells. */
const tooLarge: Violation = {
  property: 'model-error',
  function: '',
  text: 'the objects of the program have too many cells',
  loc: NO_PLACE,
};

/** `i_rwsem` of `inode`, not of `inode.i_rwsem`. */
function ownerName(
  name: { readonly path: string; readonly parent: string; readonly member: string },
  what: string,
): string {
  if (name.member !== what) return name.path;
  return name.path === name.parent ? '' : name.parent;
}
