import { describe, expect, it } from 'vitest';
import { explore } from '../../../server/search/index.js';
import type { ExploreOptions } from '../../../server/search/index.js';
import type { ModelMachine } from '../../../server/machine/index.js';
import { make } from '../machine/support.js';
import { generatedCrash } from './generated.js';

const BUDGET = { states: 200_000, expired: () => false };
const BLOCKS = Array.from({ length: 8 }, (_, i) => i * 25);

function found(machine: ModelMachine, options: ExploreOptions): readonly string[] {
  const { witnesses } = explore(machine, BUDGET, options);
  return witnesses.map((w) => `${w.key.id} in ${w.schedule.length}`).sort();
}

/** All states that steps lead to, first ones first, without those behind a violation. */
function reachable(machine: ModelMachine): readonly Int32Array[] {
  const states = [machine.initial];
  const seen = new Set([machine.initial.join(',')]);
  for (const s of states)
    for (const t of machine.threads)
      for (const r of machine.successors(s, t.id)) {
        if (r.kind !== 'moved' || r.violation || seen.has(r.state.join(','))) continue;
        seen.add(r.state.join(','));
        states.push(r.state);
      }
  return states;
}

/** Texts of what a crash in a state may violate. */
function crashes(machine: ModelMachine, state: Int32Array): readonly string[] {
  return [...new Set(machine.invariants(state).flatMap((v) => (v.crash ? [v.text] : [])))].sort();
}

/** The same without choices made on the way: every subset of dirty cells is written out beforehand. */
function bySubsets(machine: ModelMachine, state: Int32Array): readonly string[] {
  const pairs: (readonly [number, number])[] = [];
  machine.memory.map.medium.forEach((behind, i) => {
    if (behind >= 0) pairs.push([i, behind]);
  });
  const all = new Set<string>();
  for (let subset = 0; subset < 1 << pairs.length; subset++) {
    const after = state.slice();
    pairs.forEach(([cached, medium], bit) => {
      if ((subset >> bit) & 1) after[medium] = after[cached] ?? 0;
      else after[cached] = after[medium] ?? 0;
    });
    for (const text of crashes(machine, after)) all.add(text);
  }
  return [...all].sort();
}

describe('programs that may crash', () => {
  it.each(BLOCKS)('show the same in every search, %i and on', (from) => {
    for (let seed = from; seed < from + 25; seed++) {
      const text = generatedCrash(seed);
      const { machine } = make(text, 0, false, 1);
      const full = found(machine, { reduce: false, raw: true });
      for (const options of [
        { reduce: false, raw: true, interpret: true },
        { raw: true, interpret: true },
        { raw: true },
        { raw: true, coverAt: 1 },
      ])
        expect(found(machine, options), `program ${seed}\n${text}`).toEqual(full);
    }
  });

  it('lose and keep cells of a write cache independently, in every state', () => {
    let failing = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { machine } = make(generatedCrash(seed), 0, false, 1);
      for (const state of reachable(machine)) {
        const expected = bySubsets(machine, state);
        expect(crashes(machine, state), generatedCrash(seed)).toEqual(expected);
        failing += expected.length;
      }
    }
    expect(failing).toBeGreaterThan(50);
  });
});
