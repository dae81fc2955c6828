/**
 * Static suspects of the rules: a place where a class is held and a call from which another is
 * waited for. A suspect is a hint; only a replayed schedule makes it a warning.
 */
import type { IrFunction, Loc } from '../csource/ir.js';
import { NO_FOLD } from './constants.js';
import type { Held, HeldSet } from './held.js';
import type { ProgramFacts, WaitFact } from './program.js';
import type { Rule } from './rules.js';

export interface Suspect {
  readonly rule: Rule;
  readonly function: string;
  /** The call or wait. */
  readonly at: Loc;
  readonly pc: number;
  readonly held: Held;
  readonly wait: WaitFact;
  /** What makes it the same finding after edits elsewhere: rule, function, callee, classes. */
  readonly key: string;
}

function strongest(held: HeldSet, cls: string): Held | undefined {
  const of = held.filter((h) => h.class === cls);
  return of.find((h) => h.certain) ?? of[0];
}

/** Suspects in one function (of the program, or a fragment of a patch analysed beside it). */
export function suspectsIn(
  fn: IrFunction,
  facts: ProgramFacts,
  rules: readonly Rule[],
  entry: HeldSet,
): readonly Suspect[] {
  const { before } = facts.shared.flow(fn, entry, facts, NO_FOLD);
  const out: Suspect[] = [];
  fn.code.forEach((instr, pc) => {
    const held = before[pc];
    if (!held || held.length === 0 || (instr.op !== 'call' && instr.op !== 'intrinsic')) return;
    for (const rule of rules) {
      const h = strongest(held, rule.held);
      if (!h) continue;
      const wait = facts.waitsAt(fn, pc, rule.held).find((w) => w.class === rule.waits);
      if (!wait) continue;
      const key = `${rule.id}|${fn.name}|${wait.chain.slice(1).join('>')}|${h.class}`;
      out.push({ rule, function: fn.name, at: instr.loc, pc, held: h, wait, key });
    }
  });
  return out;
}
