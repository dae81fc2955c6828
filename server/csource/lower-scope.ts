/** Open scopes: names, and the calls and ends of atomic regions that run on each way out of them. */
import type { Ident, Loc } from './ast.js';
import type { IrExpr, LocalRef } from './ir.js';
import { type Builder, Label } from './lower-builder.js';

/** A call that ends a scope: `__free(fn)`, `guard(name)`. */
export interface Cleanup {
  readonly callee: string;
  readonly args: readonly IrExpr[];
  readonly loc: Loc;
}

/** What a new scope may bring. */
export interface ScopeOptions {
  readonly atomic?: boolean;
  readonly breakTo?: Label;
  readonly continueTo?: Label;
}
interface Scope extends ScopeOptions {
  readonly names: Map<string, LocalRef | Ident>;
  readonly cleanups: Cleanup[];
}

/** Where a goto or label stands: the open scopes, and how many cleanups each had. */
interface Place {
  readonly scopes: readonly Scope[];
  readonly cleanups: readonly number[];
}
interface LabelPlace extends Place {
  readonly label: Label;
  used: boolean;
}
interface PendingGoto extends Place {
  readonly name: string;
  readonly stub: Label;
  readonly stmt: number;
  readonly loc: Loc;
}

export class Scopes {
  readonly #builder: Builder;
  readonly #open: Scope[] = [];
  readonly #labels = new Map<string, LabelPlace[]>();
  readonly #gotos: PendingGoto[] = [];

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  lookup(name: string): LocalRef | Ident | undefined {
    return this.#open.findLast((scope) => scope.names.has(name))?.names.get(name);
  }

  /** Visible names; those of inner scopes come later. */
  names(): readonly (readonly [string, LocalRef | Ident])[] {
    return this.#open.flatMap((scope) => [...scope.names]);
  }

  declare(name: string, ref: LocalRef | Ident): void {
    this.#open.at(-1)?.names.set(name, ref);
  }

  declaredHere(name: string): boolean {
    return this.#open.at(-1)?.names.has(name) ?? false;
  }

  addCleanup(cleanup: Cleanup): void {
    this.#open.at(-1)?.cleanups.push(cleanup);
  }

  /** Lowers in a scope of its own; leaves it properly when its end is reached. */
  within<T>(options: ScopeOptions, loc: Loc, inner: () => T): T {
    this.#open.push({ ...options, names: new Map(), cleanups: [] });
    const result = inner();
    const here = this.#place();
    this.#unwind(
      here,
      { scopes: here.scopes.slice(0, -1), cleanups: here.cleanups },
      { ...loc, start: Math.max(loc.start, loc.end - 1) },
    );
    this.#open.pop();
    return result;
  }

  get inAtomic(): boolean {
    return this.#open.some((s) => s.atomic);
  }

  /** True when leaving the function here runs anything. */
  get pending(): boolean {
    return this.#open.some((s) => s.atomic === true || s.cleanups.length > 0);
  }

  /** The same for the innermost scope. */
  get pendingHere(): boolean {
    return (this.#open.at(-1)?.cleanups.length ?? 0) > 0;
  }

  /** Runs what all open scopes ask for, before a return. */
  leaveFunction(loc: Loc): void {
    this.#unwind(this.#place(), { scopes: [], cleanups: [] }, loc);
  }

  /** `break` or `continue`; false when there is nothing to leave. */
  leaveLoop(which: 'breakTo' | 'continueTo', loc: Loc): boolean {
    const index = this.#open.findLastIndex((s) => s[which] !== undefined);
    const to = this.#open[index]?.[which];
    if (!to) return false;
    const here = this.#place();
    this.#unwind(here, { scopes: here.scopes.slice(0, index + 1), cleanups: here.cleanups }, loc);
    this.#builder.jump(loc, to, true);
    return true;
  }

  label(name: string): void {
    const label = new Label();
    this.#builder.bind(label);
    const places = this.#labels.get(name) ?? [];
    places.push({ ...this.#place(), label, used: false });
    this.#labels.set(name, places);
  }

  goto(name: string, loc: Loc): void {
    const stub = new Label();
    this.#gotos.push({ ...this.#place(), name, stub, stmt: this.#builder.currentStmt, loc });
    this.#builder.jump(loc, stub, true);
  }

  /**
   * Once all labels are known: what each goto runs on its way, behind the function's own code.
   * `missing` is told of gotos without a label. Returns labels that no goto leads to.
   */
  resolveGotos(missing: (name: string, loc: Loc) => void): readonly Label[] {
    for (const goto of this.#gotos) {
      const target = nearest(goto, this.#labels.get(goto.name) ?? []);
      this.#builder.resumeStmt(goto.stmt);
      const before = this.#builder.size;
      this.#builder.bind(goto.stub);
      if (!target) {
        missing(goto.name, goto.loc);
        continue;
      }
      target.used = true;
      this.#unwind(goto, target, goto.loc);
      if (this.#builder.size === before) goto.stub.at = target.label.at;
      else this.#builder.jump(goto.loc, target.label, true);
    }
    return [...this.#labels.values()].flat().flatMap((place) => (place.used ? [] : [place.label]));
  }

  #place(): Place {
    return { scopes: [...this.#open], cleanups: this.#open.map((s) => s.cleanups.length) };
  }

  #unwind(from: Place, to: Place, loc: Loc): void {
    const shared = common(from, to);
    for (let i = from.scopes.length - 1; i >= 0; i--) {
      const scope = from.scopes[i];
      const keep = i < shared ? (to.cleanups[i] ?? 0) : 0;
      const cleanups = scope?.cleanups.slice(keep, Math.max(keep, from.cleanups[i] ?? 0)) ?? [];
      for (const { callee, args } of cleanups.reverse()) {
        this.#builder.emit(loc, { op: 'call', callee: { kind: 'ident', name: callee, loc }, args });
      }
      if (i >= shared && scope?.atomic) this.#builder.emit(loc, { op: 'atomic', enter: false });
    }
  }
}

function common(a: Place, b: Place): number {
  let n = 0;
  while (n < a.scopes.length && n < b.scopes.length && a.scopes[n] === b.scopes[n]) n += 1;
  return n;
}

/** Macros may bring the same label several times: the one in the innermost common scope is meant. */
function nearest(from: Place, places: readonly LabelPlace[]): LabelPlace | undefined {
  let best: LabelPlace | undefined;
  for (const place of places) if (!best || common(from, place) > common(from, best)) best = place;
  return best;
}
