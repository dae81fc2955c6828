/** The threads and the functions that run alone, from the attributes of a program's functions. */
import type { IrFunction, Part } from '../csource/ir.js';
import type { ThreadRole, TraceThread } from '../../shared/trace.js';

export interface Roles {
  readonly threads: readonly { readonly info: TraceThread; readonly fn: IrFunction }[];
  readonly setups: readonly IrFunction[];
  readonly finals: readonly IrFunction[];
  readonly invariants: readonly { readonly id: string; readonly fn: IrFunction }[];
  readonly recoveries: readonly IrFunction[];
  readonly afterCrash: readonly { readonly id: string; readonly fn: IrFunction }[];
}

const ROLES: ReadonlyMap<string, ThreadRole> = new Map([
  ['__thread', 'thread'],
  ['__daemon', 'daemon'],
  ['__irq', 'irq'],
]);

function text(fn: IrFunction, attr: string): string {
  const arg = fn.def.attrs.find((a) => a.name === attr)?.args[0];
  return arg?.kind === 'string' ? arg.value : fn.name;
}

export function rolesOf(program: Part): Roles {
  const all = [...program.functions.values()];
  const marked = (name: string): readonly IrFunction[] =>
    all.filter((fn) => fn.def.attrs.some((a) => a.name === name));
  const threads = all.flatMap((fn) => {
    const attr = fn.def.attrs.find((a) => ROLES.has(a.name));
    const role = attr ? ROLES.get(attr.name) : undefined;
    return attr && role ? [{ fn, name: text(fn, attr.name), role }] : [];
  });
  const named = (attr: string): Roles['invariants'] =>
    marked(attr).map((fn) => ({ id: text(fn, attr), fn }));
  return {
    threads: threads.map(({ fn, name, role }, id) => ({ fn, info: { id, name, role } })),
    setups: all.filter((fn) =>
      fn.def.attrs.some((a) => a.name === '__setup' || a.name === '__start'),
    ),
    finals: marked('__finally'),
    invariants: named('__invariant'),
    recoveries: marked('__recovery'),
    afterCrash: named('__after_crash'),
  };
}
