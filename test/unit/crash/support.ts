import { explore, makeTrace } from '../../../server/search/index.js';
import type { ExploreOptions } from '../../../server/search/index.js';
import type { Witness } from '../../../server/search/types.js';
import type { Trace } from '../../../shared/trace.js';
import { make } from '../machine/support.js';
import { TRACE_INFO } from '../search/support.js';

const BUDGET = { states: 200_000, expired: () => false };

/** Ids of the findings of a program that may crash, sorted; `none` when there is none. */
export function crashKeys(text: string, options: ExploreOptions = {}): readonly string[] {
  const { machine } = make(text, 0, false, 1);
  const result = explore(machine, BUDGET, options);
  const ids = result.witnesses.map((w) => w.key.id).sort();
  return ids.length > 0 ? ids : [result.complete ? 'none' : 'stopped'];
}

/** The only finding of a program that may crash, with its trace. */
export function crashTrace(text: string): { readonly witness: Witness; readonly trace: Trace } {
  const { machine, table } = make(text, 0, false, 1);
  const [witness, ...others] = explore(machine, BUDGET).witnesses;
  if (!witness || others.length > 0) throw new Error(`${others.length} others`);
  return { witness, trace: makeTrace(machine, table, witness, TRACE_INFO) };
}
