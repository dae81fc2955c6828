/**
 * Forward data flow over one function: what is held before each instruction, path by path as far
 * as conditions on locals correlate. A token is held `certain`ly when it is held on every path.
 */
import type { Instr, IrExpr, IrFunction, Loc } from '../csource/ir.js';
import type { Facts, LiveTests } from './conditions.js';
import { factsAfter, liveTests, negativeKey } from './conditions.js';
import type { Held, HeldSet } from './held.js';
import { classOfPath, equalHeld, joinHeld, keyOf, tokenOf } from './held.js';
import { localName, objectOf, pathText, rootLocal, substitute } from './paths.js';
import type { Released, Summary, TokenEffect, Variant } from './summary.js';
import { summarise } from './summary.js';

/** Paths kept apart at one place before they are merged. */
const MAX_VARIANTS = 16;

export interface FlowResult {
  /** Held before each instruction; undefined where no path leads. */
  readonly before: readonly (HeldSet | undefined)[];
  readonly summary: Summary;
}

/** Summaries of the functions that a call may enter. */
export type Effects = (instr: Instr & { readonly op: 'call' }) => readonly Summary[];

/** One path's knowledge before an instruction. */
export interface PathState {
  readonly facts: Facts;
  readonly held: HeldSet;
  /** What was released without being held: the caller's. */
  readonly released: readonly Released[];
}

function factKey(facts: Facts): string {
  return [...facts]
    .map(([k, v]) => `${k}=${v ? 1 : 0}`)
    .sort()
    .join('&');
}

function joinReleased(a: readonly Released[], b: readonly Released[]): readonly Released[] {
  const out = a.map((r) =>
    r.certain && !b.some((o) => sameRelease(o, r) && o.certain) ? { ...r, certain: false } : r,
  );
  for (const r of b) if (!a.some((o) => sameRelease(o, r))) out.push({ ...r, certain: false });
  return out;
}

function sameRelease(a: Released, b: Released): boolean {
  return a.class === b.class && a.object === b.object;
}

function equalReleased(a: readonly Released[], b: readonly Released[]): boolean {
  return (
    a.length === b.length &&
    a.every((r) => b.some((o) => sameRelease(o, r) && o.certain === r.certain))
  );
}

class Flow {
  readonly states: Map<string, PathState>[];
  readonly exits: { readonly state: PathState; readonly value: IrExpr | undefined }[] = [];
  readonly tests: LiveTests;

  constructor(
    readonly fn: IrFunction,
    readonly effects: Effects,
  ) {
    this.states = fn.code.map(() => new Map<string, PathState>());
    this.tests = liveTests(fn, successorsOf);
  }

  run(entry: HeldSet): void {
    const work = new Set<number>();
    this.reach(0, { facts: new Map(), held: entry, released: [] }, work);
    for (const pc of work) {
      work.delete(pc);
      const instr = this.fn.code[pc];
      if (!instr) continue;
      for (const state of [...(this.states[pc]?.values() ?? [])])
        for (const [to, next] of this.step(instr, state, pc)) this.reach(to, next, work);
    }
    this.fn.code.forEach((instr, pc) => {
      if (instr.op === 'return')
        for (const state of this.states[pc]?.values() ?? [])
          this.exits.push({ state, value: instr.value });
    });
  }

  /** Joins a state into those at `pc`; queues the place when that taught something new. */
  reach(pc: number, state: PathState, work: Set<number>): void {
    const here = this.states[pc];
    if (!here) return;
    const live = this.tests.live(pc);
    const facts = new Map([...state.facts].filter(([k]) => live.has(k)));
    let key = factKey(facts);
    if (!here.has(key) && here.size >= MAX_VARIANTS) key = 'merged';
    const old = here.get(key);
    const held = joinHeld(old?.held, state.held);
    const released = old ? joinReleased(old.released, state.released) : state.released;
    if (old && equalHeld(old.held, held) && equalReleased(old.released, released)) return;
    here.set(key, { facts: key === 'merged' ? new Map() : facts, held, released });
    work.add(pc);
  }

  step(instr: Instr, state: PathState, pc: number): readonly (readonly [number, PathState])[] {
    if (instr.op === 'branch') return this.branch(instr, state, pc);
    const facts = factsAfter(state.facts, instr, this.tests);
    const next =
      instr.op === 'call'
        ? this.call(instr, { ...state, facts })
        : [this.plain(instr, { ...state, facts })];
    return successorsOf(instr, pc).flatMap((to) => next.map((s) => [to, s] as const));
  }

  branch(
    instr: Instr & { op: 'branch' },
    state: PathState,
    pc: number,
  ): readonly (readonly [number, PathState])[] {
    const test = this.tests.at.get(pc);
    if (!test)
      return [
        [instr.then, state],
        [instr.else, state],
      ];
    const known = state.facts.get(test.key);
    const out: (readonly [number, PathState])[] = [];
    for (const outcome of [true, false]) {
      if (known !== undefined && known !== outcome) continue;
      const facts = new Map(state.facts).set(test.key, outcome);
      const held = outcome
        ? state.held
        : state.held.filter((h) => h.path?.kind !== 'local' || h.path.name !== test.key);
      out.push([outcome === test.whenTrue ? instr.then : instr.else, { ...state, facts, held }]); // NULL is not locked
    }
    return out;
  }

  plain(instr: Instr, state: PathState): PathState {
    if (instr.op === 'intrinsic') {
      const token = tokenOf(instr.args);
      if (!token) return state;
      if (instr.name === '__acquire' || instr.name === '__acquire_shared')
        return this.acquire(
          state,
          { ...token, shared: instr.name === '__acquire_shared', certain: true },
          instr.loc,
        );
      return instr.name === '__release'
        ? this.release(state, token.class, token.named, token.path)
        : state;
    }
    return instr.op === 'assign'
      ? { ...state, held: this.rename(state.held, instr.target, instr.value) }
      : state;
  }

  /** `handle = %t1`: what the call returned now has a name; `*out = x`: the caller's name for it. */
  rename(held: HeldSet, target: IrExpr, value: IrExpr): HeldSet {
    const from = rootLocal(value);
    const out =
      target.kind === 'unary' &&
      target.op === '*' &&
      (rootLocal(target) ?? Infinity) < this.fn.paramCount;
    if (from === undefined || value.kind !== 'local') return held;
    if (!out && !(target.kind === 'local' && this.fn.locals[from]?.temp)) return held;
    return held.map((h) => {
      if (!h.path || h.from !== 'here' || rootLocal(h.path) !== from) return h;
      const path = substitute(h.path, (l) => (l === from ? target : { ...value, local: l }));
      return path ? { ...h, path, object: this.nameOf(path) } : h;
    });
  }

  nameOf(path: IrExpr | undefined): string {
    if (!path) return '';
    const root = rootLocal(path);
    return root !== undefined && localName(this.fn, root) === undefined ? '' : pathText(path);
  }

  acquire(
    state: PathState,
    token: {
      class: string;
      named: boolean;
      path: IrExpr | undefined;
      shared: boolean;
      certain: boolean;
    },
    at: Loc,
  ): PathState {
    const entry: Held = {
      ...token,
      object: this.nameOf(token.path),
      at,
      function: this.fn.name,
      from: 'here',
    };
    return { ...state, held: [...state.held.filter((h) => keyOf(h) !== keyOf(entry)), entry] };
  }

  release(state: PathState, cls: string, named: boolean, path: IrExpr | undefined): PathState {
    const object = this.nameOf(path);
    const exact = state.held.filter((h) => h.class === cls && h.object === object);
    const victims =
      exact.length > 0
        ? exact
        : state.held.filter((h) => h.class === cls && (h.object === '' || object === '')).slice(-1);
    const held = state.held.filter((h) => !victims.includes(h));
    if (victims.some((h) => h.from === 'here')) return { ...state, held };
    const mine: Released = { class: cls, named, path, object, certain: true };
    return {
      ...state,
      held,
      released: [...state.released.filter((r) => !sameRelease(r, mine)), mine],
    };
  }

  /** A call may come back in several ways; each is a path of its own. */
  call(instr: Instr & { op: 'call' }, state: PathState): readonly PathState[] {
    const summaries = this.effects(instr);
    const variants = summaries.flatMap((s) => s.variants);
    const certain = summaries.length === 1;
    const result = instr.result === undefined ? undefined : this.fn.locals[instr.result];
    return variants.map((v) => {
      const facts = new Map(state.facts);
      if (result && v.result !== 'any') {
        if (v.result !== 'negative') facts.set(result.name, v.result === 'nonzero');
        facts.set(negativeKey(result.name), v.result === 'negative');
        if (v.result === 'negative') facts.set(result.name, true);
      }
      return this.apply(instr, { ...state, facts }, v, certain);
    });
  }

  apply(instr: Instr & { op: 'call' }, state: PathState, v: Variant, certain: boolean): PathState {
    let out = state;
    for (const r of v.releases) {
      const path = this.here(r, instr);
      out = this.release(out, r.named || !path ? r.class : classOfPath(path), r.named, path);
    }
    for (const a of v.acquires) {
      const path = this.here(a, instr);
      const cls = a.named || !path ? a.class : classOfPath(path);
      out = this.acquire(
        out,
        { class: cls, named: a.named, path, shared: a.shared, certain: a.certain && certain },
        instr.loc,
      );
    }
    return out;
  }

  /** A callee's object in this function's terms. */
  here(e: TokenEffect, instr: Instr & { op: 'call' }): IrExpr | undefined {
    const path = e.returned
      ? instr.result === undefined
        ? undefined
        : ({
            kind: 'local',
            local: instr.result,
            name: this.fn.locals[instr.result]?.name ?? '',
            loc: instr.loc,
          } as const)
      : e.path && substitute(e.path, (l) => instr.args[l]);
    return path && objectOf(path);
  }
}

/** Program counters that may follow. */
export function successorsOf(instr: Instr, pc: number): readonly number[] {
  switch (instr.op) {
    case 'return':
      return [];
    case 'jump':
      return [instr.to];
    case 'branch':
      return [instr.then, instr.else];
    case 'assign':
    case 'zero':
    case 'call':
    case 'intrinsic':
    case 'atomic':
    case 'unknown':
      return [pc + 1];
  }
}

/** Held sets of one function with the given entry. */
export function analyseFunction(fn: IrFunction, entry: HeldSet, effects: Effects): FlowResult {
  const flow = new Flow(fn, effects);
  flow.run(entry);
  const before = flow.states.map((at) => {
    let all: HeldSet | undefined;
    for (const s of at.values()) all = joinHeld(all, s.held);
    return all;
  });
  return { before, summary: summarise(fn, flow.exits) };
}
