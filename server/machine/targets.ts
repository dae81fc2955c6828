/** Which functions a call through a pointer may reach: by the member it was loaded from, else by arity. */
import type { IrExpr, IrFunction, Part } from '../csource/ir.js';
import type { Linkage } from './linkage.js';
import type { CompiledFunction, Target } from './ops.js';
import { reachableNames } from '../csource/reach.js';

/** Name of a function used as a value, through casts and `&`. */
function functionName(e: IrExpr, program: Part): string | undefined {
  if (e.kind === 'ident')
    return program.functions.has(e.name) && !program.globals.has(e.name) ? e.name : undefined;
  if (e.kind === 'cast') return functionName(e.operand, program);
  if (e.kind === 'unary' && e.op === '&') return functionName(e.operand, program);
  return undefined;
}

function memberName(e: IrExpr): string | undefined {
  if (e.kind === 'member') return e.name;
  return e.kind === 'index' ? memberName(e.object) : undefined;
}

export class CallTargets {
  readonly #link: Linkage;
  readonly #byMember = new Map<string, Set<string>>();
  /** Members into which a pointer of unknown origin is stored. */
  readonly #open = new Set<string>();

  readonly #reachable: ReadonlySet<string>;

  /** `roots`: all functions that start by themselves. */
  constructor(program: Part, link: Linkage, roots: readonly CompiledFunction[]) {
    this.#link = link;
    const { functions, globals } = program;
    this.#reachable = reachableNames(
      { code: (name) => functions.get(name)?.code, init: (name) => globals.get(name)?.init },
      roots.map((fn) => fn.name),
    );
    for (const g of program.globals.values()) {
      if (!this.#reachable.has(g.name)) continue;
      for (const { target, value } of g.init) this.#store(target, value, program, undefined);
    }
    for (const fn of program.functions.values()) {
      if (!this.#reachable.has(fn.name)) continue;
      for (const instr of fn.code)
        if (instr.op === 'assign') this.#store(instr.target, instr.value, program, fn);
    }
  }

  #store(target: IrExpr, value: IrExpr, program: Part, fn: IrFunction | undefined): void {
    const member = memberName(target);
    if (member === undefined) return;
    const name = functionName(value, program);
    if (name !== undefined) {
      const known = this.#byMember.get(member) ?? new Set<string>();
      known.add(name);
      this.#byMember.set(member, known);
      return;
    }
    if (value.kind === 'number') return;
    const type = program.types.typeOf(target, fn);
    const same = memberName(value) === member;
    if (type.kind === 'pointer' && type.to.kind === 'function' && !same) this.#open.add(member);
  }

  of(target: Target): readonly CompiledFunction[] {
    if (target.k === 'name') return this.#functions([target.name]);
    /* A member into which nothing is stored is NULL: a call through it is an error, not a call. */
    if (target.k === 'member' && !this.#open.has(target.member))
      return this.#functions([...(this.#byMember.get(target.member) ?? [])]);
    const { arity } = target;
    const taken = [...this.#link.taken].filter((name) => this.#reachable.has(name));
    return this.#functions(taken).filter((fn) => fn.ir.paramCount === arity);
  }

  #functions(names: readonly string[]): readonly CompiledFunction[] {
    return names.flatMap((name) => this.#link.compiled(name) ?? []);
  }
}
