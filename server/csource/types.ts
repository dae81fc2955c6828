/** Resolved types of a program, from the names of its units. Everything is computed when first asked for. */
import type { Attr, Expr, Offsetof, Problem, TagType, TypeExpr } from './ast.js';
import { type AnyExpr, type Constant, builtinConstant, evaluate } from './constant.js';
import type { CType, IrExpr, ProgramTypes } from './ir.js';
import { LazyLayout, MOST_CELLS, TOO_LARGE } from './layout.js';
import { type TypeScope, expressionType } from './types-expr.js';
import { INT, LONG, builtinType } from './types-int.js';
import type { NameLookup, Names } from './types-names.js';
import { temporaryTypes } from './types-temp.js';

/** Replaces macros in an expression of file scope. */
export type Expand = (expr: Expr) => Expr;

const NO_SCOPE: TypeScope = { locals: [], code: [] };

export class TypeTable implements ProgramTypes {
  /** Types that cannot be laid out, as far as they were asked for. */
  readonly problems: Problem[] = [];
  readonly #names: NameLookup;
  readonly #expand: Expand;
  readonly #globals = new Map<string, TypeExpr>();
  readonly #resolved = new WeakMap<TypeExpr, CType>();
  readonly #pending = new Set<TypeExpr>();
  readonly #layouts = new Map<TagType, LazyLayout>();
  readonly #enumValues = new Map<string, Constant | undefined>();
  readonly #temps = new WeakMap<TypeScope, ReadonlyMap<number, CType>>();

  constructor(names: NameLookup, expand: Expand) {
    this.#names = names;
    this.#expand = expand;
  }

  resolve(type: TypeExpr): CType {
    const known = this.#resolved.get(type);
    if (known) return known;
    if (this.#pending.has(type)) return this.#fail(type, 'type is defined by itself');
    this.#pending.add(type);
    const result = this.#compute(type);
    this.#pending.delete(type);
    this.#resolved.set(type, result);
    return result;
  }

  #compute(type: TypeExpr): CType {
    switch (type.kind) {
      case 'name':
        return this.namedType(type.name) ?? { kind: 'opaque', name: type.name };
      case 'enum':
        return this.#enum(type);
      case 'struct':
      case 'union':
        return this.#tag(type);
      case 'pointer':
        return { kind: 'pointer', to: this.resolve(type.to) };
      case 'array':
        return this.#array(type);
      case 'function':
        return {
          kind: 'function',
          result: this.resolve(type.result),
          params: type.params.map((p) => this.resolve(p.type)),
        };
      case 'typeof':
        return this.typeOf(this.#expand(type.operand), undefined);
    }
  }

  #array(type: Extract<TypeExpr, { kind: 'array' }>): CType {
    const of = this.resolve(type.of);
    const length = this.#length(type.size);
    const isOpen = of.kind === 'struct' && of.layout instanceof LazyLayout && of.layout.open;
    const size = isOpen ? 1 : this.sizeOf(of);
    // Of things without cells one is as good as many, and quicker to walk.
    if (size === 0) return { kind: 'array', of, length: Math.min(length, 1) };
    if (length * size <= MOST_CELLS) return { kind: 'array', of, length };
    this.problems.push({ loc: type.loc, message: TOO_LARGE, severity: 'error' });
    return INT;
  }

  /** Type that a plain name stands for: a typedef of the program, else one of C's. */
  namedType(name: string): CType | undefined {
    const target = this.#names.typedefs.get(name);
    if (!target || (target.kind === 'name' && target.name === name)) return builtinType(name);
    return this.resolve(target);
  }

  /** `int`, with the names of the constants where they are known. */
  #enum(type: TagType): CType {
    const definition = type.enumerators ? type : this.#names.tags.get(`enum ${type.name ?? ''}`);
    const names = new Map<number, string>();
    for (const { name } of definition?.enumerators ?? []) {
      const value = this.#enumValue(name)?.value;
      if (value !== undefined && !names.has(Number(value))) names.set(Number(value), name);
    }
    return names.size > 0 ? { ...INT, names } : INT;
  }

  #tag(type: TagType): CType {
    const name = type.name === undefined ? undefined : `${type.kind} ${type.name}`;
    const definition =
      (name === undefined ? undefined : this.#names.tags.get(name)) ??
      (type.fields ? type : undefined);
    if (!definition) return { kind: 'opaque', name: name ?? type.kind };
    let layout = this.#layouts.get(definition);
    if (!layout) {
      layout = new LazyLayout(definition, {
        resolve: (t) => this.resolve(t),
        sizeOf: (t) => this.sizeOf(t),
        constantOf: (e) => this.constant(this.#expand(e)),
        rangeOf: (attrs) => this.rangeOf(attrs),
        report: (problem) => this.problems.push(problem),
      });
      this.#layouts.set(definition, layout);
    }
    return { kind: 'struct', layout };
  }

  #length(size: Expr | undefined): number {
    if (!size) return 0;
    const length = this.constant(this.#expand(size));
    if (length !== undefined && length >= 0 && length <= 1 << 20) return length;
    this.problems.push({
      loc: size.loc,
      message: 'length of array is not a constant of reasonable size',
      severity: 'error',
    });
    return 0;
  }

  #fail(type: TypeExpr, message: string): CType {
    this.problems.push({ loc: type.loc, message, severity: 'error' });
    return { kind: 'opaque', name: 'type' };
  }

  typeOf(expr: AnyExpr, fn: TypeScope | undefined): CType {
    const scope = fn ?? NO_SCOPE;
    return expressionType(expr, {
      resolve: (t) => this.resolve(t),
      nameType: (name) => this.#nameType(name),
      localType: (local) => this.#localType(local, scope),
    });
  }

  #nameType(name: string): CType {
    const variable = this.#globals.get(name) ?? this.#names.variables.get(name)?.type;
    if (variable) return this.resolve(variable);
    const fn = this.#names.functions.get(name);
    if (fn) return this.resolve(fn);
    return this.#enumValue(name)?.type ?? builtinConstant(name)?.type ?? { kind: 'opaque', name };
  }

  #localType(index: number, scope: TypeScope): CType {
    const local = scope.locals[index];
    if (!local) return { kind: 'opaque', name: `local ${String(index)}` };
    if (local.type) return this.resolve(local.type);
    let temps = this.#temps.get(scope);
    if (!temps?.has(index)) {
      temps = temporaryTypes(scope, {
        resolve: (t) => this.resolve(t),
        nameType: (name) => this.#nameType(name),
      });
      this.#temps.set(scope, temps);
    }
    return temps.get(index) ?? { kind: 'opaque', name: local.name };
  }

  sizeOf(type: CType): number {
    switch (type.kind) {
      case 'array':
        return type.length * this.sizeOf(type.of);
      case 'struct':
        return type.layout.size;
      case 'void':
      case 'int':
      case 'pointer':
      case 'function':
      case 'opaque':
        return 1;
    }
  }

  rangeOf(attrs: readonly Attr[]): readonly [number, number] | undefined {
    const [low, high] = attrs.find((a) => a.name === '__range')?.args ?? [];
    const lo = low && this.constant(this.#expand(low));
    const hi = high && this.constant(this.#expand(high));
    return lo !== undefined && hi !== undefined ? [lo, hi] : undefined;
  }

  constant(expr: AnyExpr): number | undefined {
    const result = this.evaluate(expr);
    return result && Number(result.value);
  }

  /** Exact value and type of a constant expression whose names are those of file scope, but for `hidden` ones. */
  evaluate(
    expr: AnyExpr,
    scope?: TypeScope,
    hidden?: (name: string) => boolean,
  ): Constant | undefined {
    return evaluate(expr, {
      name: (name) =>
        hidden?.(name) ? undefined : (this.#enumValue(name) ?? builtinConstant(name)),
      resolve: (t) => this.resolve(t),
      sizeOf: (t) => this.sizeOf(t),
      typeOf: (e) => (hidden ? undefined : this.typeOf(e, scope)),
      typeName: (name) => (hidden?.(name) ? undefined : this.namedType(name)),
      offsetOf: (e) => this.offsetOf(e),
    });
  }

  isEnumConstant(name: string): boolean {
    return this.#names.enumConstants.has(name);
  }

  #enumValue(name: string): Constant | undefined {
    const constant = this.#names.enumConstants.get(name);
    if (!constant) return undefined;
    if (this.#enumValues.has(name)) return this.#enumValues.get(name);
    this.#enumValues.set(name, undefined);
    this.#earlier(constant.previous);
    const value = this.#computeEnum(constant);
    const bits = value === undefined || BigInt.asIntN(32, value) === value ? INT : LONG;
    const result = value === undefined ? undefined : { value, type: bits };
    this.#enumValues.set(name, result);
    return result;
  }

  /** Values of the constants before one in its list, the first ones first: long lists need no deep stack. */
  #earlier(previous: string | undefined): void {
    const chain: string[] = [];
    for (let name = previous; name !== undefined && !this.#enumValues.has(name);) {
      if (chain.length > MOST_CELLS) break;
      chain.push(name);
      const constant = this.#names.enumConstants.get(name);
      name = constant?.value ? undefined : constant?.previous;
    }
    for (const name of chain.slice(1).reverse()) this.#enumValue(name);
  }

  #computeEnum(constant: {
    readonly value?: Expr;
    readonly previous?: string;
  }): bigint | undefined {
    if (constant.value) return this.evaluate(this.#expand(constant.value))?.value;
    if (constant.previous === undefined) return 0n;
    const before = this.#enumValue(constant.previous);
    return before && before.value + 1n;
  }

  offsetOf(expr: Offsetof): number | undefined {
    return this.#pathOffset(expr.path, this.resolve(expr.type))?.offset;
  }

  #pathOffset(
    path: Expr | IrExpr,
    root: CType,
  ): { readonly offset: number; readonly type: CType } | undefined {
    if (path.kind === 'ident') return fieldOf(root, path.name);
    if (path.kind === 'member') {
      const object = this.#pathOffset(path.object, root);
      const field = object && fieldOf(object.type, path.name);
      return object && field && { offset: object.offset + field.offset, type: field.type };
    }
    if (path.kind !== 'index') return undefined;
    const array = this.#pathOffset(path.object, root);
    const index = this.constant(path.index);
    if (array?.type.kind !== 'array' || index === undefined) return undefined;
    return { offset: array.offset + index * this.sizeOf(array.type.of), type: array.type.of };
  }

  /** Types of variables once they are complete: static locals, lengths of arrays. */
  completeGlobals(globals: ReadonlyMap<string, { readonly type: TypeExpr }>): void {
    for (const [name, { type }] of globals) this.#globals.set(name, type);
  }

  /** Lays out every named struct, so that all problems are known. */
  layOutAll({ tags }: Names): void {
    for (const tag of tags.values()) {
      const type = this.resolve(tag);
      if (type.kind === 'struct') this.sizeOf(type);
    }
  }
}

function fieldOf(
  type: CType,
  name: string,
): { readonly offset: number; readonly type: CType } | undefined {
  return type.kind === 'struct' ? type.layout.fields.get(name) : undefined;
}
