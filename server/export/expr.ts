/**
 * Expressions of the IR as C text over the slots of a frame. A load from memory is handed to the
 * environment, which makes it an operation of its own: a thread may stop before it.
 */
import type {
  CType,
  IrBinary,
  IrExpr,
  IrFunction,
  IrIndex,
  IrMember,
  ProgramTypes,
} from '../csource/ir.js';
import { FUNCTIONS, STRINGS } from '../machine/objects.js';
import { INT, LONG, ULONG, binary, constant, convert, isScalar } from './arith.js';
import { asInt, fromCell, negate, numberType, promote } from './arith.js';
import type { Val } from './arith.js';

export interface RegPlace {
  readonly k: 'reg';
  readonly slot: number;
  readonly type: CType;
}
export interface MemPlace {
  readonly k: 'mem';
  readonly addr: string;
  readonly uses: readonly number[];
  readonly type: CType;
  readonly range?: readonly [number, number] | undefined;
  /** A whole local object of this frame. */
  readonly own?: boolean;
}
/** What no declaration explains: reads as 0, writes are dropped. */
export interface NoPlace {
  readonly k: 'none';
  readonly type: CType;
}
export type Place = RegPlace | MemPlace | NoPlace;

export interface ExprEnv {
  readonly types: ProgramTypes;
  readonly fn: IrFunction;
  local(index: number): Place;
  /** Address, type and range of a global. */
  global(name: string): MemPlace | undefined;
  functionNumber(name: string): number | undefined;
  stringNumber(text: string): number;
  load(place: MemPlace): Val;
}

const UNKNOWN: Val = { type: INT, text: '0LL', uses: [] };

export class ExprText {
  readonly #env: ExprEnv;

  constructor(env: ExprEnv) {
    this.#env = env;
  }

  /** Value of an expression; arrays decay to pointers, structs are their address. */
  value(e: IrExpr): Val {
    switch (e.kind) {
      case 'number':
        return constant(e.value, numberType(e.value, e.long, e.unsigned));
      case 'string': {
        const number = STRINGS + this.#env.stringNumber(e.value);
        return constant(number, { kind: 'pointer', to: INT });
      }
      case 'ident':
        return this.#ident(e.name, e);
      case 'local':
      case 'member':
      case 'index':
        return this.#read(this.place(e));
      case 'unary':
        return this.#unary(e.op, e.operand);
      case 'binary':
        return this.#binary(e);
      case 'cast':
        return this.#cast(e.operand, this.#env.types.resolve(e.type));
      case 'sizeof':
      case 'offsetof':
        return constant(this.#size(e), ULONG);
      case 'typeArg':
      case 'error':
        return { ...UNKNOWN, text: 'rl_not_understood()' };
    }
  }

  #size(e: Extract<IrExpr, { kind: 'sizeof' | 'offsetof' }>): number {
    const { types, fn } = this.#env;
    if (e.kind === 'offsetof') return types.offsetOf(e) ?? 0;
    if (e.type) return types.sizeOf(types.resolve(e.type));
    const known = types.constant(e);
    if (known !== undefined) return known;
    return e.operand ? types.sizeOf(types.typeOf(e.operand as IrExpr, fn)) : 0;
  }

  #ident(name: string, e: IrExpr): Val {
    const { types, fn } = this.#env;
    if (this.#env.global(name)) return this.#read(this.place(e));
    const number = this.#env.functionNumber(name);
    if (number !== undefined)
      return constant(FUNCTIONS + number, { kind: 'pointer', to: types.typeOf(e, fn) });
    const known = types.constant(e);
    if (known === undefined) return UNKNOWN;
    const type = types.typeOf(e, undefined);
    return constant(known, type.kind === 'int' ? type : numberType(known, false, false));
  }

  #read(p: Place): Val {
    if (p.k === 'none') return { ...UNKNOWN, type: isScalar(p.type) ? p.type : asInt(p.type) };
    if (p.k === 'reg') return this.slot(p.slot, p.type);
    const { type, addr: text, uses } = p;
    const own = p.own === true ? { own: true } : {};
    if (type.kind === 'array')
      return { type: { kind: 'pointer', to: type.of }, text, uses, ...own };
    return isScalar(type) ? this.#env.load(p) : { type, text, uses, ...own };
  }

  /** What a slot of the frame holds. */
  slot(slot: number, type: CType): Val {
    return { type, text: fromCell(type, `rl_r(${slot})`), uses: [slot] };
  }

  // ---- places --------------------------------------------------------------------------------

  /** `strict`: the place is accessed, not just its address taken. */
  place(e: IrExpr, strict = true): Place {
    switch (e.kind) {
      case 'local':
        return this.#env.local(e.local);
      case 'ident':
        return this.#env.global(e.name) ?? { k: 'none', type: INT };
      case 'member':
        return this.#member(e);
      case 'index':
        return this.#index(e, strict);
      case 'cast': {
        const inner = this.place(e.operand, strict);
        return inner.k === 'none' ? inner : { ...inner, type: this.#env.types.resolve(e.type) };
      }
      case 'unary':
        if (e.op === '*') return this.#deref(this.value(e.operand));
        break;
      default:
        break;
    }
    const { type, text: addr, uses, own } = this.value(e);
    if (type.kind !== 'struct') return { k: 'none', type };
    return { k: 'mem', addr, uses, type, ...(own === true ? { own } : {}) };
  }

  #deref(p: Val): MemPlace {
    const type: CType = p.type.kind === 'pointer' ? p.type.to : INT;
    return { k: 'mem', addr: p.text, uses: p.uses, type };
  }

  #member(e: IrMember): Place {
    const object = e.arrow ? this.#deref(this.value(e.object)) : this.place(e.object);
    const field = object.type.kind === 'struct' ? object.type.layout.fields.get(e.name) : undefined;
    if (object.k === 'none') return { k: 'none', type: field?.type ?? INT };
    if (!field || object.k === 'reg') return { k: 'none', type: INT };
    const { type, range, offset } = field;
    const addr = offset === 0 ? object.addr : `(${object.addr} + ${offset})`;
    return { k: 'mem', addr, uses: object.uses, type, range };
  }

  #index(e: IrIndex, strict: boolean): Place {
    const array = this.#array(e.object);
    if (array.k === 'none') return array;
    const { element, length } = array;
    const i = this.value(e.index);
    const size = this.#env.types.sizeOf(element);
    const limit = strict ? length - 1 : length;
    const n = length > 0 ? `rl_index(${i.text}, ${limit}, ${length})` : i.text;
    const addr = `(${array.addr} + ${n} * ${size})`;
    const { range } = array;
    return { k: 'mem', addr, uses: [...array.uses, ...i.uses], type: element, range };
  }

  /** First element, and the length where it is known (0: unknown). */
  #array(e: IrExpr): NoPlace | (MemPlace & { readonly element: CType; readonly length: number }) {
    const isPlace =
      e.kind === 'local' ||
      e.kind === 'ident' ||
      e.kind === 'member' ||
      e.kind === 'index' ||
      (e.kind === 'unary' && e.op === '*');
    const p = isPlace ? this.place(e) : undefined;
    if (p?.k === 'none') return p;
    if (p?.k === 'mem' && p.type.kind === 'array')
      return { ...p, element: p.type.of, length: p.type.length };
    const v = p ? this.#read(p) : this.value(e);
    const at = this.#deref(v);
    return { ...at, element: at.type, length: 0 };
  }

  // ---- operators -----------------------------------------------------------------------------

  #unary(op: '-' | '+' | '!' | '~' | '*' | '&', operand: IrExpr): Val {
    if (op === '&') return this.#addressOf(operand);
    const v = this.value(operand);
    switch (op) {
      case '*':
        if (v.type.kind === 'pointer' && v.type.to.kind === 'function') return v;
        return this.#read(this.#deref(v));
      case '!':
        if (v.constant !== undefined) return constant(v.constant === 0 ? 1 : 0, INT);
        return { type: INT, text: `(long long)(${v.text} == 0)`, uses: v.uses };
      case '+':
        return convert(v, promote(v.type));
      case '-':
      case '~':
        return negate(op, v);
    }
  }

  #addressOf(e: IrExpr): Val {
    if (e.kind === 'ident' && !this.#env.global(e.name)) return this.#ident(e.name, e);
    const p = this.place(e, false);
    const type: CType = { kind: 'pointer', to: p.type };
    if (p.k !== 'mem') return { ...UNKNOWN, type };
    return { type, text: p.addr, uses: p.uses, ...(p.own === true ? { own: true } : {}) };
  }

  #cast(operand: IrExpr, to: CType): Val {
    const v = this.value(operand);
    if (to.kind === 'void' || to.kind === 'struct') return v;
    if (to.kind !== 'pointer') return convert(v, to);
    const { text, uses } = v;
    return { type: to, text, uses, ...(v.constant === undefined ? {} : { constant: v.constant }) };
  }

  #binary(e: IrBinary): Val {
    const a = this.value(e.left);
    const b = this.value(e.right);
    if (e.op === '+' || e.op === '-') {
      const [pa, pb] = [a.type.kind === 'pointer', b.type.kind === 'pointer'];
      if (pa && pb) return this.#difference(a, b);
      if (pa) return this.#shift(a, b, e.op);
      if (pb) return this.#shift(b, a, '+');
    }
    return binary(e.op, a, b);
  }

  #pointee(p: Val): number {
    const to: CType = p.type.kind === 'pointer' ? p.type.to : INT;
    const unit = to.kind === 'void' || to.kind === 'opaque' || to.kind === 'function';
    return unit ? 1 : this.#env.types.sizeOf(to);
  }

  #shift(p: Val, i: Val, op: '+' | '-'): Val {
    const size = this.#pointee(p);
    const text = `(${p.text} ${op} ${i.text} * ${size})`;
    return { type: p.type, text, uses: [...p.uses, ...i.uses] };
  }

  #difference(a: Val, b: Val): Val {
    const size = Math.max(1, this.#pointee(a));
    return {
      type: LONG,
      text: `((${a.text} - ${b.text}) / ${size})`,
      uses: [...a.uses, ...b.uses],
    };
  }
}
