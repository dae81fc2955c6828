/**
 * Suspects of a whole file. Only some rules hold for code whose kernel version is not known: those for
 * which the kernel's C says how the call itself makes its cycle, `__closes("RL-…", "class")`: it also
 * waits for this class, so it does what ends the wait and does not only wait for somebody who does.
 *
 * What is held was taken in the same function and on all paths, and the suspect shows with the oldest
 * kernel of the model and with the latest.
 */
import type { ProgramFacts } from '../context/program.js';
import type { Rule } from '../context/rules.js';
import type { Suspect } from '../context/suspects.js';
import { suspectsIn } from '../context/suspects.js';
import type { IrFunction } from '../csource/ir.js';

/** A reading of the file in one kernel version. */
export interface VersionReading {
  readonly facts: ProgramFacts;
  readonly functions: readonly IrFunction[];
}

/** What a call must also wait for, by rule. */
export type Closing = ReadonlyMap<string, string>;

function suspectsOf(
  { facts, functions }: VersionReading,
  rules: readonly Rule[],
  closing: Closing,
): readonly Suspect[] {
  const applied = rules.filter((r) => closing.has(r.id));
  return functions
    .flatMap((fn) =>
      suspectsIn(fn, facts, applied, facts.entry(fn.name)).map((suspect) => ({ fn, suspect })),
    )
    .filter(({ fn, suspect: { rule, pc, held } }) => {
      const also = closing.get(rule.id);
      return (
        held.certain &&
        held.from === 'here' &&
        facts.waitsAt(fn, pc, rule.held).some((w) => w.class === also)
      );
    })
    .map(({ suspect }) => suspect);
}

/** Suspects that both versions show; `older` is read only when the latest has any. */
export function wholeSuspects(
  latest: VersionReading,
  older: () => VersionReading,
  rules: readonly Rule[],
  closing: Closing,
): readonly Suspect[] {
  const found = suspectsOf(latest, rules, closing);
  if (found.length === 0) return [];
  const places = new Set(
    suspectsOf(older(), rules, closing).map((s) => `${s.rule.id}|${s.function}|${s.at.start}`),
  );
  const both = found.filter((s) => places.has(`${s.rule.id}|${s.function}|${s.at.start}`));
  // the innermost one says it; those above it only call it
  const inner = new Set(both.map((s) => `${s.rule.id}|${s.function}`));
  return both.filter((s) => !s.wait.chain.slice(1).some((f) => inner.has(`${s.rule.id}|${f}`)));
}
