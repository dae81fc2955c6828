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

function functionNamed(expr: IrExpr, program: Program): string | undefined {
  const object = objectOf(expr);
  return object.kind === 'ident' && program.functions.has(object.name) ? object.name : undefined;
}

function collectStores(program: Program): Map<string, Set<string>> {
  const byMember = new Map<string, Set<string>>();
  const note = (target: IrExpr, value: IrExpr): void => {
    const name = functionNamed(value, program);
    if (name === undefined || target.kind !== 'member') return;
    const set = byMember.get(target.name) ?? new Set<string>();
    set.add(name);
    byMember.set(target.name, set);
  };
  for (const g of program.globals.values()) for (const i of g.init) note(i.target, i.value);
  for (const f of program.functions.values())
    for (const i of f.code) if (i.op === 'assign') note(i.target, i.value);
  return byMember;
}

export function callGraph(program: Program, extra: readonly IrFunction[] = []): CallGraph {
  const stores = collectStores(program);
  const targets = (instr: Instr & { readonly op: 'call' }): readonly string[] => {
    const callee = objectOf(instr.callee);
    if (callee.kind === 'ident') return [callee.name];
    const member = pointerMember(callee);
    return member === undefined ? [] : [...(stores.get(member) ?? [])].sort();
  };
  const callers = new Map<string, CallSite[]>();
  const scan = (f: IrFunction): void =>
    f.code.forEach((instr, pc) => {
      if (instr.op !== 'call') return;
      for (const t of targets(instr)) {
        const sites = callers.get(t) ?? [];
        sites.push({ caller: f.name, pc });
        callers.set(t, sites);
      }
    });
  for (const f of program.functions.values()) scan(f);
  for (const f of extra) scan(f);
  return { targets, callersOf: (name) => callers.get(name) ?? [] };
}
