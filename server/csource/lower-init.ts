/** Initialisers as assignments in order, by the layout of the object's type. */
import type { Expr, InitItem, InitList, Loc, TypeExpr } from './ast.js';
import type { CType, IrExpr, StructField } from './ir.js';
import type { TypeTable } from './types.js';

export interface InitStep {
  readonly target: IrExpr;
  readonly value: Expr;
}
export interface FlatInit {
  readonly steps: readonly InitStep[];
  /** Elements given to an outermost array, to complete `x[]`; 0 for other objects. */
  readonly length: number;
}

type Report = (loc: Loc, message: string) => void;
type Path = InitItem['designators'];

/** Assignments that an initialiser means for an object; every other cell of an aggregate is zero. */
export function flattenInit(
  value: Expr,
  target: IrExpr,
  type: CType,
  types: TypeTable,
  report: Report,
): FlatInit {
  const flattener = new Flattener(target, types, report);
  flattener.place(target, type, [], value);
  return flattener;
}

class Flattener implements FlatInit {
  readonly steps: InitStep[] = [];
  length = 0;
  readonly #whole: IrExpr;
  readonly #types: TypeTable;
  readonly #report: Report;

  constructor(whole: IrExpr, types: TypeTable, report: Report) {
    this.#whole = whole;
    this.#types = types;
    this.#report = report;
  }

  /** Initialises what the path leads to inside an object. */
  place(object: IrExpr, type: CType, path: Path, value: Expr): void {
    const [first, ...rest] = path;
    if (typeof first === 'string') {
      const field = type.kind === 'struct' ? type.layout.fields.get(first) : undefined;
      this.place(member(object, first, value.loc), field?.type ?? unknown(first), rest, value);
    } else if (first !== undefined) {
      const index = this.#types.constant(first) ?? 0;
      this.place(
        element(object, index, value.loc),
        type.kind === 'array' ? type.of : unknown('element'),
        rest,
        value,
      );
    } else if (value.kind === 'initList' && (value.type === undefined || isAggregate(type))) {
      this.#list(value, object, type);
    } else if (value.kind === 'string' && type.kind === 'array') {
      this.#characters(value.value, object, type, value.loc);
    } else if (type.kind === 'array' || (type.kind === 'struct' && value.kind === 'number')) {
      this.#report(value.loc, 'initialiser of an aggregate needs braces');
    } else {
      this.steps.push({ target: object, value });
    }
  }

  #list(list: InitList, object: IrExpr, type: CType): void {
    const [only] = list.items;
    if (type.kind === 'array') this.#elements(list, object, type);
    else if (type.kind === 'int' || type.kind === 'pointer') {
      if (only) this.place(object, type, [], only.value);
    } else if (!isZero(list)) this.#members(list, object, type);
  }

  #elements(list: InitList, array: IrExpr, type: Extract<CType, { kind: 'array' }>): void {
    let next = 0;
    for (const item of list.items) {
      const [first, ...rest] = item.designators;
      if (first !== undefined)
        next = (typeof first === 'string' ? undefined : this.#types.constant(first)) ?? next;
      if (!isZero(list))
        this.place(element(array, next, item.value.loc), type.of, rest, item.value);
      next += 1;
      if (array === this.#whole) this.length = Math.max(this.length, next);
    }
  }

  #members(list: InitList, struct: IrExpr, type: CType): void {
    const fields = type.kind === 'struct' ? [...type.layout.fields.values()] : [];
    let cursor = 0;
    for (const { designators, value } of list.items) {
      const [name] = designators;
      // In order: the next member behind what is filled, so that of a union only the first one counts.
      const field = fields.find((f) => (name === undefined ? f.offset >= cursor : f.name === name));
      if (name !== undefined) this.place(struct, type, designators, value);
      else if (field) this.place(member(struct, field.name, value.loc), field.type, [], value);
      else this.#report(value.loc, 'no member for this initialiser');
      if (field) cursor = this.#end(field);
    }
  }

  #end(field: StructField): number {
    return field.offset + this.#types.sizeOf(field.type);
  }

  #characters(
    text: string,
    array: IrExpr,
    type: Extract<CType, { kind: 'array' }>,
    loc: Loc,
  ): void {
    const characters = Array.from(text);
    for (const [i, c] of characters.slice(0, type.length || undefined).entries()) {
      this.steps.push({
        target: element(array, i, loc),
        value: number(c.codePointAt(0) ?? 0, loc),
      });
    }
    if (array === this.#whole) this.length = characters.length + 1;
  }
}

const unknown = (name: string): CType => ({ kind: 'opaque', name });
const isAggregate = (type: CType): boolean => type.kind === 'struct' || type.kind === 'array';
const number = (value: number, loc: Loc): Expr & IrExpr => ({
  kind: 'number',
  value,
  unsigned: false,
  long: false,
  loc,
});

/** `{ 0 }` */
function isZero({ items: [only, ...others] }: InitList): boolean {
  return (
    others.length === 0 &&
    only?.designators.length === 0 &&
    only.value.kind === 'number' &&
    only.value.value === 0
  );
}

function member(object: IrExpr, name: string, loc: Loc): IrExpr {
  return { kind: 'member', object, name, arrow: false, nameLoc: loc, loc };
}

function element(object: IrExpr, index: number, loc: Loc): IrExpr {
  return { kind: 'index', object, index: number(index, loc), loc };
}

/** `T x[] = {…}` has the length of its initialiser. */
export function completeArray(type: TypeExpr, length: number): TypeExpr {
  return type.kind === 'array' && !type.size ? { ...type, size: number(length, type.loc) } : type;
}
