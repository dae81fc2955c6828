/** Operations of one function: its frame, loads, stores, temporaries. */
import type { CType, Instr, IrFunction } from '../csource/ir.js';
import { asInt, isScalar } from './arith.js';
import { FRAME_HEADER } from './cpu.js';
import type { Cpu } from './cpu.js';
import { ExprCompiler } from './expr.js';
import type { Linkage } from './linkage.js';
import { BASE } from './objects.js';
import type { MemObject } from './objects.js';
import { MicroOp } from './ops.js';
import { busyIn } from './pool.js';
import type { Abs, CompiledFunction, Effect, Eval } from './ops.js';
import { addressTaken } from './taken.js';
import { convertVal, fromCell, toCell } from './val.js';
import type { ExprEnv, MemPlace, Place, Val } from './val.js';

/** Writes operations of one function: the part that instructions and intrinsics share. */
export class Emitter implements ExprEnv {
  readonly link: Linkage;
  readonly fn: IrFunction;
  readonly out: CompiledFunction;
  readonly expr: ExprCompiler;
  readonly ops: MicroOp[] = [];
  /** Loads at once, for values that are only looked at. */
  readonly direct: ExprCompiler;
  protected places: Place[] = [];
  protected temps = 0;
  protected usedTemps = 0;
  protected firstTemp = 0;
  protected at: Instr | undefined;

  constructor(link: Linkage, out: CompiledFunction) {
    this.link = link;
    this.fn = out.ir;
    this.out = out;
    this.expr = new ExprCompiler(this);
    this.direct = new ExprCompiler({ ...this.#shared(), load: (place) => directLoad(place) });
  }

  #shared(): Omit<ExprEnv, 'load'> {
    return {
      types: this.types,
      fn: this.fn,
      local: (i) => this.local(i),
      global: (n) => this.global(n),
      range: (n) => this.range(n),
      functionNumber: (n) => this.functionNumber(n),
      stringNumber: (t) => this.stringNumber(t),
    };
  }

  get types(): ExprEnv['types'] {
    return this.link.types;
  }
  local(index: number): Place {
    return this.places[index] ?? { k: 'none', what: 'local', type: asInt({ kind: 'void' }) };
  }
  global(name: string): ReturnType<ExprEnv['global']> {
    return this.link.global(name);
  }
  range(name: string): readonly [number, number] | undefined {
    return this.link.range(name);
  }
  functionNumber(name: string): number | undefined {
    return this.link.functionNumber(name);
  }
  stringNumber(text: string): number {
    return this.link.stringNumber(text);
  }

  // ---- frame ---------------------------------------------------------------------------------

  protected layOut(): void {
    const { fn, types, link, out } = this;
    const taken = addressTaken(fn);
    const objects: { slot: number; object: MemObject }[] = [];
    const params: CompiledFunction['params'][number][] = [];
    let slot = FRAME_HEADER;
    fn.locals.forEach((local, i) => {
      const declared = types.typeOf(
        { kind: 'local', local: i, name: local.name, loc: local.loc },
        fn,
      );
      const type: CType =
        local.param && declared.kind === 'array'
          ? { kind: 'pointer', to: declared.of }
          : isScalar(declared) || declared.kind === 'struct' || declared.kind === 'array'
            ? declared
            : asInt(declared);
      const size = Math.max(1, types.sizeOf(type));
      if (local.isStatic) {
        this.places.push({ k: 'none', what: local.name, type });
        return;
      }
      if (local.param)
        params.push({ slot, size: type.kind === 'struct' ? size : 1, cell: argumentOf(type) });
      if (isScalar(type) && !taken.has(i)) this.places.push({ k: 'reg', slot, type });
      else {
        const object = link.addLocal(`${local.name} (in ${fn.name})`, type);
        objects.push({ slot, object });
        this.places.push(framePlace(slot, object, type));
      }
      slot += size;
    });
    this.firstTemp = slot;
    out.params = params;
    out.objects = objects;
    out.busy = objects.flatMap(({ slot: at, object }) =>
      busyIn(object.type, types, object.name.replace(/ .*/, '')).map(({ offset, text }) => ({
        offset: at + offset,
        text,
      })),
    );
    const result = types.resolve(fn.def.result);
    out.resultSize = result.kind === 'struct' ? types.sizeOf(result) : 0;
  }

  temp(): number {
    const slot = this.firstTemp + this.usedTemps++;
    this.temps = Math.max(this.temps, this.usedTemps);
    return slot;
  }

  // ---- emitting ------------------------------------------------------------------------------

  op(exec: MicroOp['exec'], uses: readonly number[] = [], effect: Effect = { k: 'none' }): MicroOp {
    const at = this.at;
    const op = new MicroOp(this.out, at?.stmt ?? 0, at?.loc ?? this.fn.def.loc);
    op.exec = exec;
    op.uses = uses;
    op.effect = effect;
    op.next = -1;
    this.ops.push(op);
    return op;
  }

  load(place: MemPlace): Val {
    const slot = this.temp();
    const { addr, type, abs } = place;
    const op = this.op(
      (m, self) => {
        m.put(m.fp + slot, m.load(addr(m)));
        return self.next;
      },
      place.uses,
      { k: 'load', slot, from: abs, type },
    );
    op.kind = 1;
    op.addr = addr;
    op.sets = slot;
    const conv = fromCell(type);
    return {
      type,
      f: conv ? (m) => conv(m.S[m.fp + slot] ?? 0) : (m) => m.S[m.fp + slot] ?? 0,
      uses: [slot],
      abs: type.kind === 'pointer' ? { k: 'slot', slot } : undefined,
    };
  }

  /** Stores a value into a place that holds scalars. */
  store(place: Place, raw: Val): void {
    const v = convertVal(raw, place.type);
    const value = v.f;
    if (place.k === 'none') {
      this.op((m, self) => {
        m.assumptions.add(`unknown: ${place.what}`);
        return self.next;
      });
      return;
    }
    if (place.k === 'reg') {
      this.set(place.slot, place.type, v);
      return;
    }
    const cell = toCell(place.type, place.range);
    const { addr } = place;
    const op = this.op(
      (m, self) => {
        m.store(addr(m), cell(m, value(m)));
        return self.next;
      },
      [...place.uses, ...v.uses],
      { k: 'store', to: place.abs },
    );
    op.kind = 1;
    op.write = true;
    op.addr = addr;
  }

  set(slot: number, type: CType, v: Val): void {
    const cell = toCell(type, undefined);
    const value = v.f;
    const op = this.op(
      (m, self) => {
        m.put(m.fp + slot, cell(m, value(m)));
        return self.next;
      },
      v.uses,
      v.abs && type.kind === 'pointer' ? { k: 'set', slot, value: v.abs } : { k: 'none' },
    );
    op.sets = slot;
  }

  copy(to: MemPlace, from: MemPlace): void {
    const size = this.types.sizeOf(to.type);
    const leaf: CType = { kind: 'int', bits: 32, signed: true, bool: false };
    for (let i = 0; i < size; i++)
      this.store(cellAt(to, i, leaf), this.load(cellAt(from, i, leaf)));
  }

  /** Zeroes every cell of an object: an own local at once, shared memory cell by cell. */
  zero(place: Place, size: number): void {
    if (place.k !== 'mem') {
      this.store(place, { type: place.type, f: () => 0, uses: [], constant: 0 });
      return;
    }
    const { addr } = place;
    if (place.abs.k !== 'object' || place.abs.object.at >= 0) {
      const leaf: CType = { kind: 'int', bits: 32, signed: true, bool: false };
      for (let i = 0; i < size; i++)
        this.store(cellAt(place, i, leaf), { type: leaf, f: () => 0, uses: [], constant: 0 });
      return;
    }
    const op = this.op(
      (m, self) => {
        const start = addr(m);
        for (let i = 0; i < size; i++) m.store(start + i, 0);
        return self.next;
      },
      place.uses,
      { k: 'store', to: place.abs },
    );
    op.kind = 1;
    op.write = true;
    op.addr = addr;
  }
}

/** From an argument to the first cell of its parameter; a struct is passed as its address. */
function argumentOf(type: CType): (m: Cpu, v: number) => number {
  return type.kind === 'struct' ? (m, v) => m.peek(v) : cellOf(type);
}

function cellOf(type: CType): (m: Cpu, v: number) => number {
  const conv = isScalar(type)
    ? convertVal(
        {
          type: { kind: 'int', bits: 64, signed: true, bool: false },
          f: (m) => m.result,
          uses: [],
        },
        type,
      ).f
    : undefined;
  const cell = toCell(type, undefined);
  if (!conv) return cell;
  return (m, v) => {
    m.result = v;
    return cell(m, conv(m));
  };
}

function cellAt(place: MemPlace, i: number, type: CType): MemPlace {
  const { addr } = place;
  return {
    k: 'mem',
    addr: (m) => addr(m) + i,
    uses: place.uses,
    abs: { k: 'shift', base: place.abs, delta: i },
    type,
  };
}

function framePlace(slot: number, object: MemObject, type: CType): MemPlace {
  const abs: Abs = { k: 'object', object, offset: 0 };
  return { k: 'mem', addr: (m) => m.fp + slot + BASE, uses: [], abs, type };
}

function directLoad(place: MemPlace): Val {
  const { addr, type } = place;
  const conv = fromCell(type);
  const f: Eval = (m) => m.S[m.check(addr(m))] ?? 0;
  return {
    type,
    f: conv ? (m) => conv(f(m)) : f,
    uses: place.uses,
    abs: type.kind === 'pointer' ? { k: 'type', type: type.to } : undefined,
  };
}
