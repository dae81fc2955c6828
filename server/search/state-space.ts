/**
 * States of a machine as rows of numbers, and the steps between them from the threads' automata:
 * nothing is interpreted that was run before, and no object is made per state.
 */
import { Automaton } from '../machine/automaton.js';
import type { Judgement, Leaf, Node, Outcome } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import type { Violation } from '../machine/types.js';
import * as at from './control.js';
import type { Guide } from './guide.js';
import { bitsFor, extendsLayout, packed, widened } from './layout.js';
import type { Layout } from './layout.js';
import { Rows } from './rows.js';
import { Trees } from './trees.js';
import type { Decision } from './types.js';

/** Bits that a field gets at first, so that rows are seldom laid out anew while little is known. */
const FIRST_BITS = { thread: 6, variable: 2 };
const MORE_BITS = { thread: 2, variable: 1 };
const MORE_WORDS = 4;
/** Stored rows from which on a field is as narrow as can be. */
const MANY = 1 << 17;

export interface SpaceOptions {
  /** Which loop runs, for comparisons; the generated one from some rows on when it is not said. */
  readonly loop?: 'plain' | 'generated' | undefined;
}

export class StateSpace {
  readonly machine: ModelMachine;
  readonly automaton: Automaton;
  readonly threads: number;
  readonly rows: Rows;
  /** Next step of each thread of the row that was opened last, its id, and the situation. */
  readonly leaves: Leaf[] = [];
  readonly leafIds: Int32Array;
  readonly locals: Int32Array;
  /** Masks of threads of the open row: with a step, with one that fails, to be looked at. */
  enabled = 0;
  failing = 0;
  special = 0;
  readonly #trees: Trees;
  /** The open row, and the word where it starts. */
  #open = 0;
  #start = 0;
  #tight = false;
  #isSpecial: (leaf: Leaf) => boolean = () => false;
  /** Leaves that were looked at. */
  readonly #seen: boolean[] = [];
  readonly #invariantReads: ReadonlySet<number>;
  readonly #watches: (0 | 1 | undefined)[] = [];
  readonly #invariants: Judgement = { v: -1, kids: [], violations: undefined };
  readonly #finals: Judgement = { v: -1, kids: [], violations: undefined };
  readonly #codeOf = (v: number): number => this.#code(this.#start, v);
  readonly #candidateCode = (v: number): number => this.#code(this.#scratch, v);

  /** `automaton`: with what is known already, for a further search of the same machine. */
  constructor(
    machine: ModelMachine,
    automaton = new Automaton(machine),
    options: SpaceOptions = {},
  ) {
    this.machine = machine;
    this.#invariantReads = machine.invariantReads;
    this.automaton = automaton;
    this.threads = machine.threads.length;
    this.locals = new Int32Array(this.threads);
    this.leafIds = new Int32Array(this.threads);
    this.rows = new Rows(options.loop);
    this.#trees = new Trees(this.rows.heap, this.threads, this.rows.layout);
    this.fit();
    this.rows.reserve();
    // Code 0 is the first value, situation 0 the first one: a row of zeros is the first state.
    this.rows.heap.words.fill(0, this.#scratch, this.#scratch + this.rows.layout.words);
    this.#add(-1);
  }

  /** Bytes of stored states, table and parents. */
  get bytes(): number {
    return this.rows.bytes;
  }

  get #scratch(): number {
    return (this.rows.heap.words[at.SCRATCH] ?? 0) >> 2;
  }

  #code(start: number, v: number): number {
    const field = this.threads + v;
    return field < this.rows.layout.mask.length ? this.rows.field(start, field) : 0;
  }

  /** Code of a variable in the open row. */
  codeOf(v: number): number {
    return this.#code(this.#start, v);
  }

  /** Codes of some variables in the open row, in their order. */
  codesOf(vars: Int32Array, to: Int32Array): void {
    const { word, shift, mask } = this.rows.layout;
    const m = this.rows.heap.words;
    for (let i = 0; i < vars.length; i++) {
      const field = this.threads + (vars[i] ?? 0);
      const bits = m[this.#start + (word[field] ?? 0)] ?? 0;
      to[i] = field < mask.length ? (bits >>> (shift[field] ?? 0)) & (mask[field] ?? 0) : 0;
    }
  }

  #sizeOf(field: number): number {
    return field < this.threads
      ? this.automaton.localCount(field)
      : (this.automaton.values[field - this.threads]?.length ?? 1);
  }

  /** Takes in codes that the automaton got elsewhere. Throws HeapFull. */
  fit(): void {
    const { widths } = this.rows.layout;
    const fields = this.threads + this.automaton.cells.length;
    const tight = this.rows.count >= MANY;
    let fits = widths.length === fields && tight === this.#tight;
    for (let f = 0; f < fields && fits; f++) fits = this.#sizeOf(f) <= 2 ** (widths[f] ?? 0);
    if (fits) return;
    const needed = Array.from({ length: fields }, (_, f) => bitsFor(this.#sizeOf(f)));
    const next = widened(this.rows.layout, this.#roomy(needed, tight), tight ? 1 : MORE_WORDS);
    const close = tight === this.#tight ? next : packed(needed);
    this.#tight = tight;
    this.#lay(close.words < next.words ? close : next);
  }

  /** Widths for what is needed, with room for more as long as there are few rows. */
  #roomy(needed: readonly number[], tight: boolean): number[] {
    const { widths } = this.rows.layout;
    return needed.map((bits, f) => {
      const old = widths[f];
      if (old !== undefined && bits <= old) return old;
      if (tight) return bits;
      const kind = f < this.threads ? 'thread' : 'variable';
      return old === undefined
        ? Math.max(FIRST_BITS[kind], bits)
        : Math.max(old + MORE_BITS[kind], bits);
    });
  }

  #lay(layout: Layout): void {
    const old = this.rows.layout;
    this.rows.lay(layout);
    this.#trees.use(layout, layout.words === old.words && extendsLayout(old, layout));
    this.#start = this.rows.start(this.#open);
  }

  /** Closer rows when there are many, and fields that judgements have asked for. */
  #settle(): void {
    const fields = this.threads + this.automaton.cells.length;
    if ((!this.#tight && this.rows.count >= MANY) || fields > this.rows.layout.widths.length)
      this.fit();
  }

  // ---- steps ---------------------------------------------------------------------------------

  /** Expands rows in order, all their steps; one of the ends in control.ts, never MISSING or FULL. Throws NotLocal, HeapFull. */
  run(from: number, to: number, limit: number): number {
    const { rows } = this;
    this.#settle();
    for (let next = from; ;) {
      const end = rows.loop.run(next, to, limit);
      next = rows.heap.words[at.NEXT] ?? 0;
      if (end === at.FULL) rows.reserve();
      else if (end === at.MISSING) this.#teach(next, rows.heap.words[at.LOST] ?? 0);
      else return end;
    }
  }

  /** Whether the loop can choose threads by itself. */
  get canGuide(): boolean {
    return this.rows.loop.guided !== undefined;
  }

  /**
   * Expands rows in order by the threads that a guide chooses; ASIDE, LIMIT or DONE. Throws HeapFull.
   */
  guided(guide: Guide, from: number, to: number, limit: number): number {
    const { rows } = this;
    this.#settle();
    rows.heap.words[at.NEXT] = from;
    for (;;) {
      guide.enter(rows.layout);
      const end = rows.loop.guided?.(this.next, to, limit, guide.mode) ?? at.ASIDE;
      if (end === at.FULL) rows.reserve();
      else if (end === at.UNKNOWN) guide.learn();
      else if (end !== at.MISSING) return end;
      else if (!this.#plantKnown(this.next, rows.heap.words[at.LOST] ?? 0)) return at.ASIDE;
    }
  }

  /** First row that `run` has not expanded. */
  get next(): number {
    return this.rows.heap.words[at.NEXT] ?? 0;
  }

  /** Rows without steps that `run` met last. */
  ends(): readonly number[] {
    const { words } = this.rows.heap;
    const start = (words[at.ENDS] ?? 0) >> 2;
    return [...words.subarray(start, start + (words[at.END_COUNT] ?? 0))];
  }

  /** Steps taken since this was asked last. */
  takeSteps(): number {
    const { words } = this.rows.heap;
    const steps = words[at.STEPS] ?? 0;
    words[at.STEPS] = 0;
    return steps;
  }

  /** Finds the next step of every thread of a row; whether one had to be run. Throws NotLocal, HeapFull. */
  open(n: number): boolean {
    const { rows } = this;
    this.#settle();
    if (!rows.ready) rows.reserve();
    let learned = false;
    while (rows.loop.open(n) === at.MISSING)
      if (this.#teach(n, rows.heap.words[at.LOST] ?? 0)) learned = true;
    this.#open = n;
    this.#start = rows.start(n);
    const m = rows.heap.words;
    this.enabled = m[at.ENABLED] ?? 0;
    this.failing = m[at.FAILING] ?? 0;
    this.special = m[at.SPECIAL] ?? 0;
    for (let t = 0; t < this.threads; t++) {
      const id = m[(m[(at.OPENED >> 2) + 2 * t] ?? 0) >> 2] ?? 0;
      this.leafIds[t] = id;
      this.locals[t] = m[(at.OPENED >> 2) + 2 * t + 1] ?? 0;
      this.leaves[t] = this.automaton.leaf(id);
    }
    return learned;
  }

  /** Gives the loop a branch that it lacks; whether it had to be run. */
  #teach(n: number, thread: number): boolean {
    const { automaton, rows } = this;
    this.#open = n;
    this.#start = rows.start(n);
    const local = rows.field(this.#start, thread);
    const known = this.#find(automaton.root(thread, local)) !== undefined;
    if (!known) {
      automaton.learn(thread, local, this.#codeOf);
      this.fit();
    }
    if (!this.#plantKnown(n, thread)) throw new RangeError('a step was learned that is not there');
    return !known;
  }

  /** Gives the loop a branch that the automaton has; false when it has none. */
  #plantKnown(n: number, thread: number): boolean {
    this.#open = n;
    this.#start = this.rows.start(n);
    const local = this.rows.field(this.#start, thread);
    const root = this.automaton.root(thread, local);
    const leaf = this.#find(root);
    if (!root || !leaf) return false;
    this.#trees.plant(thread, local, root, this.#codeOf, this.#flags(leaf));
    this.rows.widest(this.#trees.mostSuccessors);
    return true;
  }

  #find(root: Node | undefined): Leaf | undefined {
    let node = root;
    while (node && node.v >= 0) node = node.kids[this.#codeOf(node.v)];
    return node?.leaf;
  }

  #flags(leaf: Leaf): number {
    const look =
      leaf.assumed.length > 0 || leaf.outcomes.some((o) => o.violation) || this.#isSpecial(leaf);
    return (
      (look && this.#seen[leaf.id] !== true ? at.LOOK : 0) | (this.watches(leaf) ? at.WATCHED : 0)
    );
  }

  /** Further leaves that are special until they were seen; said before the first row is expanded. */
  lookAt(isSpecial: (leaf: Leaf) => boolean): void {
    this.#isSpecial = isSpecial;
  }

  /** The leaf need not be looked at again. */
  see(leaf: Leaf): void {
    for (const name of leaf.assumed) this.machine.cpu.assumptions.add(name);
    this.#seen[leaf.id] = true;
    this.#trees.seen(leaf);
  }

  /** Stores the successors of some threads of the open row; whether one lies behind it. None may fail. */
  take(threads: number): boolean {
    return this.rows.loop.take(this.#open, threads) === 1;
  }

  /** Whether a step writes what an invariant reads. */
  watches(leaf: Leaf): boolean {
    const known = this.#watches[leaf.id];
    if (known !== undefined) return known === 1;
    const yes = leaf.writes.some((v) => this.#invariantReads.has(this.automaton.classOf(v)));
    this.#watches[leaf.id] = yes ? 1 : 0;
    return yes;
  }

  /** Writes the state after a step of the open row aside. */
  make(thread: number, outcome: Outcome): void {
    const { layout, heap } = this.rows;
    const to = this.#scratch;
    heap.words.copyWithin(to, this.#start, this.#start + layout.words);
    this.#set(to, thread, outcome.local);
    const { writes } = outcome;
    for (let i = 0; i < writes.length; i += 2)
      this.#set(to, this.threads + (writes[i] ?? 0), writes[i + 1] ?? 0);
  }

  #set(start: number, field: number, code: number): void {
    const { word, shift, mask } = this.rows.layout;
    if (code > (mask[field] ?? 0)) throw new RangeError('code is wider than its field');
    const m = this.rows.heap.words;
    const i = start + (word[field] ?? 0);
    const bits = (mask[field] ?? 0) << (shift[field] ?? 0);
    m[i] = ((m[i] ?? 0) & ~bits) | (code << (shift[field] ?? 0));
  }

  /** Stores what `make` wrote; its row. */
  store(): number {
    return this.#add(this.#open);
  }

  #add(parent: number): number {
    return this.rows.add(this.#scratch, parent);
  }

  // ---- judgements ----------------------------------------------------------------------------

  /** Invariants that do not hold in what `make` wrote. */
  broken(): readonly Violation[] {
    const violations = this.#judge(this.#invariants, 'invariants', this.#candidateCode);
    const fields = this.threads + this.automaton.cells.length;
    if (fields === this.rows.layout.widths.length)
      this.#trees.plantJudgement(this.#invariants, this.#candidateCode);
    return violations;
  }

  /** Invariants that do not hold in the open row. */
  brokenHere(): readonly Violation[] {
    return this.#judge(this.#invariants, 'invariants', this.#codeOf);
  }

  /** Final checks that fail in the open row. */
  failedFinals(): readonly Violation[] {
    return this.#judge(this.#finals, 'finals', this.#codeOf);
  }

  #judge(
    tree: Judgement,
    checks: 'invariants' | 'finals',
    codeOf: (v: number) => number,
  ): readonly Violation[] {
    let node: Judgement | undefined = tree;
    while (node && node.v >= 0) node = node.kids[codeOf(node.v)];
    if (node?.violations) return node.violations;
    return this.automaton.judge(tree, checks, codeOf);
  }

  // ---- paths ---------------------------------------------------------------------------------

  /** Decisions that lead to a row; the open row is another one afterwards. */
  path(n: number): readonly Decision[] {
    const rows: number[] = [];
    for (let row = n; row > 0; row = this.rows.parent(row)) rows.push(row);
    return rows.reverse().flatMap((row) => this.#decision(this.rows.parent(row), row) ?? []);
  }

  #decision(from: number, to: number): Decision | undefined {
    this.open(from);
    for (let thread = 0; thread < this.threads; thread++) {
      for (const outcome of this.leaves[thread]?.outcomes ?? []) {
        if (outcome.violation) continue;
        this.make(thread, outcome);
        if (this.#isCandidate(to)) return { thread, choices: outcome.choices };
      }
    }
    return undefined;
  }

  #isCandidate(n: number): boolean {
    const m = this.rows.heap.words;
    const [a, b] = [this.#scratch, this.rows.start(n)];
    for (let i = 0; i < this.rows.layout.words; i++) if (m[a + i] !== m[b + i]) return false;
    return true;
  }
}
