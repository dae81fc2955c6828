/** Names of file scope over all units of a program: tags, typedefs, enum constants, variables, functions. */
import type { FunctionType, TagType, TopLevel, TypeExpr, Expr, VarDecl } from './ast.js';

export interface EnumConstant {
  readonly value?: Expr;
  /** Without a value: one more than this one. */
  readonly previous?: string;
}

/** What a map says of one name at a time. */
export interface Lookup<V> {
  get(name: string): V | undefined;
  has(name: string): boolean;
}

/** The names of a program, asked one at a time. */
export interface NameLookup {
  readonly tags: Lookup<TagType>;
  readonly typedefs: Lookup<TypeExpr>;
  readonly enumConstants: Lookup<EnumConstant>;
  readonly variables: Lookup<VarDecl>;
  readonly functions: Lookup<TypeExpr>;
}

export interface Names extends NameLookup {
  /** By `struct x`, `union x`, `enum x`; the last definition counts. */
  readonly tags: ReadonlyMap<string, TagType>;
  readonly typedefs: ReadonlyMap<string, TypeExpr>;
  readonly enumConstants: ReadonlyMap<string, EnumConstant>;
  /** Variables of file scope; a definition with initialiser wins over others, then the last one. */
  readonly variables: ReadonlyMap<string, VarDecl>;
  readonly functions: ReadonlyMap<string, FunctionType>;
}

type Declared = Extract<TopLevel, { kind: 'function' | 'proto' }>;

class Collector implements Names {
  readonly tags: Map<string, TagType>;
  readonly typedefs: Map<string, TypeExpr>;
  readonly enumConstants: Map<string, EnumConstant>;
  readonly variables: Map<string, VarDecl>;
  readonly functions: Map<string, FunctionType>;

  constructor(before?: Names) {
    this.tags = new Map(before?.tags);
    this.typedefs = new Map(before?.typedefs);
    this.enumConstants = new Map(before?.enumConstants);
    this.variables = new Map(before?.variables);
    this.functions = new Map(before?.functions);
  }

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

  #function(item: Declared): void {
    this.#type(item.result);
    for (const param of item.params) this.#type(param.type);
    // A fragment may lack its parameters: a whole declaration knows more.
    if (item.kind === 'function' && item.extent === 'fragment' && this.functions.has(item.name))
      return;
    this.functions.set(item.name, functionType(item));
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
    for (const [name, constant] of enumConstantsOf(tag)) this.enumConstants.set(name, constant);
  }
}

// The same declaration gives the same objects in every program, so that they can be compared.
const functionTypes = new WeakMap<Declared, FunctionType>();
const enumConstants = new WeakMap<TagType, readonly (readonly [string, EnumConstant])[]>();

function functionType(item: Declared): FunctionType {
  const known = functionTypes.get(item);
  if (known) return known;
  const { result, params, loc } = item;
  const type: FunctionType = { kind: 'function', result, params, loc };
  functionTypes.set(item, type);
  return type;
}

function enumConstantsOf(tag: TagType): readonly (readonly [string, EnumConstant])[] {
  if (!tag.enumerators) return [];
  const known = enumConstants.get(tag);
  if (known) return known;
  const found = tag.enumerators.map(({ name, value }, i): readonly [string, EnumConstant] => {
    const previous = tag.enumerators?.[i - 1]?.name;
    return [name, { ...(value ? { value } : {}), ...(previous === undefined ? {} : { previous }) }];
  });
  enumConstants.set(tag, found);
  return found;
}

/** Every name of every table. */
export function namesIn(names: Names): readonly string[] {
  const { tags, typedefs, enumConstants: constants, variables, functions } = names;
  return [tags, typedefs, constants, variables, functions].flatMap((table) => [...table.keys()]);
}

/** The names of items, on top of those of others. */
export function collectNames(items: readonly TopLevel[], before?: Names): Names {
  const names = new Collector(before);
  for (const item of items) names.add(item);
  return names;
}
