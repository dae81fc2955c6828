/** Names of file scope over all units of a program: tags, typedefs, enum constants, variables, functions. */
import type { FunctionType, TagType, TopLevel, TypeExpr, Expr, VarDecl } from './ast.js';

export interface EnumConstant {
  readonly value?: Expr;
  /** Without a value: one more than this one. */
  readonly previous?: string;
}

export interface Names {
  /** By `struct x`, `union x`, `enum x`; the last definition counts. */
  readonly tags: ReadonlyMap<string, TagType>;
  readonly typedefs: ReadonlyMap<string, TypeExpr>;
  readonly enumConstants: ReadonlyMap<string, EnumConstant>;
  /** Variables of file scope; a definition with initialiser wins over others, then the last one. */
  readonly variables: ReadonlyMap<string, VarDecl>;
  readonly functions: ReadonlyMap<string, FunctionType>;
}

class Collector implements Names {
  readonly tags = new Map<string, TagType>();
  readonly typedefs = new Map<string, TypeExpr>();
  readonly enumConstants = new Map<string, EnumConstant>();
  readonly variables = new Map<string, VarDecl>();
  readonly functions = new Map<string, FunctionType>();

  add(item: TopLevel): void {
    switch (item.kind) {
      case 'function':
      case 'proto':
        this.#function(item);
        break;
      case 'global':
        this.#type(item.var.type);
        this.#variable(item.var);
        break;
      case 'type':
        this.#type(item.type);
        break;
      case 'typedef':
        this.#type(item.type);
        this.typedefs.set(item.name, item.type);
        break;
      case 'macro':
      case 'topCall':
      case 'include':
        break;
    }
  }

  #function(item: Extract<TopLevel, { kind: 'function' | 'proto' }>): void {
    this.#type(item.result);
    for (const param of item.params) this.#type(param.type);
    // A fragment may lack its parameters: a whole declaration knows more.
    if (item.kind === 'function' && item.extent === 'fragment' && this.functions.has(item.name))
      return;
    this.functions.set(item.name, {
      kind: 'function',
      result: item.result,
      params: item.params,
      loc: item.loc,
    });
  }

  #variable(decl: VarDecl): void {
    const known = this.variables.get(decl.name);
    if (known && (decl.isExtern || (known.init && !decl.init))) return;
    this.variables.set(decl.name, decl);
  }

  /** Tags and enum constants that are defined inside a type. */
  #type(type: TypeExpr): void {
    switch (type.kind) {
      case 'struct':
      case 'union':
      case 'enum':
        this.#tag(type);
        break;
      case 'pointer':
        this.#type(type.to);
        break;
      case 'array':
        this.#type(type.of);
        break;
      case 'function':
        this.#type(type.result);
        for (const param of type.params) this.#type(param.type);
        break;
      case 'name':
      case 'typeof':
        break;
    }
  }

  #tag(tag: TagType): void {
    if (tag.name !== undefined && (tag.fields ?? tag.enumerators))
      this.tags.set(`${tag.kind} ${tag.name}`, tag);
    for (const field of tag.fields ?? []) this.#type(field.type);
    let previous: string | undefined;
    for (const { name, value } of tag.enumerators ?? []) {
      this.enumConstants.set(name, {
        ...(value ? { value } : {}),
        ...(previous === undefined ? {} : { previous }),
      });
      previous = name;
    }
  }
}

export function collectNames(items: readonly TopLevel[]): Names {
  const names = new Collector();
  for (const item of items) names.add(item);
  return names;
}
