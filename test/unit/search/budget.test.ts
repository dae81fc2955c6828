import { describe, expect, it } from 'vitest';
import { Exploration, explore } from '../../../server/search/index.js';
import { make } from '../machine/support.js';
import { generatedLocks } from './generated-locks.js';
import { generated } from './generated.js';

/** Six threads that step on one another: more states than any budget here. */
const WIDE = `int x[6], sum; ${Array.from(
  { length: 6 },
  (_, t) =>
    `__thread("t${t}") void t${t}(void) { for (int i = 0; i < 9; i++) { sum = x[${t}]; x[${t}] = i; } }`,
).join('\n')}`;

/** Processor time, which does not count what others do on this machine. */
const milliseconds = (): number => process.cpuUsage().user / 1000;
const never = (): boolean => false;

describe('a budget', () => {
  it('says what has stopped the search', () => {
    const { machine } = make(WIDE);
    const states = explore(machine, { states: 5_000, expired: never });
    expect([states.complete, states.stopped]).toEqual([false, 'states']);
    const memory = explore(machine, { states: Infinity, bytes: 1 << 20, expired: never });
    expect([memory.complete, memory.stopped]).toEqual([false, 'memory']);
    expect(memory.states).toBeGreaterThan(10_000);
    const time = explore(machine, { states: Infinity, expired: () => true });
    expect([time.complete, time.stopped, time.states]).toEqual([false, 'time', 1]);
  });

  it.each([false, true])('ends within 200 ms of being cancelled (interpreter: %s)', (interpret) => {
    const { machine } = make(WIDE);
    let asked = 0;
    let longest = 0;
    let last = milliseconds();
    const expired = (): boolean => {
      const now = milliseconds();
      if (asked > 0) longest = Math.max(longest, now - last);
      last = now;
      return ++asked > 2_000;
    };
    const result = explore(machine, { states: Infinity, expired }, { interpret });
    expect(result.stopped).toBe('time');
    expect(Math.max(longest, milliseconds() - last)).toBeLessThan(200);
  });

  it.each([false, true])('can be raised: the search goes on (interpreter: %s)', (interpret) => {
    for (let seed = 0; seed < 40; seed++) {
      const { machine } = make(seed % 2 === 0 ? generated(seed) : generatedLocks(seed));
      const whole = explore(machine, { states: 100_000, expired: never }, { interpret });
      const parts = new Exploration(machine, { interpret });
      for (let states = 10; states < 3_000; states *= 3) parts.run({ states, expired: never });
      const { stopped, ...rest } = parts.run({ states: 100_000, expired: never });
      expect(stopped).toBeUndefined();
      expect(rest).toEqual(whole);
    }
  });
});
