/** Who calls whom, function pointers resolved by the member they are stored in. */
import type { Instr, IrExpr, IrFunction, Program } from '../csource/ir.js';
import { objectOf } from './paths.js';

export interface CallSite {
  readonly caller: string;
  readonly pc: number;
}

export interface CallGraph {
  /** Names of the functions that a call instruction may enter; empty when none is known. */
  targets(instr: Instr & { readonly op: 'call' }): readonly string[];
  callersOf(name: string): readonly CallSite[];
}

function pointerMember(callee: IrExpr): string | undefined {
  const object = callee.kind === 'unary' && callee.op === '*' ? callee.operand : callee;
  return object.kind === 'member' ? object.name : undefined;
}

interface Site {
  readonly pc: number;
  readonly call: Instr & { readonly op: 'call' };
}

/** A name stored in a member: a function, when the program has one of that name. */
interface Store {
  readonly member: string;
  readonly value: string;
}

interface Own {
  readonly calls: readonly Site[];
  readonly stores: readonly Store[];
}

const owns = new WeakMap<IrFunction, Own>();

/** What one function contributes, read once for all programs that have it. */
function ownOf(fn: IrFunction): Own {
  const known = owns.get(fn);
  if (known) return known;
  const calls = fn.code.flatMap((call, pc) => (call.op === 'call' ? [{ pc, call }] : []));
  const stores = fn.code.flatMap((i) => (i.op === 'assign' ? storeOf(i.target, i.value) : []));
  const own = { calls, stores };
  owns.set(fn, own);
  return own;
}

/** The calls of a function, in order. */
export function callsIn(fn: IrFunction): readonly (Instr & { readonly op: 'call' })[] {
  return ownOf(fn).calls.map((c) => c.call);
}

function storeOf(target: IrExpr, value: IrExpr): readonly Store[] {
  const object = objectOf(value);
  return target.kind === 'member' && object.kind === 'ident'
    ? [{ member: target.name, value: object.name }]
    : [];
}

function collectStores(program: Program): ReadonlyMap<string, readonly string[]> {
  const byMember = new Map<string, Set<string>>();
  const note = ({ member, value }: Store): void => {
    if (!program.functions.has(value)) return;
    const set = byMember.get(member) ?? new Set<string>();
    set.add(value);
    byMember.set(member, set);
  };
  for (const g of program.globals.values())
    for (const i of g.init) storeOf(i.target, i.value).forEach(note);
  for (const f of program.functions.values()) ownOf(f).stores.forEach(note);
  return new Map([...byMember].map(([member, names]) => [member, [...names].sort()]));
}

export function callGraph(program: Program, extra: readonly IrFunction[] = []): CallGraph {
  const stores = collectStores(program);
  const targets = (instr: Instr & { readonly op: 'call' }): readonly string[] => {
    const callee = objectOf(instr.callee);
    if (callee.kind === 'ident') return [callee.name];
    const member = pointerMember(callee);
    return member === undefined ? [] : (stores.get(member) ?? []);
  };
  let callers: ReadonlyMap<string, readonly CallSite[]> | undefined;
  const callersOf = (name: string): readonly CallSite[] => {
    callers ??= collectCallers([...program.functions.values(), ...extra], targets);
    return callers.get(name) ?? [];
  };
  return { targets, callersOf };
}

function collectCallers(
  functions: readonly IrFunction[],
  targets: CallGraph['targets'],
): ReadonlyMap<string, readonly CallSite[]> {
  const callers = new Map<string, CallSite[]>();
  for (const f of functions)
    for (const { pc, call } of ownOf(f).calls)
      for (const t of targets(call)) {
        const sites = callers.get(t) ?? [];
        sites.push({ caller: f.name, pc });
        callers.set(t, sites);
      }
  return callers;
}
