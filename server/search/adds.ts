/**
 * Variables to which a step only adds: it reads v, leaves v + d, and does the same in all else for
 * every value of v that is followed. Two such steps may change places: both sums are the same, and
 * neither sees what the other did. Only balanced variables count (pins.ts): a thread that takes down
 * what another has counted up ends the hold of that one, and whose hold is left depends on the order.
 */
import type { Leaf, Node, Outcome } from '../machine/automaton.js';
import type { Cover } from './cover.js';
import { readCode } from './pins.js';

/** Code that an outcome writes to a variable. */
function written({ writes }: Outcome, v: number): number | undefined {
  for (let i = 0; i < writes.length; i += 2) if (writes[i] === v) return writes[i + 1];
  return undefined;
}

function others({ writes }: Outcome, v: number): string {
  const rest: number[] = [];
  for (let i = 0; i < writes.length; i += 2)
    if (writes[i] !== v) rest.push(writes[i] ?? 0, writes[i + 1] ?? 0);
  return rest.join(' ');
}

/** By how much every outcome raises the variable; undefined when that is not one number. */
function delta(leaf: Leaf, v: number, values: readonly number[]): number | undefined {
  const read = readCode(leaf, v);
  const before = read === undefined ? undefined : values[read];
  let sum: number | undefined;
  for (const outcome of leaf.outcomes) {
    const code = written(outcome, v);
    const after = code === undefined ? undefined : values[code];
    if (outcome.violation || before === undefined || after === undefined) return undefined;
    if (sum !== undefined && sum !== after - before) return undefined;
    sum = after - before;
  }
  return sum;
}

function sameBut(a: Leaf, b: Leaf, v: number): boolean {
  return (
    a.outcomes.length === b.outcomes.length &&
    a.outcomes.every((x, i) => {
      const y = b.outcomes[i];
      return (
        y !== undefined &&
        x.local === y.local &&
        x.choices.join() === y.choices.join() &&
        others(x, v) === others(y, v)
      );
    })
  );
}

/** Variables to which the step of a leaf only adds. */
export function adds(cover: Cover, leaf: Leaf): readonly number[] {
  const { automaton } = cover;
  const root = automaton.root(leaf.thread, leaf.local);
  return leaf.reads.filter((v) => {
    const values = automaton.values[v] ?? [];
    const sum = delta(leaf, v, values);
    if (sum === undefined || sum === 0) return false;
    const uniform = (node: Node | undefined): boolean => {
      if (!node) return false;
      if (node.leaf) return delta(node.leaf, v, values) === sum && sameBut(node.leaf, leaf, v);
      if (node.v !== v) {
        const code = readCode(leaf, node.v);
        return code !== undefined && uniform(node.kids[code]);
      }
      for (const code of cover.codes(v)) if (!uniform(node.kids[code])) return false;
      return true;
    };
    return uniform(root);
  });
}
