/**
 * Which classes of cells a thread may still read or write: a points-to analysis of calls in their
 * context. Functions are analysed once per set of places that their pointer parameters may name.
 */
import type { Linkage } from './linkage.js';
import type { Objects } from './objects.js';
import type { Abs, CompiledFunction, MicroOp, Target } from './ops.js';
import { PointerSets } from './points-to.js';
import type { Points } from './points-to.js';

export type Bits = Uint32Array;

export interface Access {
  readonly reads: Bits;
  readonly writes: Bits;
}

export function emptyAccess(words: number): Access {
  return { reads: new Uint32Array(words), writes: new Uint32Array(words) };
}

/** Many empty ones in one piece of memory: each of their own costs the collector a buffer. */
function emptyAccesses(words: number, count: number): () => Access {
  const all = new Uint32Array(2 * words * count);
  let at = 0;
  const next = (): Bits => all.subarray(at, (at += words));
  return () => ({ reads: next(), writes: next() });
}

/** `a |= b`; whether that changed a. */
export function merge(a: Access, b: Access): boolean {
  const reads = mergeBits(a.reads, b.reads);
  return mergeBits(a.writes, b.writes) || reads;
}

function mergeBits(a: Bits, b: Bits): boolean {
  let changed = false;
  for (let i = 0; i < a.length; i++) {
    const w = (a[i] ?? 0) | (b[i] ?? 0);
    if (w >>> 0 !== a[i]) {
      a[i] = w;
      changed = true;
    }
  }
  return changed;
}

/** One function with given parameter places. */
export interface Activation {
  readonly fn: CompiledFunction;
  readonly params: readonly Points[];
  /** Where each slot may point. */
  readonly env: Map<number, Points>;
  result: Points;
  readonly total: Access;
  /** Those that access nothing share one. */
  readonly perOp: readonly Access[];
  /** Callees by operation and function. */
  readonly callees: Map<number, Map<string, Activation>>;
  /** Who depends on `total` and `result`. */
  readonly callers: Set<Activation>;
  /** Accesses from each operation on; filled when all is stable. */
  rest: Access[] | undefined;
}

export class AccessAnalysis {
  readonly words: number;
  readonly #objects: Objects;
  readonly #sets: PointerSets;
  readonly #faultClass: number;
  /** Classes of write caches and of the media behind them. */
  readonly #media: readonly (readonly [cached: number, medium: number])[];
  readonly #memo = new Map<string, Activation>();
  readonly #targets: (target: Target) => readonly CompiledFunction[];
  /** Activations whose callees have grown since they were looked at. */
  readonly #stale = new Set<Activation>();
  readonly #nothing: Access;
  /** Operations of each function that do anything here, by their number. */
  readonly #working = new Map<CompiledFunction, readonly number[]>();
  readonly #called = new Map<Target, readonly CompiledFunction[]>();
  /** Some slot of the activation in work points to more than before. */
  #envGrew = false;

  constructor(link: Linkage, targets: (target: Target) => readonly CompiledFunction[]) {
    this.#objects = link.memory.objects;
    this.#sets = new PointerSets(link.memory.objects, link.types);
    this.#targets = targets;
    this.#faultClass = link.memory.faultClass;
    this.#media = link.memory.mediaClasses(link);
    this.words = (this.#faultClass + 32) >> 5;
    this.#nothing = emptyAccess(this.words);
  }

  /** Analyses what the functions do when they start without arguments. */
  roots(fns: readonly CompiledFunction[]): ReadonlyMap<string, Activation> {
    const roots = new Map(fns.map((fn) => [fn.name, this.#activation(fn, [])]));
    for (const a of this.#stale) {
      this.#stale.delete(a);
      this.#pass(a);
    }
    return roots;
  }

  #activation(fn: CompiledFunction, args: readonly (Points | undefined)[]): Activation {
    const params = fn.params.map((_, i) => args[i] ?? this.#sets.none);
    const key = `${fn.name}(${params.map((p) => p.id).join('|')})`;
    const known = this.#memo.get(key);
    if (known) return known;
    const accessing = fn.ops.filter(accesses).length;
    const empty = emptyAccesses(this.words, accessing + 1);
    const made: Activation = {
      fn,
      params,
      env: new Map(fn.params.map((p, i) => [p.slot, params[i] ?? this.#sets.none])),
      result: this.#sets.none,
      total: empty(),
      perOp: fn.ops.map((op) => (accesses(op) ? empty() : this.#nothing)),
      callees: new Map(),
      callers: new Set(),
      rest: undefined,
    };
    this.#memo.set(key, made);
    this.#pass(made);
    return made;
  }

  /** Applies all operations until no slot points to more; whoever calls this hears of what grew. */
  #pass(a: Activation): void {
    const outer = this.#envGrew;
    const working = this.#workingIn(a.fn);
    let grew = false;
    do {
      this.#envGrew = false;
      for (const i of working) if (this.#applyTo(a, i)) grew = true;
    } while (this.#hasGrown());
    this.#envGrew = outer;
    if (grew) for (const caller of a.callers) this.#stale.add(caller);
  }

  #workingIn(fn: CompiledFunction): readonly number[] {
    const known = this.#working.get(fn);
    if (known) return known;
    const found = fn.ops.flatMap((op, i) => (op.effect.k !== 'none' || accesses(op) ? [i] : []));
    this.#working.set(fn, found);
    return found;
  }

  #targetsOf(target: Target): readonly CompiledFunction[] {
    const known = this.#called.get(target) ?? this.#targets(target);
    this.#called.set(target, known);
    return known;
  }

  #hasGrown(): boolean {
    return this.#envGrew;
  }

  #applyTo(a: Activation, i: number): boolean {
    const op = a.fn.ops[i];
    const acc = a.perOp[i];
    return op !== undefined && acc !== undefined && this.#apply(a, op, acc);
  }

  /** Adds the effect of one operation; whether anything grew. */
  #apply(a: Activation, op: MicroOp, acc: Access): boolean {
    const { effect } = op;
    if (op.ends) this.#endObjects(a, acc);
    switch (effect.k) {
      case 'none':
        return false;
      case 'set':
        return this.#assign(a, effect.slot, this.#points(a, effect.value));
      case 'load': {
        const points =
          effect.type.kind === 'pointer' ? this.#sets.ofType(effect.type.to) : this.#sets.none;
        const grew = this.#assign(a, effect.slot, points);
        return this.#touch(a, acc, this.#points(a, effect.from), false) || grew;
      }
      case 'store':
        return this.#touch(a, acc, this.#points(a, effect.to), true);
      case 'call':
        return this.#call(a, op, acc);
      case 'return': {
        const result = this.#sets.union(a.result, this.#points(a, effect.value));
        const grew = result !== a.result;
        a.result = result;
        return grew;
      }
      case 'alloc': {
        const grew =
          effect.slot === undefined
            ? false
            : this.#assign(a, effect.slot, this.#sets.ofObject(effect.pool, 0));
        const cls = effect.pool.pool?.class ?? -1;
        return this.#mark(a, acc, cls, true) || grew;
      }
      case 'free':
        return this.#free(a, acc, this.#points(a, effect.object));
      case 'fault':
        return this.#mark(a, acc, this.#faultClass, true);
      case 'flush':
        return this.#flush(a, acc);
    }
  }

  /** When a function returns its objects end, which is a write for whoever still points to them. */
  #endObjects(a: Activation, acc: Access): void {
    for (const { object } of a.fn.objects)
      for (const cls of object.classes) this.#mark(a, acc, cls, true);
  }

  #assign(a: Activation, slot: number, points: Points): boolean {
    const old = a.env.get(slot) ?? this.#sets.none;
    const now = this.#sets.union(old, points);
    if (now === old) return false;
    a.env.set(slot, now);
    this.#envGrew = true;
    return true;
  }

  #points(a: Activation, abs: Abs): Points {
    switch (abs.k) {
      case 'slot':
        return a.env.get(abs.slot) ?? this.#sets.none;
      case 'object':
        return this.#sets.ofObject(abs.object, abs.offset);
      case 'type':
        return this.#sets.ofType(abs.type);
      case 'shift':
        return this.#sets.shift(this.#points(a, abs.base), abs.delta);
      case 'as':
        return this.#sets.as(this.#points(a, abs.base), abs.type);
    }
  }

  #touch(a: Activation, acc: Access, points: Points, write: boolean): boolean {
    let grew = false;
    for (const cls of this.#sets.classes(points)) if (this.#mark(a, acc, cls, write)) grew = true;
    return grew;
  }

  /** An access to a pool object also reads whether it is allocated; a write is a read too. */
  #mark(a: Activation, acc: Access, cls: number, write: boolean): boolean {
    if (cls < 0) return false;
    const guard = cls === this.#faultClass ? -1 : this.#objects.guardOf(cls);
    let grew = set(acc.reads, cls);
    if (guard >= 0 && set(acc.reads, guard)) grew = true;
    if (write && set(acc.writes, cls)) grew = true;
    if (!grew) return false;
    set(a.total.reads, cls);
    if (guard >= 0) set(a.total.reads, guard);
    if (write) set(a.total.writes, cls);
    return true;
  }

  #free(a: Activation, acc: Access, points: Points): boolean {
    let grew = false;
    for (const object of this.#sets.pools(points)) {
      const guard = object.pool?.class ?? -1;
      if (this.#mark(a, acc, guard, true)) grew = true;
      for (const cls of object.classes) if (this.#mark(a, acc, cls, true)) grew = true;
    }
    return grew;
  }

  #flush(a: Activation, acc: Access): boolean {
    const grew = this.#media.map(([cached, medium]) => {
      const read = this.#mark(a, acc, cached, false);
      return this.#mark(a, acc, medium, true) || read;
    });
    return grew.includes(true);
  }

  #call(a: Activation, op: MicroOp, acc: Access): boolean {
    const { effect } = op;
    if (effect.k !== 'call') return false;
    let grew = false;
    const args = effect.args.map((x) => (x ? this.#points(a, x) : undefined));
    for (const fn of this.#targetsOf(effect.target)) {
      const callee = this.#activation(fn, args);
      const at = a.callees.get(op.pc) ?? new Map<string, Activation>();
      a.callees.set(op.pc, at);
      at.set(fn.name, callee);
      callee.callers.add(a);
      if (merge(acc, callee.total)) grew = true;
      if (effect.slot !== undefined && effect.result.kind === 'pointer') {
        const points = this.#sets.as(callee.result, effect.result.to);
        if (this.#assign(a, effect.slot, points)) grew = true;
      }
    }
    if (grew) merge(a.total, acc);
    return grew;
  }

  /** Accesses of the function from an operation to its end, callees included. */
  rest(a: Activation, pc: number): Access {
    a.rest ??= this.#restOf(a);
    return a.rest[pc - a.fn.entry] ?? a.total;
  }

  #restOf(a: Activation): Access[] {
    const empty = emptyAccesses(this.words, a.perOp.length);
    const rest = a.perOp.map((own) => {
      const copy = empty();
      copy.reads.set(own.reads);
      copy.writes.set(own.writes);
      return copy;
    });
    const { entry, ops } = a.fn;
    for (let changed = true; changed;) {
      changed = false;
      for (let i = ops.length - 1; i >= 0; i--) {
        const op = ops[i];
        const mine = rest[i];
        if (!op || !mine || op.ends) continue;
        for (const s of op.branches ? [op.next, op.other] : [op.next]) {
          const next = rest[s - entry];
          if (next && merge(mine, next)) changed = true;
        }
      }
    }
    return rest;
  }
}

/** Whether an operation may read or write memory: others have no access of their own. */
function accesses({ effect, ends, fn }: MicroOp): boolean {
  if (ends && fn.objects.length > 0) return true;
  return effect.k !== 'none' && effect.k !== 'set' && effect.k !== 'return';
}

function set(bits: Bits, n: number): boolean {
  const i = n >> 5;
  const old = bits[i] ?? 0;
  const now = (old | (1 << (n & 31))) >>> 0;
  bits[i] = now;
  return now !== old;
}
