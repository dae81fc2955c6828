/** One IR function as compact operations: loads are split off, locals get slots, jumps are resolved. */
import type { CType, Instr, IrExpr, IrFunction } from '../csource/ir.js';
import { asInt, isScalar } from './arith.js';
import { FRAME_HEADER } from './cpu.js';
import type { Cpu } from './cpu.js';
import { ExprCompiler, convertVal, fromCell, toCell } from './expr.js';
import type { ExprEnv, MemPlace, Place, Val } from './expr.js';
import { compileIntrinsic } from './intrinsics.js';
import type { Linkage } from './linkage.js';
import { BASE } from './objects.js';
import type { MemObject } from './objects.js';
import { MicroOp } from './ops.js';
import type { Abs, CompiledFunction, Effect, Eval, Target } from './ops.js';
import { addressTaken } from './taken.js';

/** Compiles one function; `done` is the function with its operations. */
export class FunctionCompiler implements ExprEnv {
  readonly link: Linkage;
  readonly fn: IrFunction;
  readonly out: CompiledFunction;
  readonly expr: ExprCompiler;
  readonly ops: MicroOp[] = [];
  /** Loads at once, for values that are only looked at. */
  readonly direct: ExprCompiler;
  #places: Place[] = [];
  #temps = 0;
  #usedTemps = 0;
  #firstTemp = 0;
  #at: Instr | undefined;

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
    return this.#places[index] ?? { k: 'none', what: 'local', type: asInt({ kind: 'void' }) };
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

  compile(): void {
    this.#layOut();
    const starts: number[] = [];
    for (const instr of this.fn.code) {
      starts.push(this.ops.length);
      this.#at = instr;
      this.#usedTemps = 0;
      this.#instr(instr);
    }
    this.#resolve(starts);
    const { out } = this;
    out.frame = this.#firstTemp + this.#temps;
    out.ops = this.ops;
    const temps = Array.from({ length: this.#temps }, (_, i) => this.#firstTemp + i);
    out.registers = [...this.#places.flatMap((p) => (p.k === 'reg' ? [p.slot] : [])), ...temps];
  }

  // ---- frame ---------------------------------------------------------------------------------

  #layOut(): void {
    const { fn, types, link, out } = this;
    const taken = addressTaken(fn);
    const objects: { slot: number; object: MemObject }[] = [];
    const params: CompiledFunction['params'][number][] = [];
    let slot = FRAME_HEADER;
    fn.locals.forEach((local, i) => {
      const declared = types.typeOf({ kind: 'local', local: i, name: local.name, loc: local.loc }, fn);
      const type: CType = local.param && declared.kind === 'array' ? { kind: 'pointer', to: declared.of } : isScalar(declared) || declared.kind === 'struct' || declared.kind === 'array' ? declared : asInt(declared);
      const size = Math.max(1, types.sizeOf(type));
      if (local.isStatic) {
        this.#places.push({ k: 'none', what: local.name, type });
        return;
      }
      if (local.param) params.push({ slot, size: type.kind === 'struct' ? size : 1, cell: cellOf(type) });
      if (isScalar(type) && !taken.has(i)) this.#places.push({ k: 'reg', slot, type });
      else {
        const object = link.addLocal(`${local.name} (in ${fn.name})`, type);
        objects.push({ slot, object });
        this.#places.push(framePlace(slot, object, type));
      }
      slot += size;
    });
    this.#firstTemp = slot;
    out.params = params;
    out.objects = objects;
    const result = types.resolve(fn.def.result);
    out.resultSize = result.kind === 'struct' ? types.sizeOf(result) : 0;
  }

  temp(): number {
    const slot = this.#firstTemp + this.#usedTemps++;
    this.#temps = Math.max(this.#temps, this.#usedTemps);
    return slot;
  }

  // ---- emitting ------------------------------------------------------------------------------

  op(exec: MicroOp['exec'], uses: readonly number[] = [], effect: Effect = { k: 'none' }): MicroOp {
    const at = this.#at;
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

  #copy(to: MemPlace, from: MemPlace): void {
    const size = this.types.sizeOf(to.type);
    const leaf: CType = { kind: 'int', bits: 32, signed: true, bool: false };
    for (let i = 0; i < size; i++) this.store(cellAt(to, i, leaf), this.load(cellAt(from, i, leaf)));
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
      for (let i = 0; i < size; i++) this.store(cellAt(place, i, leaf), { type: leaf, f: () => 0, uses: [], constant: 0 });
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

  // ---- instructions --------------------------------------------------------------------------

  #instr(instr: Instr): void {
    switch (instr.op) {
      case 'assign': return this.#assign(instr.target, instr.value);
      case 'zero': {
        const place = this.expr.place(instr.target, false);
        return this.zero(place, this.types.sizeOf(place.type));
      }
      case 'call': return this.#call(instr.callee, instr.args, instr.result);
      case 'intrinsic': return compileIntrinsic(this, instr);
      case 'branch': {
        const { f, uses } = this.expr.value(instr.cond);
        const op = this.op((m, self) => (f(m) !== 0 ? self.next : self.other), uses);
        op.next = instr.then;
        op.other = instr.else;
        op.branches = true;
        return;
      }
      case 'jump':
        this.op((_m, self) => self.next).next = instr.to;
        return;
      case 'return': return this.#return(instr.value);
      case 'atomic': return this.#atomic(instr.enter);
      case 'unknown':
        this.op((m) => m.fail('model-error', `not understood: ${instr.reason}`));
    }
  }

  #assign(target: IrExpr, value: IrExpr): void {
    const v = this.expr.value(value);
    const place = this.expr.place(target);
    if (place.type.kind !== 'struct' && place.type.kind !== 'array') return this.store(place, v);
    if (place.k !== 'mem') return;
    if (v.type.kind === 'struct') this.#copy(place, { k: 'mem', addr: v.f, uses: v.uses, abs: v.abs ?? { k: 'type', type: v.type }, type: v.type });
    else this.zero(place, this.types.sizeOf(place.type));
  }

  #atomic(enter: boolean): void {
    if (!enter) {
      this.op((m, self) => {
        m.atomic--;
        return self.next;
      }).enters = -1;
      return;
    }
    const op = this.op((m, self) => {
      if (m.atomic++ === 0) {
        m.acted = 0;
        m.waited = false;
      }
      return self.next;
    });
    op.kind = 2;
    op.enters = 1;
  }

  #return(value: IrExpr | undefined): void {
    const v = value ? this.expr.value(value) : undefined;
    const type = this.types.resolve(this.fn.def.result);
    const f: Eval = v && type.kind !== 'void' ? (isScalar(type) ? convertVal(v, type).f : v.f) : () => 0;
    const op = this.op(
      (m) => {
        m.result = f(m);
        return this.link.leave(m);
      },
      v?.uses ?? [],
      v?.abs ? { k: 'return', value: v.abs } : { k: 'none' },
    );
    op.ends = true;
  }

  #call(callee: IrExpr, argExprs: readonly IrExpr[], result: number | undefined): void {
    const args = argExprs.map((a) => this.expr.value(a));
    const name = callee.kind === 'ident' && !this.link.global(callee.name) ? callee.name : undefined;
    const known = name === undefined ? undefined : this.link.functionNamed(name);
    if (name !== undefined && !known) return this.#unknownCall(name, result);
    const pointer = known ? undefined : this.expr.value(callee);
    const target: Target = known ? { k: 'name', name: known.name } : this.#targetOf(callee, args.length);
    const place = result === undefined ? undefined : this.#places[result];
    const slot = place?.k === 'reg' ? place.slot : undefined;
    const type: CType = place?.type ?? { kind: 'void' };
    const effect: Effect = { k: 'call', slot, result: type, args: args.map((a) => a.abs), target };
    const values = args.map((a) => a.f);
    const op = this.op(
      (m, self) => this.link.enter(m, self, known ?? this.link.functionAt(m, pointer?.f(m) ?? 0), values),
      [...args.flatMap((a) => a.uses), ...(pointer?.uses ?? [])],
      effect,
    );
    if (place?.k === 'reg') op.sets = place.slot;
    op.keep = this.#keeper(result, place);
  }

  /** What a call does with the callee's result, in the caller's frame. */
  #keeper(result: number | undefined, place: Place | undefined): MicroOp['keep'] {
    if (result === undefined || !place || place.k === 'none') return undefined;
    if (place.type.kind === 'struct') {
      if (place.k !== 'mem') return undefined;
      const { addr } = place;
      return (m, v, size) => {
        for (let i = 0; i < size; i++) m.put(addr(m) - BASE + i, m.S[v - BASE + i] ?? 0);
      };
    }
    const conv = convertVal({ type: { kind: 'int', bits: 64, signed: true, bool: false }, f: (m) => m.result, uses: [] }, place.type).f;
    const cell = toCell(place.type, undefined);
    if (place.k === 'reg') {
      const { slot } = place;
      return (m) => { m.put(m.fp + slot, cell(m, conv(m))); };
    }
    const { addr } = place;
    return (m) => { m.put(addr(m) - BASE, cell(m, conv(m))); };
  }

  #unknownCall(name: string, result: number | undefined): void {
    this.op((m, self) => {
      m.assumptions.add(`unknown: ${name}`);
      return self.next;
    });
    const place = result === undefined ? undefined : this.#places[result];
    if (place) this.store(place, { type: place.type, f: () => 0, uses: [], constant: 0 });
  }

  /** A call through a member reaches what is stored in members of that name. */
  #targetOf(callee: IrExpr, arity: number): Target {
    if (callee.kind === 'member') return { k: 'member', member: callee.name, arity };
    if (callee.kind === 'unary' && callee.op === '*') return this.#targetOf(callee.operand, arity);
    if (callee.kind !== 'local') return { k: 'pointer', arity };
    const sources = this.fn.code.filter((i) => i.op === 'assign' && i.target.kind === 'local' && i.target.local === callee.local);
    const members = new Set(sources.map((i) => (i.op === 'assign' && i.value.kind === 'member' ? i.value.name : undefined)));
    const [member] = members;
    const isParam = this.fn.locals[callee.local]?.param ?? false;
    return members.size === 1 && member !== undefined && !isParam ? { k: 'member', member, arity } : { k: 'pointer', arity };
  }

  /** Jump targets are IR indexes until here: `next` of -1 is the following operation. */
  #resolve(starts: readonly number[]): void {
    this.ops.forEach((op, i) => {
      op.next = op.next === -1 ? i + 1 : (starts[op.next] ?? i + 1);
      if (op.branches) op.other = starts[op.other] ?? i + 1;
    });
  }
}

function cellOf(type: CType): (m: Cpu, v: number) => number {
  const conv = isScalar(type) ? convertVal({ type: { kind: 'int', bits: 64, signed: true, bool: false }, f: (m) => m.result, uses: [] }, type).f : undefined;
  const cell = toCell(type, undefined);
  if (!conv) return cell;
  return (m, v) => {
    m.result = v;
    return cell(m, conv(m));
  };
}

function cellAt(place: MemPlace, i: number, type: CType): MemPlace {
  const { addr } = place;
  return { k: 'mem', addr: (m) => addr(m) + i, uses: place.uses, abs: { k: 'shift', base: place.abs, delta: i }, type };
}

function framePlace(slot: number, object: MemObject, type: CType): MemPlace {
  const abs: Abs = { k: 'object', object, offset: 0 };
  return { k: 'mem', addr: (m) => m.fp + slot + BASE, uses: [], abs, type };
}

function directLoad(place: MemPlace): Val {
  const { addr, type } = place;
  const conv = fromCell(type);
  const f: Eval = (m) => m.S[m.check(addr(m))] ?? 0;
  return { type, f: conv ? (m) => conv(f(m)) : f, uses: place.uses, abs: type.kind === 'pointer' ? { k: 'type', type: type.to } : undefined };
}
