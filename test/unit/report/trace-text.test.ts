import { describe, expect, it } from 'vitest';
import { traceText } from '../../../server/report/trace-text.js';
import { TRACE } from '../trace-view/sample.js';

/** Lines of threads and functions, and of the statements. */
function outline(text: string): readonly string[] {
  return text.split('\n').filter((l) => /^ *(\[|in |\d+ {2})/.test(l));
}

describe('a trace as text', () => {
  it('names the function where a thread enters another one', () => {
    const [first, second, ...rest] = TRACE.steps;
    if (!first || !second) throw new Error('no steps');
    const helper = { ...first, function: 'take_a', text: 'helper(obj);' };
    const steps = [first, helper, second, ...rest];
    expect(outline(traceText({ ...TRACE, steps }))).toEqual([
      '[writer] in write_item():',
      ' 1  take_a(obj);',
      '    in take_a():',
      ' 1  helper(obj);',
      '             [worker] in work_item():',
      '              2  take_b(obj);',
      '                          [disk] in work_item():',
      '                           3  ack();',
      '[writer] in write_item():',
      ' 4  obj->count++;',
      ' 5  put_c(obj);',
    ]);
  });

  it('does not repeat a thread that is called like its function', () => {
    const steps = TRACE.steps.map((s) => ({ ...s, function: TRACE.threads[s.thread]?.name ?? '' }));
    expect(traceText({ ...TRACE, steps })).not.toMatch(/\] in |^ *in /m);
  });

  it('puts the function below where the lane has no room for both', () => {
    const long = 'a_function_whose_name_is_as_long_as_names_of_functions_get';
    const steps = TRACE.steps.map((s) => ({ ...s, function: long }));
    const text = traceText({ ...TRACE, steps });
    expect(text).toContain('[disk]\n');
    expect(Math.max(...text.split('\n').map((l) => l.length))).toBeLessThanOrEqual(72);
  });

  it('tells the way to the function that a step was in, and what that called', () => {
    const [step] = TRACE.steps;
    if (!step) throw new Error('no step');
    const shown = (path: readonly string[], calls: readonly (readonly string[])[]): string =>
      traceText({ ...TRACE, steps: [{ ...step, stack: [], calls: [], way: { path, calls } }] });
    expect(shown(['a', 'b'], [['c'], ['d', 'e'], ['f', 'g', 'h']])).toContain(
      'a() > b(): c(), d() > e(), f() > … > h()',
    );
    const way = { first: [['x'], ['y', 'z']], path: ['a'], calls: [['b']] };
    const text = traceText({ ...TRACE, steps: [{ ...step, stack: [], calls: [], way }] });
    expect(text).toMatch(/first x\(\), y\(\) > z\(\)\n +a\(\) > b\(\)\n/);
    expect(shown(['a'], [['b', 'c']])).toContain('a() > b() > c()');
    expect(shown(['take_a'], [])).not.toContain('take_a()');
    expect(shown([], [['take_a'], ['b']])).toContain('take_a(), b()');
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((c) => [c]);
    expect(shown([], many)).toContain('a(), b(), …, e(), f(), g(), h()');
  });

  it('leaves out the only call of a step when its statement names it', () => {
    const [step] = TRACE.steps;
    if (!step) throw new Error('no step');
    const shown = (calls: readonly string[]): string =>
      traceText({ ...TRACE, steps: [{ ...step, stack: [], calls }] });
    expect(shown(['take_a'])).not.toContain('take_a()');
    expect(shown(['take_a', 'inner'])).toContain('take_a() > inner()');
    expect(shown(['inner'])).toContain('inner()');
  });
});
