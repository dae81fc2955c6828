/** Access paths: how an object is written in the source, and how a callee's view of it maps to its caller's. */
import type { IrExpr, IrFunction } from '../csource/ir.js';

/** An lvalue as kernel people write it: `inode->i_mapping->invalidate_lock`. */
export function pathText(expr: IrExpr): string {
  switch (expr.kind) {
    case 'local':
    case 'ident':
      return expr.name;
    case 'number':
      return String(expr.value);
    case 'member':
      return `${memberBase(expr.object)}${expr.arrow ? '->' : '.'}${expr.name}`;
    case 'index':
      return `${pathText(expr.object)}[${pathText(expr.index)}]`;
    case 'unary':
      return `${expr.op}${pathText(expr.operand)}`;
    case 'cast':
      return pathText(expr.operand);
    case 'binary':
      return `${pathText(expr.left)} ${expr.op} ${pathText(expr.right)}`;
    case 'string':
      return JSON.stringify(expr.value);
    case 'sizeof':
    case 'offsetof':
    case 'typeArg':
    case 'error':
      return '…';
  }
}

function memberBase(object: IrExpr): string {
  return object.kind === 'unary' && object.op === '*' ? `(${pathText(object)})` : pathText(object);
}

/** The object that a lock argument names: `&x->l` and `x->l` are the same object. */
export function objectOf(arg: IrExpr): IrExpr {
  if (arg.kind === 'unary' && arg.op === '&') return objectOf(arg.operand);
  if (arg.kind === 'cast') return objectOf(arg.operand);
  return arg;
}

/** Last member name of a path: the class of an embedded lock. */
export function lastMember(expr: IrExpr): string | undefined {
  const object = objectOf(expr);
  if (object.kind === 'member') return object.name;
  if (object.kind === 'index') return lastMember(object.object);
  return object.kind === 'ident' ? object.name : undefined;
}

/** The variable at the root of a path, when it is a local. */
export function rootLocal(expr: IrExpr): number | undefined {
  switch (expr.kind) {
    case 'local':
      return expr.local;
    case 'member':
    case 'index':
      return rootLocal(expr.object);
    case 'unary':
    case 'cast':
      return rootLocal(expr.operand);
    case 'ident':
    case 'number':
    case 'binary':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'typeArg':
    case 'error':
      return undefined;
  }
}

/** Replaces locals by expressions (`undefined`: the local has no meaning outside). */
export function substitute(
  expr: IrExpr,
  value: (local: number) => IrExpr | undefined,
): IrExpr | undefined {
  switch (expr.kind) {
    case 'local':
      return value(expr.local);
    case 'member': {
      const object = substitute(expr.object, value);
      if (!object) return undefined;
      // `(&x)->m` is `x.m`
      if (expr.arrow && object.kind === 'unary' && object.op === '&')
        return { ...expr, arrow: false, object: object.operand };
      return { ...expr, object };
    }
    case 'index': {
      const object = substitute(expr.object, value);
      const index = substitute(expr.index, value);
      return object && index ? { ...expr, object, index } : undefined;
    }
    case 'unary': {
      const operand = substitute(expr.operand, value);
      if (!operand) return undefined;
      if (expr.op === '*' && operand.kind === 'unary' && operand.op === '&') return operand.operand;
      return { ...expr, operand };
    }
    case 'cast': {
      const operand = substitute(expr.operand, value);
      return operand ? { ...expr, operand } : undefined;
    }
    case 'binary': {
      const left = substitute(expr.left, value);
      const right = substitute(expr.right, value);
      return left && right ? { ...expr, left, right } : undefined;
    }
    case 'ident':
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'typeArg':
    case 'error':
      return expr;
  }
}

/** The name a local has in the source; temporaries have none. */
export function localName(fn: IrFunction, local: number): string | undefined {
  const l = fn.locals[local];
  return l && !l.temp ? l.name : undefined;
}
