/** Which locals may still be read: the others can be cleared without changing what the function does. */
import type { Instr, IrExpr, IrFunction, ProgramTypes } from './ir.js';

/**
 * Locals live at the entry of each instruction. A local whose address is taken is live everywhere,
 * static ones nowhere: they are globals.
 */
export function liveLocals(
  fn: IrFunction,
  types: ProgramTypes,
): (pc: number) => ReadonlySet<number> {
  const words = (fn.locals.length + 31) >> 5;
  const uses = fn.code.map((instr) => usesOf(instr, fn, types));
  const always = new Set<number>();
  for (const { addressed } of uses) for (const local of addressed) always.add(local);
  const live = solve(
    fn,
    uses.map((u) => u.read),
    words,
  );
  const cache: (ReadonlySet<number> | undefined)[] = [];
  return (pc) => {
    const known = cache[pc];
    if (known) return known;
    const set = new Set<number>();
    fn.locals.forEach((local, i) => {
      const word = live[pc * words + (i >> 5)] ?? 0;
      if (!local.isStatic && (always.has(i) || (word >>> (i & 31)) & 1)) set.add(i);
    });
    cache[pc] = set;
    return set;
  };
}

/** Backward data flow; one row of bits an instruction. */
function solve(fn: IrFunction, reads: readonly ReadonlySet<number>[], words: number): Uint32Array {
  const live = new Uint32Array(fn.code.length * words);
  const row = new Uint32Array(words);
  for (let changed = true; changed;) {
    changed = false;
    for (let pc = fn.code.length - 1; pc >= 0; pc--) {
      const instr = fn.code[pc];
      if (!instr) continue;
      row.fill(0);
      for (const next of successors(instr, pc))
        for (let w = 0; w < words; w++) row[w] = (row[w] ?? 0) | (live[next * words + w] ?? 0);
      const written = writtenLocal(instr);
      if (written !== undefined)
        row[written >> 5] = (row[written >> 5] ?? 0) & ~(1 << (written & 31));
      for (const local of reads[pc] ?? [])
        row[local >> 5] = (row[local >> 5] ?? 0) | (1 << (local & 31));
      for (let w = 0; w < words; w++) {
        if (live[pc * words + w] === row[w]) continue;
        live[pc * words + w] = row[w] ?? 0;
        changed = true;
      }
    }
  }
  return live;
}

/** Instructions that may run after this one. */
export function successors(instr: Instr, pc: number): readonly number[] {
  if (instr.op === 'branch') return [instr.then, instr.else];
  if (instr.op === 'jump') return [instr.to];
  return instr.op === 'return' ? [] : [pc + 1];
}

/** The local that an instruction gives a whole new value. */
function writtenLocal(instr: Instr): number | undefined {
  if (instr.op === 'assign' || instr.op === 'zero')
    return instr.target.kind === 'local' ? instr.target.local : undefined;
  return instr.op === 'call' || instr.op === 'intrinsic' ? instr.result : undefined;
}

interface Uses {
  readonly read: Set<number>;
  readonly addressed: Set<number>;
}

function usesOf(instr: Instr, fn: IrFunction, types: ProgramTypes): Uses {
  const uses: Uses = { read: new Set(), addressed: new Set() };
  const value = (e: IrExpr): void => {
    // An array as a value is the address of its first element.
    if (
      (e.kind === 'local' || e.kind === 'member' || e.kind === 'index') &&
      types.typeOf(e, fn).kind === 'array'
    )
      address(e);
    visit(e);
  };
  const visit = (e: IrExpr): void => {
    switch (e.kind) {
      case 'local':
        uses.read.add(e.local);
        break;
      case 'unary':
        if (e.op === '&') address(e.operand);
        else value(e.operand);
        break;
      case 'binary':
        value(e.left);
        value(e.right);
        break;
      case 'cast':
        value(e.operand);
        break;
      case 'member':
        if (e.arrow) value(e.object);
        else visit(e.object);
        break;
      case 'index':
        visit(e.object);
        value(e.index);
        break;
      case 'ident':
      case 'number':
      case 'string':
      case 'sizeof':
      case 'offsetof':
      case 'typeArg':
      case 'error':
        break;
    }
  };
  const address = (e: IrExpr): void => {
    const root = rootLocal(e);
    if (root !== undefined) uses.addressed.add(root);
    visit(e);
  };
  const target = (e: IrExpr): void => {
    if (e.kind !== 'local') visit(e);
  };
  switch (instr.op) {
    case 'assign':
      target(instr.target);
      value(instr.value);
      break;
    case 'zero':
      target(instr.target);
      break;
    case 'call':
      value(instr.callee);
      instr.args.forEach(value);
      break;
    case 'intrinsic':
      instr.args.forEach(value);
      break;
    case 'branch':
      value(instr.cond);
      break;
    case 'return':
      if (instr.value) value(instr.value);
      break;
    case 'jump':
    case 'atomic':
    case 'unknown':
      break;
  }
  return uses;
}

/** The local inside which an object lies; undefined when it lies behind a pointer. */
function rootLocal(e: IrExpr): number | undefined {
  if (e.kind === 'local') return e.local;
  if (e.kind === 'member') return e.arrow ? undefined : rootLocal(e.object);
  return e.kind === 'index' ? rootLocal(e.object) : undefined;
}
