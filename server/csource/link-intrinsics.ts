/** Arguments of the intrinsics of Model C: how many, and of what kind (docs/model-c.md). */
import type { Loc } from './ast.js';
import type { Instr, IntrinsicName, IrFunction, IrGlobal } from './ir.js';
import type { TypeTable } from './types.js';

type Intrinsic = Extract<Instr, { op: 'intrinsic' }>;

/** Fewest and most arguments as they are written; others have their own checks. */
const COUNTS: Partial<Readonly<Record<IntrinsicName, readonly [number, number]>>> = {
  __wait: [0, 3],
  __idle: [0, 3],
  __spin: [0, 3],
  __choose: [1, 1],
  __fault: [1, 1],
  // As written 1 to 3; expansion adds the text of the condition.
  __assert: [1, 4],
  __warn: [1, 3],
  __note: [1, 1],
  __acquire: [1, 2],
  __acquire_shared: [1, 2],
  __release: [1, 2],
  __require: [3, 4],
  __forbid: [3, 4],
  __alloc: [1, 1],
  __free: [1, 1],
  __current: [0, 0],
  __in_irq: [0, 0],
  __zero: [1, 2],
  __flush: [0, 1],
};

/** What is wrong with a use; undefined when nothing is. */
export function intrinsicProblem(
  instr: Intrinsic,
  fn: IrFunction,
  globals: ReadonlyMap<string, IrGlobal>,
  types: TypeTable,
): { readonly loc: Loc; readonly message: string } | undefined {
  const { name, args, loc } = instr;
  const [fewest, most] = COUNTS[name] ?? [0, Infinity];
  if (args.length < fewest || args.length > most)
    return { loc, message: `${name} takes ${countText(fewest, most)}, not ${String(args.length)}` };
  const [first] = args;
  if (!first) return undefined;
  switch (name) {
    case '__fault':
    case '__note':
      return first.kind === 'string' ? undefined : { loc, message: `${name} takes a string` };
    case '__require':
    case '__forbid': {
      const [what, text, rule, unless] = args;
      const strings = [text, rule, unless ?? rule].every((a) => a?.kind === 'string');
      const { kind } = types.typeOf(first, fn);
      const isHeld = what?.kind === 'string' || kind === 'pointer';
      const isCondition = name === '__require' && kind === 'int' && unless === undefined;
      return strings && (isHeld || isCondition)
        ? undefined
        : { loc, message: `${name} takes a class or an object, a text, and a rule` };
    }
    case '__alloc': {
      const global = first.kind === 'ident' ? globals.get(first.name) : undefined;
      const isPool = global?.attrs.some((a) => a.name === '__pool') ?? false;
      return isPool ? undefined : { loc, message: '__alloc takes a global that is a __pool' };
    }
    case '__free':
    case '__flush':
      return types.typeOf(first, fn).kind === 'pointer'
        ? undefined
        : { loc, message: `${name} takes a pointer` };
    default:
      return undefined;
  }
}

function countText(fewest: number, most: number): string {
  if (most === 0) return 'no arguments';
  const count = fewest === most ? String(most) : `${String(fewest)} to ${String(most)}`;
  return `${count} ${most === 1 && fewest === 1 ? 'argument' : 'arguments'}`;
}
