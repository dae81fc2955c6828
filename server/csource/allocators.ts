/**
 * Allocators that are asked for a number of bytes: `p = kmalloc(sizeof(*p), …)`. Objects come from pools of
 * one type, so a function declared `__allocator(n)` is there once for each struct that it is asked for by
 * `sizeof`; that one allocates from the pool of this struct, or from a new one of n objects.
 */
import type { Attr, Loc } from './ast.js';
import type { CType, Instr, IrExpr, IrFunction, IrGlobal } from './ir.js';
import type { TypeTable } from './types.js';

/** Objects of a pool when the declaration does not say. */
const OBJECTS = 2;

/** Makes the allocators that calls need, and lets those calls reach them. Changes both maps. */
export function specialiseAllocators(
  functions: Map<string, IrFunction>,
  globals: Map<string, IrGlobal>,
  types: TypeTable,
): void {
  const allocators = new Map(
    [...functions.values()].flatMap((fn) => {
      const attr = fn.def.attrs.find((a) => a.name === '__allocator');
      return attr ? [[fn.name, { fn, attr }] as const] : [];
    }),
  );
  if (allocators.size === 0) return;
  for (const fn of [...functions.values()]) {
    if (!fn.code.some((i) => nameOf(i) !== undefined && allocators.has(nameOf(i) ?? ''))) continue;
    const code = fn.code.map((instr): Instr => {
      const found = allocators.get(nameOf(instr) ?? '');
      const wanted = found && structOf(instr, fn, types);
      if (instr.op !== 'call' || !found || wanted === undefined) return instr;
      return { ...instr, target: allocatorOf(found.fn, found.attr, wanted) };
    });
    functions.set(fn.name, { ...fn, code });
  }

  /** Name of the allocator for a struct. */
  function allocatorOf(fn: IrFunction, attr: Attr, wanted: string): string {
    const name = `${fn.name}<${wanted.replace(/^struct /, '')}>`;
    if (functions.has(name)) return name;
    const pool: IrExpr = { kind: 'ident', name: poolOf(attr, wanted), loc: attr.loc };
    const code = fn.code.map((i): Instr =>
      i.op === 'intrinsic' && i.name === '__alloc' ? { ...i, args: [pool] } : i,
    );
    functions.set(name, { ...fn, name, code });
    return name;
  }

  /** A pool of the program for these objects, or a new one. */
  function poolOf({ args, loc }: Attr, wanted: string): string {
    for (const g of globals.values()) {
      const type = types.resolve(g.type);
      const isPool = g.attrs.some((a) => a.name === '__pool') && type.kind === 'array';
      if (isPool && structName(type.of) === wanted) return g.name;
    }
    const [n] = args;
    const made = newPool(wanted, n?.kind === 'number' ? n.value : OBJECTS, loc);
    globals.set(made.name, made);
    return made.name;
  }
}

function newPool(wanted: string, objects: number, loc: Loc): IrGlobal {
  const tag = wanted.replace(/^struct /, '');
  return {
    name: `${tag} objects`,
    type: {
      kind: 'array',
      of: { kind: 'struct', name: tag, loc },
      size: { kind: 'number', value: objects, unsigned: false, long: false, loc },
      loc,
    },
    loc,
    attrs: [{ name: '__pool', args: [], loc }],
    init: [],
  };
}

function nameOf(instr: Instr): string | undefined {
  return instr.op === 'call' && instr.callee.kind === 'ident' ? instr.callee.name : undefined;
}

/** The named struct of which a call asks for the size. */
function structOf(instr: Instr, fn: IrFunction, types: TypeTable): string | undefined {
  if (instr.op !== 'call') return undefined;
  const size = instr.args.find((a) => a.kind === 'sizeof');
  if (size?.kind !== 'sizeof') return undefined;
  const type = size.type
    ? types.resolve(size.type)
    : size.operand && types.typeOf(size.operand, fn);
  return type && structName(type);
}

function structName(type: CType): string | undefined {
  if (type.kind !== 'struct') return undefined;
  const { name } = type.layout;
  return name.startsWith('struct ') && !name.includes('<') ? name : undefined;
}
