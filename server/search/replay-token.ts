/** A decoded token run on a machine: its trace, or why it does not run there. */
import type { Trace } from '../../shared/trace.js';
import type { SourceTable } from '../csource/source.js';
import type { Machine } from '../machine/types.js';
import { findingAfter } from './finding.js';
import { programHash } from './hash.js';
import { ReplayError } from './replay.js';
import type { Token } from './token.js';
import { makeTrace } from './trace.js';
import type { TraceInfo } from './trace.js';

export type TokenReplay =
  | {
      readonly kind: 'trace';
      readonly trace: Trace;
      /** False: the program is another one than that of the token; the schedule runs all the same. */
      readonly sameProgram: boolean;
      /** False: the schedule runs, and shows no finding here. */
      readonly finding: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly sameProgram: boolean };

export function replayToken(
  machine: Machine,
  table: SourceTable,
  token: Token,
  info: TraceInfo,
): TokenReplay {
  const sameProgram = programHash(machine.program) === token.hash;
  try {
    const key = findingAfter(machine, token.schedule);
    const shown = key ?? { property: 'final' as const, id: 'no finding' };
    return {
      kind: 'trace',
      trace: makeTrace(machine, table, { key: shown, schedule: token.schedule }, info),
      sameProgram,
      finding: key !== undefined,
    };
  } catch (e) {
    if (e instanceof ReplayError) return { kind: 'refused', reason: e.message, sameProgram };
    throw e;
  }
}
