/** What the language finds by itself, in Spin: same findings, same number of states. */
import { describe, expect, it } from 'vitest';
import { make } from '../unit/machine/support.js';
import { LANGUAGE } from '../unit/search/language.js';
import { DEPTH_FIRST, differences, ours, promela, spin } from './support.js';

describe('Spin and the search agree', () => {
  it.each(LANGUAGE)(
    'on $name',
    ({ text, answer }) => {
      const { machine, table } = make(text);
      const other = spin(promela(machine, table), DEPTH_FIRST);
      expect(other.verdict).toEqual(answer);
      expect(differences(ours(machine), other)).toEqual([]);
    },
    60_000,
  );
});
