import { describe, expect, it } from 'vitest';
import { contextBound } from '../../../server/search/context-bound.js';
import { dropSwitches, sizeOf } from '../../../server/search/drop-switches.js';
import { findingAfter } from '../../../server/search/finding.js';
import {
  decodeToken,
  encodeToken,
  explore,
  exploreFurther,
  programHash,
  replayToken,
} from '../../../server/search/index.js';
import { randomWalk } from '../../../server/search/random-walk.js';
import { replay } from '../../../server/search/replay.js';
import type { Decision, Witness } from '../../../server/search/types.js';
import type { ModelMachine } from '../../../server/machine/index.js';
import { LOCKS, make } from '../machine/support.js';
import { generatedLocks } from './generated-locks.js';
import { generated } from './generated.js';
import { TRACE_INFO } from './support.js';

const never = (): boolean => false;
const NOTHING: ReadonlySet<string> = new Set();
const LARGE = { states: 200_000, bytes: 2 ** 30, expired: never };

/** Threads that have nothing to do with the bug and step on one another. */
const noise = (threads: number, rounds: number): string =>
  `int x[${threads}], sum; ${Array.from(
    { length: threads },
    (_, t) =>
      `__thread("noise${t}") void noise${t}(void) { for (int i = 0; i < ${rounds}; i++) { sum = x[${t}]; x[${t}] = i; } }`,
  ).join('\n')}`;
const NOISE = noise(4, 9);

/** Two tasks take two locks the wrong way round, each after some work of its own. */
const ABBA = `${LOCKS}
struct mutex a, b; int done[2];
void work(int me) { for (int i = 0; i < 8; i++) done[me]++; }
__thread("first") void first(void) { work(0); mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
__thread("second") void second(void) { work(1); mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }
${noise(2, 5)}`;

const DEADLOCK =
  'deadlock: first waits b in mutex_lock holding a; second waits a in mutex_lock holding b';

/** Sixteen tasks count with `n++`: more orders of whole tasks than fit, and one preemption loses a count. */
const COUNTERS = `int n; ${Array.from(
  { length: 16 },
  (_, t) => `__thread("t${t}") void t${t}(void) { n++; }`,
).join('\n')}
__finally void all(void) { __assert(n == 16, "all counted"); }`;

/** Times that a thread which could go on had to let another run. */
function preemptions(machine: ModelMachine, schedule: readonly Decision[]): number {
  return replay(machine, schedule).filter((p, i, all) => {
    const ran = all[i - 1]?.thread;
    if (ran === undefined || ran === p.thread || p.thread >= machine.threads.length) return false;
    return machine.successors(p.before, ran)[0]?.kind === 'moved';
  }).length;
}

function reversed(schedule: readonly Decision[]): readonly Decision[] {
  return [...schedule].reverse();
}

describe('beyond the budget', () => {
  it('finds with one preemption what the breadth-first search does not reach', () => {
    const { machine } = make(ABBA);
    const budget = { states: 500, expired: never };
    expect(explore(machine, budget).witnesses).toEqual([]);
    const result = exploreFurther(machine, budget);
    expect(result.fallbacks).toMatchObject([{ kind: 'context bound', bound: 1, found: 1 }]);
    expect([result.complete, result.stopped]).toEqual([false, 'states']);
    expect(result.witnesses.map((w) => [w.key.id, w.by])).toEqual([[DEADLOCK, 'context bound']]);
  });

  it('shortens what it found, and its token replays', () => {
    const { machine, table } = make(ABBA);
    const { witnesses } = exploreFurther(machine, { states: 500, expired: never });
    const [{ schedule } = { schedule: [] }] = witnesses;
    // The noise is run to its end, since it could move; the two tasks change places as often as they must.
    expect(sizeOf(schedule).switches).toBeLessThanOrEqual(6);
    const [scenario, profile] = ['T1', '2025-07'];
    const hash = programHash(machine.program);
    const token = encodeToken({ scenario, profile, switches: [], hash, schedule });
    const decoded = decodeToken(token);
    if (decoded.kind !== 'token') throw new Error(decoded.reason);
    const again = replayToken(machine, table, decoded.token, TRACE_INFO);
    expect(again).toMatchObject({ kind: 'trace', finding: true, sameProgram: true });
    expect(again.kind === 'trace' ? again.trace.key.id : '').toBe(DEADLOCK);
  });

  it('goes on in the time that the breadth-first search leaves', () => {
    const { machine } = make(NOISE);
    const budget = { states: 200_000, expired: never, early: () => true };
    const result = exploreFurther(machine, budget);
    expect(result.stopped).toBe('time');
    expect(result.fallbacks?.map((f) => f.kind)).toContain('context bound');
  });

  it('says nothing of a search that ended by itself or by the clock', () => {
    const { machine } = make(NOISE);
    expect(exploreFurther(machine, { states: 300, expired: () => true }).fallbacks).toBeUndefined();
    const small = make(LOCKS + '__thread("t") void t(void) { }').machine;
    expect(exploreFurther(small, LARGE)).toEqual(explore(small, LARGE));
  });

  it('is never complete, not even when it has seen everything', () => {
    const { machine } = make('int x; __thread("a") void a(void) { x = 1; x = 2; x = 3; }');
    const result = exploreFurther(machine, { states: 2, expired: never });
    expect(result.fallbacks?.[0]).toMatchObject({ complete: true, found: 0 });
    expect([result.complete, result.stopped, result.witnesses]).toEqual([false, 'states', []]);
  });

  it('walks at random where whole threads are too many, by a seed', () => {
    const { machine } = make(COUNTERS);
    const budget = { states: 2_000, expired: never };
    const result = exploreFurther(machine, budget, 7);
    expect(result.fallbacks).toMatchObject([
      { kind: 'context bound', bound: 0, complete: false, found: 0 },
      { kind: 'random walk', seed: 7, found: 1 },
    ]);
    expect(result.witnesses.map((w) => [w.key.id, w.by])).toEqual([
      ['final: all: all counted', 'random walk'],
    ]);
    expect(exploreFurther(machine, budget, 7)).toEqual(result);
  });
});

describe('a context bound', () => {
  it('finds the lost update with one preemption, not without', () => {
    const text = `int x; __thread("a") void a(void) { x++; } __thread("b") void b(void) { x++; }
      __finally void both(void) { __assert(x == 2, "both counted"); }`;
    const { bound, complete, witnesses } = contextBound(make(text).machine, LARGE, NOTHING);
    expect([bound, complete]).toEqual([1, true]);
    expect(witnesses.map((w) => w.key.id)).toEqual(['final: both: both counted']);
  });

  it('does not count a switch at a wait', () => {
    const text = `int ready, asleep;
      __thread("sleeper") void sleeper(void) { asleep = 1; __wait(ready, "wake-up"); __assert(0, "awake"); }
      __thread("waker") void waker(void) { __wait(asleep, "sleeper"); ready = 1; }`;
    const { bound, witnesses } = contextBound(make(text).machine, LARGE, NOTHING);
    expect([bound, witnesses.map((w) => w.key.id)]).toEqual([0, ['assert: sleeper: awake']]);
  });

  it('sees in the end what the breadth-first search sees, each finding with fewest preemptions', () => {
    let compared = 0;
    for (let seed = 0; seed < 24; seed++) {
      const { machine } = make(seed % 2 === 0 ? generated(seed) : generatedLocks(seed));
      const all = explore(machine, { states: 4_000, expired: never }, { reduce: false });
      if (machine.problem || !all.complete) continue;
      compared++;
      const known = new Set<string>();
      let least = 0;
      // Each turn shows a key that no turn before has shown, until none is left.
      for (let turn = 0; turn <= all.witnesses.length; turn++) {
        const { bound, complete, states, witnesses } = contextBound(machine, LARGE, known);
        expect(complete).toBe(true);
        for (const { key, schedule } of witnesses) {
          expect(findingAfter(machine, schedule)?.id).toBe(key.id);
          expect(preemptions(machine, schedule)).toBe(bound);
          known.add(key.id);
        }
        expect(bound).toBeGreaterThanOrEqual(least);
        least = bound;
        if (witnesses.length === 0) expect(states).toBe(all.states);
      }
      expect([...known].sort()).toEqual(all.witnesses.map((w) => w.key.id).sort());
    }
    expect(compared).toBeGreaterThan(12);
  });

  it('stops at its states, its memory and the clock', () => {
    const { machine } = make(NOISE);
    const stops = [
      { ...LARGE, states: 500 },
      { ...LARGE, bytes: 1 },
      { ...LARGE, expired: () => true },
    ].map((budget) => contextBound(machine, budget, NOTHING));
    expect(stops.map((s) => [s.complete, s.witnesses])).toEqual(Array(3).fill([false, []]));
    expect(stops[0]?.states).toBeLessThanOrEqual(500);
  });
});

describe('a random walk', () => {
  const walk = (text: string, seed: number): ReturnType<typeof randomWalk> =>
    randomWalk(make(text).machine, seed, 20_000, LARGE, NOTHING);

  it('is the same for the same seed, and another for another', () => {
    const schedules = [1, 2, 3, 4].map((seed) => JSON.stringify(walk(ABBA, seed)));
    expect(schedules).toEqual([1, 2, 3, 4].map((seed) => JSON.stringify(walk(ABBA, seed))));
    expect(new Set(schedules).size).toBe(4);
  });

  it('makes every choice', () => {
    const text = `__thread("t") void t(void) { int a = __choose(3), b = __choose(4); __assert(a != 2 || b != 3, "not both last"); }`;
    expect(walk(text, 1).witnesses.map((w) => w.key.id)).toEqual(['assert: t: not both last']);
  });

  it('meets broken invariants and does not go on behind them', () => {
    const text = `int a, b; __thread("t") void t(void) { a = 1; b = 1; a = 0; b = 0; b = 7; }
      __thread("u") void u(void) { b = 0; }
      __invariant("order") bool order(void) { return !(b && !a); }`;
    const [witness] = walk(text, 1).witnesses;
    expect(witness?.key.id).toBe('invariant: order: t');
    expect(witness?.schedule.length).toBeLessThanOrEqual(4);
  });

  it('says so when it found nothing', () => {
    const { walks, steps, witnesses } = walk(NOISE, 1);
    expect([walks > 10, steps, witnesses]).toEqual([true, 20_000, []]);
  });
});

describe('dropping switches', () => {
  it('keeps the key and leaves out who has nothing to do with it', () => {
    const text = `int x, y; __thread("noise") void noise(void) { y = 1; y = 2; y = 3; }
      __thread("a") void a(void) { x = 1; y = 5; x = 2; }
      __thread("b") void b(void) { int v = x; y = 6; __assert(v != 1, "not between"); }`;
    const { machine } = make(text);
    const threads = [0, 1, 0, 2, 0, 1, 2, 1, 2];
    const key = { property: 'assert', id: 'assert: b: not between' } as const;
    const schedule = threads.map((thread) => ({ thread, choices: [] }));
    const shows = schedule.findIndex((_, i) => {
      const part = schedule.slice(0, i + 1);
      return replay(machine, part).at(-1)?.violation !== undefined;
    });
    const witness: Witness = { key, schedule: schedule.slice(0, shows + 1) };
    const dropped = dropSwitches(machine, witness, never);
    expect(findingAfter(machine, dropped.schedule)?.id).toBe(key.id);
    expect(dropped.schedule.map((d) => d.thread)).not.toContain(0);
    expect(sizeOf(dropped.schedule).switches).toBe(1);
    expect(dropSwitches(machine, witness, () => true)).toBe(witness);
    expect(reversed(dropped.schedule)).not.toEqual(dropped.schedule);
  });
});
