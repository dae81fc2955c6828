/** Access paths: how an object is written in the source, and how a callee's view of it maps to its caller's. */
import type { IrExpr, Loc, LocalRef } from '../csource/ir.js';

/** Marks the member that stands for an accessor: the C has no such name. */
const CALLED = '()';

/** `EXT4_I(inode)` as a path: found from its argument, like a member. */
export function accessorPath(name: string, of: IrExpr, loc: Loc): IrExpr {
  return { kind: 'member', object: of, name: name + CALLED, arrow: true, nameLoc: loc, loc };
}

/** Whether a member stands for an accessor: `EXT4_I(inode)`. */
export function isAccessor(path: IrExpr & { readonly kind: 'member' }): boolean {
  return path.name.endsWith(CALLED);
}

/** An lvalue as kernel people write it: `inode->i_mapping->invalidate_lock`. */
export function pathText(expr: IrExpr): string {
  switch (expr.kind) {
    case 'local':
    case 'ident':
      return expr.name;
    case 'number':
      return String(expr.value);
    case 'member':
      return expr.name.endsWith(CALLED)
        ? `${expr.name.slice(0, -CALLED.length)}(${pathText(expr.object)})`
        : `${memberBase(expr.object)}${expr.arrow ? '->' : '.'}${expr.name}`;
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

/** The same expression with its locals replaced. */
export function mapLocals(expr: IrExpr, value: (local: LocalRef) => IrExpr): IrExpr {
  switch (expr.kind) {
    case 'local':
      return value(expr);
    case 'member': {
      const object = mapLocals(expr.object, value);
      if (object === expr.object) return expr;
      // `(&x)->m` is `x.m`
      if (expr.arrow && object.kind === 'unary' && object.op === '&')
        return { ...expr, arrow: false, object: object.operand };
      return { ...expr, object };
    }
    case 'index': {
      const object = mapLocals(expr.object, value);
      const index = mapLocals(expr.index, value);
      return object === expr.object && index === expr.index ? expr : { ...expr, object, index };
    }
    case 'unary': {
      const operand = mapLocals(expr.operand, value);
      if (operand === expr.operand) return expr;
      if (expr.op === '*' && operand.kind === 'unary' && operand.op === '&') return operand.operand;
      return { ...expr, operand };
    }
    case 'cast': {
      const operand = mapLocals(expr.operand, value);
      return operand === expr.operand ? expr : { ...expr, operand };
    }
    case 'binary': {
      const left = mapLocals(expr.left, value);
      const right = mapLocals(expr.right, value);
      return left === expr.left && right === expr.right ? expr : { ...expr, left, right };
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
