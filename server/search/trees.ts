/**
 * The threads' automata as the inner loop reads them (control.ts has the form): trees of numbers,
 * made from the learned ones branch by branch, as they are met.
 */
import type { CodeOf, Judgement, Leaf, Node } from '../machine/automaton.js';
import * as at from './control.js';
import type { Heap } from './heap.js';
import type { Layout } from './layout.js';

const SLAB = 1 << 16;

export class Trees {
  readonly #heap: Heap;
  readonly #threads: number;
  #layout: Layout;
  readonly #slabs: { readonly at: number; readonly size: number }[] = [];
  /** Slab in use, and its next free byte. */
  #slab = 0;
  #next = 0;
  /** Address of each leaf by its id, 0: not here. */
  #leaves: number[] = [];
  /** Most successors that a step of each thread has. */
  readonly #most: number[] = [];

  constructor(heap: Heap, threads: number, layout: Layout) {
    this.#heap = heap;
    this.#threads = threads;
    this.#layout = layout;
    heap.words[at.THREADS_END] = at.THREADS + at.THREAD_BYTES * threads;
  }

  /** From now on fields lie so; `extended`: those that were there lie where they did. */
  use(layout: Layout, extended: boolean): void {
    const first = this.#layout.widths.length === 0;
    this.#layout = layout;
    if (first || !extended) this.#reset();
  }

  #reset(): void {
    const layout = this.#layout;
    this.#slab = 0;
    this.#next = this.#slabs[0]?.at ?? 0;
    this.#leaves = [];
    this.#most.fill(0);
    for (let t = 0; t < this.#threads; t++) {
      const mask = layout.mask[t] ?? 0;
      const roots = this.#room(mask + 1);
      const record = (at.THREADS + at.THREAD_BYTES * t) >> 2;
      const place = [4 * (layout.word[t] ?? 0), layout.shift[t] ?? 0, mask, roots];
      this.#heap.words.set(place, record);
    }
    this.#heap.words[at.JUDGE] = 0;
  }

  /** Address of so many words, all zero. */
  #room(words: number): number {
    const bytes = 4 * words;
    let slab = this.#slabs[this.#slab];
    while (slab && this.#next + bytes > slab.at + slab.size) {
      slab = this.#slabs[++this.#slab];
      this.#next = slab?.at ?? 0;
    }
    if (!slab) {
      const size = Math.max(SLAB, bytes);
      slab = { at: this.#heap.alloc(size), size };
      this.#slabs.push(slab);
      this.#next = slab.at;
    }
    const given = this.#next;
    this.#next += bytes;
    this.#heap.words.fill(0, given >> 2, (given + bytes) >> 2);
    return given;
  }

  /** Word of the kid of a node, made when it is not there, by the code of variable `v`. */
  #kid(word: number, v: number, codeOf: CodeOf): number {
    const field = this.#threads + v;
    const { word: words, shift, mask } = this.#layout;
    const last = mask[field] ?? 0;
    let node = this.#heap.words[word] ?? 0;
    if (node === 0) {
      node = this.#room(2 + last + 1);
      const m = this.#heap.words;
      m[node >> 2] = (4 * (words[field] ?? 0)) | ((shift[field] ?? 0) << 16);
      m[(node >> 2) + 1] = last;
      m[word] = node;
    }
    return (node >> 2) + 2 + fitting(codeOf(v), last);
  }

  /** Adds the branch of a thread's tree for the given codes. `root` must have it, down to its leaf. */
  plant(thread: number, local: number, root: Node, codeOf: CodeOf, flags: number): void {
    const record = (at.THREADS + at.THREAD_BYTES * thread) >> 2;
    let word = ((this.#heap.words[record + 3] ?? 0) >> 2) + local;
    let node = root;
    while (node.v >= 0) {
      word = this.#kid(word, node.v, codeOf);
      node = node.kids[codeOf(node.v)] ?? node;
    }
    if (!node.leaf) throw new RangeError('the branch has no leaf');
    const leaf = this.#leaf(node.leaf, flags);
    this.#heap.words[word] = leaf + 1;
  }

  /** Adds the branch of the invariants' tree for the given codes. */
  plantJudgement(root: Judgement, codeOf: CodeOf): void {
    let word: number = at.JUDGE;
    let node = root;
    while (node.v >= 0) {
      word = this.#kid(word, node.v, codeOf);
      node = node.kids[codeOf(node.v)] ?? node;
    }
    this.#heap.words[word] = (node.violations?.length ?? 1) === 0 ? at.HOLDS : at.BROKEN;
  }

  #leaf(leaf: Leaf, flags: number): number {
    const known = this.#leaves[leaf.id] ?? 0;
    if (known !== 0) return known;
    const { words } = this.#layout;
    const stored = leaf.outcomes.filter((o) => o.violation === undefined);
    const made = this.#room(4 + 2 * words * stored.length);
    const m = this.#heap.words;
    const fails = stored.length < leaf.outcomes.length ? at.FAILS : 0;
    m.set([leaf.id, flags | fails, stored.length, leaf.outcomes.length], made >> 2);
    let word = (made >> 2) + 4;
    for (const { local, writes } of stored) {
      for (let i = 0; i < words; i++) m[word + 2 * i] = -1;
      this.#assign(word, leaf.thread, local);
      for (let i = 0; i < writes.length; i += 2)
        this.#assign(word, this.#threads + (writes[i] ?? 0), writes[i + 1] ?? 0);
      word += 2 * words;
    }
    this.#leaves[leaf.id] = made;
    this.#most[leaf.thread] = Math.max(this.#most[leaf.thread] ?? 0, stored.length);
    return made;
  }

  /** Lets an outcome, whose masks start at a word, set a field to a code. */
  #assign(outcome: number, field: number, code: number): void {
    const m = this.#heap.words;
    const at = outcome + 2 * (this.#layout.word[field] ?? 0);
    const shift = this.#layout.shift[field] ?? 0;
    const mask = this.#layout.mask[field] ?? 0;
    m[at] = (m[at] ?? 0) & ~(mask << shift);
    m[at + 1] = ((m[at + 1] ?? 0) & ~(mask << shift)) | (fitting(code, mask) << shift);
  }

  /** Most successors that any row has so far. */
  get mostSuccessors(): number {
    return this.#most.reduce((a, b) => a + b, 0);
  }

  /** A leaf was looked at: the loop may take it by itself. */
  seen(leaf: Leaf): void {
    const word = (this.#leaves[leaf.id] ?? 0) >> 2;
    if (word > 0) this.#heap.words[word + 1] = (this.#heap.words[word + 1] ?? 0) & ~at.LOOK;
  }
}

/** Throws RangeError when a code does not fit its field: `fit` was forgotten. */
function fitting(code: number, mask: number): number {
  if (code < 0 || code > mask) throw new RangeError('code is wider than its field');
  return code;
}
