/**
 * Covers that follow too little. Nothing is scouted, so every first cover may be surprised, and a thread
 * that goes round for ever lets a search that forgets about it put all others off.
 */
import { expect, it, vi } from 'vitest';
import type { SearchResult } from '../../../server/search/types.js';
import { generated } from './generated.js';
import { generatedLocks } from './generated-locks.js';
import { search } from './support.js';

vi.mock('../../../server/search/scout.js', () => ({ scout: (): void => undefined }));

const ROUND = `
bool round_and_round; __thread("round") void go_round(void) { for (;;) { round_and_round = true; round_and_round = false; } }`;
const PROGRAMS = 30;

/** Every finding with the length of its witness. */
function findings({ witnesses }: SearchResult): readonly string[] {
  return witnesses.map((w) => `${w.key.id} in ${w.schedule.length}`).sort();
}

it.each([
  ['mixed', generated],
  ['lock', generatedLocks],
])(
  'of %s programs with a thread that never ends are found what the full search finds',
  (_, generate) => {
    let found = 0;
    for (let seed = 0; seed < PROGRAMS; seed++) {
      const text = `${generate(seed)}${ROUND}`;
      const all = search(text, { raw: true, reduce: false });
      if (!all.complete) continue;
      for (const loop of ['plain', 'generated'] as const) {
        const less = search(text, { raw: true, coverAt: 0, loop });
        expect(findings(less), `program ${seed}\n${text}`).toEqual(findings(all));
      }
      found += all.witnesses.length > 0 ? 1 : 0;
    }
    expect(found).toBeGreaterThan(PROGRAMS / 10);
  },
  300_000,
);
