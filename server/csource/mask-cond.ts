/** `#if` … `#else` … `#endif`: which branches to leave out so that the rest is one text of C. */
import type { Lexed, Range } from './lexer.js';

export interface Conditional extends Range {
  readonly branches: readonly Range[];
  /** `#if 0`. */
  readonly never: boolean;
}

/** All conditionals of a text, nested ones too, in order of their end. */
function conditionals(lexed: Lexed): Conditional[] {
  const out: Conditional[] = [];
  const stack: { start: number; from: number; never: boolean; branches: Range[] }[] = [];
  for (const d of lexed.directives) {
    const top = stack[stack.length - 1];
    if (d.word === 'if' || d.word === 'ifdef' || d.word === 'ifndef') {
      stack.push({
        start: d.start,
        from: d.end,
        never: /^#\s*if\s+0\s*$/.test(lexed.text.slice(d.start, d.end)),
        branches: [],
      });
    } else if (top && (d.word === 'else' || d.word === 'elif')) {
      top.branches.push({ start: top.from, end: d.start });
      top.from = d.end;
    } else if (top && d.word === 'endif') {
      stack.pop();
      out.push({
        start: top.start,
        end: d.end,
        never: top.never,
        branches: [...top.branches, { start: top.from, end: d.start }],
      });
    }
  }
  return out;
}

function isBalanced(lexed: Lexed, r: Range): boolean {
  let depth = 0;
  for (const t of lexed.tokens) {
    if (t.start < r.start || t.end > r.end || t.kind !== 'op') continue;
    if (t.text === '{' || t.text === '(') depth++;
    else if ((t.text === '}' || t.text === ')') && --depth < 0) return false;
  }
  return depth === 0;
}

/** Branches that would break the text: `#if 0`, and alternatives that each open or close a bracket. */
export function brokenBranches(lexed: Lexed): Range[] {
  return conditionals(lexed).flatMap((c) => {
    if (c.never) return c.branches.slice(0, 1);
    return c.branches.length > 1 && c.branches.some((b) => !isBalanced(lexed, b))
      ? c.branches.slice(1)
      : [];
  });
}

/** All but the first branch of the conditionals inside the given ranges. */
export function otherBranches(lexed: Lexed, within: readonly Range[]): Range[] {
  return conditionals(lexed)
    .filter((c) => !c.never && within.some((r) => c.start >= r.start && c.end <= r.end))
    .flatMap((c) => c.branches.slice(1));
}
