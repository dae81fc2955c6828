/** File scope: definitions, declarations and macro calls in the order of the text. */
import type { FunctionDef, TagType, TopCall, TopLevel, TypeExpr } from './ast.js';
import {
  docAbove,
  isSynthetic,
  locOf,
  segmentAt,
  textOf,
  type Context,
  type Fragment,
} from './to-ast-context.js';
import { callArgs } from './to-ast-expr.js';
import { attributes, block, variables } from './to-ast-stmt.js';
import { field, isBroken, named, type SNode } from './to-ast-tree.js';
import { declare, specifier, specifierNode, type Declared } from './to-ast-type.js';

/** Items of a parsed text, macro calls included, directives not. */
export function topLevel(cx: Context, root: SNode): TopLevel[] {
  const items = [...nodes(cx, named(root)), ...topCalls(cx)];
  return items.sort((a, b) => startOf(a) - startOf(b));
}

function startOf(item: TopLevel): number {
  return item.kind === 'global' ? item.var.loc.start : item.loc.start;
}

function nodes(cx: Context, list: readonly SNode[]): TopLevel[] {
  let before = 0;
  return list.flatMap((n) => {
    const found = item(cx, n, before);
    before = n.end;
    return found;
  });
}

function item(cx: Context, n: SNode, before: number): TopLevel[] {
  switch (n.type) {
    case 'function_definition':
      return functionDefinition(cx, n);
    case 'declaration':
      return declaration(cx, n, before);
    case 'type_definition':
      return typedefs(cx, n);
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
      return isCut(cx, n) ? [] : tagDefinition(specifierNode(cx, n));
    case 'expression_statement':
      return strayCall(cx, n);
    case 'ERROR':
      // What is whole inside damaged text is still worth having.
      return nodes(cx, named(n));
    default:
      return [];
  }
}

/** A definition of which only a part is in the text says nothing reliable. */
function isCut(cx: Context, n: SNode): boolean {
  return isSynthetic(cx, n.start) || isSynthetic(cx, Math.max(n.end - 1, 0));
}

/** Tags that a type defines with a body; a forward declaration defines nothing. */
function tagDefinition(type: TypeExpr): TopLevel[] {
  if (type.kind !== 'struct' && type.kind !== 'union' && type.kind !== 'enum') return [];
  return type.fields || type.enumerators ? [{ kind: 'type', type, loc: type.loc }] : [];
}

/** A type without the body that was given in it, where the tag alone says the same. */
function withoutBody(type: TypeExpr): TypeExpr {
  if (
    (type.kind !== 'struct' && type.kind !== 'union' && type.kind !== 'enum') ||
    type.name === undefined
  )
    return type;
  const tag: TagType = { kind: type.kind, name: type.name, loc: type.loc };
  return tag;
}

function isStatic(cx: Context, n: SNode): boolean {
  return n.children.some((c) => c.type === 'storage_class_specifier' && textOf(cx, c) === 'static');
}

/** Start of the declaration that `n` belongs to, annotations in front included. */
function declarationStart(cx: Context, n: { readonly start: number }): number {
  return segmentAt(cx, n.start)?.start ?? n.start;
}

function functionDefinition(cx: Context, n: SNode): FunctionDef[] {
  const body = field(n, 'body');
  if (!body) return [];
  const declared = declare(cx, field(n, 'declarator'), specifier(cx, n));
  const start = declarationStart(cx, n);
  const cutHead = isSynthetic(cx, field(n, 'declarator')?.start ?? n.start);
  const cutTail = isSynthetic(cx, Math.max(n.end - 1, 0));
  const head = cutHead ? cutSignature(cx, declared) : signature(declared);
  if (!head) return [];
  return [
    {
      kind: 'function',
      ...head,
      isStatic: cutHead ? (cx.fragment?.isStatic ?? false) : isStatic(cx, n),
      body: block(cx, body),
      attrs: attributes(cx, start, body.start),
      doc: docAbove(cx, start),
      extent: cutHead || cutTail ? 'fragment' : 'whole',
      loc: locOf(cx, { start, end: n.end }),
    },
  ];
}

type Signature = Pick<FunctionDef, 'name' | 'nameLoc' | 'result' | 'params'>;

function signature(d: Declared): Signature | undefined {
  if (d.name === undefined || !d.nameLoc || d.type.kind !== 'function') return undefined;
  return { name: d.name, nameLoc: d.nameLoc, result: d.type.result, params: d.type.params };
}

/** Name, result and parameters of a function definition that stands for another one. */
export function readHead(cx: Context, n: SNode): Fragment | undefined {
  const head = signature(declare(cx, field(n, 'declarator'), specifier(cx, n)));
  return head
    ? { name: head.name, result: head.result, params: head.params, isStatic: isStatic(cx, n) }
    : undefined;
}

/** A function whose head was cut: what the section says, and parameters that are still in the text. */
function cutSignature(cx: Context, d: Declared): Signature {
  const at = locOf(cx, { start: 0, end: 0 });
  const rest =
    d.type.kind === 'function' ? d.type.params.filter((p) => p.loc.end > p.loc.start) : [];
  return {
    name: cx.fragment?.name ?? '',
    nameLoc: at,
    result: cx.fragment?.result ?? { kind: 'name', name: 'void', loc: at },
    params: [...(cx.fragment?.params ?? []), ...rest],
  };
}

function declaration(cx: Context, n: SNode, before: number): TopLevel[] {
  const start = Math.max(declarationStart(cx, n), before);
  const type = specifier(cx, n);
  const defined = isCut(cx, n) ? [] : tagDefinition(type);
  if (isBroken(n)) return defined;
  const vars = variables(cx, n, start);
  return [
    ...defined,
    ...vars.flatMap((v): TopLevel[] => {
      if (v.type.kind === 'function') {
        const { result, params } = v.type;
        return [
          {
            kind: 'proto',
            name: v.name,
            result: withoutBody(result),
            params,
            attrs: v.attrs,
            loc: locOf(cx, { start, end: n.end }),
          },
        ];
      }
      return [
        {
          kind: 'global',
          var: { ...v, type: defined.length > 0 ? stripBody(v.type) : v.type },
          loc: locOf(cx, { start, end: n.end }),
        },
      ];
    }),
  ];
}

/** The same for types derived from it. */
function stripBody(type: TypeExpr): TypeExpr {
  switch (type.kind) {
    case 'pointer':
      return { ...type, to: stripBody(type.to) };
    case 'array':
      return { ...type, of: stripBody(type.of) };
    case 'function':
      return { ...type, result: stripBody(type.result) };
    case 'name':
    case 'typeof':
      return type;
    case 'struct':
    case 'union':
    case 'enum':
      return withoutBody(type);
  }
}

function typedefs(cx: Context, n: SNode): TopLevel[] {
  const base = specifier(cx, n);
  const defined = base.kind === 'name' || !('name' in base) ? [] : tagDefinition(base);
  return [
    ...defined,
    ...n.children
      .filter((c) => c.field === 'declarator')
      .flatMap((c): TopLevel[] => {
        const d = declare(cx, c, base);
        return d.name === undefined
          ? []
          : [
              {
                kind: 'typedef',
                name: d.name,
                type: defined.length > 0 ? stripBody(d.type) : d.type,
                loc: locOf(cx, n),
              },
            ];
      }),
  ];
}

function strayCall(cx: Context, n: SNode): TopCall[] {
  const call = named(n)[0];
  const fn = call ? field(call, 'function') : undefined;
  if (call?.type !== 'call_expression' || fn?.type !== 'identifier' || isSynthetic(cx, n.start))
    return [];
  return [
    {
      kind: 'topCall',
      name: textOf(cx, fn),
      args: callArgs(cx, call),
      doc: docAbove(cx, n.start),
      loc: locOf(cx, n),
    },
  ];
}

function topCalls(cx: Context): TopCall[] {
  return cx.masked.topCalls.map((c) => {
    const call = cx.extracted.get(c.start);
    return {
      kind: 'topCall',
      name: c.name,
      args: call ? callArgs(cx, call) : [],
      doc: docAbove(cx, declarationStart(cx, c)),
      loc: locOf(cx, c),
    };
  });
}
