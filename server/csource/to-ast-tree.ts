/** A tree-sitter tree as plain objects, so that the tree itself can be freed at once. */
import type { TreeCursor } from 'web-tree-sitter';

export interface SNode {
  readonly type: string;
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly named: boolean;
  readonly missing: boolean;
  readonly children: readonly SNode[];
}

/** Deeper nesting than people write is left out as an error, so that no input exhausts the stack. */
const MAX_DEPTH = 400;

/** Node types without children that matter: each step of a cursor crosses into wasm. */
const LEAVES: ReadonlySet<string> = new Set([
  'identifier',
  'field_identifier',
  'type_identifier',
  'statement_identifier',
  'number_literal',
  'primitive_type',
  'string_literal',
  'char_literal',
  'true',
  'false',
  'null',
  'storage_class_specifier',
  'type_qualifier',
]);

/** Copies the tree below the cursor; `shift` is added to every offset. Only named nodes know their field. */
export function snapshot(cursor: TreeCursor, shift: number, depth = 0): SNode {
  const type = cursor.nodeType;
  const start = cursor.startIndex + shift;
  const end = cursor.endIndex + shift;
  const missing = start === end && cursor.nodeIsMissing;
  const named = /^[a-zA-Z_]/.test(type) ? cursor.nodeIsNamed : false;
  if (!named) return { type, field: undefined, start, end, named, missing, children: NONE };
  const field = cursor.currentFieldName ?? undefined;
  if (depth > MAX_DEPTH)
    return { type: 'ERROR', field, start, end, named, missing: false, children: NONE };
  if (LEAVES.has(type) || !cursor.gotoFirstChild())
    return { type, field, start, end, named, missing, children: NONE };
  const children: SNode[] = [];
  do children.push(snapshot(cursor, shift, depth + 1));
  while (cursor.gotoNextSibling());
  cursor.gotoParent();
  return { type, field, start, end, named, missing, children };
}

const NONE: readonly SNode[] = [];

export function field(n: SNode, name: string): SNode | undefined {
  return n.children.find((c) => c.field === name);
}

export function fields(n: SNode, name: string): readonly SNode[] {
  return n.children.filter((c) => c.field === name);
}

export function named(n: SNode): readonly SNode[] {
  return n.children.filter((c) => c.named);
}

/** Nodes that the parser could not read or had to invent, in order; a missing `;` is not worth a word. */
export function errorsIn(n: SNode, out: SNode[] = []): SNode[] {
  if (n.type === 'ERROR' || (n.missing && n.type !== ';')) out.push(n);
  else for (const c of n.children) errorsIn(c, out);
  return out;
}

/** Whether `n` itself, not a part of it, is damaged. */
export function isBroken(n: SNode): boolean {
  return (
    n.type === 'ERROR' ||
    n.missing ||
    n.children.some((c) => c.type === 'ERROR' || (c.missing && c.type !== ';'))
  );
}

/** Outermost nodes of a type, in order. */
export function outermost(n: SNode, type: string, out: SNode[] = []): SNode[] {
  if (n.type === type) out.push(n);
  else for (const c of n.children) outermost(c, type, out);
  return out;
}
