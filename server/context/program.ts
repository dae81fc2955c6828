/**
 * Facts over a whole program: summaries bottom-up, what is held at entry top-down from the callers,
 * which threads a function runs in, and what a call may wait for.
 */
import type { Instr, IrExpr, IrFunction, Loc, Program } from '../csource/ir.js';
import type { CallGraph } from './callgraph.js';
import { inCommon, outlined } from './abstract.js';
import { callGraph } from './callgraph.js';
import { constantArgs, foldingOf, isFoldable, NO_FOLD } from './constants.js';
import type { Contract } from './contracts.js';
import { contractOf, NO_CONTRACT, withDeclared } from './contracts.js';
import type { Callees, FlowResult } from './flow.js';
import { successorsOf } from './steps.js';
import type { Held, HeldSet } from './held.js';
import { classOfPath, tokenOf } from './held.js';
import { objectOf, pathText, rootLocal, substitute } from './paths.js';
import { SharedFlows } from './shared-flows.js';
import type { Summary, TokenEffect } from './summary.js';
import { alwaysReleases, hasEffect, NO_EFFECT } from './summary.js';
import type { Accessor } from './values.js';
import { namedAccessor, Values } from './values.js';

/** One place where a thread may block, and the calls that lead there. */
export interface WaitFact {
  readonly class: string;
  /** The lock waited for, when the class follows from its path: it changes from caller to caller. */
  readonly path: IrExpr | undefined;
  /** Function that holds the wait itself. */
  readonly function: string;
  readonly at: Loc;
  /** Functions from the call on, outermost first, ending with `function`. */
  readonly chain: readonly string[];
  /** Call places along the chain: one fewer than `chain`. */
  readonly calls: readonly Loc[];
}

/** How a function comes to run: the thread attribute at the root of its callers. */
export interface ContextFact {
  readonly kind: 'process' | 'daemon' | 'irq';
  readonly name: string;
}

const THREAD_ATTRS = new Map<string, ContextFact['kind']>([
  ['__thread', 'process'],
  ['__daemon', 'daemon'],
  ['__irq', 'irq'],
]);

const MAX_CHAIN = 24;

type Call = Instr & { readonly op: 'call' };

export interface FactOptions {
  /** What functions do for other programs that have them too. */
  readonly shared?: SharedFlows;
  /** Functions that do for their callers what these say, whatever the program's own body is. */
  readonly contracts?: ReadonlyMap<string, IrFunction>;
  /** Functions that somebody outside the program may call: what callers hold is not certain. */
  readonly isOpen?: (fn: IrFunction) => boolean;
  /** Functions that only outline those that run: they leave out ways to fail. */
  readonly isOutline?: (fn: IrFunction) => boolean;
}

export class ProgramFacts implements Callees {
  readonly graph: CallGraph;
  readonly shared: SharedFlows;
  readonly #isOpen: (fn: IrFunction) => boolean;
  readonly #isOutline: (fn: IrFunction) => boolean;
  readonly #declared: Program['contracts'];
  readonly #contracts: ReadonlyMap<string, IrFunction>;
  readonly #summaries = new Map<string, Summary>();
  readonly #foldables = new Map<string, boolean>();
  readonly #active = new Set<string>();
  readonly #entries = new Map<string, HeldSet>();
  readonly #flows = new Map<string, FlowResult>();
  readonly #waits = new Map<string, readonly WaitFact[]>();
  readonly #values = new WeakMap<IrFunction, Values>();

  constructor(
    readonly program: Program,
    options: FactOptions = {},
  ) {
    this.graph = callGraph(program);
    this.shared = options.shared ?? new SharedFlows();
    this.#isOpen = options.isOpen ?? ((): boolean => false);
    this.#isOutline = options.isOutline ?? ((): boolean => false);
    this.#declared = program.contracts;
    this.#contracts = options.contracts ?? new Map<string, IrFunction>();
  }

  readonly effects = (call: Call): Summary | undefined =>
    inCommon(this.graph.targets(call).map((t) => this.#effectsOf(t, call)));

  /** Whether what a call does depends on constants among its arguments. */
  readonly folds = (call: Call): boolean =>
    this.graph.targets(call).some((t) => this.#foldable(t) && hasEffect(this.summary(t)));

  #foldable(name: string): boolean {
    const known = this.#foldables.get(name);
    if (known !== undefined) return known;
    this.#foldables.set(name, false); // recursion decides nothing
    const fn = this.callee(name);
    const is = fn !== undefined && isFoldable(fn, this.folds);
    this.#foldables.set(name, is);
    return is;
  }

  #effectsOf(name: string, call: Call): Summary {
    const general = this.summary(name);
    const fn = this.callee(name);
    if (!fn || !hasEffect(general) || !this.#foldable(name)) return general;
    const constants = constantArgs(fn, call, this.program.types);
    if (!constants) return general;
    const folding = foldingOf(name, constants, this.program.types);
    const { key } = folding;
    const known = this.#summaries.get(key);
    if (known) return known;
    if (this.#active.has(name)) return general;
    this.#active.add(name);
    const summary = this.#seen(fn, this.shared.flow(fn, [], this, folding).summary);
    this.#active.delete(name);
    this.#summaries.set(key, summary);
    return summary;
  }

  #seen(fn: IrFunction, summary: Summary): Summary {
    return this.#isOutline(fn) ? outlined(summary) : summary;
  }

  /** The function as its callers see it. */
  callee(name: string): IrFunction | undefined {
    return this.#contracts.get(name) ?? this.program.functions.get(name);
  }

  readonly knows = (call: Call): boolean => {
    const targets = this.graph.targets(call);
    return targets.length > 0 && targets.every((t) => this.callee(t) || this.#declared.has(t));
  };

  /** What every caller must hold, as declared. */
  readonly required = (call: Call): readonly TokenEffect[] =>
    this.graph.targets(call).flatMap((t) => this.contract(t).required);

  contract(name: string): Contract {
    const declared = this.#declared.get(name);
    return declared ? contractOf(declared) : NO_CONTRACT;
  }

  readonly accessor: Accessor = (call) => {
    const named = namedAccessor(call);
    if (named || call.callee.kind !== 'ident') return named;
    const fn = this.program.functions.get(call.callee.name);
    const [only, more] = fn?.code ?? [];
    if (only?.op !== 'return' || !only.value || more || only.value.kind !== 'member')
      return undefined;
    return substitute(only.value, (l) => call.args[l]);
  };

  valuesOf(fn: IrFunction): Values {
    const known = this.#values.get(fn) ?? new Values(fn, this.accessor, () => false);
    this.#values.set(fn, known);
    return known;
  }

  summary(name: string): Summary {
    const known = this.#summaries.get(name);
    if (known) return known;
    const fn = this.callee(name);
    if (!fn) return this.contract(name).summary;
    if (this.#active.has(name)) return NO_EFFECT;
    this.#active.add(name);
    const body = this.shared.flow(fn, [], this, NO_FOLD).summary;
    this.#active.delete(name);
    const summary = withDeclared(this.#seen(fn, body), this.contract(name));
    this.#summaries.set(name, summary);
    return summary;
  }

  /** Held sets in a function of the program, with what its callers hold at entry. */
  flow(name: string): FlowResult | undefined {
    const known = this.#flows.get(name);
    if (known) return known;
    const fn = this.program.functions.get(name);
    if (!fn) return undefined;
    const flow = this.flowOf(fn);
    this.#flows.set(name, flow);
    return flow;
  }

  /** The same of a function that stands beside the program. */
  flowOf(fn: IrFunction): FlowResult {
    return this.shared.flow(fn, this.entry(fn.name), this, NO_FOLD);
  }

  /**
   * What is held when `name` is called: what its callers in the program hold, certain only when all of
   * them do and there can be no others; what it declares; and what it releases without having taken.
   */
  entry(name: string): HeldSet {
    const known = this.#entries.get(name);
    if (known) return known;
    this.#entries.set(name, []); // recursion: what is below contributes nothing
    const sets: HeldSet[] = [];
    for (const site of this.graph.callersOf(name)) {
      const caller = this.program.functions.get(site.caller);
      const instr = caller?.code[site.pc];
      const before = this.flow(site.caller)?.before[site.pc];
      if (!caller || !before || instr?.op !== 'call') continue;
      sets.push(before.map((h) => this.intoCallee(h, caller, instr, name)));
    }
    const fn = this.program.functions.get(name);
    const merged = mergeEntries(sets, fn !== undefined && this.#isOpen(fn));
    const entry = fn ? this.#withOwn(fn, merged) : merged;
    this.#entries.set(name, entry);
    return entry;
  }

  /** Adds what the function itself says about its caller. */
  #withOwn(fn: IrFunction, entry: HeldSet): HeldSet {
    const { variants } = this.#contracts.has(fn.name)
      ? this.shared.flow(fn, [], this, NO_FOLD).summary
      : this.summary(fn.name);
    const released = variants.length === 0 ? [] : (variants[0]?.releases ?? []);
    const always = released.filter((r) =>
      variants.every((v) =>
        v.releases.some((o) => o.certain && o.class === r.class && samePath(o.path, r.path)),
      ),
    );
    const out = [...entry];
    // of an object that has no name at entry, who knows where it was locked
    const named = always.filter((e) => e.path !== undefined);
    for (const e of [...this.contract(fn.name).required, ...named]) {
      const path = e.path && substitute(e.path, (l) => localRef(fn, l));
      const key = path ? pathText(path) : '';
      const at = out.findIndex(
        (h) => h.class === e.class && (h.key === key || key === '' || h.key === ''),
      );
      const old = out[at];
      if (old) out[at] = { ...old, certain: true };
      else
        out.push({
          ...{ class: e.class, named: e.named, path, object: key, key, shared: e.shared },
          ...{ certain: true, atomic: e.atomic, waits: false, at: fn.def.nameLoc },
          ...{ function: fn.name, from: 'caller' },
        });
    }
    return out;
  }

  /** A caller's token as its callee sees it: by the parameter that carries it, else by class alone. */
  intoCallee(h: Held, caller: IrFunction, instr: Call, callee: string): Held {
    const fn = this.program.functions.get(callee);
    const values = this.valuesOf(caller);
    const args = instr.args.map((a) => values.expand(a));
    const path = h.path && fn ? throughParams(values.expand(h.path), args, fn) : undefined;
    const shown = h.path && fn ? throughParams(h.path, instr.args, fn) : undefined;
    const object = shown ? pathText(shown) : h.object;
    return { ...h, from: 'caller', path, object, key: path ? pathText(path) : '' };
  }

  /** Threads and roots from which a function is reached. */
  contexts(name: string): readonly ContextFact[] {
    const seen = new Set<string>();
    const found = new Map<string, ContextFact>();
    const visit = (f: string): void => {
      if (seen.has(f)) return;
      seen.add(f);
      const fn = this.program.functions.get(f);
      const attr = fn?.def.attrs.find((a) => THREAD_ATTRS.has(a.name));
      const kind = attr && THREAD_ATTRS.get(attr.name);
      const callers = this.graph.callersOf(f);
      if (attr && kind) {
        const arg = attr.args[0];
        const label = arg?.kind === 'string' ? arg.value : f;
        found.set(`${kind} ${label}`, { kind, name: kind === 'process' ? 'process' : label });
      } else if (callers.length === 0) found.set('process', { kind: 'process', name: 'process' });
      for (const c of callers) visit(c.caller);
    };
    visit(name);
    return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, c]) => c);
  }

  /** Waits that can be reached from the entry of `name` while a token of class `held` stays held. */
  waitsWhileHolding(name: string, held: string): readonly WaitFact[] {
    const key = `${name}\u0000${held}`;
    const known = this.#waits.get(key);
    if (known) return known;
    this.#waits.set(key, []);
    const fn = this.program.functions.get(name);
    const waits = fn ? this.#collectWaits(fn, held) : [];
    this.#waits.set(key, waits);
    return waits;
  }

  #collectWaits(fn: IrFunction, held: string): readonly WaitFact[] {
    const found = new Map<string, WaitFact>();
    const note = (w: WaitFact): void => {
      const key = w.path ? `path ${pathText(w.path)}` : w.class;
      const old = found.get(key);
      if (!old || w.chain.length < old.chain.length) found.set(key, w);
    };
    const seen = new Set<number>();
    const work = [0];
    for (let pc = work.pop(); pc !== undefined; pc = work.pop()) {
      const instr = fn.code[pc];
      if (!instr || seen.has(pc)) continue;
      seen.add(pc);
      for (const w of this.waitsAt(fn, pc, held)) note(w);
      if (!this.#drops(instr, held)) work.push(...successorsOf(instr, pc));
    }
    return [...found.values()];
  }

  /** What one instruction may wait for while `held` stays held. */
  waitsAt(fn: IrFunction, pc: number, held: string): readonly WaitFact[] {
    const instr = fn.code[pc];
    if (!instr) return [];
    if (instr.op === 'intrinsic' && (instr.name === '__wait' || instr.name === '__spin')) {
      const wait = waitOf(fn, pc);
      return wait
        ? [{ ...wait, function: fn.name, at: instr.loc, chain: [fn.name], calls: [] }]
        : [];
    }
    if (instr.op !== 'call') return [];
    return this.graph.targets(instr).flatMap((t) =>
      this.waitsWhileHolding(t, held)
        .filter((w) => w.chain.length < MAX_CHAIN)
        .map((w) => ({
          ...inCaller(w, instr),
          chain: [fn.name, ...w.chain],
          calls: [instr.loc, ...w.calls],
        })),
    );
  }

  #drops(instr: Instr, held: string): boolean {
    if (instr.op === 'intrinsic' && instr.name === '__release')
      return tokenOf(instr.args)?.class === held;
    if (instr.op !== 'call') return false;
    const summary = this.effects(instr);
    return summary !== undefined && alwaysReleases(summary, held);
  }
}

/** Class of a wait: what the C says, else the lock acquired in the same atomic region. */
function waitOf(fn: IrFunction, pc: number): Pick<WaitFact, 'class' | 'path'> | undefined {
  const instr = fn.code[pc];
  if (instr?.op !== 'intrinsic') return undefined;
  const said = instr.args.find((a) => a.kind === 'string');
  if (said?.kind === 'string' && instr.args.length > 1)
    return { class: said.value, path: undefined };
  for (let i = pc + 1; i < fn.code.length; i++) {
    const next = fn.code[i];
    if (!next || next.op === 'atomic') return undefined;
    if (next.op !== 'intrinsic' || (next.name !== '__acquire' && next.name !== '__acquire_shared'))
      continue;
    const token = tokenOf(next.args);
    return token && { class: token.class, path: token.named ? undefined : token.path };
  }
  return undefined;
}

function inCaller(w: WaitFact, instr: Instr & { readonly op: 'call' }): WaitFact {
  if (!w.path) return w;
  const seen = substitute(w.path, (l) => instr.args[l]);
  if (!seen) return { ...w, path: undefined };
  const path = objectOf(seen);
  return { ...w, path, class: classOfPath(path) };
}

function throughParams(
  path: IrExpr,
  args: readonly IrExpr[],
  callee: IrFunction,
): IrExpr | undefined {
  const text = pathText(path);
  for (let i = 0; i < Math.min(args.length, callee.paramCount); i++) {
    const arg = args[i];
    const param = callee.locals[i];
    if (!arg || !param) continue;
    const local: IrExpr = { kind: 'local', local: i, name: param.name, loc: param.loc };
    if (pathText(objectOf(arg)) === text) return local;
    const argRoot = objectOf(arg);
    if (argRoot.kind !== 'local') continue;
    if (rootLocal(path) === argRoot.local)
      return substitute(path, (l) => (l === argRoot.local ? local : undefined));
  }
  return undefined;
}

function localRef(fn: IrFunction, local: number): IrExpr | undefined {
  const param = fn.locals[local];
  return param && { kind: 'local', local, name: param.name, loc: param.loc };
}

function samePath(a: IrExpr | undefined, b: IrExpr | undefined): boolean {
  return (a && pathText(a)) === (b && pathText(b));
}

function mergeEntries(sets: readonly HeldSet[], isOpen: boolean): HeldSet {
  const all = new Map<string, { held: Held; count: number }>();
  for (const set of sets) {
    const once = new Map(set.map((h) => [`${h.class}\u0000${h.key}`, h]));
    for (const [k, h] of once) {
      const old = all.get(k);
      const certain = h.certain && (old?.held.certain ?? true);
      all.set(k, { held: old ? { ...old.held, certain } : h, count: (old?.count ?? 0) + 1 });
    }
  }
  return [...all.values()].map(({ held, count }) =>
    count === sets.length && !isOpen ? held : { ...held, certain: false },
  );
}
