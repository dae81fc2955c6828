/** Types of expressions by C's rules. Arrays and functions keep their types; operators let them decay. */
import type { BinaryOp, Block, TypeExpr } from './ast.js';
import type { CType, Instr, IrLocal } from './ir.js';
import { type AnyExpr, literalType } from './constant.js';
import { CHAR_POINTER, INT, LONG, ULONG, VOID, commonType, decay, promote } from './types-int.js';

/** The part of a function that types of its expressions depend on. */
export interface TypeScope {
  readonly locals: readonly IrLocal[];
  readonly code: readonly Instr[];
}

export interface TypeContext {
  resolve(type: TypeExpr): CType;
  /** Type of a variable, function or enum constant of file scope. */
  nameType(name: string): CType;
  localType(local: number): CType;
}

const NUMBERS: ReadonlySet<string> = new Set([
  '__current',
  '__in_irq',
  '__choose',
  '__fault',
  '__warn',
]);

const unknown = (name: string): CType => ({ kind: 'opaque', name });

export function expressionType(expr: AnyExpr, context: TypeContext): CType {
  switch (expr.kind) {
    case 'local':
      return context.localType(expr.local);
    case 'ident':
      return context.nameType(expr.name);
    case 'number':
      return literalType(expr);
    case 'string':
      return CHAR_POINTER;
    case 'unary':
      return unaryType(expr, context);
    case 'binary':
      return binaryType(
        expr.op,
        expressionType(expr.left, context),
        expressionType(expr.right, context),
      );
    case 'logical':
      return INT;
    case 'member':
      return memberType(expressionType(expr.object, context), expr.name);
    case 'index':
      return (
        pointee(expressionType(expr.object, context)) ??
        pointee(expressionType(expr.index, context)) ??
        unknown('element')
      );
    case 'cast':
    case 'typeArg':
      return context.resolve(expr.type);
    case 'sizeof':
    case 'offsetof':
      return ULONG;
    case 'assign':
      return expressionType(expr.target, context);
    case 'update':
      return expressionType(expr.operand, context);
    case 'call':
      // Words of Model C that give a number where nothing of that name is declared.
      if (expr.callee.kind === 'ident' && NUMBERS.has(expr.callee.name)) return INT;
      return resultType(expressionType(expr.callee, context));
    case 'cond':
      return selectType(
        decay(expressionType(expr.then ?? expr.test, context)),
        decay(expressionType(expr.else, context)),
      );
    case 'comma':
      return expressionType(expr.right, context);
    case 'initList':
      return expr.type ? context.resolve(expr.type) : unknown('initialiser');
    case 'stmtExpr':
      return blockType(expr.body, context);
    case 'error':
      return unknown('expression');
  }
}

function unaryType(expr: Extract<AnyExpr, { kind: 'unary' }>, context: TypeContext): CType {
  const operand = expressionType(expr.operand, context);
  switch (expr.op) {
    case '*':
      return operand.kind === 'function' ? operand : (pointee(operand) ?? unknown('object'));
    case '&':
      return { kind: 'pointer', to: operand };
    case '!':
      return INT;
    case '-':
    case '+':
    case '~':
      return promote(operand);
  }
}

function binaryType(op: BinaryOp, leftType: CType, rightType: CType): CType {
  const left = decay(leftType);
  const right = decay(rightType);
  switch (op) {
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return INT;
    case '<<':
    case '>>':
      return promote(left);
    case '-':
      return left.kind === 'pointer' && right.kind === 'pointer' ? LONG : sumType(left, right);
    case '+':
      return sumType(left, right);
    case '*':
    case '/':
    case '%':
    case '&':
    case '|':
    case '^':
      return commonType(left, right);
  }
}

function sumType(left: CType, right: CType): CType {
  if (left.kind === 'pointer') return left;
  return right.kind === 'pointer' ? right : commonType(left, right);
}

/** `?:`: a pointer wins over an integer zero, a pointer to something over `void *`. */
function selectType(left: CType, right: CType): CType {
  if (left.kind === 'pointer')
    return left.to.kind === 'void' && right.kind === 'pointer' ? right : left;
  if (right.kind === 'pointer') return right;
  return left.kind === 'int' ? commonType(left, right) : left;
}

function pointee(type: CType): CType | undefined {
  if (type.kind === 'pointer') return type.to;
  return type.kind === 'array' ? type.of : undefined;
}

function memberType(object: CType, name: string): CType {
  const target = pointee(object) ?? object;
  const field = target.kind === 'struct' ? target.layout.fields.get(name) : undefined;
  return field?.type ?? unknown(`member ${name}`);
}

/** Result of calling an object of this type: a function or a pointer to one. */
export function resultType(callee: CType): CType {
  const target = pointee(callee) ?? callee;
  return target.kind === 'function' ? target.result : unknown('result');
}

function blockType(body: Block, context: TypeContext): CType {
  const last = body.body.at(-1);
  if (last?.kind !== 'expr') return VOID;
  // Names that the block declares are its own, whatever they mean outside.
  const own = new Map(
    body.body.flatMap((s) =>
      s.kind === 'decl' ? s.vars.map((v) => [v.name, v.type] as const) : [],
    ),
  );
  return expressionType(last.expr, {
    ...context,
    nameType: (name) => {
      const declared = own.get(name);
      return declared ? context.resolve(declared) : context.nameType(name);
    },
  });
}
