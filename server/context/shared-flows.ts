/**
 * Flows of functions that several programs share. The flow of a function depends on what is held at
 * its entry and on what its calls do; both are kept beside it, and it is taken again where another
 * program gives the same. Calls are asked about in the order in which the flow asks.
 */
import type { Instr, IrExpr, IrFunction } from '../csource/ir.js';
import type { Folding } from './constants.js';
import type { Callees, FlowResult } from './flow.js';
import { analyseFunction } from './flow.js';
import type { HeldSet } from './held.js';
import { pathText } from './paths.js';
import type { Summary, TokenEffect } from './summary.js';

type Call = Instr & { readonly op: 'call' };

interface Answer {
  readonly effects: Summary | undefined;
  readonly folds: boolean;
  readonly required: readonly TokenEffect[];
  readonly accessor: IrExpr | undefined;
  readonly known: boolean;
}

interface Kept {
  readonly asked: ReadonlyMap<Call, Answer>;
  readonly flow: FlowResult;
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
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

  flow(fn: IrFunction, entry: HeldSet, callees: Callees, folding: Folding): FlowResult {
    const byEntry = this.#kept.get(fn) ?? new Map<string, Kept[]>();
    this.#kept.set(fn, byEntry);
    const key = folding.key + (entry.length === 0 ? '' : JSON.stringify(entry));
    const kept = byEntry.get(key) ?? [];
    const oldest = byEntry.keys().next().value;
    if (kept.length === 0 && byEntry.size >= ENTRIES && oldest !== undefined)
      byEntry.delete(oldest);
    byEntry.set(key, kept);
    const known = kept.find(({ asked }) => agrees(asked, callees));
    if (known) return known.flow;
    this.#count++;
    const asked = new Map<Call, Answer>();
    const ask = (call: Call): Answer => {
      const answer = asked.get(call) ?? answerOf(call, callees);
      asked.set(call, answer);
      return answer;
    };
    const asking: Callees = {
      effects: (call) => ask(call).effects,
      required: (call) => ask(call).required,
      accessor: (call) => ask(call).accessor,
      knows: (call) => ask(call).known,
      folds: (call) => ask(call).folds,
    };
    const flow = analyseFunction(fn, entry, asking, folding);
    if (kept.length >= CAPACITY) kept.shift();
    kept.push({ asked, flow });
    return flow;
  }
}

function answerOf(call: Call, callees: Callees): Answer {
  return {
    effects: callees.effects(call),
    required: callees.required(call),
    accessor: callees.accessor(call),
    known: callees.knows(call),
    folds: callees.folds(call),
  };
}

function agrees(asked: Kept['asked'], callees: Callees): boolean {
  for (const [call, { effects, required, accessor, known, folds }] of asked) {
    const now = callees.accessor(call);
    if (
      callees.effects(call) !== effects ||
      !same(callees.required(call), required) ||
      callees.knows(call) !== known ||
      callees.folds(call) !== folds ||
      (now && pathText(now)) !== (accessor && pathText(accessor))
    )
      return false;
  }
  return true;
}
