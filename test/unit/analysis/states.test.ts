/** Exact counts of stored states: a change of the search or of the model shows here first. */
import { expect, it } from 'vitest';
import { UNLIMITED, analyzer } from './support.js';

it.each([
  ['R1', 238],
  ['R2', 288],
  ['R3', 218],
])('%s stores exactly %i states', async (id, states) => {
  const a = await analyzer();
  for (let i = 0; i < 2; i++) {
    const result = a.run(id, { with: [], without: [] }, UNLIMITED);
    expect(typeof result === 'string' ? result : result.verdict.states).toBe(states);
  }
});
