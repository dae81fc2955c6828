/** One function of the IR as operations: loads are split off, locals get slots, jumps are resolved. */
import type { CType, Instr, IrExpr, IrFunction, Loc, ProgramTypes } from '../csource/ir.js';
import { INT, convert, isScalar, toCell } from './arith.js';
import type { Val } from './arith.js';
import { ExprText } from './expr.js';
import type { ExprEnv, MemPlace, Place } from './expr.js';
import { frameOf } from './frame.js';
import type { Frame } from './frame.js';
import { intrinsic } from './intrinsics.js';
import type { Callees, Flow, FunctionText, Op } from './op.js';

type Call = Extract<Instr, { op: 'call' }>;

/** What functions have in common: names, numbers, memory. */
export interface Names {
  readonly types: ProgramTypes;
  global(name: string): MemPlace | undefined;
  /** Where a pool stands: state index of its first hidden cell, of its first cell, its shape. */
  pool(name: string): PoolShape | undefined;
  functionNumber(name: string): number | undefined;
  stringNumber(text: string): number;
  /** Whether the program defines this function; it is exported from then on. */
  requires(name: string): boolean;
  textOf(loc: Loc): string;
}

export interface PoolShape {
  /** Position in the table of pools. */
  readonly index: number;
  readonly element: CType;
}

export class FunctionWriter implements ExprEnv {
  readonly names: Names;
  readonly fn: IrFunction;
  readonly types: ProgramTypes;
  readonly expr: ExprText;
  readonly #frame: Frame;
  readonly #ops: Op[] = [];
  #at: Instr | undefined;
  #temps = 0;
  #usedTemps = 0;
  #atomic = 0;

  constructor(names: Names, fn: IrFunction) {
    this.names = names;
    this.fn = fn;
    this.types = names.types;
    this.#frame = frameOf(fn, names.types);
    this.expr = new ExprText(this);
  }

  write(): FunctionText {
    const starts: number[] = [];
    const depth = atomicDepths(this.fn.code);
    this.fn.code.forEach((instr, i) => {
      starts.push(this.#ops.length);
      this.#at = instr;
      this.#usedTemps = 0;
      this.#atomic = depth[i] ?? 0;
      this.#instr(instr);
    });
    const { size, params, registers, names, busy } = this.#frame;
    const temps = Array.from({ length: this.#temps }, (_, i) => size + i);
    const result = this.types.resolve(this.fn.def.result);
    return {
      name: this.fn.name,
      ops: this.#ops.map((op) => ({ ...op, flow: resolved(op.flow, starts) })),
      frame: size + this.#temps,
      params,
      registers: [...registers, ...temps],
      names,
      busy,
      resultSize: result.kind === 'struct' ? this.types.sizeOf(result) : 0,
    };
  }

  // ---- for expressions and intrinsics --------------------------------------------------------

  local(index: number): Place {
    return this.#frame.places[index] ?? { k: 'none', type: INT };
  }
  global(name: string): MemPlace | undefined {
    return this.names.global(name);
  }
  functionNumber(name: string): number | undefined {
    return this.names.functionNumber(name);
  }
  stringNumber(text: string): number {
    return this.names.stringNumber(text);
  }

  temp(): number {
    const slot = this.#frame.size + this.#usedTemps++;
    this.#temps = Math.max(this.#temps, this.#usedTemps);
    return slot;
  }

  op(part: Partial<Op> & { readonly body: string }): void {
    const { stmt, loc } = this.#at ?? { stmt: 0, loc: this.fn.def.loc };
    const base = { kind: 0, write: false, flow: { k: 'next' }, uses: [], stmt, loc } as const;
    this.#ops.push({ ...base, choices: 1, fault: false, atomic: this.#atomic, ...part });
  }

  load(place: MemPlace): Val {
    const slot = this.temp();
    const { addr, type, uses } = place;
    const body = `rl_put(rl_fp + ${slot}, rl_load(${addr}));`;
    this.op({ kind: 1, addr, body, uses, sets: slot });
    const { text } = this.expr.slot(slot, type);
    return { type, text, uses: [slot] };
  }

  /** Stores a value into a place that holds scalars. */
  store(place: Place, raw: Val): void {
    const v = convert(raw, place.type);
    if (place.k === 'none') return this.op({ body: '' });
    if (place.k === 'reg') {
      const body = `rl_put(rl_fp + ${place.slot}, ${toCell(place.type, undefined, v.text)});`;
      return this.op({ body, uses: v.uses, sets: place.slot });
    }
    const { addr } = place;
    const body = `rl_store(${addr}, ${toCell(place.type, place.range, v.text)});`;
    this.op({ kind: 1, write: true, addr, body, uses: [...place.uses, ...v.uses] });
  }

  /** Zeroes every cell of an object: an own local at once, memory cell by cell. */
  zero(place: Place, size: number): void {
    const zero: Val = { type: place.type, text: '0LL', uses: [], constant: 0 };
    if (place.k !== 'mem') return this.store(place, zero);
    const { addr, uses } = place;
    if (place.own !== true) {
      for (let i = 0; i < size; i++) this.store(cellAt(place, i), { ...zero, type: INT });
      return;
    }
    const body = `rl_zero(${addr}, ${size});`;
    this.op({ kind: 1, write: true, addr, body, uses });
  }

  // ---- instructions --------------------------------------------------------------------------

  #instr(instr: Instr): void {
    switch (instr.op) {
      case 'assign':
        return this.#assign(instr.target, instr.value);
      case 'zero': {
        const place = this.expr.place(instr.target, false);
        return this.zero(place, this.types.sizeOf(place.type));
      }
      case 'call':
        return this.#call(instr);
      case 'intrinsic':
        return intrinsic(this, instr);
      case 'branch': {
        const { text: cond, uses } = this.expr.value(instr.cond);
        const flow = { k: 'branch', cond, then: instr.then, else: instr.else } as const;
        return this.op({ body: '', flow, uses });
      }
      case 'jump':
        return this.op({ body: '', flow: { k: 'jump', to: instr.to } });
      case 'return':
        return this.#return(instr.value);
      case 'atomic':
        if (instr.enter) return this.op({ kind: 2, body: 'rl_enter_atomic();' });
        return this.op({ body: 'rl_atomic--;' });
      case 'unknown':
        return this.op({ body: 'rl_not_understood();' });
    }
  }

  #assign(target: IrExpr, value: IrExpr): void {
    const v = this.expr.value(value);
    const place = this.expr.place(target);
    if (place.type.kind !== 'struct' && place.type.kind !== 'array') return this.store(place, v);
    if (place.k !== 'mem') return;
    const size = this.types.sizeOf(place.type);
    if (v.type.kind !== 'struct') return this.zero(place, size);
    const from: MemPlace = { k: 'mem', addr: v.text, uses: v.uses, type: v.type };
    for (let i = 0; i < size; i++) this.store(cellAt(place, i), this.load(cellAt(from, i)));
  }

  #return(value: IrExpr | undefined): void {
    const v = value ? this.expr.value(value) : undefined;
    const type = this.types.resolve(this.fn.def.result);
    const given = v && type.kind !== 'void' ? (isScalar(type) ? convert(v, type) : v) : undefined;
    const body = `rl_result = ${given?.text ?? '0'};`;
    this.op({ body, flow: { k: 'return' }, uses: v?.uses ?? [] });
  }

  #call({ callee, args: argExprs, result, target }: Call): void {
    const args = argExprs.map((a) => this.expr.value(a));
    const called =
      callee.kind === 'ident' && !this.names.global(callee.name) ? callee.name : undefined;
    const name = called === undefined ? undefined : (target ?? called);
    const place = result === undefined ? undefined : this.local(result);
    if (name !== undefined && !this.names.requires(name)) {
      this.op({ body: '' });
      if (place) this.store(place, { type: place.type, text: '0LL', uses: [], constant: 0 });
      return;
    }
    const pointer = name === undefined ? this.expr.value(callee) : undefined;
    const callees: Callees =
      name === undefined
        ? { k: 'pointer', arity: args.length, ...this.#member(callee) }
        : { k: 'name', name };
    const keep = keeper(place);
    this.op({
      body: args.map((a, i) => `rl_arg[${i}] = ${a.text};`).join(' '),
      flow: { k: 'call', callees },
      uses: [...args.flatMap((a) => a.uses), ...(pointer?.uses ?? [])],
      ...(pointer ? { addr: pointer.text } : {}),
      ...(place?.k === 'reg' ? { sets: place.slot } : {}),
      ...(keep === undefined ? {} : { keep }),
    });
  }

  /** The member that a called pointer was loaded from, for the graph of calls. */
  #member(callee: IrExpr): { readonly member?: string } {
    if (callee.kind === 'member') return { member: callee.name };
    if (callee.kind === 'unary' && callee.op === '*') return this.#member(callee.operand);
    if (callee.kind !== 'local' || this.fn.locals[callee.local]?.param === true) return {};
    const members = this.fn.code.flatMap((i) => {
      const into = i.op === 'assign' && i.target.kind === 'local' ? i.target.local : -1;
      if (i.op !== 'assign' || into !== callee.local) return [];
      return [i.value.kind === 'member' ? i.value.name : ''];
    });
    const [member] = new Set(members);
    return new Set(members).size === 1 && member !== undefined && member !== '' ? { member } : {};
  }
}

/** C that keeps `rl_result` where a call's result goes. */
function keeper(place: Place | undefined): string | undefined {
  if (!place || place.k === 'none') return undefined;
  if (place.type.kind === 'struct')
    return place.k === 'mem' ? `rl_copy(${place.addr} - RL_BASE, rl_result, size);` : undefined;
  const raw = { kind: 'int', bits: 64, signed: true, bool: false } as const;
  const v = convert({ type: raw, text: 'rl_result', uses: [] }, place.type).text;
  const cell = toCell(place.type, undefined, v);
  return place.k === 'reg'
    ? `rl_put(rl_fp + ${place.slot}, ${cell});`
    : `rl_put(${place.addr} - RL_BASE, ${cell});`;
}

function cellAt(place: MemPlace, i: number): MemPlace {
  return { k: 'mem', addr: `(${place.addr} + ${i})`, uses: place.uses, type: INT };
}

/** Jump targets as operations. */
function resolved(flow: Flow, starts: readonly number[]): Flow {
  const at = (n: number): number => starts[n] ?? 0;
  if (flow.k === 'jump') return { k: 'jump', to: at(flow.to) };
  if (flow.k !== 'branch') return flow;
  return { k: 'branch', cond: flow.cond, then: at(flow.then), else: at(flow.else) };
}

/** Depth of atomic regions before each instruction; regions are entered and left as blocks are. */
function atomicDepths(code: readonly Instr[]): readonly number[] {
  const depth: (number | undefined)[] = [];
  const open: (readonly [at: number, depth: number])[] = [[0, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [at, d] = next;
    const instr = code[at];
    if (!instr || depth[at] !== undefined) continue;
    depth[at] = d;
    if (instr.op === 'jump') open.push([instr.to, d]);
    else if (instr.op === 'branch') open.push([instr.then, d], [instr.else, d]);
    else if (instr.op === 'atomic') open.push([at + 1, d + (instr.enter ? 1 : -1)]);
    else if (instr.op !== 'return') open.push([at + 1, d]);
  }
  return code.map((_, i) => depth[i] ?? 0);
}
