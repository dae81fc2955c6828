/** What the model kernel (and what a patch adds to it) knows: names, signatures, what calls acquire. */
import type {
  Attr,
  Call,
  FunctionDef,
  ParamDecl,
  TopCall,
  TopLevel,
  TypeExpr,
  Unit,
} from '../csource/ast.js';
import { inStmt } from './walk.js';

/** Names of the model kernel. A world can be extended by what a patch adds. */
export interface World {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly params: ReadonlyMap<string, readonly ParamDecl[]>;
  /** Functions, globals, enumerators, macros, typedefs. */
  readonly names: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
  /** Text of each macro. */
  readonly macros: ReadonlyMap<string, string>;
  /** Names of calls that nothing of the model can notice, `*` for any part (`__inert` in the C). */
  readonly inert: ReadonlySet<string>;
  /** Tests that are false for all that the model has (`__never`). */
  readonly never: ReadonlySet<string>;
  /** Classes that a call leaves acquired, or released. */
  readonly acquires: ReadonlyMap<string, ReadonlySet<string>>;
  readonly releases: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Names and signatures, without what follows from bodies. */
export type Declarations = Omit<World, 'acquires' | 'releases'> & {
  readonly attrs: ReadonlyMap<string, readonly Attr[]>;
};

interface Mutable {
  readonly functions: Map<string, FunctionDef>;
  readonly params: Map<string, readonly ParamDecl[]>;
  readonly names: Set<string>;
  readonly fields: Set<string>;
  readonly macros: Map<string, string>;
  readonly inert: Set<string>;
  readonly never: Set<string>;
  readonly attrs: Map<string, readonly Attr[]>;
}

function addType(w: Mutable, type: TypeExpr): void {
  switch (type.kind) {
    case 'struct':
    case 'union':
    case 'enum':
      for (const f of type.fields ?? []) {
        if (f.name) w.fields.add(f.name);
        addType(w, f.type);
      }
      for (const e of type.enumerators ?? []) w.names.add(e.name);
      return;
    case 'pointer':
      return addType(w, type.to);
    case 'array':
      return addType(w, type.of);
    case 'function':
    case 'name':
    case 'typeof':
      return;
  }
}

function addItem(w: Mutable, item: TopLevel): void {
  switch (item.kind) {
    case 'function':
    case 'proto':
      w.names.add(item.name);
      w.params.set(item.name, item.params);
      w.attrs.set(item.name, [...(w.attrs.get(item.name) ?? []), ...item.attrs]);
      if (item.kind === 'function') w.functions.set(item.name, item);
      return;
    case 'global':
      w.names.add(item.var.name);
      return addType(w, item.var.type);
    case 'type':
      return addType(w, item.type);
    case 'typedef':
      w.names.add(item.name);
      return addType(w, item.type);
    case 'macro':
      w.names.add(item.name);
      w.macros.set(item.name, item.text);
      return;
    case 'topCall':
      return addBeside(w, item);
    case 'include':
      return;
  }
}

function addBeside(w: Mutable, { name, args }: TopCall): void {
  const into = name === '__inert' ? w.inert : name === '__never' ? w.never : undefined;
  for (const a of args) if (a.kind === 'string') into?.add(a.value);
}

/** What a body says of itself: its own classes, and whom it calls in order. */
interface Own {
  readonly acquires: ReadonlySet<string>;
  readonly releases: ReadonlySet<string>;
  readonly calls: readonly string[];
}

/** Classes of locks that go by their argument: which one it is, only the call says. */
export const OBJECT = 'struct ';

const ACQUIRE = new Set(['__acquire', '__acquire_shared']);
const RELEASE = new Set(['__release']);

/** Name of the struct or type that a parameter points to. */
function typeNameOf(fn: FunctionDef, name: string): string | undefined {
  const type = fn.params.find((p) => p.name === name)?.type;
  const to = type?.kind === 'pointer' ? type.to : type;
  return to?.kind === 'struct' || to?.kind === 'name' ? to.name : undefined;
}

/** Class string of `__acquire(x, "class")`, the member name of `&x->member`, or what the parameter `x` is. */
function classOf(call: Call, fn: FunctionDef): string {
  const [object, cls] = call.args;
  const target = object?.kind === 'unary' ? object.operand : object;
  if (cls?.kind === 'string') return cls.value;
  if (target?.kind === 'member') return target.name;
  const type = target?.kind === 'ident' ? typeNameOf(fn, target.name) : undefined;
  return type === undefined ? fn.name : `${OBJECT}${type}`;
}

const owns = new WeakMap<FunctionDef, Own>();

/** Read once: most functions of the model are the same in every world. */
function ownOf(fn: FunctionDef): Own {
  const known = owns.get(fn);
  if (known) return known;
  const acquires = new Set<string>();
  const releases = new Set<string>();
  const calls: string[] = [];
  for (const e of inStmt(fn.body)) {
    if (e.kind !== 'call' || e.callee.kind !== 'ident') continue;
    const { name } = e.callee;
    calls.push(name);
    if (ACQUIRE.has(name)) acquires.add(classOf(e, fn));
    if (RELEASE.has(name)) releases.add(classOf(e, fn));
  }
  const own = { acquires, releases, calls };
  owns.set(fn, own);
  return own;
}

type Classes = Map<string, ReadonlySet<string>>;

/** Classes that a function takes or gives back somewhere; one that does both may be balanced. */
interface Signs {
  readonly plus: ReadonlySet<string>;
  readonly minus: ReadonlySet<string>;
}

const NO_SIGNS: Signs = { plus: new Set(), minus: new Set() };

/**
 * Net effect of each function: what its body and its callees acquire and never release, and reverse.
 * A class that is both acquired and released somewhere is neither: paths are not told apart here.
 */
function netEffects(
  functions: ReadonlyMap<string, FunctionDef>,
  acquires: Classes,
  releases: Classes,
): void {
  const signs = new Map<string, Signs>();
  const visit = (name: string, open: ReadonlySet<string>): Signs => {
    const known = signs.get(name);
    const fn = functions.get(name);
    if (known || !fn || open.has(name)) return known ?? NO_SIGNS;
    const own = ownOf(fn);
    const plus = new Set(own.acquires);
    const minus = new Set(own.releases);
    const below = new Set([...open, name]);
    for (const callee of own.calls) {
      const s = visit(callee, below);
      for (const c of s.plus) plus.add(c);
      for (const c of s.minus) minus.add(c);
    }
    const made = { plus, minus };
    signs.set(name, made);
    return made;
  };
  for (const name of functions.keys()) {
    if (acquires.has(name)) continue;
    const { plus, minus } = visit(name, new Set());
    acquires.set(name, new Set([...plus].filter((c) => !minus.has(c))));
    releases.set(name, new Set([...minus].filter((c) => !plus.has(c))));
  }
}

/** A declared contract is a class of its own: the annotation's name without its object. */
function addContracts(
  attrs: ReadonlyMap<string, readonly Attr[]>,
  which: string,
  into: Classes,
): void {
  for (const [name, list] of attrs) {
    if (list.some((a) => a.name === which) && !into.get(name)?.size)
      into.set(name, new Set(['contract']));
  }
}

/** What `base` knows and what the units declare. Later definitions win. */
export function extend(base: World, units: readonly Unit[]): World {
  if (units.every((u) => u.items.length === 0)) return base;
  const w: Mutable = {
    functions: new Map(base.functions),
    params: new Map(base.params),
    names: new Set(base.names),
    fields: new Set(base.fields),
    macros: new Map(base.macros),
    inert: new Set(),
    never: new Set(),
    attrs: new Map(),
  };
  for (const u of units) for (const item of u.items) addItem(w, item);
  const acquires: Classes = new Map(base.acquires);
  const releases: Classes = new Map(base.releases);
  for (const u of units)
    for (const item of u.items)
      if (item.kind === 'function') {
        acquires.delete(item.name);
        releases.delete(item.name);
      }
  netEffects(w.functions, acquires, releases);
  addContracts(w.attrs, '__acquires', acquires);
  addContracts(w.attrs, '__releases', releases);
  // What lies beside the model is the kernel's to say, not a patch's.
  return { ...w, inert: base.inert, never: base.never, acquires, releases };
}

/** What units declare, on top of what others do. */
export function declare(units: readonly Unit[], on?: Declarations): Declarations {
  const d: Mutable = {
    functions: new Map(on?.functions),
    params: new Map(on?.params),
    names: new Set(on?.names),
    fields: new Set(on?.fields),
    macros: new Map(on?.macros),
    inert: new Set(on?.inert),
    never: new Set(on?.never),
    attrs: new Map(on?.attrs),
  };
  for (const u of units) for (const item of u.items) addItem(d, item);
  const grown = (
    of: ReadonlySet<string> | undefined,
    to: ReadonlySet<string>,
  ): ReadonlySet<string> => (of?.size === to.size ? of : to);
  return {
    ...d,
    names: grown(on?.names, d.names),
    fields: grown(on?.fields, d.fields),
    macros: on?.macros.size === d.macros.size ? on.macros : d.macros,
    inert: grown(on?.inert, d.inert),
    never: grown(on?.never, d.never),
  };
}

/** Whether a declaration, put over one of the same name, leaves what calls acquire as it is. */
function isQuiet(item: TopLevel, before: Declarations): boolean {
  if (item.kind !== 'function' && item.kind !== 'proto') return true;
  const contracts = (list: readonly Attr[]): readonly string[] =>
    list.map((a) => a.name).filter((n) => n === '__acquires' || n === '__releases');
  const known = contracts(before.attrs.get(item.name) ?? []);
  if (!contracts(item.attrs).every((n) => known.includes(n))) return false;
  if (item.kind === 'proto') return true;
  const old = before.functions.get(item.name);
  if (!old) return false;
  const [a, b] = [ownOf(old), ownOf(item)];
  const texts = (own: Own): string => [[...own.acquires], [...own.releases], own.calls].join('|');
  return a === b || texts(a) === texts(b);
}

/**
 * A world in which what calls leave acquired is found for all functions; `under`: what the units
 * were put on, whose answers stay where no body says otherwise.
 */
export function worldOf(
  d: Declarations,
  under?: {
    readonly world: World;
    readonly declared: Declarations;
    readonly more: readonly Unit[];
  },
): World {
  if (under?.more.every((u) => u.items.every((i) => isQuiet(i, under.declared))))
    return { ...d, acquires: under.world.acquires, releases: under.world.releases };
  const acquires: Classes = new Map();
  const releases: Classes = new Map();
  netEffects(d.functions, acquires, releases);
  addContracts(d.attrs, '__acquires', acquires);
  addContracts(d.attrs, '__releases', releases);
  return { ...d, acquires, releases };
}
