/**
 * Flows of functions that several programs share. The flow of a function depends on what is held at
 * its entry and on what its calls do; both are kept beside it, and it is taken again where another
 * program gives the same. Calls are asked about in the order in which the flow asks.
 */
import type { Instr, IrFunction } from '../csource/ir.js';
import type { Effects, FlowResult } from './flow.js';
import { analyseFunction } from './flow.js';
import type { HeldSet } from './held.js';
import type { Summary } from './summary.js';

interface Kept {
  readonly asked: ReadonlyMap<Instr & { readonly op: 'call' }, readonly Summary[]>;
  readonly flow: FlowResult;
}

function same(a: readonly Summary[], b: readonly Summary[]): boolean {
  return a.length === b.length && a.every((s, i) => s === b[i]);
}

/** Results kept of one function and entry, and entries of one function. */
const CAPACITY = 8;
const ENTRIES = 64;

export class SharedFlows {
  readonly #kept = new WeakMap<IrFunction, Map<string, Kept[]>>();
  #count = 0;

  /** How often a function was really analysed, for exact work counts in tests. */
  get count(): number {
    return this.#count;
  }

  flow(fn: IrFunction, entry: HeldSet, effects: Effects): FlowResult {
    const byEntry = this.#kept.get(fn) ?? new Map<string, Kept[]>();
    this.#kept.set(fn, byEntry);
    const key = entry.length === 0 ? '' : JSON.stringify(entry);
    const kept = byEntry.get(key) ?? [];
    const oldest = byEntry.keys().next().value;
    if (kept.length === 0 && byEntry.size >= ENTRIES && oldest !== undefined)
      byEntry.delete(oldest);
    byEntry.set(key, kept);
    const known = kept.find(({ asked }) => agrees(asked, effects));
    if (known) return known.flow;
    this.#count++;
    const asked = new Map<Instr & { readonly op: 'call' }, readonly Summary[]>();
    const flow = analyseFunction(fn, entry, (instr) => {
      const answer = asked.get(instr) ?? effects(instr);
      asked.set(instr, answer);
      return answer;
    });
    if (kept.length >= CAPACITY) kept.shift();
    kept.push({ asked, flow });
    return flow;
  }
}

function agrees(asked: Kept['asked'], effects: Effects): boolean {
  for (const [instr, answer] of asked) if (!same(effects(instr), answer)) return false;
  return true;
}
