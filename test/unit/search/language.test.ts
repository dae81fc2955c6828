/** Bugs that the language finds by itself, each beside the same program without the bug. */
import { describe, expect, it } from 'vitest';
import { findingLabel } from '../../../server/export/index.js';
import { explore } from '../../../server/search/index.js';
import type { ExploreOptions } from '../../../server/search/index.js';
import { make } from '../machine/support.js';
import { HELD_LOCKS } from './held-locks.js';
import { LANGUAGE } from './language.js';

function labels(text: string, options: ExploreOptions): readonly string[] {
  const { machine } = make(text);
  const found = explore(machine, { states: 1e6, expired: () => false }, options);
  if (!found.complete) return ['not complete'];
  const all = [...new Set(found.witnesses.map((w) => findingLabel(w.key.id)))].sort();
  return all.length > 0 ? all : ['none'];
}

describe('allocation', () => {
  const program = (size: number): string => `struct obj { int a; }; struct obj pool[${size}] __pool;
    __thread("a") void a(void) { struct obj *o = __alloc(pool); o->a = 1; o->a = 2; }
    __thread("b") void b(void) { struct obj *o = __alloc(pool); o->a = 3; o->a = 4; }`;
  const states = (size: number): number =>
    explore(make(program(size)).machine, { states: 1e6, expired: () => false }, { reduce: false })
      .states;

  it('in one order is as in the other: threads with four places each have sixteen states', () => {
    expect(states(2)).toBe(16);
    expect(states(5)).toBe(16);
  });
});

describe('the language', () => {
  it.each([...LANGUAGE, ...HELD_LOCKS])('judges $name', ({ text, answer }) => {
    expect(labels(text, {})).toEqual(answer);
    expect(labels(text, { reduce: false })).toEqual(answer);
    expect(labels(text, { interpret: true })).toEqual(answer);
  });
});
