/** Initialisers as assignments in order, by the layout of the object's type. */
import type { Expr, InitItem, InitList, Loc, TypeExpr } from './ast.js';
import type { CType, IrExpr } from './ir.js';
import type { TypeTable } from './types.js';

export interface InitStep {
  readonly target: IrExpr;
  readonly value: Expr;
}
export interface FlatInit {
  readonly steps: readonly InitStep[];
  /** Elements of the outermost array, to complete `x[]`. */
  readonly length: number;
}

/** Assignments that `{…}` means for an object; everything else in it is zero. */
export function flattenInit(
  list: InitList,
  target: IrExpr,
  type: CType,
  types: TypeTable,
  problem: (loc: Loc, message: string) => void,
): FlatInit {
  const steps: InitStep[] = [];
  let length = 0;

  const into = (init: InitList, object: IrExpr, t: CType): void => {
    const [only] = init.items;
    const isZero = init.items.length === 1 && only?.designators.length === 0 && only.value.kind === 'number' && only.value.value === 0;
    if (t.kind === 'array') elements(init, object, t);
    else if (isZero && t.kind !== 'int' && t.kind !== 'pointer') return;
    else if (t.kind === 'struct' || t.kind === 'opaque') members(init, object, t);
    else if (only) place(object, t, [], only.value);
  };

  const elements = (init: InitList, array: IrExpr, t: Extract<CType, { kind: 'array' }>): void => {
    let next = 0;
    for (const item of init.items) {
      const [first, ...rest] = item.designators;
      if (first !== undefined) next = (typeof first === 'string' ? undefined : types.constant(first)) ?? next;
      place(element(array, next, item.value.loc), t.of, rest, item.value);
      next += 1;
      if (object === array) length = Math.max(length, next);
    }
  };

  const members = (init: InitList, struct: IrExpr, t: CType): void => {
    let cursor = 0;
    for (const item of init.items) {
      const [name] = item.designators;
      const field = name === undefined ? nextField(t, cursor) : undefined;
      if (field) place(member(struct, field.name, item.value.loc), field.type, [], item.value);
      else if (name === undefined) problem(item.value.loc, 'no member for this initialiser');
      else place(struct, t, item.designators, item.value);
      cursor = field ? field.offset + types.sizeOf(field.type) : (afterField(t, name, types) ?? cursor);
    }
  };

  const place = (object: IrExpr, t: CType, path: InitItem['designators'], value: Expr): void => {
    const [first, ...rest] = path;
    if (typeof first === 'string') {
      const field = t.kind === 'struct' ? t.layout.fields.get(first) : undefined;
      place(member(object, first, value.loc), field?.type ?? { kind: 'opaque', name: first }, rest, value);
    } else if (first !== undefined) {
      const index = types.constant(first) ?? 0;
      place(element(object, index, value.loc), t.kind === 'array' ? t.of : { kind: 'opaque', name: 'element' }, rest, value);
    } else if (value.kind === 'initList' && (value.type === undefined || t.kind === 'struct' || t.kind === 'array')) {
      into(value, object, t);
    } else if (value.kind === 'string' && t.kind === 'array') {
      for (const [i, c] of [...value.value].slice(0, t.length || undefined).entries()) {
        const code: Expr = { kind: 'number', value: c.codePointAt(0) ?? 0, unsigned: false, long: false, loc: value.loc };
        steps.push({ target: element(object, i, value.loc), value: code });
      }
      if (object === target) length = value.value.length + 1;
    } else if (t.kind === 'array' || (t.kind === 'struct' && value.kind === 'number')) {
      problem(value.loc, 'initialiser of an aggregate needs braces');
    } else {
      steps.push({ target: object, value });
    }
  };

  const object = target;
  into(list, target, type);
  return { steps, length };
}

/** Same for an initialiser without braces, as `char name[] = "x"`. */
export function flattenValue(
  value: Expr,
  target: IrExpr,
  type: CType,
  types: TypeTable,
  problem: (loc: Loc, message: string) => void,
): FlatInit {
  if (value.kind === 'initList' && (value.type === undefined || type.kind === 'struct' || type.kind === 'array')) {
    return flattenInit(value, target, type, types, problem);
  }
  if (value.kind !== 'string' || type.kind !== 'array') return { steps: [{ target, value }], length: 0 };
  const list: InitList = { kind: 'initList', loc: value.loc, items: [...value.value].map((c) => charItem(c, value.loc)) };
  return { steps: flattenInit(list, target, type, types, problem).steps, length: value.value.length + 1 };
}

const charItem = (c: string, loc: Loc): InitItem => ({
  designators: [],
  value: { kind: 'number', value: c.codePointAt(0) ?? 0, unsigned: false, long: false, loc },
});

/** Positional order: the next member behind what is filled; of a union the first one. */
function nextField(type: CType, cursor: number) {
  if (type.kind !== 'struct') return undefined;
  return [...type.layout.fields.values()].find((f) => f.offset >= cursor);
}

function afterField(type: CType, name: string | Expr | undefined, types: TypeTable): number | undefined {
  const field = type.kind === 'struct' && typeof name === 'string' ? type.layout.fields.get(name) : undefined;
  return field && field.offset + types.sizeOf(field.type);
}

function member(object: IrExpr, name: string, loc: Loc): IrExpr {
  return { kind: 'member', object, name, arrow: false, nameLoc: loc, loc };
}

function element(object: IrExpr, index: number, loc: Loc): IrExpr {
  return { kind: 'index', object, index: { kind: 'number', value: index, unsigned: false, long: false, loc }, loc };
}

/** `T x[] = {…}` has the length of its initialiser. */
export function completeArray(type: TypeExpr, length: number): TypeExpr {
  if (type.kind !== 'array' || type.size) return type;
  return { ...type, size: { kind: 'number', value: length, unsigned: false, long: false, loc: type.loc } };
}
