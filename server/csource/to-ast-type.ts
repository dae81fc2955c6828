/** Types, declarators and the lists of members, enumerators and parameters. */
import type { Enumerator, FieldDecl, Loc, ParamDecl, TagType, TypeExpr } from './ast.js';
import { normaliseBasicType, withPointers } from './mask-types.js';
import type { TypeHole } from './mask-state.js';
import { attributesIn, isSynthetic, locOf, textOf, type Context } from './to-ast-context.js';
import { callArgs, expr } from './to-ast-expr.js';
import { field, fields, isBroken, named, type SNode } from './to-ast-tree.js';

/** A declared name with its full type. */
export interface Declared {
  readonly name?: string;
  readonly nameLoc?: Loc;
  readonly type: TypeExpr;
}

/** The type that was replaced by an identifier. */
export function holeType(cx: Context, hole: TypeHole): TypeExpr {
  if (hole.base) return withPointers(hole.base, hole.pointers);
  const loc = locOf(cx, hole);
  const operand = hole.operand ? cx.extracted.get(hole.operand.start) : undefined;
  return withPointers(
    {
      kind: 'typeof',
      operand: operand ? expr(cx, operand) : { kind: 'error', calls: [], loc },
      loc,
    },
    hole.pointers,
  );
}

const SPECIFIERS = new Set([
  'primitive_type',
  'sized_type_specifier',
  'type_identifier',
  'struct_specifier',
  'union_specifier',
  'enum_specifier',
  'macro_type_specifier',
]);

/** Type specifier of a declaration, parameter, member or type name. */
export function specifier(cx: Context, owner: SNode): TypeExpr {
  const n = field(owner, 'type') ?? owner.children.find((c) => SPECIFIERS.has(c.type));
  if (!n)
    return { kind: 'name', name: 'int', loc: locOf(cx, { start: owner.start, end: owner.start }) };
  return specifierNode(cx, n);
}

export function specifierNode(cx: Context, n: SNode): TypeExpr {
  const loc = locOf(cx, n);
  switch (n.type) {
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
      return tagType(cx, n);
    case 'primitive_type':
    case 'sized_type_specifier':
      // The masked text: annotations and comments between the words are spaces there.
      return {
        kind: 'name',
        name: normaliseBasicType(basicWords(cx, n)),
        loc,
      };
    default: {
      const hole = cx.masked.holes.get(n.start);
      return hole ? holeType(cx, hole) : { kind: 'name', name: spelled(textOf(cx, n)), loc };
    }
  }
}

/** Words of a basic type; in a part that was taken out of the masked text they are only in the original. */
function basicWords(cx: Context, n: SNode): readonly string[] {
  const words = cx.masked.text.slice(n.start, n.end).match(/\w+/g);
  return (
    words ??
    textOf(cx, n)
      .replace(/\/\*[^]*?\*\//g, ' ')
      .match(/\w+/g) ??
    []
  );
}

function spelled(name: string): string {
  return name === '_Bool' ? 'bool' : name;
}

function tagType(cx: Context, n: SNode): TagType {
  const name = field(n, 'name');
  const body = field(n, 'body');
  const kind =
    n.type === 'struct_specifier' ? 'struct' : n.type === 'union_specifier' ? 'union' : 'enum';
  return {
    kind,
    ...(name ? { name: textOf(cx, name) } : {}),
    ...(body && kind === 'enum' ? { enumerators: enumerators(cx, body) } : {}),
    ...(body && kind !== 'enum' ? { fields: members(cx, body) } : {}),
    loc: locOf(cx, n),
  };
}

function enumerators(cx: Context, body: SNode): Enumerator[] {
  return named(body).flatMap((c) => {
    const name = field(c, 'name');
    if (c.type !== 'enumerator' || !name) return [];
    const value = field(c, 'value');
    return [
      { name: textOf(cx, name), ...(value ? { value: expr(cx, value) } : {}), loc: locOf(cx, c) },
    ];
  });
}

function members(cx: Context, body: SNode): FieldDecl[] {
  const out: FieldDecl[] = [];
  let from = body.start + 1;
  for (const c of named(body)) {
    if (c.type === 'field_declaration') out.push(...member(cx, c, from));
    from = c.end;
  }
  return out;
}

function member(cx: Context, n: SNode, from: number): FieldDecl[] {
  const base = specifier(cx, n);
  const parts = declarators(n);
  if (parts.length === 0) {
    return [
      {
        type: base,
        attrs: attributesIn(cx, from, n.end, (c) => callArgs(cx, c)),
        loc: locOf(cx, n),
      },
    ];
  }
  return parts.map((p) => {
    const d = declare(cx, p.node, base);
    const bits = p.bits ? named(p.bits)[0] : undefined;
    return {
      ...(d.name === undefined ? {} : { name: d.name }),
      type: d.type,
      ...(bits ? { bits: expr(cx, bits) } : {}),
      attrs: declaratorAttributes(cx, parts, p, from),
      loc: d.nameLoc ?? locOf(cx, n),
    };
  });
}

/** One declarator of a list, with the text that belongs to it. */
export interface DeclaratorPart {
  readonly node: SNode;
  readonly end: number;
  readonly bits: SNode | undefined;
}

/** Declarators of a declaration; each reaches to the comma or semicolon behind it. */
export function declarators(n: SNode): DeclaratorPart[] {
  const out: DeclaratorPart[] = [];
  n.children.forEach((c, i) => {
    if (c.field !== 'declarator') return;
    const next = n.children[i + 1];
    const bits = next?.type === 'bitfield_clause' ? next : undefined;
    const stop = n.children.slice(i + 1).find((s) => s.type === ',' || s.type === ';');
    out.push({ node: c, end: stop?.start ?? n.end, bits });
  });
  return out;
}

/** Attributes of one declarator: those before the first one belong to all. */
export function declaratorAttributes(
  cx: Context,
  parts: readonly DeclaratorPart[],
  part: DeclaratorPart,
  from: number,
): FieldDecl['attrs'] {
  const i = parts.indexOf(part);
  const first = parts[0]?.node.start ?? part.node.start;
  const own = i > 0 ? (parts[i - 1]?.end ?? first) : first;
  const read = (lo: number, hi: number): FieldDecl['attrs'] =>
    attributesIn(cx, lo, hi, (c) => callArgs(cx, c));
  return [...read(from, first), ...read(own, part.end)];
}

const NAMES = new Set(['identifier', 'field_identifier', 'type_identifier', 'primitive_type']);

/** Applies a declarator to the type in front of it. */
export function declare(cx: Context, n: SNode | undefined, base: TypeExpr): Declared {
  if (!n || isBroken(n))
    return named(n ?? NOTHING)[0] ? declare(cx, named(n ?? NOTHING)[0], base) : { type: base };
  const loc = locOf(cx, n);
  const inner = field(n, 'declarator');
  switch (n.type) {
    case 'pointer_declarator':
    case 'abstract_pointer_declarator':
      return declare(cx, inner, { kind: 'pointer', to: base, loc });
    case 'array_declarator':
    case 'abstract_array_declarator': {
      const size = field(n, 'size');
      return declare(cx, inner, {
        kind: 'array',
        of: base,
        ...(size ? { size: expr(cx, size) } : {}),
        loc,
      });
    }
    case 'function_declarator':
    case 'abstract_function_declarator':
      return declare(cx, inner, {
        kind: 'function',
        result: base,
        params: parameters(cx, field(n, 'parameters')),
        loc,
      });
    case 'init_declarator':
      return declare(cx, inner, base);
    case 'parenthesized_declarator':
    case 'abstract_parenthesized_declarator':
    case 'attributed_declarator':
      return declare(cx, named(n)[0], base);
    default:
      return NAMES.has(n.type) ? declaredName(cx, n, base) : { type: base };
  }
}

const NOTHING: SNode = {
  type: '',
  field: undefined,
  start: 0,
  end: 0,
  named: true,
  missing: false,
  children: [],
};

function declaredName(cx: Context, n: SNode, type: TypeExpr): Declared {
  if (isSynthetic(cx, n.start)) return { type };
  const place = cx.masked.moved.get(n.start) ?? n;
  return { name: textOf(cx, place), nameLoc: locOf(cx, place), type };
}

/** Parameters of a function; `(void)` and `...` are none. */
function parameters(cx: Context, list: SNode | undefined): ParamDecl[] {
  if (!list) return [];
  return ofType(list, 'parameter_declaration').flatMap((c) => {
    if (isSynthetic(cx, c.start)) return [];
    const d = declare(cx, field(c, 'declarator'), specifier(cx, c));
    if (d.name === undefined && d.type.kind === 'name' && d.type.name === 'void') return [];
    return [{ ...(d.name === undefined ? {} : { name: d.name }), type: d.type, loc: locOf(cx, c) }];
  });
}

function ofType(n: SNode, type: string): readonly SNode[] {
  return named(n).filter((c) => c.type === type);
}

/** A type name as in casts and `sizeof`. */
export function typeDescriptor(cx: Context, n: SNode): TypeExpr {
  return declare(cx, fields(n, 'declarator')[0], specifier(cx, n)).type;
}
