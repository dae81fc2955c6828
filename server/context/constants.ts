/**
 * Functions that do different things for different constants: `lock(ip, LOCK_EXCL)`. Their summaries
 * are made for the constants of each call.
 */
import type { Instr, IrExpr, IrFunction, ProgramTypes } from '../csource/ir.js';
import type { Fold } from './flow.js';
import { mapLocals } from './paths.js';
import { assignedLocal, localsIn, passedByAddress } from './values.js';

type Call = Instr & { readonly op: 'call' };

/** Constants that the parameters have in an analysis, by number. */
export type Constants = readonly (number | undefined)[];

/** Analyses are told apart by `key`. */
export interface Folding {
  readonly key: string;
  readonly fold: Fold;
}

export const NO_FOLD: Folding = { key: '', fold: () => undefined };

/** Functions beyond this size are not summarised again for constants. */
const MAX_CODE = 400;

const foldable = new WeakMap<IrFunction, boolean>();

/** Whether a function branches on parameters alone that it does not set. */
export function isFoldable(fn: IrFunction): boolean {
  const known = foldable.get(fn);
  if (known !== undefined) return known;
  const set = new Set(fn.code.flatMap((i) => [assignedLocal(i) ?? -1, ...passedByAddress(i)]));
  const decides = (cond: IrExpr): boolean => {
    const locals = localsIn(cond);
    return locals.length > 0 && locals.every((l) => l < fn.paramCount && !set.has(l));
  };
  const is =
    fn.code.length <= MAX_CODE && fn.code.some((i) => i.op === 'branch' && decides(i.cond));
  foldable.set(fn, is);
  return is;
}

/** Constants among the arguments; undefined when there are none. */
export function constantArgs(
  fn: IrFunction,
  call: Call,
  types: ProgramTypes,
): Constants | undefined {
  const constants = call.args.slice(0, fn.paramCount).map((a) => types.constant(a));
  return constants.some((c) => c !== undefined) ? constants : undefined;
}

/** An expression with the constants in place of the parameters. */
export function withConstants(e: IrExpr, constants: Constants): IrExpr {
  return mapLocals(e, (l) => {
    const value = constants[l.local];
    return value === undefined
      ? l
      : { kind: 'number', value, unsigned: false, long: true, loc: l.loc };
  });
}

/** Decides conditions of parameters that have constants. */
export function foldWith(constants: Constants, types: ProgramTypes): Fold {
  return (cond) =>
    localsIn(cond).every((l) => constants[l] !== undefined)
      ? types.constant(withConstants(cond, constants))
      : undefined;
}
