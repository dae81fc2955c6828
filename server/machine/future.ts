/** What a thread may still access from a state on, from its stack; cached per chain of calls. */
import { STATUS, FINISHED } from './cpu.js';
import { emptyAccess, merge } from './access.js';
import type { Access, AccessAnalysis, Activation } from './access.js';
import type { Linkage } from './linkage.js';

/** A chain of calls: the activation it leads to and what the outer frames still do. */
interface Chain {
  readonly activation: Activation;
  readonly outer: Access;
  readonly inner: Map<number, Map<string, Chain>>;
  readonly at: Map<number, Access>;
}

export class FutureAccess {
  readonly #link: Linkage;
  readonly #analysis: AccessAnalysis;
  readonly #roots: readonly Chain[];
  readonly #nothing: Access;
  readonly #anything: Access;

  constructor(link: Linkage, analysis: AccessAnalysis, roots: readonly Activation[]) {
    this.#link = link;
    this.#analysis = analysis;
    this.#nothing = emptyAccess(analysis.words);
    this.#anything = emptyAccess(analysis.words);
    this.#anything.reads.fill(-1);
    this.#anything.writes.fill(-1);
    this.#roots = roots.map((activation) => chain(activation, this.#nothing));
  }

  of(state: Int32Array, thread: number): Access {
    let at = this.#roots[thread];
    if (!at || state[this.#link.memory.threadBase(thread) + STATUS] === FINISHED)
      return this.#nothing;
    const frames = this.#link.frames(state, thread);
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i];
      const next = frames[i + 1];
      if (!frame) continue;
      if (!next) return this.#from(at, frame.pc);
      const inner = this.#call(at, frame.pc, next.fn.name);
      if (!inner) return this.#anything;
      at = inner;
    }
    return this.#nothing;
  }

  #from(at: Chain, pc: number): Access {
    let access = at.at.get(pc);
    if (!access) {
      access = emptyAccess(this.#analysis.words);
      merge(access, at.outer);
      merge(access, this.#analysis.rest(at.activation, pc));
      at.at.set(pc, access);
    }
    return access;
  }

  /** The chain inside a call; undefined when the analysis did not foresee that callee. */
  #call(at: Chain, pc: number, callee: string): Chain | undefined {
    const inner = at.inner.get(pc) ?? new Map<string, Chain>();
    at.inner.set(pc, inner);
    let next = inner.get(callee);
    if (!next) {
      const activation = at.activation.callees.get(pc)?.get(callee);
      if (!activation) return undefined;
      const after = this.#link.code[pc]?.next ?? pc;
      const outer = emptyAccess(this.#analysis.words);
      merge(outer, at.outer);
      merge(outer, this.#analysis.rest(at.activation, after));
      next = chain(activation, outer);
      inner.set(callee, next);
    }
    return next;
  }
}

function chain(activation: Activation, outer: Access): Chain {
  return { activation, outer, inner: new Map(), at: new Map() };
}
