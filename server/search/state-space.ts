/**
 * States of a machine as rows of numbers, and the steps between them from the threads' automata:
 * nothing is interpreted that was run before, and no object is made per state.
 */
import { Automaton } from '../machine/automaton.js';
import type { Judgement, Leaf, Outcome } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import type { Violation } from '../machine/types.js';
import { Rows } from './rows.js';
import type { Decision } from './types.js';

export class StateSpace {
  readonly machine: ModelMachine;
  readonly automaton: Automaton;
  readonly threads: number;
  readonly rows = new Rows();
  /** Row from which each row was reached first. */
  parent: Int32Array = new Int32Array(1 << 10);
  /** Next step of each thread of the row that was opened last. */
  readonly leaves: Leaf[] = [];
  readonly locals: Int32Array;
  /** First word of the open row. */
  base = 0;
  #open = 0;
  readonly #invariantReads: ReadonlySet<number>;
  readonly #watches: (0 | 1 | undefined)[] = [];
  readonly #invariants: Judgement = { v: -1, kids: [], violations: undefined };
  readonly #finals: Judgement = { v: -1, kids: [], violations: undefined };
  readonly #sizeOf: (field: number) => number;
  readonly #codeOf: (v: number) => number;
  readonly #candidateCode: (v: number) => number;

  /** `automaton`: with what is known already, for a further search of the same machine. */
  constructor(machine: ModelMachine, automaton = new Automaton(machine)) {
    this.machine = machine;
    this.#invariantReads = machine.invariantReads;
    this.automaton = automaton;
    this.threads = machine.threads.length;
    this.locals = new Int32Array(this.threads);
    this.#sizeOf = (f) =>
      f < this.threads
        ? automaton.localCount(f)
        : (automaton.values[f - this.threads]?.length ?? 1);
    this.#codeOf = (v) => this.#code(this.base, v);
    this.#candidateCode = (v) => this.#code(this.rows.candidate(), v);
    this.fit();
    this.rows.candidate();
    this.rows.add();
    this.parent[0] = -1;
  }

  /** Bytes of stored states, table and parents. */
  get bytes(): number {
    return this.rows.bytes + this.parent.length * 4;
  }

  /** A variable that is newer than the layout has its first value everywhere. */
  #code(base: number, v: number): number {
    const field = this.threads + v;
    return field < this.rows.mask.length ? this.rows.get(base, field) : 0;
  }

  /** Takes in codes that the automaton got elsewhere. */
  fit(): void {
    this.rows.fit(this.threads + this.automaton.cells.length, this.#sizeOf);
    this.base = this.#open * this.rows.words;
  }

  /** Finds the next step of every thread of a row; whether one had to be run. Throws NotLocal. */
  open(n: number): boolean {
    this.#open = n;
    this.base = n * this.rows.words;
    let learned = false;
    for (let t = 0; t < this.threads; t++) {
      const local = this.rows.get(this.base, t);
      this.locals[t] = local;
      let leaf = this.#leafOf(t, local);
      if (!leaf) {
        leaf = this.automaton.learn(t, local, this.#codeOf);
        learned = true;
      }
      this.leaves[t] = leaf;
      for (const name of leaf.assumed) this.machine.cpu.assumptions.add(name);
    }
    if (learned) this.fit();
    return learned;
  }

  #leafOf(thread: number, local: number): Leaf | undefined {
    let node = this.automaton.root(thread, local);
    while (node && node.v >= 0) node = node.kids[this.#code(this.base, node.v)];
    return node?.leaf;
  }

  /** Whether a step writes what an invariant reads. */
  watches(leaf: Leaf): boolean {
    const known = this.#watches[leaf.id];
    if (known !== undefined) return known === 1;
    const yes = leaf.writes.some((v) => this.#invariantReads.has(this.automaton.classOf(v)));
    this.#watches[leaf.id] = yes ? 1 : 0;
    return yes;
  }

  /** Writes the state after a step of the open row behind the last row. */
  make(thread: number, outcome: Outcome): void {
    const { rows, threads } = this;
    const at = rows.candidate();
    const { data } = rows;
    for (let i = 0; i < rows.words; i++) data[at + i] = data[this.base + i] ?? 0;
    rows.set(at, thread, outcome.local);
    const { writes } = outcome;
    for (let i = 0; i < writes.length; i += 2)
      rows.set(at, threads + (writes[i] ?? 0), writes[i + 1] ?? 0);
  }

  /** Stores what `make` wrote; its row. */
  store(): number {
    const before = this.rows.count;
    const id = this.rows.add();
    if (id === before) {
      if (id >= this.parent.length) {
        const bigger = new Int32Array(this.parent.length * 2);
        bigger.set(this.parent);
        this.parent = bigger;
      }
      this.parent[id] = this.#open;
    }
    return id;
  }

  /** Invariants that do not hold in what `make` wrote. */
  broken(): readonly Violation[] {
    return this.#judge(this.#invariants, 'invariants', this.#candidateCode);
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

  /** Decisions that lead to a row; the open row is another one afterwards. */
  path(n: number): readonly Decision[] {
    const rows: number[] = [];
    for (let at = n; at > 0; at = this.parent[at] ?? 0) rows.push(at);
    return rows.reverse().flatMap((at) => this.#decision(this.parent[at] ?? 0, at) ?? []);
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
    const { rows } = this;
    const at = rows.candidate();
    for (let i = 0; i < rows.words; i++)
      if (rows.data[at + i] !== rows.data[n * rows.words + i]) return false;
    return true;
  }
}
