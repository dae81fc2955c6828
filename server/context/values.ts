/**
 * What the locals of a function stand for. A local that is set once, from names that do not change,
 * is another name for what it was set to: `ei` for `EXT4_I(inode)`. Two paths with the same key are
 * the same object; a local that is set several times is itself until it is set again.
 *
 * Soundness: members may change between two reads of the same path. Kernel code that locks through
 * a path unlocks through it; what else may happen to the path in between is not followed.
 */
import type { Instr, IrExpr, IrFunction } from '../csource/ir.js';
import { accessorPath, mapLocals, pathText } from './paths.js';

type Call = Instr & { readonly op: 'call' };

/** The value of an accessor, a call that only finds its way from its argument to another object. */
export type Accessor = (call: Call) => IrExpr | undefined;

/** An expression as a name for facts. */
export interface Value {
  readonly key: string;
  /** Locals that end it when they are set. */
  readonly locals: readonly number[];
  /** Members that it reads. */
  readonly members: readonly string[];
  /** Holds a call or memory: it may be another one in the next round of a loop. */
  readonly volatile: boolean;
}

const NAMED_LIKE_A_MACRO = /^[A-Z][A-Z0-9_]*$/;

/** Accessors by the kernel's habit: `XXX_I(inode)` in capitals, with one argument. */
export function namedAccessor(call: Call): IrExpr | undefined {
  const [arg, more] = call.args;
  if (call.callee.kind !== 'ident' || !arg || more) return undefined;
  return NAMED_LIKE_A_MACRO.test(call.callee.name)
    ? accessorPath(call.callee.name, arg, call.loc)
    : undefined;
}

/** Local that an instruction sets. */
export function assignedLocal(instr: Instr): number | undefined {
  if (instr.op === 'assign' || instr.op === 'zero')
    return instr.target.kind === 'local' ? instr.target.local : undefined;
  return instr.op === 'call' || instr.op === 'intrinsic' ? instr.result : undefined;
}

/** Locals whose address a call is given: it may set them. */
export function passedByAddress(instr: Instr): readonly number[] {
  if (instr.op !== 'call' && instr.op !== 'intrinsic') return [];
  return instr.args.flatMap((a) =>
    a.kind === 'unary' && a.op === '&' && a.operand.kind === 'local' ? [a.operand.local] : [],
  );
}

export class Values {
  /** How often each local is set; what sets those that are set once. */
  readonly #sets: Uint8Array;
  readonly #by: (Instr | undefined)[];
  readonly #expanded = new Map<number, IrExpr>();
  readonly #duplicates: ReadonlySet<string>;
  /** Members that the function sets: a local that was read from one keeps what it was. */
  readonly #stored: ReadonlySet<string>;

  constructor(
    readonly fn: IrFunction,
    readonly accessor: Accessor,
    /** Calls whose results are compared by what was called, as they do nothing to locks. */
    readonly plain: (call: Call) => boolean,
  ) {
    this.#sets = new Uint8Array(fn.locals.length);
    this.#by = fn.locals.map(() => undefined);
    for (const instr of fn.code) {
      const local = assignedLocal(instr);
      if (local !== undefined) this.#note(local, instr, 1);
      for (const l of passedByAddress(instr)) this.#note(l, instr, 2);
    }
    this.#stored = new Set(
      fn.code.flatMap((i) =>
        i.op === 'assign' && i.target.kind === 'member' ? [i.target.name] : [],
      ),
    );
    const seen = new Set<string>();
    this.#duplicates = new Set(
      fn.locals.flatMap(({ name }) => (seen.has(name) ? [name] : (seen.add(name), []))),
    );
  }

  #note(local: number, instr: Instr, times: number): void {
    const param = local < this.fn.paramCount ? 1 : 0;
    this.#sets[local] = Math.min(100, (this.#sets[local] ?? 0) + times + param);
    this.#by[local] = instr;
  }

  /** A parameter that is never set, or a local that is set once from such. */
  #isStable(e: IrExpr, depth: number): boolean {
    switch (e.kind) {
      case 'local':
        return (
          (e.local < this.fn.paramCount && this.#sets[e.local] === 0) ||
          (depth < 8 && this.#setOnce(e.local, depth + 1) !== undefined)
        );
      case 'ident':
      case 'number':
        return true;
      case 'member':
        return this.#isStable(e.object, depth);
      case 'unary':
      case 'cast':
        return this.#isStable(e.operand, depth);
      case 'index':
        return this.#isStable(e.object, depth) && this.#isStable(e.index, depth);
      case 'binary':
        return this.#isStable(e.left, depth) && this.#isStable(e.right, depth);
      case 'string':
      case 'sizeof':
      case 'offsetof':
      case 'typeArg':
      case 'error':
        return false;
    }
  }

  /** What a local that is set once from stable names stands for. */
  #setOnce(local: number, depth: number): IrExpr | undefined {
    if (this.#sets[local] !== 1 || local < this.fn.paramCount) return undefined;
    const by = this.#by[local];
    const value =
      by?.op === 'assign' ? by.value : by?.op === 'call' ? this.accessor(by) : undefined;
    return value && value.kind !== 'number' && this.#isStable(value, depth) ? value : undefined;
  }

  /** The same object under names that do not change, as far as that is known. */
  expand(e: IrExpr): IrExpr {
    return mapLocals(e, (l) => {
      const known = this.#expanded.get(l.local);
      if (known) return known;
      const value = this.#setOnce(l.local, 0);
      const full = value ? this.expand(value) : l;
      this.#expanded.set(l.local, full);
      return full;
    });
  }

  /** Expression as kernel people write it; empty when it has no name in the source. */
  display(e: IrExpr): string {
    const shown = mapLocals(e, (l) => (this.fn.locals[l.local]?.temp ? this.expand(l) : l));
    const nameless = localsIn(shown).some((l) => this.fn.locals[l]?.temp);
    return nameless ? '' : pathText(shown);
  }

  localKey(local: number): string {
    const name = this.fn.locals[local]?.name ?? '';
    return this.#duplicates.has(name) ? `${name}#${local}` : name;
  }

  /** Key of a path, and the locals that end it. */
  path(e: IrExpr): { readonly key: string; readonly locals: readonly number[] } {
    const full = this.expand(e);
    return { key: this.#text(full), locals: localsIn(full) };
  }

  #text(e: IrExpr): string {
    return pathText(
      mapLocals(e, (l) => {
        const name = this.localKey(l.local);
        return name === l.name ? l : { ...l, name };
      }),
    );
  }

  #isStored(e: IrExpr): boolean {
    return this.#stored.size > 0 && membersIn(e).some((m) => this.#stored.has(m));
  }

  /** A value that conditions may ask about again; undefined when nothing lasting can be said. */
  value(e: IrExpr): Value | undefined {
    const members: string[] = [];
    const locals: number[] = [];
    let volatile = false;
    const unknown: IrExpr[] = [];
    const visit = (x: IrExpr, depth: number): string => {
      switch (x.kind) {
        case 'local': {
          const by = this.#sets[x.local] === 1 ? this.#by[x.local] : undefined;
          if (by?.op === 'call' && this.fn.locals[x.local]?.temp && this.plain(by) && depth < 6) {
            volatile = true;
            const args = by.args.map((a) => visit(a, depth + 1)).join(', ');
            return `${visit(by.callee, depth + 1)}(${args})`;
          }
          const full = this.expand(x);
          if (full.kind !== 'local' && !this.#isStored(full)) return visit(full, depth + 1);
          const local = full.kind === 'local' ? full.local : x.local;
          locals.push(local);
          return this.localKey(local);
        }
        case 'member':
          members.push(x.name);
          volatile = true;
          return `${visit(x.object, depth)}.${x.name}`;
        case 'index':
          volatile = true;
          return `${visit(x.object, depth)}[${visit(x.index, depth)}]`;
        case 'unary':
          if (x.op === '*') volatile = true;
          return `${x.op}${visit(x.operand, depth)}`;
        case 'cast':
          return visit(x.operand, depth);
        case 'binary':
          return `(${visit(x.left, depth)} ${x.op} ${visit(x.right, depth)})`;
        case 'ident':
          // a name that no visible line declares; in capitals a constant
          if (!NAMED_LIKE_A_MACRO.test(x.name)) volatile = true;
          return x.name;
        case 'number':
          return String(x.value);
        case 'sizeof':
        case 'offsetof':
        case 'typeArg':
          return x.kind;
        case 'string':
        case 'error':
          unknown.push(x);
          return '';
      }
    };
    const key = visit(e, 0);
    return unknown.length === 0 ? { key, locals, members, volatile } : undefined;
  }
}

/** Locals that an expression reads. */
export function localsIn(e: IrExpr): readonly number[] {
  const out: number[] = [];
  mapLocals(e, (l) => {
    out.push(l.local);
    return l;
  });
  return out;
}

/** Members on the way to what an expression reads. */
function membersIn(e: IrExpr): readonly string[] {
  switch (e.kind) {
    case 'member':
      return [e.name, ...membersIn(e.object)];
    case 'index':
      return [...membersIn(e.object), ...membersIn(e.index)];
    case 'unary':
    case 'cast':
      return membersIn(e.operand);
    case 'binary':
      return [...membersIn(e.left), ...membersIn(e.right)];
    case 'local':
    case 'ident':
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'typeArg':
    case 'error':
      return [];
  }
}
