/**
 * Syntax of (kernel and model) C as plain serialisable data, detached from tree-sitter.
 * Every node has a `loc` in a text of the SourceTable; after macro expansion the loc is the
 * place of use. Constructs that were not understood are `error` nodes; parsing never throws.
 */
import type { Loc } from './source.js';

export type { Loc } from './source.js';

interface Node {
  readonly loc: Loc;
}

// ---- types -----------------------------------------------------------------------------------

export interface NamedType extends Node {
  readonly kind: 'name';
  /** Normalised: `int`, `unsigned long`, `loff_t`, `bool`, `void`, `struct_tag` is not here. */
  readonly name: string;
}
export interface TagType extends Node {
  readonly kind: 'struct' | 'union' | 'enum';
  readonly name?: string;
  /** Present when defined here. */
  readonly fields?: readonly FieldDecl[];
  readonly enumerators?: readonly Enumerator[];
}
export interface PointerType extends Node {
  readonly kind: 'pointer';
  readonly to: TypeExpr;
}
export interface ArrayType extends Node {
  readonly kind: 'array';
  readonly of: TypeExpr;
  readonly size?: Expr;
}
export interface FunctionType extends Node {
  readonly kind: 'function';
  readonly result: TypeExpr;
  readonly params: readonly ParamDecl[];
}
export interface TypeofType extends Node {
  readonly kind: 'typeof';
  readonly operand: Expr;
}
export type TypeExpr = NamedType | TagType | PointerType | ArrayType | FunctionType | TypeofType;

export interface FieldDecl extends Node {
  /** Absent for anonymous struct/union members. */
  readonly name?: string;
  readonly type: TypeExpr;
  readonly bits?: Expr;
  readonly attrs: readonly Attr[];
}
export interface Enumerator extends Node {
  readonly name: string;
  readonly value?: Expr;
}
export interface ParamDecl extends Node {
  readonly name?: string;
  readonly type: TypeExpr;
}

// ---- expressions -----------------------------------------------------------------------------

export type UnaryOp = '-' | '+' | '!' | '~' | '*' | '&';
export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '&'
  | '|'
  | '^'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>=';
export type AssignOp = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '<<=' | '>>=' | '&=' | '|=' | '^=';

export interface Ident extends Node {
  readonly kind: 'ident';
  readonly name: string;
}
export interface NumberLit extends Node {
  readonly kind: 'number';
  /** Exact up to 2^53; larger literals are rounded and `big` is set. */
  readonly value: number;
  readonly unsigned: boolean;
  readonly long: boolean;
  readonly big?: boolean;
}
export interface StringLit extends Node {
  readonly kind: 'string';
  readonly value: string;
}
export interface Unary extends Node {
  readonly kind: 'unary';
  readonly op: UnaryOp;
  readonly operand: Expr;
}
export interface Update extends Node {
  readonly kind: 'update';
  readonly op: '++' | '--';
  readonly prefix: boolean;
  readonly operand: Expr;
}
export interface Binary extends Node {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
}
export interface Logical extends Node {
  readonly kind: 'logical';
  readonly op: '&&' | '||';
  readonly left: Expr;
  readonly right: Expr;
}
export interface Conditional extends Node {
  readonly kind: 'cond';
  readonly test: Expr;
  /** Absent: GNU `a ?: b`. */
  readonly then?: Expr;
  readonly else: Expr;
}
export interface Assign extends Node {
  readonly kind: 'assign';
  readonly op: AssignOp;
  readonly target: Expr;
  readonly value: Expr;
}
export interface Call extends Node {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: readonly Expr[];
}
export interface Member extends Node {
  readonly kind: 'member';
  readonly object: Expr;
  readonly name: string;
  readonly arrow: boolean;
  readonly nameLoc: Loc;
}
export interface Index extends Node {
  readonly kind: 'index';
  readonly object: Expr;
  readonly index: Expr;
}
export interface Cast extends Node {
  readonly kind: 'cast';
  readonly type: TypeExpr;
  readonly operand: Expr;
}
export interface Sizeof extends Node {
  readonly kind: 'sizeof';
  readonly type?: TypeExpr;
  readonly operand?: Expr;
}
export interface Offsetof extends Node {
  readonly kind: 'offsetof';
  readonly type: TypeExpr;
  /** Member path from the type: `a.b[0]` as an expression whose root is an ident. */
  readonly path: Expr;
}
export interface InitList extends Node {
  readonly kind: 'initList';
  /** Present for compound literals `(struct x){…}`. */
  readonly type?: TypeExpr;
  readonly items: readonly InitItem[];
}
export interface InitItem {
  /** `.a.b` or `[1]` designators, outermost first. */
  readonly designators: readonly (string | Expr)[];
  /** `[a ... b]` as first designator: its end. */
  readonly high?: Expr;
  readonly value: Expr;
}
export interface StmtExpr extends Node {
  readonly kind: 'stmtExpr';
  readonly body: Block;
}
export interface Comma extends Node {
  readonly kind: 'comma';
  readonly left: Expr;
  readonly right: Expr;
}
/** A type where an argument is expected: `min_t(loff_t, a, b)`, `container_of(p, struct x, m)`. */
export interface TypeArg extends Node {
  readonly kind: 'typeArg';
  readonly type: TypeExpr;
}
export interface ErrorExpr extends Node {
  readonly kind: 'error';
  /** Calls that could still be read inside the broken text. */
  readonly calls: readonly Call[];
}
export type Expr =
  | Ident
  | NumberLit
  | StringLit
  | Unary
  | Update
  | Binary
  | Logical
  | Conditional
  | Assign
  | Call
  | Member
  | Index
  | Cast
  | Sizeof
  | Offsetof
  | InitList
  | StmtExpr
  | Comma
  | TypeArg
  | ErrorExpr;

// ---- statements ------------------------------------------------------------------------------

export interface Block extends Node {
  readonly kind: 'block';
  readonly body: readonly Stmt[];
}
export interface ExprStmt extends Node {
  readonly kind: 'expr';
  readonly expr: Expr;
}
export interface DeclStmt extends Node {
  readonly kind: 'decl';
  readonly vars: readonly VarDecl[];
}
export interface If extends Node {
  readonly kind: 'if';
  /** Up to the closing parenthesis; set by macro expansion, where `loc`s of parts may lie elsewhere. */
  readonly header?: Loc;
  readonly test: Expr;
  readonly then: Stmt;
  readonly else?: Stmt;
}
export interface While extends Node {
  readonly kind: 'while' | 'doWhile';
  readonly header?: Loc;
  readonly test: Expr;
  readonly body: Stmt;
}
export interface For extends Node {
  readonly kind: 'for';
  readonly header?: Loc;
  readonly init?: Stmt;
  readonly test?: Expr;
  readonly step?: Expr;
  readonly body: Stmt;
}
/** `list_for_each_entry(a, b, c) stmt`, `scoped_guard(mutex, &m) stmt`: a call followed by a statement. */
export interface MacroLoop extends Node {
  readonly kind: 'macroLoop';
  readonly header?: Loc;
  readonly name: string;
  readonly args: readonly Expr[];
  readonly body: Stmt;
}
export interface Switch extends Node {
  readonly kind: 'switch';
  readonly header?: Loc;
  readonly value: Expr;
  /** A block; `case` and `default` are statements in it. */
  readonly body: Stmt;
}
export interface Case extends Node {
  readonly kind: 'case';
  /** Absent: `default`. */
  readonly value?: Expr;
  /** `case 1 ... 3`. */
  readonly high?: Expr;
}
export interface Label extends Node {
  readonly kind: 'label';
  readonly name: string;
}
export interface Goto extends Node {
  readonly kind: 'goto';
  readonly name: string;
}
export interface Jump extends Node {
  readonly kind: 'break' | 'continue' | 'empty';
}
export interface Return extends Node {
  readonly kind: 'return';
  readonly value?: Expr;
}
/** `__atomic { … }` of Model C. */
export interface Atomic extends Node {
  readonly kind: 'atomic';
  readonly body: Block;
}
export interface ErrorStmt extends Node {
  readonly kind: 'errorStmt';
  readonly calls: readonly Call[];
}
/** A label or case is a statement of its own in the enclosing list; what follows it is the next item. */
export type Stmt =
  | Block
  | ExprStmt
  | DeclStmt
  | If
  | While
  | For
  | MacroLoop
  | Switch
  | Case
  | Label
  | Goto
  | Jump
  | Return
  | Atomic
  | ErrorStmt;

// ---- top level -------------------------------------------------------------------------------

/** Attribute or annotation of a declaration: `__must_hold(&x->l)`, `__thread("punch")`, `__free(kfree)`. */
export interface Attr extends Node {
  readonly name: string;
  readonly args: readonly Expr[];
}
export interface VarDecl extends Node {
  readonly name: string;
  readonly nameLoc: Loc;
  readonly type: TypeExpr;
  readonly init?: Expr;
  readonly attrs: readonly Attr[];
  readonly isStatic: boolean;
  readonly isExtern: boolean;
}
export interface FunctionDef extends Node {
  readonly kind: 'function';
  readonly name: string;
  readonly nameLoc: Loc;
  readonly result: TypeExpr;
  readonly params: readonly ParamDecl[];
  readonly body: Block;
  readonly attrs: readonly Attr[];
  readonly isStatic: boolean;
  /** Text of the block comment directly above, without its stars; empty when there is none. */
  readonly doc: string;
  /**
   * `whole`: start and end were seen. `fragment`: cut by a hunk; name may come from the @@ header
   * and params may be missing.
   */
  readonly extent: 'whole' | 'fragment';
}
export interface FunctionProto extends Node {
  readonly kind: 'proto';
  readonly name: string;
  readonly result: TypeExpr;
  readonly params: readonly ParamDecl[];
  readonly attrs: readonly Attr[];
}
export interface GlobalVar extends Node {
  readonly kind: 'global';
  readonly var: VarDecl;
}
export interface TypeDecl extends Node {
  readonly kind: 'type';
  readonly type: TagType;
}
export interface Typedef extends Node {
  readonly kind: 'typedef';
  readonly name: string;
  readonly type: TypeExpr;
}
export interface MacroDef extends Node {
  readonly kind: 'macro';
  readonly name: string;
  /** Absent: object-like. A variadic macro's last name is `...` or `args...`. */
  readonly params?: readonly string[];
  /** Replacement text with continuation lines joined (same length, `\\\n` blanked). */
  readonly text: string;
  /** What `##` and `#` of the body give: a name or text under a parameter of its own, `made` in the body. */
  readonly made?: readonly MadeName[];
  /** Body parsed as one expression, or as statements; absent when it is neither. */
  readonly expr?: Expr;
  readonly stmts?: readonly Stmt[];
}
/** `a##_lock` or `#a` of a macro's body, which stands there as the identifier `name`. */
export interface MadeName {
  readonly name: string;
  readonly kind: 'name' | 'text';
  /** What is put together. */
  readonly parts: readonly { readonly text: string; readonly isParam: boolean }[];
}
/** File-scope call: `EXPORT_SYMBOL_GPL(x);`, `__scenario("R3", "…");`. */
export interface TopCall extends Node {
  readonly kind: 'topCall';
  readonly name: string;
  readonly args: readonly Expr[];
  readonly doc: string;
}
export interface Include extends Node {
  readonly kind: 'include';
  readonly path: string;
}
export type TopLevel =
  FunctionDef | FunctionProto | GlobalVar | TypeDecl | Typedef | MacroDef | TopCall | Include;

export interface Problem {
  readonly loc: Loc;
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'note';
}

/** One parsed text. */
export interface Unit {
  readonly src: number;
  readonly items: readonly TopLevel[];
  readonly problems: readonly Problem[];
}
