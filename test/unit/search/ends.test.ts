/** Programs that end, and programs of which no run does. */
import { describe, expect, it } from 'vitest';
import { comesToAnEnd } from '../../../server/search/index.js';
import { make } from '../machine/support.js';

describe('a program', () => {
  it.each([
    ['a task that ends', 'int n; __thread("a") void a(void) { n = 1; }'],
    [
      'tasks that wait for each other',
      'int n, m; __thread("a") void a(void) { __wait(n); m = 1; } __thread("b") void b(void) { __wait(m); n = 1; }',
    ],
    [
      'a task that tries again until another has moved',
      'int n; __thread("a") void a(void) { while (!n) n = n; } __thread("b") void b(void) { n = 1; }',
    ],
    [
      'a daemon that rests',
      'int n; __daemon("d") void d(void) { for (;;) { __idle(n); n = 0; } } __thread("a") void a(void) { n = 1; }',
    ],
  ])('comes to an end: %s', (_, text) => {
    expect(comesToAnEnd(make(text).machine)).toBe(true);
  });

  it.each([
    ['a task that goes round', 'int n; __thread("a") void a(void) { while (n == 0) n = 0; }'],
    [
      'a daemon that never rests',
      'int n; __daemon("d") void d(void) { for (;;) n = !n; } __thread("a") void a(void) { n = 1; }',
    ],
  ])('does not: %s', (_, text) => {
    expect(comesToAnEnd(make(text).machine)).toBe(false);
  });
});
