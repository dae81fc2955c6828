/**
 * Forward data flow over one function: what is held before each instruction, path by path as far
 * as conditions correlate (conditions.ts). A token is held `certain`ly when it is held on every path.
 */
import type { Instr, IrExpr, IrFunction, Loc } from '../csource/ir.js';
import type { Folding } from './constants.js';
import type { Facts, LiveTests } from './conditions.js';
import {
  factsAfter,
  knownNumber,
  lastingFacts,
  learn,
  liveTests,
  negativeKey,
  outcomeOf,
} from './conditions.js';
import type { Held, HeldSet } from './held.js';
import { classOfPath, keyOf, originOf, togetherHeld, tokenOf } from './held.js';
import { objectOf, rootLocal, substitute } from './paths.js';
import type { PathState } from './path-state.js';
import { PathStates, sameRelease } from './path-state.js';
import type { Gift, Released, Summary, TokenEffect, Variant } from './summary.js';
import { hasEffect, NO_EFFECT, summarise } from './summary.js';
import type { Accessor } from './values.js';
import { assignedLocal, passedByAddress, Values } from './values.js';
import { successorsOf, waitBefore } from './steps.js';

type Call = Instr & { readonly op: 'call' };

export interface FlowResult {
  /** Held before each instruction; undefined where no path leads. */
  readonly before: readonly (HeldSet | undefined)[];
  readonly summary: Summary;
}

/** What the functions that a call may enter do; undefined when none is known. */
export type Effects = (call: Call) => Summary | undefined;

/** What the flow asks about calls. */
export interface Callees {
  readonly effects: Effects;
  /** What the caller must hold, as the callee declares it, in terms of the call's arguments. */
  readonly required: (call: Call) => readonly TokenEffect[];
  readonly accessor: Accessor;
  /** Whether it is known what the callee does. */
  readonly knows: (call: Call) => boolean;
  /** Whether constants among the arguments decide what it does. */
  readonly folds: (call: Call) => boolean;
}

/** A path that waits for a token while it holds another one. */
export interface Nested {
  readonly pc: number;
  readonly state: PathState;
  readonly held: Held;
  readonly taken: Held;
}

function changes(effects: Summary | undefined): boolean {
  return effects !== undefined && hasEffect(effects);
}

function touchesLocks(instr: Instr, callees: Callees): boolean {
  if (instr.op === 'intrinsic')
    return (
      instr.name === '__acquire' || instr.name === '__acquire_shared' || instr.name === '__release'
    );
  return (
    instr.op === 'call' && (changes(callees.effects(instr)) || callees.required(instr).length > 0)
  );
}

/** What one release ends: of a lock all ways in which it may be held, of what nests the innermost. */
function given(exact: HeldSet): HeldSet {
  const last = exact.at(-1);
  return last?.shared ? exact.filter((h) => h === last || !h.certain) : exact;
}

export class Flow {
  readonly states: readonly PathStates[];
  readonly nested: Nested[] = [];
  readonly tests: LiveTests;
  readonly values: Values;
  /** Where a token taken here is released, by where it was taken. */
  readonly releasedAt = new Map<string, Set<number>>();
  readonly #constants = new Map<Call, Map<string, Call>>();

  constructor(
    readonly fn: IrFunction,
    readonly callees: Callees,
    readonly folding: Pick<Folding, 'fold' | 'constants'>,
  ) {
    this.states = fn.code.map(() => new PathStates());
    const plain = (call: Call): boolean => !changes(callees.effects(call));
    this.values = new Values(fn, callees.accessor, plain);
    this.tests = liveTests(fn, this.values, successorsOf, callees.folds);
  }

  /** Whether anything in the function takes or releases anything. */
  static isQuiet(fn: IrFunction, callees: Callees): boolean {
    return !fn.code.some((instr) => touchesLocks(instr, callees));
  }

  run(entry: HeldSet): void {
    const { code } = this.fn;
    const pending: PathState[][] = code.map(() => []);
    let at = 0;
    const reach = (pc: number, state: PathState): void => {
      const live = new Map([...state.facts].filter(([k]) => this.tests.isLive(pc, k)));
      const fresh = this.states[pc]?.add({ ...state, facts: live });
      if (!fresh) return;
      pending[pc]?.push(fresh);
      if (pc < at) at = pc;
    };
    reach(0, { facts: new Map(), held: entry, released: [], from: undefined });
    // the lowest place first: what comes together there is mostly complete
    while (at < code.length) {
      const state = pending[at]?.shift();
      const instr = code[at];
      if (!state || !instr) {
        at++;
        continue;
      }
      const pc = at;
      for (const [to, next] of this.step(instr, state, pc)) {
        const facts = to <= pc ? lastingFacts(next.facts, this.tests) : next.facts;
        reach(to, { ...next, facts, from: { pc, state } });
      }
    }
  }

  get exits(): readonly {
    readonly pc: number;
    readonly state: PathState;
    readonly value: IrExpr | undefined;
  }[] {
    return this.fn.code.flatMap((instr, pc) =>
      instr.op === 'return'
        ? [...(this.states[pc]?.values() ?? [])].map((state) => ({ pc, state, value: instr.value }))
        : [],
    );
  }

  step(instr: Instr, state: PathState, pc: number): readonly (readonly [number, PathState])[] {
    if (instr.op === 'branch') return this.branch(instr, state, pc);
    const facts = factsAfter(state.facts, instr, this.tests);
    const next =
      instr.op === 'call'
        ? this.call(instr, { ...state, facts }, pc)
        : [this.plain(instr, { ...state, facts }, pc)];
    return successorsOf(instr, pc).flatMap((to) => next.map((s) => [to, s] as const));
  }

  branch(
    instr: Instr & { op: 'branch' },
    state: PathState,
    pc: number,
  ): readonly (readonly [number, PathState])[] {
    const constant = this.folding.fold(instr.cond);
    if (constant !== undefined) return [[constant === 0 ? instr.else : instr.then, state]];
    const test = this.tests.at.get(pc);
    if (!test)
      return [
        [instr.then, state],
        [instr.else, state],
      ];
    const known = outcomeOf(test, state.facts);
    const out: (readonly [number, PathState])[] = [];
    for (const outcome of [true, false]) {
      if (known !== undefined && known !== outcome) continue;
      const facts = learn(state.facts, test, outcome);
      const isNull = facts.get(test.subject) === false;
      const isError = facts.get(negativeKey(test.subject)) === true;
      const held =
        isNull || isError
          ? state.held.filter((h) => h.from === 'caller' || h.key !== test.subject)
          : state.held;
      out.push([outcome === test.whenTrue ? instr.then : instr.else, { ...state, facts, held }]); // NULL is not locked
    }
    return out;
  }

  plain(instr: Instr, state: PathState, pc: number): PathState {
    if (instr.op === 'intrinsic') {
      const token = tokenOf(instr.args);
      if (!token) return state;
      if (instr.name === '__acquire' || instr.name === '__acquire_shared') {
        const shared = instr.name === '__acquire_shared';
        const how = waitBefore(this.fn, pc);
        return this.acquire(state, { ...token, ...how, shared, certain: true }, instr.loc, pc);
      }
      return instr.name === '__release'
        ? this.release(state, { ...token, certain: true }, pc)
        : this.set(instr, state, pc);
    }
    return instr.op === 'assign'
      ? { ...state, held: this.rename(this.set(instr, state, pc).held, instr.target, instr.value) }
      : this.set(instr, state, pc);
  }

  /** A local gets another value: what was held under its name has no name any more. */
  set(instr: Instr, state: PathState, pc: number): PathState {
    if (state.held.length === 0) return state;
    const target = assignedLocal(instr);
    const passed = instr.op === 'call' ? passedByAddress(instr) : [];
    if (target === undefined && passed.length === 0) return state;
    const ends = (h: Held): boolean =>
      h.path !== undefined &&
      this.values.path(h.path).locals.some((l) => l === target || passed.includes(l));
    if (!state.held.some(ends)) return state;
    const nameless = new Set<string>();
    const held = state.held.flatMap((h) => {
      const gone = ends(h) ? this.lose(h, pc) : h;
      if (gone.key !== '' || gone.from === 'caller') return [gone];
      // what a loop takes in each round is one
      if (nameless.has(gone.class)) return [];
      nameless.add(gone.class);
      return [gone];
    });
    return { ...state, held };
  }

  /** The other name of what was held under a local's: where the local was stored, if it was. */
  lose(h: Held, pc: number): Held {
    const nameless: Held = { ...h, path: undefined, object: '', key: '' };
    const local = h.path?.kind === 'local' ? h.path.local : undefined;
    if (local === undefined) return nameless;
    for (let i = pc - 1; i >= 0; i--) {
      const instr = this.fn.code[i];
      if (!instr || assignedLocal(instr) === local) return nameless;
      if (instr.op !== 'assign' || instr.value.kind !== 'local' || instr.value.local !== local)
        continue;
      const path = instr.target;
      if (path.kind !== 'member' || rootLocal(path) === local) return nameless;
      return { ...h, path, object: this.values.display(path), key: this.values.path(path).key };
    }
    return nameless;
  }

  /** `folio[0] = %t1`: what the call returned now has a name; `*out = x`: the caller's name for it. */
  rename(held: HeldSet, target: IrExpr, value: IrExpr): HeldSet {
    const from = rootLocal(value);
    const out =
      target.kind === 'unary' &&
      target.op === '*' &&
      (rootLocal(target) ?? Infinity) < this.fn.paramCount;
    if (from === undefined || value.kind !== 'local') return held;
    if (!out && !(this.fn.locals[from]?.temp && rootLocal(target) !== undefined)) return held;
    return held.map((h) => {
      if (!h.path || h.from !== 'here' || rootLocal(h.path) !== from) return h;
      const path = substitute(h.path, (l) => (l === from ? target : { ...value, local: l }));
      if (!path) return h;
      const cls = h.named ? h.class : classOfPath(path);
      const { key } = this.values.path(path);
      return { ...h, class: cls, path, object: this.values.display(path), key };
    });
  }

  acquire(
    state: PathState,
    token: Pick<Held, 'class' | 'named' | 'path' | 'shared' | 'certain' | 'atomic' | 'waits'>,
    at: Loc,
    pc: number,
  ): PathState {
    const entry: Held = {
      ...token,
      object: token.path ? this.values.display(token.path) : '',
      key: token.path ? this.values.path(token.path).key : '',
      at,
      function: this.fn.name,
      from: 'here',
    };
    if (entry.waits && entry.certain && entry.key !== '')
      for (const h of state.held)
        if (h.certain && h.key !== '') this.nested.push({ pc, state, held: h, taken: entry });
    const held = state.held.filter((h) => keyOf(h) !== keyOf(entry));
    const facts = this.notNull(state.facts, token.path);
    // the caller's, given back before and now taken again: it is the caller's as before
    const callers = state.released.find(
      (r) => r.class === entry.class && r.key === entry.key && entry.key !== '',
    );
    if (!callers) return { ...state, facts, held: [...held, entry] };
    const released = state.released.filter((r) => r !== callers);
    return { ...state, facts, held: [...held, { ...entry, from: 'caller' }], released };
  }

  /** What is locked, and what it is reached through, is there. */
  notNull(facts: Facts, path: IrExpr | undefined): Facts {
    if (!path) return facts;
    const root = rootLocal(path);
    const names = [root === undefined ? '' : this.values.localKey(root)];
    names.push(this.values.value(path)?.key ?? '');
    const asked = names.filter((n) => this.tests.behind.has(n) && facts.get(n) !== true);
    return asked.length === 0
      ? facts
      : new Map([...facts, ...asked.map((n) => [n, true] as const)]);
  }

  release(state: PathState, token: Omit<Released, 'object' | 'key'>, pc: number): PathState {
    const { class: cls, path } = token;
    const object = path ? this.values.display(path) : '';
    const key = path ? this.values.path(path).key : '';
    const exact = state.held.filter((h) => h.class === cls && h.key === key && key !== '');
    const victims =
      exact.length > 0
        ? given(exact)
        : state.held.filter((h) => h.class === cls && this.mayBe(h, path)).slice(-1);
    for (const v of victims) {
      const places = this.releasedAt.get(originOf(v)) ?? new Set();
      this.releasedAt.set(originOf(v), places.add(pc));
    }
    const held = token.certain
      ? state.held.filter((h) => !victims.includes(h) && !(h.until === key && key !== ''))
      : state.held.map((h) => (victims.includes(h) && h.certain ? { ...h, certain: false } : h));
    if (victims.some((h) => h.from === 'here')) return { ...state, held };
    const mine: Released = { ...token, object, key };
    return {
      ...state,
      held,
      released: [...state.released.filter((r) => !sameRelease(r, mine)), mine],
    };
  }

  /** Whether what is held may be what a path names: they differ when they start at different parameters. */
  mayBe(h: Held, path: IrExpr | undefined): boolean {
    if (!path || !h.path || h.key === '') return true;
    const [a, b] = [rootLocal(this.values.expand(h.path)), rootLocal(this.values.expand(path))];
    const isParam = (l: number | undefined): boolean => l === undefined || l < this.fn.paramCount;
    return !(isParam(a) && isParam(b));
  }

  /** A call may come back in several ways; each is a path of its own. */
  call(instr: Call, before: PathState, pc: number): readonly PathState[] {
    const state = this.require(instr, before);
    if (!this.callees.knows(instr)) return [this.set(instr, this.doubt(instr, state), pc)];
    const variants = this.callees.effects(this.withConstants(instr, before.facts))?.variants ?? [];
    if (variants.length === 0) return [this.set(instr, state, pc)];
    const { result } = instr;
    const isLocked = variants.some((v) => v.acquires.some((a) => a.returned));
    return variants.map((v) => {
      const facts =
        result === undefined ? state.facts : this.returned(state.facts, result, v.result, isLocked);
      return this.apply(instr, { ...state, facts }, v, pc);
    });
  }

  /**
   * Facts about a result. What comes back locked is an object or a failure; that may be NULL in one
   * kernel and an error in another, so whichever the caller asks for is what it was.
   */
  returned(facts: Facts, local: number, result: Variant['result'], isLocked: boolean): Facts {
    if (result === 'any') return facts;
    const name = this.values.localKey(local);
    const out = new Map(facts);
    const isFailure = isLocked && result !== 'nonzero';
    out.set(name, isFailure ? false : result !== 'zero');
    out.set(negativeKey(name), isFailure || result === 'negative');
    return out;
  }

  /** The call with constants for arguments that have them on this path. One object for one answer. */
  withConstants(instr: Call, facts: Facts): Call {
    const { constants } = this.folding;
    if ((facts.size === 0 && constants.length === 0) || !this.callees.folds(instr)) return instr;
    const numbers = instr.args.map((a) =>
      a.kind === 'local' && constants[a.local] !== undefined
        ? constants[a.local]
        : knownNumber(this.values.value(a)?.key, facts),
    );
    if (numbers.every((n) => n === undefined)) return instr;
    const byConstants = this.#constants.get(instr) ?? new Map<string, Call>();
    this.#constants.set(instr, byConstants);
    const key = numbers.join();
    const args = instr.args.map((a, i) => numberAs(numbers[i], a));
    const call = byConstants.get(key) ?? { ...instr, args };
    byConstants.set(key, call);
    return call;
  }

  /** An unknown function is given the very thing that is locked: it may be the one that unlocks it. */
  doubt(instr: Call, state: PathState): PathState {
    if (!state.held.some((h) => !h.shared && !h.doubt)) return state;
    const given = new Set(instr.args.map((a) => this.values.path(objectOf(a)).key));
    const held = state.held.map((h) =>
      !h.shared && h.key !== '' && given.has(h.key) ? { ...h, doubt: true } : h,
    );
    return { ...state, held };
  }

  /** What the callee declares that its caller holds, and nobody here took, the caller's caller holds. */
  require(instr: Call, state: PathState): PathState {
    let { held } = state;
    for (const need of this.callees.required(instr)) {
      const path = this.here(need, instr);
      const cls = need.named || !path ? need.class : classOfPath(path);
      const key = path ? this.values.path(path).key : '';
      if (held.some((h) => h.class === cls && (h.key === key || this.mayBe(h, path)))) continue;
      const { named, shared } = need;
      const object = path ? this.values.display(path) : '';
      held = [
        ...held,
        {
          ...{ class: cls, named, shared, path, object, key, certain: true, atomic: false },
          ...{ waits: false, at: instr.loc, function: this.fn.name, from: 'caller' as const },
        },
      ];
    }
    return held === state.held ? state : { ...state, held };
  }

  apply(instr: Call, state: PathState, v: Variant, pc: number): PathState {
    let out = state;
    for (const r of v.releases) {
      const path = this.here(r, instr);
      const cls = r.named || !path ? r.class : classOfPath(path);
      out = this.release(out, { class: cls, named: r.named, path, certain: r.certain }, pc);
    }
    // the result gets its value before what is held under its name
    out = this.set(instr, out, pc);
    for (const a of v.acquires) {
      const path = this.here(a, instr);
      const cls = a.named || !path ? a.class : classOfPath(path);
      const { named, shared, atomic, waits, certain } = a;
      const token = { class: cls, named, path, shared, atomic, waits, certain };
      out = this.acquire(out, token, instr.loc, pc);
    }
    for (const g of v.gives ?? []) out = this.give(instr, out, g);
    return out;
  }

  /** What is given ends with what it is given to. */
  give(instr: Call, state: PathState, { what, to }: Gift): PathState {
    const path = this.here(what, instr);
    const owner = substitute(to, (l) => instr.args[l]);
    if (!path || !owner) return state;
    const cls = what.named ? what.class : classOfPath(path);
    const [key, until] = [this.values.path(path).key, this.values.path(objectOf(owner)).key];
    const held = state.held.map((h) => (h.class === cls && h.key === key ? { ...h, until } : h));
    return { ...state, held };
  }

  /** A callee's object in this function's terms. */
  here(e: TokenEffect, instr: Call): IrExpr | undefined {
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

function numberAs(value: number | undefined, e: IrExpr): IrExpr {
  return value === undefined
    ? e
    : { kind: 'number', value, unsigned: false, long: true, loc: e.loc };
}

/** Held sets of one function with the given entry. */
export function analyseFunction(
  fn: IrFunction,
  entry: HeldSet,
  callees: Callees,
  folding: Folding,
): FlowResult {
  if (Flow.isQuiet(fn, callees)) return { before: fn.code.map(() => entry), summary: NO_EFFECT };
  const flow = new Flow(fn, callees, folding);
  flow.run(entry);
  const before = flow.states.map((at) =>
    at.size === 0 ? undefined : togetherHeld([...at.values()].map((s) => s.held)),
  );
  return { before, summary: summarise(fn, flow) };
}
