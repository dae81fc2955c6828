/** The frame of a function: a cell for every local that is a register, cells for those with an address. */
import type { CType, IrFunction, ProgramTypes } from '../csource/ir.js';
import { FRAME_HEADER } from '../machine/cpu.js';
import { busyIn } from '../machine/pool.js';
import type { Busy } from '../machine/pool.js';
import { addressTaken } from '../machine/taken.js';
import { asInt, convert, isScalar, toCell } from './arith.js';
import type { Place } from './expr.js';

export interface Frame {
  readonly places: readonly Place[];
  /** Slots of scalars that no pointer reaches. */
  readonly registers: readonly number[];
  /** C statements that fill the parameters of a frame at `base` from `rl_arg`. */
  readonly params: string;
  /** Names of the locals with their slot: `3 lock`. */
  readonly names: readonly string[];
  /** Members that must be zero when the function returns, by their slot. */
  readonly busy: readonly Busy[];
  /** First slot after the locals. */
  readonly size: number;
}

/** Type of a local as it is kept: parameters that are arrays are pointers. */
function localType(fn: IrFunction, index: number, types: ProgramTypes): CType {
  const local = fn.locals[index];
  if (!local) return asInt({ kind: 'void' });
  const declared = types.typeOf(
    { kind: 'local', local: index, name: local.name, loc: local.loc },
    fn,
  );
  if (local.param && declared.kind === 'array') return { kind: 'pointer', to: declared.of };
  const kept = isScalar(declared) || declared.kind === 'struct' || declared.kind === 'array';
  return kept ? declared : asInt(declared);
}

/** Value of an argument, converted to the type of the parameter. */
function argument(index: number, type: CType): string {
  const raw = { type: { kind: 'int', bits: 64, signed: true, bool: false } as const, uses: [] };
  const text = `rl_arg[${index}]`;
  const v = isScalar(type) ? convert({ ...raw, text }, type).text : text;
  return toCell(type, undefined, v);
}

export function frameOf(fn: IrFunction, types: ProgramTypes): Frame {
  const taken = addressTaken(fn);
  const places: Place[] = [];
  const registers: number[] = [];
  const params: string[] = [];
  const names: string[] = [];
  const busy: Busy[] = [];
  let slot = FRAME_HEADER;
  fn.locals.forEach((local, i) => {
    const type = localType(fn, i, types);
    const size = Math.max(1, types.sizeOf(type));
    if (local.isStatic) {
      places.push({ k: 'none', type });
      return;
    }
    if (!local.temp) names.push(`${slot} ${local.name}`);
    if (local.param) {
      const n = params.length;
      params.push(
        type.kind === 'struct'
          ? `rl_copy(base + ${slot}, rl_arg[${n}], ${size});`
          : `rl_put(base + ${slot}, ${argument(n, type)});`,
      );
    }
    if (isScalar(type) && !taken.has(i)) {
      places.push({ k: 'reg', slot, type });
      registers.push(slot);
    } else {
      places.push({ k: 'mem', addr: `rl_local(${slot})`, uses: [], type, own: true });
      for (const b of busyIn(type, types, local.name)) busy.push({ ...b, offset: slot + b.offset });
    }
    slot += size;
  });
  return { places, registers, params: params.join(' '), names, busy, size: slot };
}
