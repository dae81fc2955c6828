/** Labels whose every goto went with a switch: the kernel of that date does not have them. */
import type { Block, Stmt } from '../csource/ast.js';
import { stmtsIn } from './walk.js';

function targets(b: Block): ReadonlySet<string> {
  return new Set([...stmtsIn(b)].flatMap((s) => (s.kind === 'goto' ? [s.name] : [])));
}

/** `after`: what is left of `before`. */
export function withoutIdleLabels(before: Block, after: Block): Block {
  const left = targets(after);
  const idle = new Set([...targets(before)].filter((name) => !left.has(name)));
  return idle.size === 0 ? after : inBlock(after, idle);
}

function inBlock(b: Block, idle: ReadonlySet<string>): Block {
  const isIdle = (s: Stmt): boolean => s.kind === 'label' && idle.has(s.name);
  return { ...b, body: b.body.filter((s) => !isIdle(s)).map((s) => below(s, idle)) };
}

function below(s: Stmt, idle: ReadonlySet<string>): Stmt {
  switch (s.kind) {
    case 'block':
      return inBlock(s, idle);
    case 'atomic':
      return { ...s, body: inBlock(s.body, idle) };
    case 'if':
      return {
        ...s,
        then: below(s.then, idle),
        ...(s.else ? { else: below(s.else, idle) } : {}),
      };
    case 'while':
    case 'doWhile':
    case 'for':
    case 'macroLoop':
    case 'switch':
      return { ...s, body: below(s.body, idle) };
    default:
      return s;
  }
}
