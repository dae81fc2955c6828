/** Bugs that the language finds by itself, each beside the same program without the bug. */
import { describe, expect, it } from 'vitest';
import { findingLabel } from '../../../server/export/index.js';
import { explore } from '../../../server/search/index.js';
import type { ExploreOptions } from '../../../server/search/index.js';
import { make } from '../machine/support.js';
import { LANGUAGE } from './language.js';

function labels(text: string, options: ExploreOptions): readonly string[] {
  const { machine } = make(text);
  const found = explore(machine, { states: 1e6, expired: () => false }, options);
  if (!found.complete) return ['not complete'];
  const all = [...new Set(found.witnesses.map((w) => findingLabel(w.key.id)))].sort();
  return all.length > 0 ? all : ['none'];
}

describe('the language', () => {
  it.each(LANGUAGE)('judges $name', ({ text, answer }) => {
    expect(labels(text, {})).toEqual(answer);
    expect(labels(text, { reduce: false })).toEqual(answer);
    expect(labels(text, { interpret: true })).toEqual(answer);
  });
});
