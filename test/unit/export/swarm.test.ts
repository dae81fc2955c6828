import { describe, expect, it } from 'vitest';
import { merged, resultOf } from '../../../scripts/swarm.mjs';

const FOUND = 'pan:1: deadlock: a waits in f (at depth 12)\n   40 states, stored\n';
const NONE = '   1.5e+06 states, stored\n';

describe('a swarm', () => {
  it('finds what any of its runs finds', () => {
    const results = [resultOf('R1#1', NONE), resultOf('R1#2', FOUND), resultOf('R2#1', NONE)];
    expect(merged(results)).toEqual([
      'R1: found (2 runs, up to 1500000 states)',
      '  deadlock: a waits in f',
      'R2: none found (1 runs, up to 1500000 states)',
    ]);
  });

  it('does not take a run that was cut off for one that found nothing', () => {
    const deep = `error: max search depth too small\n${NONE}`;
    expect(merged([resultOf('R1#1', ''), resultOf('R1#2', deep), resultOf('R1#3', NONE)])).toEqual([
      'R1: none found (3 runs, 2 cut off, up to 1500000 states)',
    ]);
  });
});
