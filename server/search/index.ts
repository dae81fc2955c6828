/**
 * Search. In: a machine and a budget. Out: witnesses, traces that were replayed, tokens. It knows no
 * C and no kernel, has no clock, and never shows a schedule that it did not run again.
 */
export { explore } from './explore.js';
export type { ExploreOptions } from './explore.js';
