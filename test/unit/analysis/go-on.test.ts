import { describe, expect, it } from 'vitest';
import { goOn } from '../../../server/analysis/go-on.js';
import { explore, findingAfter } from '../../../server/search/index.js';
import { LOCKS, make } from '../search/support.js';

/** first takes a, b; second takes b, a: a deadlock when both have their first lock. */
const { machine } = make(`${LOCKS}
struct mutex a, b;
__thread("first") void first(void) { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
__thread("second") void second(void) { mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }
`);
const [FIRST, SECOND] = [0, 1];

function threads(schedule: ReturnType<typeof goOn>): string {
  return typeof schedule === 'string' ? schedule : schedule.map((d) => d.thread).join('');
}

describe('going on with another thread', () => {
  const [witness] = explore(machine, { states: 1000, expired: () => false }).witnesses;
  const deadlock = witness?.schedule ?? [];

  it('begins from a deadlock of two steps', () => {
    expect(threads(deadlock)).toMatch(/^(01|10)$/);
  });

  it('letting the same thread take both locks ends without a finding', () => {
    const kept = deadlock.slice(0, 1);
    const schedule = goOn(machine, kept, kept[0]?.thread ?? FIRST);
    expect(threads(schedule)).toMatch(/^(00001111|11110000)$/);
    expect(findingAfter(machine, typeof schedule === 'string' ? [] : schedule)).toBeUndefined();
  });

  it('from the start any thread can be chosen, and runs as long as it can', () => {
    expect(threads(goOn(machine, [], SECOND))).toBe('11110000');
  });

  it('after the other first step it runs into the deadlock again', () => {
    const schedule = goOn(machine, [{ thread: FIRST, choices: [] }], SECOND);
    expect(threads(schedule)).toBe('01');
    expect(findingAfter(machine, typeof schedule === 'string' ? [] : schedule)?.property).toBe(
      'deadlock',
    );
  });

  it('says why it cannot be done', () => {
    expect(goOn(machine, deadlock, FIRST)).toBe('first cannot move here');
    expect(goOn(machine, [], 7)).toBe('there is no thread 7');
    expect(goOn(machine, [...deadlock, { thread: FIRST, choices: [] }], SECOND)).toBe(
      'the schedule does not run on this model',
    );
  });
});
