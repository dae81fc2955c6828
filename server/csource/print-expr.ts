/** Expressions and types as C text: one line, kernel spacing, parentheses only where C needs them. */
import type { Expr, InitItem, ParamDecl, TagType, TypeExpr } from './ast.js';

const BINARY: Readonly<Record<string, number>> = {
  '*': 12,
  '/': 12,
  '%': 12,
  '+': 11,
  '-': 11,
  '<<': 10,
  '>>': 10,
  '<': 9,
  '<=': 9,
  '>': 9,
  '>=': 9,
  '==': 8,
  '!=': 8,
  '&': 7,
  '^': 6,
  '|': 5,
  '&&': 4,
  '||': 3,
};
const UNARY = 13;
const POSTFIX = 14;

function levelOf(e: Expr): number {
  switch (e.kind) {
    case 'binary':
    case 'logical':
      return BINARY[e.op] ?? 0;
    case 'cond':
      return 2;
    case 'assign':
      return 1;
    case 'comma':
      return 0;
    case 'unary':
    case 'cast':
      return UNARY;
    case 'update':
      return e.prefix ? UNARY : POSTFIX;
    default:
      return POSTFIX;
  }
}

function at(level: number, e: Expr): string {
  const text = printExpr(e);
  return levelOf(e) < level ? `(${text})` : text;
}

/** The operand of && inside || and of bit operators is bracketed, as gcc asks. */
function operand(level: number, op: string, e: Expr): string {
  const mixed =
    (e.kind === 'logical' && e.op !== op) ||
    (e.kind === 'binary' && '&|^<<>>'.includes(op) && e.op !== op);
  return mixed ? `(${printExpr(e)})` : at(level, e);
}

function args(list: readonly Expr[]): string {
  return list.map((a) => at(1, a)).join(', ');
}

function item(i: InitItem): string {
  const path = i.designators
    .map((d, n) => {
      const to = n === 0 && i.high ? ` ... ${printExpr(i.high)}` : '';
      return typeof d === 'string' ? `.${d}` : `[${printExpr(d)}${to}]`;
    })
    .join('');
  return path ? `${path} = ${at(1, i.value)}` : at(1, i.value);
}

function quote(s: string): string {
  return JSON.stringify(s);
}

/** Text of an expression. An expression that was not understood prints the calls found in it. */
export function printExpr(e: Expr): string {
  switch (e.kind) {
    case 'ident':
      return e.name;
    case 'number':
      return `${e.value}${e.unsigned ? 'U' : ''}${e.long ? 'L' : ''}`;
    case 'string':
      return quote(e.value);
    case 'unary':
      return `${e.op}${at(UNARY, e.operand)}`;
    case 'update':
      return e.prefix ? `${e.op}${at(UNARY, e.operand)}` : `${at(POSTFIX, e.operand)}${e.op}`;
    case 'binary':
    case 'logical': {
      const level = levelOf(e);
      return `${operand(level, e.op, e.left)} ${e.op} ${operand(level + 1, e.op, e.right)}`;
    }
    case 'cond':
      return e.then
        ? `${at(3, e.test)} ? ${at(1, e.then)} : ${at(2, e.else)}`
        : `${at(3, e.test)} ?: ${at(2, e.else)}`;
    case 'assign':
      return `${at(UNARY, e.target)} ${e.op} ${at(1, e.value)}`;
    case 'call':
      return `${at(POSTFIX, e.callee)}(${args(e.args)})`;
    case 'member':
      return `${at(POSTFIX, e.object)}${e.arrow ? '->' : '.'}${e.name}`;
    case 'index':
      return `${at(POSTFIX, e.object)}[${printExpr(e.index)}]`;
    case 'cast':
      return `(${printType(e.type)})${at(UNARY, e.operand)}`;
    case 'sizeof':
      return e.type
        ? `sizeof(${printType(e.type)})`
        : e.operand
          ? `sizeof(${printExpr(e.operand)})`
          : 'sizeof()';
    case 'offsetof':
      return `offsetof(${printType(e.type)}, ${printExpr(e.path)})`;
    case 'initList': {
      const body = e.items.length > 0 ? `{ ${e.items.map(item).join(', ')} }` : '{}';
      return e.type ? `(${printType(e.type)})${body}` : body;
    }
    case 'stmtExpr':
      return '({ … })';
    case 'comma':
      return `${at(0, e.left)}, ${at(1, e.right)}`;
    case 'typeArg':
      return printType(e.type);
    case 'error':
      return `<${e.calls.map(printExpr).join('; ')}>`;
  }
}

/** Parameters as between the brackets of a definition. */
export function printParams(params: readonly ParamDecl[]): string {
  return params.length === 0
    ? 'void'
    : params.map((p) => printDeclarator(p.type, p.name ?? '')).join(', ');
}

function tag(t: TagType): string {
  const name = t.name ? `${t.kind} ${t.name}` : t.kind;
  if (t.fields)
    return `${name} { ${t.fields.map((f) => `${printDeclarator(f.type, f.name ?? '')};`).join(' ')} }`;
  if (t.enumerators) {
    const items = t.enumerators.map((e) =>
      e.value ? `${e.name} = ${printExpr(e.value)}` : e.name,
    );
    return `${name} { ${items.join(', ')} }`;
  }
  return name;
}

/** `int (*f)(void)`, `char *name[4]`: a declaration of `name` with the type. */
export function printDeclarator(type: TypeExpr, name: string): string {
  switch (type.kind) {
    case 'name':
      return name ? `${type.name} ${name}` : type.name;
    case 'struct':
    case 'union':
    case 'enum':
      return name ? `${tag(type)} ${name}` : tag(type);
    case 'pointer':
      return type.to.kind === 'array' || type.to.kind === 'function'
        ? printDeclarator(type.to, `(*${name})`)
        : printDeclarator(type.to, `*${name}`);
    case 'array':
      return printDeclarator(type.of, `${name}[${type.size ? printExpr(type.size) : ''}]`);
    case 'function':
      return printDeclarator(type.result, `${name}(${printParams(type.params)})`);
    case 'typeof':
      return `typeof(${printExpr(type.operand)})${name ? ` ${name}` : ''}`;
  }
}

/** Text of a type without a name. */
export function printType(type: TypeExpr): string {
  return printDeclarator(type, '');
}
