/** Where a step stands for the reader: statements and frames as ranges and one-line texts. */
import type { Loc } from '../csource/ir.js';
import type { SourceTable } from '../csource/source.js';
import type { StackFrame } from '../machine/types.js';
import type { TraceFrame } from '../../shared/trace.js';

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The head of a statement: an `if` or loop without its body. */
export function head(table: SourceTable, stmt: Loc): Loc {
  const text = table.slice(stmt);
  const brace = text.indexOf('{');
  const body = text.includes('\n') && brace > 0 ? brace : text.length;
  return { ...stmt, end: stmt.start + text.slice(0, body).trimEnd().length };
}

/**
 * Index of the frame whose statements are the steps: the outermost one that is displayed, or what that
 * does nothing but call (`return f(x);`). The outermost of all when none is displayed.
 */
export function shownFrame(
  table: SourceTable,
  stack: readonly StackFrame[],
  displayed: (src: number) => boolean,
): number {
  let shown = Math.max(
    0,
    stack.findIndex((f) => displayed(f.loc.src)),
  );
  for (let below = stack[shown + 1]; below; below = stack[shown + 1]) {
    const { stmt } = stack[shown] ?? below;
    if (!displayed(below.loc.src) || !/^return\b/.test(table.slice(stmt))) break;
    shown++;
  }
  return shown;
}

export function frameOf(table: SourceTable, frame: StackFrame): TraceFrame {
  return {
    function: frame.function,
    at: table.docRange(frame.loc),
    patched: table.markOf(frame.loc) === '+',
  };
}
