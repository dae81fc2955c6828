/** Layout of structs and unions in cells: every scalar is one cell (docs/model-c.md). */
import type { Attr, FieldDecl, Problem, TagType } from './ast.js';
import type { CType, StorageClass, StructField, StructLayout } from './ir.js';
import type { Expr, TypeExpr } from './ast.js';
import { INT } from './types-int.js';

/** Cells of one object; the model's sizes are tiny. */
export const MOST_CELLS = 1 << 18;
export const TOO_LARGE = `an object of more than ${String(MOST_CELLS)} cells`;

/** What a layout needs to know about the program. */
export interface LayoutContext {
  resolve(type: TypeExpr): CType;
  sizeOf(type: CType): number;
  constantOf(expr: Expr): number | undefined;
  rangeOf(attrs: readonly Attr[]): readonly [number, number] | undefined;
  report(problem: Problem): void;
}

interface Filled {
  readonly size: number;
  readonly fields: ReadonlyMap<string, StructField>;
}

/** Filled when first asked for, so that structs may point to each other. */
export class LazyLayout implements StructLayout {
  readonly name: string;
  readonly #tag: TagType;
  readonly #context: LayoutContext;
  /** Of this struct no object can stand in it now: its own members are being placed. */
  get open(): boolean {
    return this.#filling && !this.#filled;
  }
  #filled: Filled | undefined;
  #filling = false;

  constructor(tag: TagType, context: LayoutContext) {
    this.name = `${tag.kind} ${tag.name ?? '<anonymous>'}`;
    this.#tag = tag;
    this.#context = context;
  }

  get size(): number {
    return this.#get().size;
  }

  get fields(): ReadonlyMap<string, StructField> {
    return this.#get().fields;
  }

  #get(): Filled {
    if (this.#filled) return this.#filled;
    if (this.#filling) {
      this.#context.report({
        loc: this.#tag.loc,
        message: `${this.name} contains itself`,
        severity: 'error',
      });
      return { size: 0, fields: new Map() };
    }
    this.#filling = true;
    this.#filled = fill(this.#tag, this.#context);
    return this.#filled;
  }
}

function fill(tag: TagType, context: LayoutContext): Filled {
  const fields = new Map<string, StructField>();
  let size = 0;
  for (const decl of tag.fields ?? []) {
    const type = closed(context.resolve(decl.type), decl, context);
    const offset = tag.kind === 'union' ? 0 : size;
    if (decl.name !== undefined)
      fields.set(decl.name, field(decl, decl.name, type, offset, context));
    else if (type.kind === 'struct') {
      for (const inner of type.layout.fields.values())
        fields.set(inner.name, { ...inner, offset: inner.offset + offset });
    }
    checkObject(decl, type, context);
    if (offset + context.sizeOf(type) > MOST_CELLS) {
      context.report({ loc: decl.loc, message: TOO_LARGE, severity: 'error' });
      break;
    }
    size = Math.max(
      size,
      offset + (decl.name === undefined && type.kind !== 'struct' ? 0 : context.sizeOf(type)),
    );
  }
  return { size, fields };
}

/** A struct that contains itself has no such member; it would have no end. */
function closed(type: CType, decl: FieldDecl, context: LayoutContext): CType {
  const element = elementOf(type);
  const inside = element.kind === 'struct' && element.layout instanceof LazyLayout;
  if (!inside || !element.layout.open) return type;
  const message = `${element.layout.name} contains itself`;
  context.report({ loc: decl.loc, message, severity: 'error' });
  return INT;
}

function field(
  decl: FieldDecl,
  name: string,
  type: CType,
  offset: number,
  context: LayoutContext,
): StructField {
  const range = declaredRange(decl, context) ?? bitRange(decl, type, context);
  checkAttributes(decl.attrs, (p) => {
    context.report(p);
  });
  const storage = storageOf(decl.attrs);
  const busy = decl.attrs.find((x) => x.name === '__busy')?.args[0];
  return {
    name,
    type,
    offset,
    ...(range ? { range } : {}),
    ...(storage ? { storage } : {}),
    ...(busy?.kind === 'string' ? { busy: busy.value } : {}),
  };
}

/** Attributes that are known and not supported. */
export function checkAttributes(attrs: readonly Attr[], report: (problem: Problem) => void): void {
  for (const { name, loc } of attrs) {
    if (name !== '__mod') continue;
    const message = 'counters that wrap are not supported: give the largest value with __range';
    report({ loc, message, severity: 'error' });
  }
}

/** `__media` or `__wcache` among the attributes of a declaration. */
export function storageOf(attrs: readonly Attr[]): StorageClass | undefined {
  if (attrs.some((a) => a.name === '__media')) return 'media';
  return attrs.some((a) => a.name === '__wcache') ? 'wcache' : undefined;
}

/** What is wrong with the `__range` of a declaration; undefined when nothing is. */
export function rangeProblem(
  name: string,
  attrs: readonly Attr[],
  range: readonly [number, number] | undefined,
): Problem | undefined {
  const attr = attrs.find((a) => a.name === '__range');
  if (!attr) return undefined;
  const loc = attr.args[0]?.loc ?? attr.loc;
  if (!range) return { loc, message: `range of ${name} is not constant`, severity: 'error' };
  const [lo, hi] = range;
  if (lo <= hi) return undefined;
  const message = `range of ${name} is empty: ${String(lo)} is more than ${String(hi)}`;
  return { loc, message, severity: 'error' };
}

function declaredRange(
  decl: FieldDecl,
  context: LayoutContext,
): readonly [number, number] | undefined {
  const range = context.rangeOf(decl.attrs);
  const problem = rangeProblem(decl.name ?? 'member', decl.attrs, range);
  if (problem) context.report(problem);
  return range;
}

function bitRange(
  decl: FieldDecl,
  type: CType,
  context: LayoutContext,
): readonly [number, number] | undefined {
  if (!decl.bits) return undefined;
  const width = context.constantOf(decl.bits);
  if (width === undefined || width < 0 || width > 64) {
    context.report({
      loc: decl.bits.loc,
      message: 'width of bit-field is not a constant of 0 to 64',
      severity: 'error',
    });
    return undefined;
  }
  if (type.kind === 'int' && type.bool) return [0, 1];
  const signed = type.kind === 'int' && type.signed;
  return signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1];
}

function checkObject(decl: FieldDecl, type: CType, context: LayoutContext): void {
  const element = elementOf(type);
  const what = element.kind === 'opaque' ? element.name : element.kind;
  if (element.kind !== 'opaque' && element.kind !== 'void' && element.kind !== 'function') return;
  const message = `member ${decl.name ?? '<anonymous>'} has no known size: ${what} is not defined`;
  context.report({ loc: decl.loc, message, severity: 'error' });
}

/** Innermost element type of nested arrays. */
export function elementOf(type: CType): CType {
  return type.kind === 'array' ? elementOf(type.of) : type;
}
