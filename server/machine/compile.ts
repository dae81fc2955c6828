/** One IR function as compact operations: loads are split off, locals get slots, jumps are resolved. */
import type { CType, Instr, IrExpr } from '../csource/ir.js';
import { isScalar } from './arith.js';
import { Emitter } from './emit.js';
import { compileIntrinsic } from './intrinsics.js';
import { forget } from './held.js';
import { BASE } from './objects.js';
import type { Effect, Eval, MicroOp, Target } from './ops.js';
import { convertVal, toCell } from './val.js';
import type { Place } from './val.js';

type Call = Extract<Instr, { op: 'call' }>;

/** Fills in the operations of a function. */
export class FunctionCompiler extends Emitter {
  compile(): void {
    this.layOut();
    const starts: number[] = [];
    for (const instr of this.fn.code) {
      starts.push(this.ops.length);
      this.at = instr;
      this.usedTemps = 0;
      this.#instr(instr);
    }
    this.#resolve(starts);
    const { out } = this;
    out.frame = this.firstTemp + this.temps;
    out.ops = this.ops;
    const temps = Array.from({ length: this.temps }, (_, i) => this.firstTemp + i);
    out.registers = [...this.places.flatMap((p) => (p.k === 'reg' ? [p.slot] : [])), ...temps];
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
        return compileIntrinsic(this, instr);
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
      case 'return':
        return this.#return(instr.value);
      case 'atomic':
        return this.#atomic(instr.enter);
      case 'unknown':
        this.op((m) => m.fail('model-error', `not understood: ${instr.reason}`));
    }
  }

  #assign(target: IrExpr, value: IrExpr): void {
    const v = this.expr.value(value);
    const place = this.expr.place(target);
    if (place.type.kind !== 'struct' && place.type.kind !== 'array') return this.store(place, v);
    if (place.k !== 'mem') return;
    if (v.type.kind === 'struct')
      this.copy(place, {
        k: 'mem',
        addr: v.f,
        uses: v.uses,
        abs: v.abs ?? { k: 'type', type: v.type },
        type: v.type,
      });
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
    const f: Eval =
      v && type.kind !== 'void' ? (isScalar(type) ? convertVal(v, type).f : v.f) : () => 0;
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

  #call({ callee, args: argExprs, result, target: made }: Call): void {
    const args = argExprs.map((a) => this.expr.value(a));
    const name =
      callee.kind === 'ident' && !this.link.global(callee.name) ? callee.name : undefined;
    const known = name === undefined ? undefined : this.link.functionNamed(made ?? name);
    if (name !== undefined && !known) return this.#unknownCall(name, result);
    const pointer = known ? undefined : this.expr.value(callee);
    const target: Target = known
      ? { k: 'name', name: known.name }
      : this.#targetOf(callee, args.length);
    const place = result === undefined ? undefined : this.places[result];
    const slot = place?.k === 'reg' ? place.slot : undefined;
    const type: CType = place?.type ?? { kind: 'void' };
    const effect: Effect = { k: 'call', slot, result: type, args: args.map((a) => a.abs), target };
    const values = args.map((a) => a.f);
    const op = this.op(
      (m, self) =>
        this.link.enter(m, self, known ?? this.link.functionAt(m, pointer?.f(m) ?? 0), values),
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
        for (let i = 0; i < size; i++) m.put(addr(m) - BASE + i, m.peek(v + i));
      };
    }
    const conv = convertVal(
      { type: { kind: 'int', bits: 64, signed: true, bool: false }, f: (m) => m.result, uses: [] },
      place.type,
    ).f;
    const cell = toCell(place.type, undefined);
    if (place.k === 'reg') {
      const { slot } = place;
      return (m) => {
        m.put(m.fp + slot, cell(m, conv(m)));
      };
    }
    const { addr } = place;
    return (m) => {
      m.put(addr(m) - BASE, cell(m, conv(m)));
    };
  }

  #unknownCall(name: string, result: number | undefined): void {
    this.op((m, self) => {
      m.assumptions.add(`unknown: ${name}`);
      if (!m.solo) forget(m);
      return self.next;
    });
    const place = result === undefined ? undefined : this.places[result];
    if (place) this.store(place, { type: place.type, f: () => 0, uses: [], constant: 0 });
  }

  /** A call through a member reaches what is stored in members of that name. */
  #targetOf(callee: IrExpr, arity: number): Target {
    if (callee.kind === 'member') return { k: 'member', member: callee.name, arity };
    if (callee.kind === 'unary' && callee.op === '*') return this.#targetOf(callee.operand, arity);
    if (callee.kind !== 'local') return { k: 'pointer', arity };
    const sources = this.fn.code.filter(
      (i) => i.op === 'assign' && i.target.kind === 'local' && i.target.local === callee.local,
    );
    const members = new Set(
      sources.map((i) =>
        i.op === 'assign' && i.value.kind === 'member' ? i.value.name : undefined,
      ),
    );
    const [member] = members;
    const isParam = this.fn.locals[callee.local]?.param ?? false;
    return members.size === 1 && member !== undefined && !isParam
      ? { k: 'member', member, arity }
      : { k: 'pointer', arity };
  }

  /** Jump targets are IR indexes until here: `next` of -1 is the following operation. */
  #resolve(starts: readonly number[]): void {
    this.ops.forEach((op, i) => {
      op.next = op.next === -1 ? i + 1 : (starts[op.next] ?? i + 1);
      if (op.branches) op.other = starts[op.other] ?? i + 1;
    });
  }
}
