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
    if (type.kind === 'int' || type.kind === 'pointer') {
      if (only) this.place(object, type, [], only.value);
      if (list.items.length > 1) this.#report(list.loc, 'more than one value for a scalar');
      return;
    }
    const items: Items = { list: list.items, at: 0 };
    if (type.kind === 'array') this.#elements(items, object, type, isZero(list));
    else if (!isZero(list)) this.#members(items, object, type);
  }

  /** The elements of an array in braces of its own. `zero`: of `{ 0 }` only the length counts. */
  #elements(
    items: Items,
    array: IrExpr,
    type: Extract<CType, { kind: 'array' }>,
    zero: boolean,
  ): void {
    const most = type.length === 0 && array === this.#whole ? MOST_ELEMENTS : type.length;
    for (let next = 0; items.at < items.list.length;) {
      const item = items.list[items.at];
      if (!item) return;
      const [first, ...rest] = item.designators;
      const low = first === undefined ? next : this.#index(first);
      const high = item.high ? this.#index(item.high) : low;
      if (low === undefined || high === undefined || low < 0 || high < low || high >= most) {
        const outside = first === undefined ? 'too many initialisers' : 'no such element';
        this.#report(item.value.loc, `${outside} for an array of ${String(type.length)}`);
        return;
      }
      if (high - low > MOST_STEPS) {
        this.#report(item.value.loc, 'initialiser of too many elements');
        return;
      }
      if (zero) items.at++;
      else if (first === undefined) this.#next(items, element(array, low, item.value.loc), type.of);
      else {
        for (let i = low; i <= high; i++)
          this.place(element(array, i, item.value.loc), type.of, rest, item.value);
        this.#after(items, rest);
      }
      next = high + 1;
      if (array === this.#whole) this.length = Math.max(this.length, next);
    }
  }

  #index(designator: string | Expr): number | undefined {
    return typeof designator === 'string' ? undefined : this.#types.constant(designator);
  }

  #members(items: Items, struct: IrExpr, type: CType): void {
    const fields = membersOf(type);
    let cursor = 0;
    while (items.at < items.list.length) {
      const item = items.list[items.at];
      if (!item) return;
      const { designators, value } = item;
      const [name, ...rest] = designators;
      // In order: the next member behind what is filled, so that of a union only the first one counts.
      const field = fields.find((f) => (name === undefined ? f.offset >= cursor : f.name === name));
      if (name !== undefined) {
        this.place(struct, type, designators, value);
        this.#after(items, rest);
      } else if (field) this.#next(items, member(struct, field.name, value.loc), field.type);
      else {
        this.#report(value.loc, 'no member for this initialiser');
        return;
      }
      if (field) cursor = this.#end(field);
    }
  }

  /** Behind a path C goes on inside what it leads to; here the next item must say where it belongs. */
  #after(items: Items, rest: Path): void {
    const next = items.list[++items.at];
    if (rest.length > 0 && next?.designators.length === 0)
      this.#report(next.value.loc, 'initialiser behind a nested designator');
  }

  /** The next item, or as many as an aggregate without braces of its own takes. */
  #next(items: Items, object: IrExpr, type: CType): void {
    const item = items.list[items.at];
    if (!item) return;
    if (!this.#isElided(type, item.value)) {
      items.at++;
      this.place(object, type, [], item.value);
      return;
    }
    const before = items.at;
    if (type.kind === 'array')
      for (let i = 0; i < type.length && this.#goesOn(items); i++)
        this.#next(items, element(object, i, item.value.loc), type.of);
    else {
      let cursor = 0;
      for (const f of membersOf(type)) {
        if (f.offset < cursor || !this.#goesOn(items)) continue;
        this.#next(items, member(object, f.name, item.value.loc), f.type);
        cursor = this.#end(f);
      }
    }
    if (items.at > before) return;
    // an array of unknown length takes nothing, and the rest of the list must still end
    items.at++;
    this.#report(item.value.loc, 'initialiser of an aggregate without elements');
  }

  #goesOn({ list, at }: Items): boolean {
    return list[at]?.designators.length === 0;
  }

  #isElided(type: CType, value: Expr): boolean {
    if (value.kind === 'initList') return false;
    if (type.kind === 'array') return value.kind !== 'string' || type.of.kind !== 'int';
    if (type.kind !== 'struct' || type.layout.size === 0) return false;
    const given = this.#types.typeOf(value, undefined).kind;
    return given === 'int' || given === 'pointer' || given === 'function' || given === 'array';
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

/** Elements of an array whose length its initialiser says. */
const MOST_ELEMENTS = 1 << 20;
/** Elements that one `[a ... b]` gives a value to. */
const MOST_STEPS = 1 << 12;

/** The items of a list that are not used yet start at `at`. */
interface Items {
  readonly list: readonly InitItem[];
  at: number;
}

function membersOf(type: CType): readonly StructField[] {
  return type.kind === 'struct' ? [...type.layout.fields.values()] : [];
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
