/** What a step did below its statement, from the stacks of its micro-steps. */
import { describe, expect, it } from 'vitest';
import type { StackFrame } from '../../../server/machine/types.js';
import { wayOf } from '../../../server/search/way.js';

/** `thread@1 f@3 g@2`: functions, outermost first, each with the place of its statement. */
function stack(text: string): readonly StackFrame[] {
  return text.split(' ').map((frame) => {
    const [name = '', place = '0'] = frame.split('@');
    const at = { src: 0, start: Number(place), end: Number(place) + 1 };
    return { function: name, loc: at, stmt: at };
  });
}

const stacks = (...texts: readonly string[]): (readonly StackFrame[])[] => texts.map(stack);

describe('a statement that has ended', () => {
  it('tells what it called, in order, and again what it called again', () => {
    const ran = stacks('t@1 f@1', 't@1 f@2', 't@1 g@1', 't@1 f@1');
    expect(wayOf(ran, 0, undefined)).toEqual({ path: [], calls: [['f'], ['g'], ['f']] });
  });

  it('goes through callees that are the only ones', () => {
    const ran = stacks('t@1 f@1 g@1', 't@1 f@1 g@2 a@1', 't@1 f@1 g@3 b@1 c@1');
    expect(wayOf(ran, 0, undefined)).toEqual({ path: ['f', 'g'], calls: [['a'], ['b', 'c']] });
  });

  it('has nothing to tell of a step without calls', () => {
    expect(wayOf(stacks('t@1'), 0, undefined)).toEqual({ path: [], calls: [] });
  });
});

describe('a statement that goes on later', () => {
  const ran = stacks(
    't@1 lock@1',
    't@1 f@1 g@1 look@1',
    't@1 f@1 g@2 start@1',
    't@1 f@1 g@3 down@1',
  );

  it('tells the function where the thread stands, and first what had returned', () => {
    const standing = { stack: stack('t@1 f@1 g@3 down@2'), stays: false };
    expect(wayOf(ran, 0, standing)).toEqual({
      first: [['lock']],
      path: ['f', 'g'],
      calls: [['look'], ['start'], ['down']],
    });
  });

  it('tells where it stays', () => {
    const standing = { stack: stack('t@1 f@1 g@4 wait@1 sleep@1'), stays: true };
    expect(wayOf(ran, 0, standing).calls.at(-1)).toEqual(['wait', 'sleep']);
    expect(wayOf(ran, 0, { ...standing, stays: false }).calls.at(-1)).toEqual(['down']);
  });

  it('takes another statement for the end of this one', () => {
    const standing = { stack: stack('t@2 h@1'), stays: false };
    expect(wayOf(ran, 0, standing)).toEqual(wayOf(ran, 0, undefined));
  });
});
