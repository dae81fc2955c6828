/**
 * The steps of a cover, thread by thread and situation by situation, reduced to what the choice of
 * threads asks: what a step touches, where it leads, and what it must have read. Leaves that differ in
 * nothing of this are one step.
 *
 * A step *only adds* to a counted variable (counts.ts) when it reads v, leaves v + d, and does the same
 * in all else for every value of v that is followed and possible. Two such steps may change places:
 * both sums are the same, and neither sees what the other did. Only counted variables are taken: a
 * thread that takes down what another has counted up ends the hold of that one, and whose hold is left
 * depends on the order.
 */
import type { Leaf } from '../machine/automaton.js';
import { readCode } from './counts.js';
import type { Counts } from './counts.js';
import type { Cover } from './cover.js';
import type { Literal } from './literals.js';
import type { TouchedSets } from './touched.js';

export interface Step {
  /** Literals of the thread that bar it, as a mask. */
  readonly barred: number;
  readonly touched: number;
  /** Situations it leads to. */
  readonly to: readonly number[];
}

/** Variables that some outcome leaves with another code than was read. */
function changed(leaf: Leaf): readonly number[] {
  const vars = new Set<number>();
  for (const { writes } of leaf.outcomes) {
    for (let i = 0; i < writes.length; i += 2) {
      const v = writes[i] ?? 0;
      if (readCode(leaf, v) !== writes[i + 1]) vars.add(v);
    }
  }
  return [...vars];
}

function isWritten(v: number, writes: readonly number[]): boolean {
  for (let i = 0; i < writes.length; i += 2) if (writes[i] === v) return true;
  return false;
}

/** All that a leaf reads and does but for variable `v`, and by how much it raises that one. */
function besides(
  leaf: Leaf,
  v: number,
  values: readonly number[],
): { readonly rest: string; readonly raised: string } | undefined {
  const [first] = leaf.outcomes;
  if (!first || !isWritten(v, first.writes)) return undefined;
  const read = readCode(leaf, v);
  if (read === undefined) return undefined;
  const rest: string[] = leaf.reads.flatMap((r, i) =>
    r === v ? [] : [`${r}=${leaf.codes[i] ?? 0}`],
  );
  const raised: string[] = [];
  for (const { choices, local, writes, violation } of leaf.outcomes) {
    if (violation) return undefined;
    let by: number | undefined;
    const others: number[] = [];
    for (let i = 0; i < writes.length; i += 2) {
      const [w, code] = [writes[i] ?? 0, writes[i + 1] ?? 0];
      if (w === v) by = (values[code] ?? 0) - (values[read] ?? 0);
      else others.push(w, code);
    }
    if (by === undefined || by === 0) return undefined;
    raised.push(`${choices.join()}>${local}:${others.join()}+${by}`);
  }
  return { rest: rest.join(), raised: raised.join('|') };
}

/** Leaves of one situation whose step only adds to the n-th counted variable. */
function adding(
  cover: Cover,
  counts: Counts,
  n: number,
  leaves: readonly Leaf[],
): ReadonlySet<Leaf> {
  const v = counts.vars[n] ?? 0;
  const values = cover.automaton.values[v] ?? [];
  const [first] = leaves;
  const only = new Set<Leaf>();
  if (!first) return only;
  const floor = counts.floor(n, first.thread, first.local);
  const codes = cover.codes(v).filter((code) => (values[code] ?? 0) >= floor).length;
  const groups = new Map<string, { raised: string | undefined; readonly leaves: Leaf[] }>();
  for (const leaf of leaves) {
    const found = besides(leaf, v, values);
    if (!found) continue;
    const { rest, raised } = found;
    const group = groups.get(rest);
    if (!group) groups.set(rest, { raised, leaves: [leaf] });
    else {
      if (group.raised !== raised) group.raised = undefined;
      group.leaves.push(leaf);
    }
  }
  for (const { raised, leaves: mine } of groups.values())
    if (raised !== undefined && mine.length === codes) for (const leaf of mine) only.add(leaf);
  return only;
}

export class Steps {
  /** By thread and situation. */
  readonly of: readonly (readonly (readonly Step[])[])[];
  /** What the step of a leaf touches, by its id. */
  readonly touched: number[] = [];

  constructor(
    cover: Cover,
    possible: readonly (readonly (readonly Leaf[])[])[],
    counts: Counts,
    literals: readonly (readonly Literal[])[],
    sets: TouchedSets,
  ) {
    this.of = possible.map((mine, t) =>
      mine.map((leaves) => {
        const only = counts.vars.map((_, n) => adding(cover, counts, n, leaves));
        const steps = new Map<string, Step>();
        for (const leaf of leaves) {
          const adds = counts.vars.filter((_, n) => only[n]?.has(leaf) === true);
          const plain = (v: number): boolean => !adds.includes(v);
          const touched = sets.of(leaf.reads.filter(plain), changed(leaf).filter(plain), adds);
          this.touched[leaf.id] = touched;
          if (leaf.outcomes.length === 0) continue;
          const to = [...new Set(leaf.outcomes.flatMap((o) => (o.violation ? [] : [o.local])))];
          const barred = (literals[t] ?? []).reduce(
            (mask, { v, codes }, i) =>
              leaf.reads.includes(v) && codes[readCode(leaf, v) ?? 0] !== 1
                ? mask | (1 << i)
                : mask,
            0,
          );
          steps.set(`${barred} ${touched} ${to.join()}`, { barred, touched, to });
        }
        return [...steps.values()];
      }),
    );
  }
}
