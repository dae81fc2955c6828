import { describe, expect, it } from 'vitest';
import { exportPromela, findingLabel } from '../../../server/export/index.js';
import type { Exported } from '../../../server/export/index.js';
import { LOCKS, make } from '../machine/support.js';

function exported(text: string): { readonly made: Exported; readonly slice: readonly string[] } {
  const { machine, table } = make(text);
  const made = exportPromela(machine.program, table, machine, { title: ['T1: a "title"'] });
  return { made, slice: made.problems.map((p) => `${table.slice(p.loc)}: ${p.message}`) };
}

function promela(text: string): string {
  return exported(text).made.text ?? '';
}

/** Number of options of the process of one thread. */
function options(text: string, process: string): number {
  const [, body = ''] = text.split(`active proctype ${process}()`);
  return (body.split('active proctype')[0] ?? '').split(':: d_step').length - 1;
}

describe('the Promela export', () => {
  it('names its scenario, its threads, its functions and the lines of its statements', () => {
    const text = promela(`int x;
void count(void) { int n = x; x = n + 1; }
__thread("punch hole") void punch(void) { count(); }
__daemon("worker") void worker(void) { for (;;) __idle(x); }`);
    expect(text).toContain(` * T1: a 'title'`);
    expect(text).toContain('/* thread punch hole */\nactive proctype t0_punch_hole()');
    expect(text).toContain('/* daemon worker */\nactive proctype t1_worker()');
    expect(text).toContain('/* count: slots 3 n */');
    expect(text).toContain(' * 4096 x\n');
    expect(text).toContain('// t0.c:2: x = n + 1');
    expect(text).toContain('"count (t0.c:2: x = n + 1)"');
  });

  it('stores only what threads write', () => {
    const text = promela('int a, b[3], c; __thread("t") void t(void) { a = b[0] + c; }');
    expect(text).toContain('c_state "int mem[1]" "Global"');
  });

  it('gives a thread one option for each combination of choices of a step', () => {
    const text = promela(`int x, y; __thread("a") void a(void) { x = __choose(3); x = __choose(2); }
      __thread("b") void b(void) { __atomic { y = __choose(2) + __choose(3); } }
      __thread("c") void c(void) { y = 1; }`);
    expect(['t0_a', 't1_b', 't2_c'].map((p) => options(text, p))).toEqual([3, 6, 1]);
  });

  it('refuses recursion, at the function', () => {
    const { made, slice } = exported(`int x; void even(int n);
      void odd(int n) { if (n > 0) even(n - 1); } void even(int n) { if (n > 0) odd(n - 1); }
      __thread("t") void t(void) { odd(2); }`);
    expect(made.text).toBeUndefined();
    expect(slice).toEqual(['odd: recursion cannot be exported: odd calls even calls odd']);
  });

  it('sizes stacks by the deepest calls', () => {
    const one = (body: string): number => {
      const text = promela(
        `int x; void low(void) { x = 1; } void high(void) { low(); } __thread("t") void t(void) { ${body} }`,
      );
      return Number(/int st0\[(\d+)\]/.exec(text)?.[1]);
    };
    expect(one('high();')).toBe(one('low();') + 3);
    expect(one('low(); low();')).toBe(one('low();'));
  });

  it('keeps quotes, braces and backslashes of the user out of C strings', () => {
    const text = promela(
      `${LOCKS} int x; __thread("t") void t(void) { __assert(x == 0, "a {\\"b\\"} \\\\ c"); }`,
    );
    const [, said = ''] = /rl_fail\("assert", "%s", "([^\n]*)"\);/.exec(text) ?? [];
    expect(said).not.toBe('');
    expect(said).not.toMatch(/["{}\\]/);
  });

  it('calls a finding as the exported model does', () => {
    expect(findingLabel('deadlock: a waits x in f holding y')).toBe('deadlock');
    expect(findingLabel('invariant: order: t')).toBe('invariant: order');
    expect(findingLabel('assert: t: a["b"] == {1}')).toBe(`assert: t: a['b'] == (1)`);
    expect(findingLabel('final: last: x < 3')).toBe('final: last: x < 3');
  });
});
