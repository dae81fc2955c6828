/** The third anchor: scenarios of the model kernel with invariants in every state, and what their tables cost. */
import type { Rate, Searched, Tables } from './protocol.js';
import type { Ours } from './subjects.js';

export interface Third {
  readonly id: string;
  readonly tables: Tables;
  readonly reduced: Searched;
  readonly full: Rate;
}

const IDS = ['R6', 'R10'];
const MOST = 20_000_000;
const SECONDS = 30;

export function measureThird(ours: Ours): readonly Third[] {
  return IDS.map((id) => {
    const program = { kind: 'scenario', id } as const;
    return {
      id,
      tables: ours.tables(program),
      reduced: ours.reduced(program),
      full: ours.rate(program, MOST, SECONDS),
    };
  });
}
