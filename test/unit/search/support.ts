import type { SearchResult } from '../../../server/search/types.js';
import { explore } from '../../../server/search/index.js';
import type { ExploreOptions } from '../../../server/search/index.js';
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
