/**
 * Search. In: a machine and a budget. Out: witnesses, traces that were replayed, tokens. It knows no
 * C and no kernel, has no clock, and never shows a schedule that it did not run again.
 */
export { exploreFurther } from './beyond.js';
export { comesToAnEnd } from './ends.js';
export { Exploration, explore } from './explore.js';
export type { ExploreOptions } from './types.js';
export { findingAfter } from './finding.js';
export { programHash } from './hash.js';
export { ReplayError, replay } from './replay.js';
export { replayToken } from './replay-token.js';
export { decodeToken, encodeToken } from './token.js';
export type { Token } from './token.js';
export { makeTrace } from './trace.js';
export type { TraceInfo } from './trace.js';
