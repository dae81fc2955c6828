/**
 * Functions that do different things for different constants: `lock(ip, LOCK_EXCL)`. Their summaries
 * are made for the constants of each call.
 */
import type { Instr, IrExpr, IrFunction, ProgramTypes } from '../csource/ir.js';
import { mapLocals } from './paths.js';
import { assignedLocal, localsIn, passedByAddress } from './values.js';

type Call = Instr & { readonly op: 'call' };

/** Constants that the parameters have in an analysis, by number. */
export type Constants = readonly (number | undefined)[];

/** Decides a condition of constants; undefined when it is none. */
type Fold = (cond: IrExpr) => number | undefined;

/** Analyses are told apart by `key`. */
export interface Folding {
  readonly key: string;
  readonly fold: Fold;
  readonly constants: Constants;
}

export const NO_FOLD: Folding = { key: '', fold: () => undefined, constants: [] };

/** Functions beyond this size are not summarised again for constants. */
const MAX_CODE = 400;

interface Deciding {
  /** It branches on parameters alone that it does not set. */
  readonly itself: boolean;
  /** Calls that are given such parameters as they are. */
  readonly calls: readonly Call[];
}

const deciding = new WeakMap<IrFunction, Deciding>();

function decidingOf(fn: IrFunction): Deciding {
  const known = deciding.get(fn);
  if (known) return known;
  const set = new Set(fn.code.flatMap((i) => [assignedLocal(i) ?? -1, ...passedByAddress(i)]));
  const isFixed = (l: number): boolean => l < fn.paramCount && !set.has(l);
  const decides = (cond: IrExpr): boolean => {
    const locals = localsIn(cond);
    return locals.length > 0 && locals.every(isFixed);
  };
  const isSmall = fn.code.length <= MAX_CODE;
  const made = {
    itself: isSmall && fn.code.some((i) => i.op === 'branch' && decides(i.cond)),
    calls: fn.code.filter(
      (i): i is Call =>
        isSmall && i.op === 'call' && i.args.some((a) => a.kind === 'local' && isFixed(a.local)),
    ),
  };
  deciding.set(fn, made);
  return made;
}

/** Whether constants for parameters decide what a function does, itself or in what it calls. */
export function isFoldable(fn: IrFunction, folds: (call: Call) => boolean): boolean {
  const { itself, calls } = decidingOf(fn);
  return itself || calls.some(folds);
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
function foldWith(constants: Constants, types: ProgramTypes): Fold {
  return (cond) =>
    localsIn(cond).every((l) => constants[l] !== undefined)
      ? types.constant(withConstants(cond, constants))
      : undefined;
}

/** How a function is analysed for a call with constants. */
export function foldingOf(name: string, constants: Constants, types: ProgramTypes): Folding {
  return { key: `${name}(${constants.join()})`, fold: foldWith(constants, types), constants };
}
