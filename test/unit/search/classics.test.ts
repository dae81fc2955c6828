import { describe, expect, it } from 'vitest';
import { CLASSICS } from './classics.js';
import { keys, search } from './support.js';

describe('programs with a known answer', () => {
  it.each(CLASSICS)('$name', ({ text, answer }) => {
    const found = keys(search(text)).map((id) => (id.startsWith('deadlock') ? 'deadlock' : id));
    expect(found).toEqual(answer);
  });
});
