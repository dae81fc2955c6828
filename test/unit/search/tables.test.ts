import { describe, expect, it } from 'vitest';
import { explore } from '../../../server/search/index.js';
import type { ExploreOptions } from '../../../server/search/index.js';
import type { SearchResult } from '../../../server/search/types.js';
import { generated } from './generated.js';
import { make } from '../machine/support.js';

const BUDGET = { states: 200_000, expired: () => false };

function summary(r: SearchResult): unknown {
  return {
    complete: r.complete,
    states: r.states,
    transitions: r.transitions,
    witnesses: r.witnesses.map((w) => `${w.key.id} in ${w.schedule.length}`).sort(),
  };
}

describe('the search over tables', () => {
  it.each(Array.from({ length: 10 }, (_, i) => i * 25))(
    'sees the same states, steps and findings as the interpreter in programs %i and on',
    (from) => {
      for (let seed = from; seed < from + 25; seed++) {
        const text = generated(seed);
        const { machine } = make(text, seed % 2);
        const of = (options: ExploreOptions): unknown =>
          summary(explore(machine, BUDGET, { raw: true, reduce: false, ...options }));
        const interpreted = of({ interpret: true });
        for (const loop of ['plain', 'generated'] as const)
          expect(of({ loop }), `program ${seed}, ${loop}\n${text}`).toEqual(interpreted);
      }
    },
  );
});
