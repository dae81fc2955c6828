import type { SearchResult } from '../../../server/search/types.js';
import { explore } from '../../../server/search/index.js';
import type { ExploreOptions, TraceInfo } from '../../../server/search/index.js';
import { make } from '../machine/support.js';

export { LOCKS, make } from '../machine/support.js';

/** Searches a Model C program within a bound that small programs do not reach. */
export function search(text: string, options: ExploreOptions = {}, faults = 0): SearchResult {
  return explore(make(text, faults).machine, { states: 200_000, expired: () => false }, options);
}

/** Ids of all findings, sorted; `none` when there is none. */
export function keys(result: SearchResult): readonly string[] {
  const ids = result.witnesses.map((w) => w.key.id).sort();
  return ids.length > 0 ? ids : [result.complete ? 'none' : 'stopped'];
}

/** What a trace of a test says about itself; code of `t0.c` is not displayed, that of others is. */
export const TRACE_INFO: TraceInfo = {
  scenario: 'T1',
  title: 'a test',
  verdict: {
    kind: 'found',
    text: 'race found',
    states: 1,
    complete: true,
    bounds: { threads: 2, items: [] },
    profile: '2025-07',
    base: '',
    assumptions: [],
  },
  switches: ['+x'],
  displayed: (src) => src !== 0,
};
