/** State of lowering one function: scopes and what must run when they are left. */
import type { Attr, Expr, FunctionDef, Ident, Loc, TypeExpr, VarDecl } from './ast.js';
import type { IrExpr, LocalRef } from './ir.js';
import { Builder, Label } from './lower-builder.js';
import type { LowerEnv } from './lower-env.js';
import type { Expander } from './macro.js';
import type { Frame, MacroArg } from './macro-frame.js';

/** A call that ends a scope: `__free(fn)`, `guard(name)`. */
export interface Cleanup {
  readonly callee: string;
  readonly args: readonly IrExpr[];
  readonly loc: Loc;
}

export interface Scope {
  readonly names: Map<string, LocalRef | Ident>;
  readonly cleanups: Cleanup[];
  readonly atomic: boolean;
  readonly breakTo?: Label;
  readonly continueTo?: Label;
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

/** A static local, to become a global. */
export interface StaticLocal {
  readonly decl: VarDecl;
  readonly name: string;
  readonly local: number;
}

export class Lowering {
  readonly builder = new Builder();
  readonly statics: StaticLocal[] = [];
  /** Case labels of the switches being lowered. */
  readonly cases = new Map<object, Label>();
  /** Entries into a fragment from outside: labels and cases whose jump was cut off. */
  readonly entries: Label[] = [];
  depth = 0;
  inExpression = false;
  readonly #scopes: Scope[] = [];
  readonly #labels = new Map<string, LabelPlace[]>();
  readonly #gotos: PendingGoto[] = [];

  constructor(
    readonly def: FunctionDef,
    readonly env: LowerEnv,
    readonly expander: Expander,
  ) {}

  get fragment(): boolean {
    return this.def.extent === 'fragment';
  }

  /** Opens a source statement; the statements inside an expression belong to that of the expression. */
  open(loc: Loc): number {
    return this.inExpression ? this.builder.currentStmt : this.builder.openStmt(loc, this.depth);
  }

  lookup(name: string): LocalRef | Ident | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const found = this.#scopes[i]?.names.get(name);
      if (found) return found;
    }
    return undefined;
  }

  declare(name: string, ref: LocalRef | Ident): void {
    this.#scopes.at(-1)?.names.set(name, ref);
  }

  addCleanup(cleanup: Cleanup): void {
    this.#scopes.at(-1)?.cleanups.push(cleanup);
  }

  /** Value of an expression that needs no code; names of locals hide constants of file scope. */
  constant(expr: Expr): bigint | undefined {
    return this.env.types.evaluate(expr, undefined, (name) => this.lookup(name) !== undefined)?.value;
  }

  /** Lowers in a scope of its own; leaves it properly when its end is reached. */
  scoped<T>(options: { readonly atomic?: boolean; readonly breakTo?: Label; readonly continueTo?: Label }, loc: Loc, inner: () => T): T {
    this.#scopes.push({ names: new Map(), cleanups: [], atomic: false, ...options });
    const result = inner();
    const end = { ...loc, start: Math.max(loc.start, loc.end - 1) };
    const here = this.#place();
    this.#unwind(here, { scopes: here.scopes.slice(0, -1), cleanups: here.cleanups }, end);
    this.#scopes.pop();
    return result;
  }

  get inAtomic(): boolean {
    return this.#scopes.some((s) => s.atomic);
  }

  /** True when leaving the function here runs anything. */
  get pending(): boolean {
    return this.#scopes.some((s) => s.atomic || s.cleanups.length > 0);
  }

  get pendingHere(): boolean {
    return (this.#scopes.at(-1)?.cleanups.length ?? 0) > 0;
  }

  /** Runs what all open scopes ask for, before a return. */
  leaveFunction(loc: Loc): void {
    this.#unwind(this.#place(), { scopes: [], cleanups: [] }, loc);
  }

  /** `break` or `continue`; false when there is nothing to leave. */
  leaveLoop(which: 'breakTo' | 'continueTo', loc: Loc): boolean {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const to = this.#scopes[i]?.[which];
      if (!to) continue;
      const scopes = this.#scopes.slice(0, i + 1);
      this.#unwind(this.#place(), { scopes, cleanups: scopes.map((s) => s.cleanups.length) }, loc);
      this.builder.jump(loc, to, true);
      return true;
    }
    return false;
  }

  label(name: string): void {
    const label = new Label();
    this.builder.bind(label);
    const places = this.#labels.get(name) ?? [];
    places.push({ ...this.#place(), label, used: false });
    this.#labels.set(name, places);
  }

  goto(name: string, loc: Loc): void {
    const stub = new Label();
    this.#gotos.push({ ...this.#place(), name, stub, stmt: this.builder.currentStmt, loc });
    this.builder.jump(loc, stub, true);
  }

  /** Once all labels are known: what each goto runs on its way. Stands behind the function's own code. */
  resolveGotos(): void {
    for (const goto of this.#gotos) {
      const target = nearest(goto, this.#labels.get(goto.name) ?? []);
      this.builder.resumeStmt(goto.stmt);
      const before = this.builder.size;
      this.builder.bind(goto.stub);
      if (!target) {
        this.#unresolved(goto);
        continue;
      }
      target.used = true;
      this.#unwind(goto, target, goto.loc);
      if (this.builder.size === before) goto.stub.at = target.label.at;
      else this.builder.jump(goto.loc, target.label, true);
    }
    for (const places of this.#labels.values()) this.entries.push(...places.filter((p) => !p.used).map((p) => p.label));
  }

  #unresolved(goto: PendingGoto): void {
    if (!this.fragment) this.builder.problem(goto.loc, `no label ${goto.name} in ${this.def.name}`);
    this.builder.emit(goto.loc, { op: 'unknown', reason: `label ${goto.name} is not in this text` });
    this.builder.emit(goto.loc, { op: 'return' });
  }

  #place(): Place {
    return { scopes: [...this.#scopes], cleanups: this.#scopes.map((s) => s.cleanups.length) };
  }

  #unwind(from: Place, to: Place, loc: Loc): void {
    const shared = common(from, to);
    for (let i = from.scopes.length - 1; i >= 0; i--) {
      const scope = from.scopes[i];
      const keep = i < shared ? (to.cleanups[i] ?? 0) : 0;
      const cleanups = scope?.cleanups.slice(keep, Math.max(keep, from.cleanups[i] ?? 0)) ?? [];
      for (const { callee, args } of cleanups.reverse()) {
        this.builder.emit(loc, { op: 'call', callee: { kind: 'ident', name: callee, loc }, args });
      }
      if (i >= shared && scope?.atomic) this.builder.emit(loc, { op: 'atomic', enter: false });
    }
  }

  /** A type whose `typeof`s no longer depend on the function: names of locals become casts to their types. */
  bindType(type: TypeExpr): TypeExpr {
    return dependsOnNames(type) ? this.expander.type(type, this.#bindFrame(type.loc)) : type;
  }

  /** An expression of which only the type counts, independent of the function. */
  bindExpr(expr: Expr): Expr {
    return this.expander.expr(expr, this.#bindFrame(expr.loc));
  }

  typeOf(expr: Expr): TypeExpr {
    return { kind: 'typeof', operand: this.bindExpr(expr), loc: expr.loc };
  }

  #bindFrame(loc: Loc): Frame {
    const args = new Map<string, MacroArg>();
    for (const scope of this.#scopes) {
      for (const [name, ref] of scope.names) {
        const type = ref.kind === 'local' ? this.builder.locals[ref.local]?.type : undefined;
        const full: Expr = type ? { kind: 'cast', type, operand: { kind: 'ident', name, loc }, loc } : { kind: 'ident', name: ref.name, loc };
        args.set(name, { full, raw: () => full });
      }
    }
    return { args, restName: undefined, rest: [], hidden: new Set(), loc, raw: true, typesOnly: true };
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

function dependsOnNames(type: TypeExpr): boolean {
  switch (type.kind) {
    case 'typeof':
      return true;
    case 'array':
      return type.size !== undefined || dependsOnNames(type.of);
    case 'pointer':
      return dependsOnNames(type.to);
    case 'function':
      return dependsOnNames(type.result) || type.params.some((p) => dependsOnNames(p.type));
    case 'name':
    case 'struct':
    case 'union':
    case 'enum':
      return false;
  }
}

export function attribute(attrs: readonly Attr[], name: string): Attr | undefined {
  return attrs.find((a) => a.name === name);
}
