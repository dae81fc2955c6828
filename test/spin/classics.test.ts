/** Programs with a known answer in Spin, breadth first. */
import { describe, expect, it } from 'vitest';
import { make } from '../unit/machine/support.js';
import { CLASSICS } from '../unit/search/classics.js';
import { BREADTH_FIRST, ours, promela, spin } from './support.js';

describe('Spin gives the known answer', () => {
  it.each(CLASSICS)(
    'to $name, in as many steps as the search',
    ({ text, answer }) => {
      const { machine, table } = make(text);
      const other = spin(promela(machine, table), BREADTH_FIRST);
      expect(other.complete && other.verdict).toEqual(answer);
      expect(ours(machine, {}).lengths).toEqual(other.lengths);
    },
    60_000,
  );
});
