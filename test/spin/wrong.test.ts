/**
 * That the comparison can fail. Each test breaks one side, and the comparison says so; the others of
 * this folder fail in the same way when the break is in the code.
 */
import { describe, expect, it } from 'vitest';
import { LOCKS, make } from '../unit/machine/support.js';
import { DEPTH_FIRST, differences, ours, promela, spin } from './support.js';

const TIME = 60_000;
const LOCKED = `${LOCKS} struct mutex m; int inside, seen;
void work(void) { mutex_lock(&m); inside++; __assert(inside == 1, "alone"); inside--; mutex_unlock(&m); }
__thread("a") void a(void) { work(); } __thread("b") void b(void) { work(); }`;

/** Differences when the exported text is changed in one way, which must be there to change. */
function broken(text: string, from: string | RegExp, to: string): readonly string[] {
  const { machine, table } = make(text);
  const right = promela(machine, table);
  expect(differences(ours(machine), spin(right, DEPTH_FIRST))).toEqual([]);
  const wrong = right.replace(from, to);
  expect(wrong).not.toBe(right);
  return differences(ours(machine), spin(wrong, DEPTH_FIRST));
}

describe('the comparison notices', () => {
  it(
    'an export that drops a wait: found by verdict in every program with a lock',
    () => {
      const all = broken(LOCKED, /if \(rl_blocks\(/, 'if (0 && rl_blocks(');
      expect(all[0]).toBe('verdicts: here none, Spin assert: work: alone');
    },
    TIME,
  );

  it(
    'an export that drops an assertion: found by verdict where it fails',
    () => {
      const text = LOCKED.replace('mutex_lock(&m); inside', 'inside').replace(
        ' mutex_unlock(&m);',
        '',
      );
      const all = broken(text, /if \([^;]*rl_fail\("assert", "%s", "alone"\);/, '');
      expect(all[0]).toMatch(/^verdicts: here assert: work: alone.*, Spin /);
    },
    TIME,
  );

  it(
    'an export that does not check a range',
    () => {
      const text = `__range(0, 2) int x; __thread("a") void a(void) { x++; x++; } __thread("b") void b(void) { x++; }`;
      const all = broken(text, 'if (v < lo || v > hi)', 'if (0)');
      expect(all[0]).toMatch(
        /^verdicts: here range: [ab]: value 3 is out of range 0..2.*, Spin none$/,
      );
    },
    TIME,
  );

  it(
    'a machine that does not check whether a value fits its cell',
    () => {
      const text = `long long w = 1; int n; __thread("a") void a(void) { w = w << 20; w = w << 20; n = 1; }`;
      const { machine, table } = make(text);
      const unchecked = make(text.replaceAll('w = w << 20;', 'w = w << 10;'));
      const other = spin(promela(machine, table), DEPTH_FIRST);
      expect(differences(ours(machine), other)).toEqual([]);
      expect(differences(ours(unchecked.machine), other)[0]).toBe(
        'verdicts: here none, Spin model-error: a: value 1099511627776 does not fit a cell',
      );
    },
    TIME,
  );

  it(
    'an export that keeps dead locals: found by the number of states',
    () => {
      const text = `int x, y; __thread("a") void a(void) { int n = x; y = n; y = 0; y = 1; } __thread("b") void b(void) { x = 1; x = 2; }`;
      const all = broken(text, '  rl_dead(pc);\n  rl_put(rl_base', '  rl_put(rl_base');
      expect(all).toEqual([expect.stringMatching(/^states: here \d+ and the start, Spin \d+$/)]);
    },
    TIME,
  );

  it(
    'a reduction that takes every thread for independent: found by verdict',
    () => {
      const text = `int x, y; __thread("a") void a(void) { x = 1; y = x; __assert(y != 2, "late"); }
        __thread("b") void b(void) { x = 2; }`;
      const { machine, table } = make(text);
      const other = spin(promela(machine, table), DEPTH_FIRST);
      const verdict = ['assert: a: late'];
      expect(other.verdict).toEqual(verdict);
      expect(ours(machine, { interpret: true }).verdict).toEqual(verdict);
      const nothing = { reads: new Uint32Array(8), writes: new Uint32Array(8) };
      Object.defineProperty(machine, 'futureBits', { value: () => nothing });
      expect(ours(machine, { interpret: true }).verdict).toEqual(['none']);
    },
    TIME,
  );
});
