/** Types inside macro bodies: a parameter may stand for a type, also where it was read as an expression. */
import type { Expr, FieldDecl, TagType, TypeExpr } from './ast.js';
import type { Expansion, Frame } from './macro-frame.js';

export function expandType(type: TypeExpr, frame: Frame | undefined, x: Expansion): TypeExpr {
  const loc = frame ? frame.loc : type.loc;
  switch (type.kind) {
    case 'name': {
      const arg = frame?.args.get(type.name)?.full;
      if (arg) return argumentType(arg);
      return frame ? { ...type, loc } : type;
    }
    case 'struct':
    case 'union':
    case 'enum':
      return expandTag(type, frame, x);
    case 'pointer':
      return { ...type, loc, to: x.type(type.to, frame) };
    case 'array':
      return {
        ...type,
        loc,
        of: x.type(type.of, frame),
        ...(type.size ? { size: x.expr(type.size, frame) } : {}),
      };
    case 'function':
      return {
        ...type,
        loc,
        result: x.type(type.result, frame),
        params: type.params.map((p) => ({ ...p, type: x.type(p.type, frame) })),
      };
    case 'typeof': {
      const operand = x.expr(type.operand, frame);
      return typeMeant(operand, x) ?? { kind: 'typeof', loc, operand };
    }
  }
}

function expandTag(type: TagType, frame: Frame | undefined, x: Expansion): TypeExpr {
  if (!frame) return type;
  const arg = type.name === undefined ? undefined : frame.args.get(type.name)?.full;
  const name = arg?.kind === 'ident' ? arg.name : type.name;
  const fields = type.fields?.map((field): FieldDecl => ({
    ...field,
    type: x.type(field.type, frame),
  }));
  return {
    ...type,
    loc: frame.loc,
    ...(name === undefined ? {} : { name }),
    ...(fields ? { fields } : {}),
  };
}

/** Type that an expression stands for, if it stands for one. */
export function typeMeant(expr: Expr, x: Expansion): TypeExpr | undefined {
  if (expr.kind === 'typeArg') return expr.type;
  return expr.kind === 'ident' && x.isType(expr.name)
    ? { kind: 'name', name: expr.name, loc: expr.loc }
    : undefined;
}

/** An argument in the place of a type: a name is taken for one, an expression gives its own type. */
function argumentType(arg: Expr): TypeExpr {
  if (arg.kind === 'typeArg') return arg.type;
  if (arg.kind === 'ident') return { kind: 'name', name: arg.name, loc: arg.loc };
  return { kind: 'typeof', operand: arg, loc: arg.loc };
}
