/** State of lowering one function. */
import type { Attr, Expr, FunctionDef, Ident, Loc, TypeExpr, VarDecl } from './ast.js';
import type { LocalRef } from './ir.js';
import { Builder, type Label } from './lower-builder.js';
import type { LowerEnv } from './lower-env.js';
import { Scopes } from './lower-scope.js';
import type { Expander } from './macro.js';
import { type Frame, type MacroArg, newWork } from './macro-frame.js';

/** A static local, to become a global. */
export interface StaticLocal {
  readonly decl: VarDecl;
  readonly name: string;
}

export class Lowering {
  readonly builder = new Builder();
  readonly scopes = new Scopes(this.builder);
  readonly statics: StaticLocal[] = [];
  /** Case labels of the switches being lowered. */
  readonly cases = new Map<object, Label>();
  /** Entries into a fragment from outside: labels and cases whose jump was cut off. */
  readonly entries: Label[] = [];
  depth = 0;
  inExpression = false;

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
    return this.scopes.lookup(name);
  }

  /** Value of an expression that needs no code; names of locals hide constants of file scope. */
  constant(expr: Expr): bigint | undefined {
    return this.env.types.evaluate(expr, undefined, (name) => this.lookup(name) !== undefined)
      ?.value;
  }

  /** The text goes on somewhere that is not known. */
  leaveText(loc: Loc, problem: string, reason: string): void {
    if (!this.fragment) this.builder.problem(loc, problem);
    this.builder.emit(loc, { op: 'unknown', reason });
    this.builder.emit(loc, { op: 'return' });
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
    for (const [name, ref] of this.scopes.names()) {
      const type = ref.kind === 'local' ? this.builder.locals[ref.local]?.type : undefined;
      const full: Expr = type
        ? { kind: 'cast', type, operand: { kind: 'ident', name, loc }, loc }
        : { kind: 'ident', name: ref.name, loc };
      args.set(name, { full, raw: () => full });
    }
    return {
      args,
      restName: undefined,
      rest: [],
      hidden: new Set(),
      loc,
      raw: true,
      typesOnly: true,
      work: newWork(),
    };
  }
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
