/** Preprocessor lines: `#define` with its body parsed, `#include`. */
import type { Expr, Include, MacroDef, Stmt } from './ast.js';
import { lex, type Directive } from './lexer.js';
import { rewritePastes } from './macro-paste.js';
import { locate, type Context, type Placement } from './to-ast-context.js';
import { args, foldComma } from './to-ast-expr.js';
import { list } from './to-ast-stmt.js';
import { errorsIn, field, named, outermost, type SNode } from './to-ast-tree.js';

/** Parses `prefix` + the source text of `place` (given) + `suffix`. */
export type ReadPiece = (piece: {
  readonly text: string;
  readonly place: Placement;
  readonly typeNames: ReadonlySet<string>;
}) => { readonly cx: Context; readonly root: SNode };

interface Head {
  readonly name: string;
  readonly params: readonly string[] | undefined;
  /** Offset of the replacement text. */
  readonly body: number;
}

/** Directive text with comments and line splices as spaces, same length. */
function plainText(text: string, d: Directive): string {
  const raw = text.slice(d.start, d.end);
  return raw.replace(/\/\*[^]*?(?:\*\/|$)|\/\/[^\n]*|\\\r?\n|"(?:[^"\\\n]|\\[^])*"/g, (m) =>
    m.startsWith('"') ? m : ' '.repeat(m.length),
  );
}

function readHead(plain: string, start: number): Head | undefined {
  const m = /^#\s*define\s+([\w$\u00a1-\uffff]+)(\(([^)]*)\))?/.exec(plain);
  if (!m) return undefined;
  const params =
    m[2] === undefined
      ? undefined
      : (m[3] ?? '')
          .split(',')
          .map((p) => p.replace(/\s+/g, ''))
          .filter((p) => p !== '');
  return { name: m[1] ?? '', params, body: start + m[0].length };
}

/** `#include "x.h"` or `<x.h>`. */
export function readInclude(src: number, text: string, d: Directive): Include | undefined {
  const m = /^#\s*include\s*(?:"([^"\n]*)"|<([^>\n]*)>)/.exec(text.slice(d.start, d.end));
  return m
    ? { kind: 'include', path: m[1] ?? m[2] ?? '', loc: { src, start: d.start, end: d.end } }
    : undefined;
}

/** A macro; its body is read as an expression or as statements, or as neither. */
export function readMacro(
  src: number,
  text: string,
  d: Directive,
  read: ReadPiece,
): MacroDef | undefined {
  const plain = plainText(text, d);
  const head = readHead(plain, d.start);
  if (!head) return undefined;
  const offset = head.body - d.start;
  const rest = plain.slice(offset);
  const lead = rest.length - rest.trimStart().length;
  const body = rest.trim();
  const from = head.body + lead;
  const place = { src, from, to: from + body.length };
  const params = head.params ?? [];
  const pasted = /#/.test(body) ? rewritePastes(body, params) : { text: body, made: [] };
  // A hunk that ends inside the macro says nothing about its body.
  const isCut = /\\\s*$/.test(text.slice(d.start, d.end));
  return {
    kind: 'macro',
    name: head.name,
    ...(head.params ? { params: head.params } : {}),
    text: body,
    ...(pasted && pasted.made.length > 0 ? { made: pasted.made } : {}),
    ...(isCut || !pasted ? {} : parseBody(pasted.text, place, typeParams(params), read)),
    loc: { src, start: d.start, end: d.end },
  };
}

/** Parameters that are spelled like types. */
function typeParams(params: readonly string[]): ReadonlySet<string> {
  return new Set(params.filter((p) => /type|^_*t$/i.test(p)));
}

const STATEMENT_WORDS = new Set([
  'do',
  'if',
  'for',
  'while',
  'return',
  'goto',
  'switch',
  'break',
  'continue',
  'case',
  'static',
  '{',
]);

type Body = { readonly expr: Expr } | { readonly stmts: readonly Stmt[] };

function parseBody(
  body: string,
  place: Omit<Placement, 'shift'>,
  typeNames: ReadonlySet<string>,
  read: ReadPiece,
): Body | undefined {
  const { tokens, directives } = lex(body);
  const first = tokens[0];
  if (!first || directives.length > 0) return undefined;
  const asStatement = STATEMENT_WORDS.has(first.text) || tokens[tokens.length - 1]?.text === ';';
  const ways = asStatement ? [asStatements, asExpression] : [asExpression, asStatements];
  for (const way of ways) {
    const found = way(body, place, typeNames, read);
    if (found) return found;
  }
  return undefined;
}

function asExpression(
  body: string,
  place: Omit<Placement, 'shift'>,
  typeNames: ReadonlySet<string>,
  read: ReadPiece,
): Body | undefined {
  const prefix = 'void __m(void) { __c(';
  const { cx, root } = read({
    text: `${prefix}${body}\n); }`,
    place: { ...place, shift: prefix.length - place.from },
    typeNames,
  });
  if (errorsIn(root).length > 0) return undefined;
  const wrapper = outermost(root, 'call_expression')[0];
  const values = wrapper?.start === prefix.length - 4 ? args(cx, field(wrapper, 'arguments')) : [];
  const first = values[0];
  return first ? { expr: foldComma(values.slice(1), first) } : undefined;
}

function asStatements(
  body: string,
  place: Omit<Placement, 'shift'>,
  typeNames: ReadonlySet<string>,
  read: ReadPiece,
): Body | undefined {
  const prefix = 'void __m(void) {\n';
  const { cx, root } = read({
    text: `${prefix}${body}\n;}`,
    place: { ...place, shift: prefix.length - place.from },
    typeNames,
  });
  const whole = named(root)[0];
  const block = whole?.type === 'function_definition' ? field(whole, 'body') : undefined;
  if (!block || named(root).length !== 1 || errorsIn(root).length > 0) return undefined;
  const end = prefix.length + body.length;
  const stmts = list(
    cx,
    named(block).filter((n) => n.start < end),
    block.start + 1,
  );
  return stmts.length > 0 ? { stmts } : undefined;
}

/** Place of a directive in a composed text. */
export function directiveAt(d: Directive, place: Placement): Directive | undefined {
  const loc = locate(place, d.start, d.end);
  return loc.end > loc.start ? { word: d.word, start: loc.start, end: loc.end } : undefined;
}
