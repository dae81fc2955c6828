/**
 * Expressions of the IR as closures over the registers. Every load from memory is handed to the
 * environment, which makes it an operation of its own (or does it at once where steps do not matter).
 */
import type { CType, IrBinary, IrExpr, IrIndex, IrMember, IrUnary, Loc } from '../csource/ir.js';
import {
  INT,
  LONG,
  ULONG,
  isInt,
  isScalar,
  literal,
  negation,
  operation,
  promote,
} from './arith.js';
import { BASE, FUNCTIONS, STRINGS } from './objects.js';
import type { Abs, Eval } from './ops.js';
import { combine, constantVal, convertVal, fromCell, overflow, unknown } from './val.js';
import type { ExprEnv, MemPlace, NoPlace, Place, Val } from './val.js';

const UNKNOWN: CType = INT;

export class ExprCompiler {
  readonly #env: ExprEnv;

  constructor(env: ExprEnv) {
    this.#env = env;
  }

  /** Value of an expression; arrays decay to pointers, structs are their address. */
  value(e: IrExpr): Val {
    switch (e.kind) {
      case 'number': {
        const bits = e.long || Math.abs(e.value) > (e.unsigned ? 0xffffffff : 0x7fffffff) ? 64 : 32;
        return constantVal(literal(e.value), {
          kind: 'int',
          bits,
          signed: !e.unsigned,
          bool: false,
        });
      }
      case 'string':
        return {
          ...constantVal(STRINGS + this.#env.stringNumber(e.value), { kind: 'pointer', to: INT }),
          abs: undefined,
        };
      case 'ident':
        return this.#ident(e.name, e);
      case 'local':
      case 'member':
      case 'index':
        return this.#read(this.place(e), e.loc);
      case 'unary':
        return this.#unary(e);
      case 'binary':
        return this.#binary(e);
      case 'cast':
        return this.#cast(e.operand, this.#env.types.resolve(e.type));
      case 'sizeof':
      case 'offsetof':
        return constantVal(this.#constantOf(e), ULONG);
      case 'typeArg':
      case 'error':
        return {
          type: INT,
          f: (m) => m.fail('model-error', 'text that was not understood is run'),
          uses: [],
        };
    }
  }

  #constantOf(e: Extract<IrExpr, { kind: 'sizeof' | 'offsetof' }>): number {
    const { types, fn } = this.#env;
    if (e.kind === 'offsetof') return types.offsetOf(e) ?? 0;
    if (e.type) return types.sizeOf(types.resolve(e.type));
    return (
      types.constant(e) ?? (e.operand ? types.sizeOf(types.typeOf(e.operand as IrExpr, fn)) : 0)
    );
  }

  #ident(name: string, e: IrExpr): Val {
    const { types } = this.#env;
    if (this.#env.global(name)) return this.#read(this.place(e), e.loc);
    const number = this.#env.functionNumber(name);
    if (number !== undefined)
      return constantVal(FUNCTIONS + number, {
        kind: 'pointer',
        to: types.typeOf(e, this.#env.fn),
      });
    const constant = types.constant(e);
    if (constant !== undefined) {
      const type = types.typeOf(e, undefined);
      return constantVal(
        literal(constant),
        type.kind === 'int' ? type : Math.abs(constant) > 0x7fffffff ? LONG : INT,
      );
    }
    return unknown(name);
  }

  /** Reads a place as a value. */
  #read(p: Place, loc: Loc): Val {
    if (p.k === 'none') return unknown(p.what, p.type);
    if (p.k === 'reg') {
      const { slot, type } = p;
      const conv = fromCell(type);
      const f: Eval = conv ? (m) => conv(m.S[m.fp + slot] ?? 0) : (m) => m.S[m.fp + slot] ?? 0;
      return {
        type,
        f,
        uses: [slot],
        abs: type.kind === 'pointer' ? { k: 'slot', slot } : undefined,
      };
    }
    const { type, addr, uses, abs } = p;
    if (type.kind === 'array')
      return { type: { kind: 'pointer', to: type.of }, f: addr, uses, abs };
    if (!isScalar(type)) return { type, f: addr, uses, abs };
    return this.#env.load(p, loc);
  }

  // ---- places --------------------------------------------------------------------------------

  /** `strict`: the place is accessed, not just its address taken (one past the end is an error). */
  place(e: IrExpr, strict = true): Place {
    switch (e.kind) {
      case 'local':
        return this.#env.local(e.local);
      case 'ident': {
        const object = this.#env.global(e.name);
        if (!object) return { k: 'none', what: e.name, type: UNKNOWN };
        const address = object.at + BASE;
        return {
          k: 'mem',
          addr: () => address,
          uses: [],
          abs: { k: 'object', object, offset: 0 },
          type: object.type,
          range: this.#env.range(e.name),
        };
      }
      case 'member':
        return this.#member(e);
      case 'index':
        return this.#index(e, strict);
      case 'unary':
        if (e.op === '*') return this.#deref(this.value(e.operand));
        break;
      case 'cast': {
        const inner = this.place(e.operand, strict);
        return inner.k === 'none' ? inner : { ...inner, type: this.#env.types.resolve(e.type) };
      }
      default:
        break;
    }
    const v = this.value(e);
    if (v.type.kind === 'struct')
      return {
        k: 'mem',
        addr: v.f,
        uses: v.uses,
        abs: v.abs ?? { k: 'type', type: v.type },
        type: v.type,
      };
    return { k: 'none', what: 'expression that is no object', type: v.type };
  }

  #deref(p: Val): Place {
    const to: CType = p.type.kind === 'pointer' ? p.type.to : INT;
    // Slots are shared by values of several types: only what can be such an object counts.
    const abs: Abs = p.abs ? { k: 'as', base: p.abs, type: to } : { k: 'type', type: to };
    return { k: 'mem', addr: p.f, uses: p.uses, abs, type: to };
  }

  #member(e: IrMember): Place {
    const object = e.arrow ? this.#deref(this.value(e.object)) : this.place(e.object);
    const field = object.type.kind === 'struct' ? object.type.layout.fields.get(e.name) : undefined;
    if (object.k === 'none') return { k: 'none', what: object.what, type: field?.type ?? UNKNOWN };
    if (!field || object.k === 'reg') {
      const owner =
        object.type.kind === 'struct'
          ? `${object.type.layout.name}.`
          : object.type.kind === 'opaque'
            ? `${object.type.name}.`
            : '';
      return { k: 'none', what: `${owner}${e.name}`, type: UNKNOWN };
    }
    const { addr } = object;
    const { offset } = field;
    return {
      k: 'mem',
      addr: offset === 0 ? addr : (m) => addr(m) + offset,
      uses: object.uses,
      abs: { k: 'shift', base: object.abs, delta: offset },
      type: field.type,
      range: field.range,
    };
  }

  #index(e: IrIndex, strict: boolean): Place {
    const object = this.#arrayOf(e.object);
    if (object.k === 'none') return object;
    const { element, length, addr, uses, abs } = object;
    const i = this.value(e.index);
    const size = this.#env.types.sizeOf(element);
    const limit = strict ? length - 1 : length;
    const at = i.f;
    const f: Eval =
      length > 0
        ? (m) => {
            const n = at(m);
            if (n < 0 || n > limit)
              m.fail('model-error', `index ${n} is outside an array of ${length}`);
            return addr(m) + n * size;
          }
        : (m) => addr(m) + at(m) * size;
    return {
      k: 'mem',
      addr: f,
      uses: [...uses, ...i.uses],
      abs: { k: 'shift', base: abs, delta: undefined },
      type: element,
      range: object.range,
    };
  }

  /** First element, and the length where it is known (0: unknown). */
  #arrayOf(
    e: IrExpr,
  ): NoPlace | (Omit<MemPlace, 'type'> & { readonly element: CType; readonly length: number }) {
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
    const v = p ? this.#read(p, e.loc) : this.value(e);
    const to: CType = v.type.kind === 'pointer' ? v.type.to : INT;
    return {
      k: 'mem',
      addr: v.f,
      uses: v.uses,
      abs: v.abs ?? { k: 'type', type: to },
      element: to,
      length: 0,
    };
  }

  // ---- operators -----------------------------------------------------------------------------

  #unary(e: IrUnary): Val {
    switch (e.op) {
      case '*': {
        const p = this.value(e.operand);
        if (p.type.kind === 'pointer' && p.type.to.kind === 'function') return p;
        return this.#read(this.#deref(p), e.loc);
      }
      case '&':
        return this.#addressOf(e.operand);
      case '!': {
        const v = this.value(e.operand);
        const { f } = v;
        return v.constant !== undefined
          ? constantVal(v.constant === 0 ? 1 : 0, INT)
          : { type: INT, f: (m) => (f(m) === 0 ? 1 : 0), uses: v.uses };
      }
      case '+': {
        const v = this.value(e.operand);
        return convertVal(v, promote(v.type));
      }
      case '-':
      case '~': {
        const raw = this.value(e.operand);
        const v = convertVal(raw, promote(raw.type));
        const apply = negation(e.op, promote(raw.type));
        const { f } = v;
        if (v.constant !== undefined) return constantVal(apply(v.constant), v.type);
        const int = v.type.kind === 'int' && v.type.bits === 32 && v.type.signed;
        if (e.op !== '-' || !int) return { type: v.type, f: (m) => apply(f(m)), uses: v.uses };
        const negated: Eval = (m) => {
          const r = -f(m);
          return isInt(r) ? r | 0 : m.fail('arithmetic', overflow('-'));
        };
        return { type: v.type, f: negated, uses: v.uses };
      }
    }
  }

  #addressOf(e: IrExpr): Val {
    if (e.kind === 'ident' && !this.#env.global(e.name)) return this.#ident(e.name, e);
    const p = this.place(e, false);
    if (p.k !== 'mem')
      return unknown(p.k === 'none' ? p.what : 'address of a register', {
        kind: 'pointer',
        to: p.type,
      });
    return { type: { kind: 'pointer', to: p.type }, f: p.addr, uses: p.uses, abs: p.abs };
  }

  #cast(operand: IrExpr, to: CType): Val {
    const v = this.value(operand);
    if (to.kind === 'void' || to.kind === 'struct') return v;
    if (to.kind !== 'pointer')
      return { ...convertVal(v, to), abs: to.kind === 'int' && to.bits === 64 ? v.abs : undefined };
    const abs: Abs = v.abs ? { k: 'as', base: v.abs, type: to.to } : { k: 'type', type: to.to };
    return { ...v, type: to, abs: v.constant === 0 ? undefined : abs };
  }

  #binary(e: IrBinary): Val {
    const a = this.value(e.left);
    const b = this.value(e.right);
    if (e.op === '+' || e.op === '-') {
      const pa = a.type.kind === 'pointer';
      const pb = b.type.kind === 'pointer';
      if (pa && pb) return this.#difference(a, b);
      if (pa) return this.#shift(a, b, e.op === '+' ? 1 : -1);
      if (pb) return this.#shift(b, a, 1);
    }
    const op = operation(e.op, a.type, b.type);
    const left = convertVal(a, op.operand);
    const right = op.check === 'shift' ? convertVal(b, promote(b.type)) : convertVal(b, op.operand);
    return combine(left, right, op);
  }

  #shift(p: Val, i: Val, sign: 1 | -1): Val {
    const to: CType = p.type.kind === 'pointer' ? p.type.to : INT;
    const size =
      to.kind === 'void' || to.kind === 'opaque' || to.kind === 'function'
        ? sign
        : sign * this.#env.types.sizeOf(to);
    const whole =
      to.kind === 'struct' ||
      to.kind === 'array' ||
      to.kind === 'pointer' ||
      (to.kind === 'int' && to.bits > 8);
    const delta = i.constant === undefined ? undefined : i.constant * size;
    const base: Abs | undefined = p.abs;
    const abs: Abs | undefined = !base
      ? undefined
      : whole
        ? { k: 'shift', base, delta: undefined }
        : delta === undefined
          ? { k: 'type', type: { kind: 'void' } }
          : { k: 'shift', base, delta };
    const [f, g] = [p.f, i.f];
    return {
      type: p.type,
      f: delta === undefined ? (m) => f(m) + g(m) * size : (m) => f(m) + delta,
      uses: [...p.uses, ...i.uses],
      abs,
    };
  }

  #difference(a: Val, b: Val): Val {
    const to: CType = a.type.kind === 'pointer' ? a.type.to : INT;
    const size = Math.max(
      1,
      to.kind === 'void' || to.kind === 'opaque' || to.kind === 'function'
        ? 1
        : this.#env.types.sizeOf(to),
    );
    const [f, g] = [a.f, b.f];
    return { type: LONG, f: (m) => Math.trunc((f(m) - g(m)) / size), uses: [...a.uses, ...b.uses] };
  }
}
