/** Labels whose every goto went with a switch: the kernel of that date does not have them. */
import type { Block } from '../csource/ast.js';
import { mapBlock, stmtsIn } from './walk.js';

function targets(b: Block): ReadonlySet<string> {
  return new Set([...stmtsIn(b)].flatMap((s) => (s.kind === 'goto' ? [s.name] : [])));
}

/** `after`: what is left of `before`. */
export function withoutIdleLabels(before: Block, after: Block): Block {
  const left = targets(after);
  const idle = new Set([...targets(before)].filter((name) => !left.has(name)));
  if (idle.size === 0) return after;
  return mapBlock(after, (s) => (s.kind === 'label' && idle.has(s.name) ? [] : [s]));
}
