/**
 * That the comparison of reduced and full searches can fail. Each test breaks one rule of the reduction
 * and shows a program in which a finding, or its shortest length, is lost then and not before.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Counts } from '../../../server/search/counts.js';
import { Followed } from '../../../server/search/cover.js';
import { Frozen } from '../../../server/search/frozen.js';
import { Futures } from '../../../server/search/futures.js';
import { Questions } from '../../../server/search/questions.js';
import { TouchedSets } from '../../../server/search/touched.js';
import { search } from './support.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Every finding with the length of its witness, by the plain form of the rules: the generated one is compared with it elsewhere. */
function findings(text: string, reduce: boolean): readonly string[] {
  const { witnesses } = search(text, { raw: true, reduce, coverAt: 0, loop: 'plain' });
  return witnesses.map((w) => `${w.key.id} in ${w.schedule.length}`).sort();
}

/** Findings of a program, which the reduced search has as well as the full one. */
function right(text: string): readonly string[] {
  const full = findings(text, false);
  expect(full).not.toEqual([]);
  expect(findings(text, true)).toEqual(full);
  return full;
}

const HEAD = `bool a, b; int x, y, r, n;
  void lock(bool *l) { __atomic { __wait(!*l); *l = true; } } void unlock(bool *l) { __atomic { *l = false; } }
  void up(int *v) { __atomic { (*v)++; } } void down(int *v) { __atomic { (*v)--; } }
  void none(int *v) { __wait(!*v); }`;

/** Threads named one, two, … */
function program(...bodies: readonly string[]): string {
  const names = ['one', 'two', 'three', 'four'];
  return `${HEAD}${bodies.map((body, i) => `\n__thread("${names[i] ?? ''}") void ${names[i] ?? ''}(void) { ${body} }`).join('')}`;
}

describe('the comparison notices', () => {
  it('a count that is taken for held behind a branch in which it was not taken', () => {
    const text = program(
      'if (__choose(2)) up(&n); y = 1; r = x; __assert(r == 0, "alone");',
      '__wait(n == 1 && y == 1); none(&n); x = 1;',
      'up(&n); up(&n); down(&n); down(&n);',
    );
    const full = right(text);
    vi.spyOn(Counts.prototype, 'pins').mockReturnValue(-1);
    expect(findings(text, true)).not.toEqual(full);
  });

  it('a count that is taken for held after it was given back', () => {
    const text = program(
      'up(&n); down(&n); r = x; __assert(r == 0, "alone");',
      '__wait(n == 2); none(&n); x = 1;',
      'up(&n); up(&n); down(&n); down(&n);',
    );
    const full = right(text);
    const pins = vi.spyOn(Counts.prototype, 'pins').mockReturnValue(-1);
    expect(findings(text, true)).not.toEqual(full);
    expect(pins).toHaveBeenCalled();
  });

  it('a sum that changes places with what reads it', () => {
    const text = program('up(&n); up(&n);', 'r = n; __assert(r != 1, "one");', 'up(&n); down(&n);');
    const full = right(text);
    vi.spyOn(TouchedSets.prototype, 'conflict').mockImplementation(() => false);
    expect(findings(text, true)).not.toEqual(full);
  });

  it('a value that is not followed and surprises nobody', () => {
    const text = program(
      '__assert(r == 0 || x != 6, "end");',
      'for (int i = 0; i < 6; i++) __atomic { x++; }',
      '__wait(x >= 5, "five"); r = 1;',
    );
    const full = right(text);
    vi.spyOn(Followed.prototype, 'has').mockImplementation((_, code) => code < 2);
    vi.spyOn(Followed.prototype, 'misses').mockReturnValue(false);
    vi.spyOn(Followed.prototype, 'take').mockReturnValue(false);
    expect(findings(text, true)).not.toEqual(full);
  });

  it('a lock that is taken for held by a thread that stands still when another one holds it', () => {
    const text = program(
      'r = x; __assert(r == 0, "late");',
      'lock(&a); unlock(&a); y = 1;',
      '__wait(a); lock(&a); x = 1; unlock(&a);',
    );
    const full = right(text);
    vi.spyOn(Frozen.prototype, 'freeze').mockImplementation(function (this: Frozen) {
      this.thawed = 0;
      this.reach.set(this.least);
    });
    expect(findings(text, true)).not.toEqual(full);
  });

  it('a blocked thread for which nobody is asked to free it', () => {
    const text = program(
      'for (;;) { n = 1; n = 0; }',
      '__wait(x); __assert(y == 0, "late");',
      'y = 1; x = 1;',
    );
    const full = right(text);
    vi.spyOn(Frozen.prototype, 'changers').mockReturnValue(0);
    expect(findings(text, true)).not.toEqual(full);
  });

  it('a future that ends with the next step', () => {
    const text = program('r = x; __assert(r == 0, "set");', 'y = 1; x = 1;');
    const full = right(text);
    vi.spyOn(Futures.prototype, 'of').mockReturnValue(0);
    expect(findings(text, true)).not.toEqual(full);
  });

  it('a value that no run has met, and behind which nothing is looked for', () => {
    const text = program(
      'y = 1; r = x; __assert(r == 0, "set");',
      'x = 1; x = 0;',
      'for (;;) { n = 1; n = 0; }',
    );
    const full = right(text);
    vi.spyOn(Followed.prototype, 'misses').mockReturnValue(false);
    expect(findings(text, true)).not.toEqual(full);
  });

  it('a search that does not keep the threads that may fail', () => {
    const text = program(
      'y = 1; r = x; __assert(r == 0, "set");',
      'x = 1; x = 0;',
      'for (;;) { n = 1; n = 0; }',
    );
    const full = right(text);
    vi.spyOn(Questions.prototype, 'isOpen').mockReturnValue(false);
    expect(findings(text, true)).not.toEqual(full);
  });
});
