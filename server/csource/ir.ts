/**
 * The one IR: a control-flow graph per function over side-effect-free expressions.
 * Lock-context analysis, the executable machine and the Promela export all start here.
 * Lowering needs no types; `ProgramTypes` resolves them for the machine.
 *
 * Guarantees of lowering:
 * - expressions hold no call, assignment, ++/--, &&, ||, ?:, comma or statement expression;
 *   evaluation order and short circuits are explicit in the code;
 * - locals and parameters are `local` nodes (shadowing resolved); other names stay `ident`;
 * - every path ends in `return`; loops, switch, goto, guard()/__free() cleanups are jumps and calls;
 * - a bare `__wait(c)` or `__idle(c)` is wrapped in an atomic region, so that its condition is
 *   evaluated again as a whole each time the thread is tried.
 */
import type {
  Attr,
  Binary,
  Cast,
  ErrorExpr,
  FunctionDef,
  FunctionProto,
  Ident,
  Index,
  Member,
  NumberLit,
  Offsetof,
  Problem,
  Sizeof,
  TopCall,
  StringLit,
  TypeArg,
  TypeExpr,
  Unary,
} from './ast.js';
import type { Loc } from './source.js';

export type { Loc } from './source.js';

export interface LocalRef {
  readonly kind: 'local';
  /** Index in `IrFunction.locals`. */
  readonly local: number;
  readonly name: string;
  readonly loc: Loc;
}

export interface IrUnary extends Omit<Unary, 'operand'> {
  readonly operand: IrExpr;
}
export interface IrBinary extends Omit<Binary, 'left' | 'right'> {
  readonly left: IrExpr;
  readonly right: IrExpr;
}
export interface IrMember extends Omit<Member, 'object'> {
  readonly object: IrExpr;
}
export interface IrIndex extends Omit<Index, 'object' | 'index'> {
  readonly object: IrExpr;
  readonly index: IrExpr;
}
export interface IrCast extends Omit<Cast, 'operand'> {
  readonly operand: IrExpr;
}
export type IrExpr =
  | LocalRef
  | Ident
  | NumberLit
  | StringLit
  | IrUnary
  | IrBinary
  | IrMember
  | IrIndex
  | IrCast
  | Sizeof
  | Offsetof
  | TypeArg
  | ErrorExpr;

/** Names of intrinsics of Model C; calls to them become `intrinsic` instructions. See docs/model-c.md. */
export type IntrinsicName =
  | '__wait'
  | '__idle'
  | '__spin'
  | '__choose'
  | '__fault'
  | '__assert'
  | '__warn'
  | '__note'
  | '__acquire'
  | '__acquire_shared'
  | '__release'
  | '__require'
  | '__forbid'
  | '__alloc'
  | '__free'
  | '__current'
  | '__in_irq'
  | '__flush'
  | '__zero';

interface Base {
  /** Innermost source place, for positions of findings. */
  readonly loc: Loc;
  /** Index in `IrFunction.stmts`: the source statement that this belongs to. */
  readonly stmt: number;
}

export type Instr = Base &
  (
    | { readonly op: 'assign'; readonly target: IrExpr; readonly value: IrExpr }
    /** Set every cell of an object to zero (aggregate initialiser, declaration of an aggregate). */
    | { readonly op: 'zero'; readonly target: IrExpr }
    | {
        readonly op: 'call';
        readonly callee: IrExpr;
        /** Name of the function that runs, where it is a version of the callee made for this call. */
        readonly target?: string;
        readonly args: readonly IrExpr[];
        /** Local that receives the result. */
        readonly result?: number;
      }
    | {
        readonly op: 'intrinsic';
        readonly name: IntrinsicName;
        readonly args: readonly IrExpr[];
        readonly result?: number;
      }
    | { readonly op: 'branch'; readonly cond: IrExpr; readonly then: number; readonly else: number }
    | { readonly op: 'jump'; readonly to: number }
    | { readonly op: 'return'; readonly value?: IrExpr }
    | { readonly op: 'atomic'; readonly enter: boolean }
    /** Text that was not understood; the machine refuses it, the context analysis loses certainty. */
    | { readonly op: 'unknown'; readonly reason: string }
  );

export interface IrLocal {
  readonly name: string;
  /** Absent for temporaries: the type of the first value assigned or of the callee's result. */
  readonly type?: TypeExpr;
  readonly loc: Loc;
  readonly param: boolean;
  readonly temp: boolean;
  readonly isStatic: boolean;
}

export interface IrStmt {
  readonly loc: Loc;
  /** Nesting depth in the function body, 0 for its own statements. */
  readonly depth: number;
}

export interface IrFunction {
  readonly name: string;
  readonly def: FunctionDef;
  /** Parameters first, in order. */
  readonly locals: readonly IrLocal[];
  readonly paramCount: number;
  readonly stmts: readonly IrStmt[];
  /** Entry is 0. */
  readonly code: readonly Instr[];
  readonly problems: readonly Problem[];
}

export interface IrGlobal {
  readonly name: string;
  readonly type: TypeExpr;
  readonly loc: Loc;
  readonly attrs: readonly Attr[];
  /** Constant initialiser as assignments in order: member/index path from the global. */
  readonly init: readonly { readonly target: IrExpr; readonly value: IrExpr }[];
}

// ---- resolved types --------------------------------------------------------------------------

export type CType =
  | { readonly kind: 'void' }
  | {
      readonly kind: 'int';
      readonly bits: 8 | 16 | 32 | 64;
      readonly signed: boolean;
      readonly bool: boolean;
      /** Of a variable or member whose declared type is an enum: its constants by value. */
      readonly names?: ReadonlyMap<number, string>;
    }
  | { readonly kind: 'pointer'; readonly to: CType }
  | { readonly kind: 'array'; readonly of: CType; readonly length: number }
  | { readonly kind: 'struct'; readonly layout: StructLayout }
  | { readonly kind: 'function'; readonly result: CType; readonly params: readonly CType[] }
  /** Declared nowhere: an untracked object. */
  | { readonly kind: 'opaque'; readonly name: string };

export interface StructLayout {
  /** `struct inode`, or `struct <anonymous>`; identity is by reference. */
  readonly name: string;
  /** In cells: every scalar is one cell, whatever its width. */
  readonly size: number;
  /** Includes members of anonymous structs and unions, with their absolute offset. */
  readonly fields: ReadonlyMap<string, StructField>;
}
export interface StructField {
  readonly name: string;
  readonly type: CType;
  readonly offset: number;
  /** Declared `__range(lo, hi)` or bit-field width. */
  readonly range?: readonly [number, number];
  /** Declared `__media` or `__wcache`: what a crash does to it. */
  readonly storage?: StorageClass;
  /** Declared `__busy("is held")`: must be zero, or point to itself, when its object ends. */
  readonly busy?: string;
}
/** Cells of a device; all others are lost in a crash. */
export type StorageClass = 'media' | 'wcache';

export interface ProgramTypes {
  resolve(type: TypeExpr): CType;
  /** Type of an expression inside `fn` (undefined: file scope). Arrays and functions do not decay here. */
  typeOf(expr: IrExpr, fn: IrFunction | undefined): CType;
  /** In cells. */
  sizeOf(type: CType): number;
  /** Value of an enum constant or of an expression that is constant; undefined when it is neither. */
  constant(expr: IrExpr): number | undefined;
  /** Bounds that a declaration's `__range(lo, hi)` states, where they are constant. */
  rangeOf(attrs: readonly Attr[]): readonly [number, number] | undefined;
  /** Cell offset of a member path, for `offsetof`. */
  offsetOf(expr: Offsetof): number | undefined;
}

/** A declaration with the attributes that it has. */
export type Declared = Pick<FunctionProto, 'params' | 'attrs'>;

/** Functions and objects that belong together. */
export interface Part {
  readonly functions: ReadonlyMap<string, IrFunction>;
  readonly globals: ReadonlyMap<string, IrGlobal>;
  readonly types: ProgramTypes;
  /** File-scope declarations of Model C: `__scenario`, `__rule`, `__profile`, `__bound` …, in order. */
  readonly declarations: readonly TopCall[];
}

/** A linked program: model kernel, scenario, grafted functions. */
export interface Program extends Part {
  /** What of it can run. Lowered without the rest, which a run never asks for. */
  readonly part: Part;
  /** Prototypes and definitions that say something about themselves, by name. */
  readonly contracts: ReadonlyMap<string, readonly Declared[]>;
  readonly problems: readonly Problem[];
}
