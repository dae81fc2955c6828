/**
 * Pointers to one thing where a pointer to another is meant: in C a warning that nobody may ignore, here a
 * member of the wrong struct. A patch is not held to it, because types that it does not bring are guessed.
 */
import type { CType, Instr, IrExpr, IrFunction, Loc, Program } from '../csource/ir.js';
import type { Report } from './strict.js';

/** Assignments, arguments and results in the functions of these texts. */
export function checkPointers(program: Program, own: ReadonlySet<number>, report: Report): void {
  const said = new Set<string>();
  const once: Report = (loc, message) => {
    const key = `${String(loc.src)} ${String(loc.start)} ${message}`;
    if (!said.has(key)) report(loc, message);
    said.add(key);
  };
  for (const fn of program.functions.values())
    if (own.has(fn.def.loc.src)) for (const instr of fn.code) checkInstr(program, fn, instr, once);
}

function checkInstr(program: Program, fn: IrFunction, instr: Instr, report: Report): void {
  const { types } = program;
  const compare = (to: CType, from: CType, loc: Loc, constant?: number): void => {
    if (!fits(to, from, constant)) report(loc, `${typeText(from)} where ${typeText(to)} is meant`);
  };
  const check = (to: CType | undefined, value: IrExpr | undefined): void => {
    if (to && value)
      compare(to, decayed(types.typeOf(value, fn)), value.loc, types.constant(value));
  };
  switch (instr.op) {
    case 'assign':
      return check(types.typeOf(instr.target, fn), instr.value);
    case 'return':
      return check(types.resolve(fn.def.result), instr.value);
    case 'call': {
      const callee = decayed(types.typeOf(instr.callee, fn));
      const called = callee.kind === 'pointer' ? callee.to : callee;
      if (called.kind !== 'function') return;
      instr.args.forEach((arg, i) => check(called.params[i], arg));
      const kept = instr.result === undefined ? undefined : fn.locals[instr.result]?.type;
      return kept && compare(types.resolve(kept), decayed(called.result), instr.loc);
    }
    case 'zero':
    case 'intrinsic':
    case 'branch':
    case 'jump':
    case 'atomic':
    case 'unknown':
      return;
  }
}

function decayed(type: CType): CType {
  if (type.kind === 'array') return { kind: 'pointer', to: type.of };
  return type.kind === 'function' ? { kind: 'pointer', to: type } : type;
}

/** `constant`: the value, where it is known. NULL is 0 of any type. */
function fits(declared: CType, from: CType, constant: number | undefined): boolean {
  const to = decayed(declared);
  if (to.kind === 'pointer') {
    if (from.kind === 'pointer') return constant === 0 || samePlace(to.to, from.to);
    return from.kind !== 'int' || constant === 0;
  }
  return to.kind !== 'int' || to.bool || from.kind !== 'pointer';
}

/** Whether a pointer to one may be kept in a pointer to the other without a cast. */
function samePlace(a: CType, b: CType): boolean {
  if (a.kind === 'array') return b.kind === 'array' ? samePlace(a.of, b.of) : samePlace(a.of, b);
  if (b.kind === 'array') return samePlace(a, b.of);
  if (a.kind === 'void' || b.kind === 'void' || a.kind === 'opaque' || b.kind === 'opaque')
    return true;
  switch (a.kind) {
    case 'struct':
      return b.kind === 'struct' && a.layout === b.layout;
    case 'int':
      return b.kind === 'int' && a.bits === b.bits && a.bool === b.bool;
    case 'pointer':
      return b.kind === 'pointer' && samePlace(a.to, b.to);
    case 'function':
      return b.kind === 'function' && a.params.length === b.params.length;
  }
}

/** `struct inode *`; numbers by their width, as a typedef is not known any more. */
function typeText(type: CType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'int':
      return type.bool ? 'bool' : `${type.signed ? 's' : 'u'}${String(type.bits)}`;
    case 'pointer': {
      const to = typeText(type.to);
      if (type.to.kind === 'function') return to;
      return to.endsWith('*') ? `${to}*` : `${to} *`;
    }
    case 'array':
      return `${typeText(type.of)}[${String(type.length)}]`;
    case 'struct':
      return type.layout.name;
    case 'function':
      return `a function of ${String(type.params.length)} arguments`;
    case 'opaque':
      return type.name;
  }
}
