import { make } from '../unit/machine/support.js';
import { DEPTH_FIRST, LARGE, differences, ours, promela, spin } from './support.js';

/** What became of the programs of one kind. */
export interface Tally {
  agreed: number;
  /** Too many states to compare in the time of a test. */
  large: number;
  /** Spin was not done in time: no verdict, so no agreement either. */
  late: number;
  readonly different: string[];
  /** How many had each property, `none` included. */
  readonly kinds: Map<string, number>;
}

export function tally(): Tally {
  return { agreed: 0, large: 0, late: 0, different: [], kinds: new Map() };
}

/** Runs one program on both sides and adds the outcome. */
export function compare(into: Tally, name: string, text: string, faults = 0): void {
  const { machine, table } = make(text, faults);
  const full = ours(machine);
  if (!full.complete || full.states > LARGE) {
    into.large++;
    return;
  }
  const other = spin(promela(machine, table), DEPTH_FIRST);
  if (!other.complete) {
    into.late++;
    return;
  }
  const all = [...differences(full, other)];
  const reduced = ours(machine, {}).verdict.join(' | ');
  if (reduced !== full.verdict.join(' | ')) all.push(`reduced: ${reduced}`);
  if (all.length > 0) into.different.push(`${name}: ${all.join('; ')}\n${text}`);
  else into.agreed++;
  for (const kind of new Set(full.verdict.map((v) => v.split(':')[0] ?? '')))
    into.kinds.set(kind, (into.kinds.get(kind) ?? 0) + 1);
}
