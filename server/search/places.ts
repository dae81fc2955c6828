/** Where a step stands for the reader: statements and frames as ranges and one-line texts. */
import type { Loc } from '../csource/ir.js';
import type { SourceTable } from '../csource/source.js';
import type { StackFrame } from '../machine/types.js';
import type { TraceFrame } from '../../shared/trace.js';

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The head of a statement: an `if` or loop without its body. */
export function head(table: SourceTable, stmt: Loc): Loc {
  const text = table.slice(stmt);
  const brace = text.indexOf('{');
  const body = text.includes('\n') && brace > 0 ? brace : text.length;
  return { ...stmt, end: stmt.start + text.slice(0, body).trimEnd().length };
}

/** What an atomic region shows of itself, in columns. */
const REGION_ROOM = 64;
/** How much text is read for it, white space and comments included. */
const REGION_TEXT = 400;

/** A statement as a step is called: its head; an atomic region, which has none, by how it begins. */
export function stepText(table: SourceTable, stmt: Loc): string {
  const text = oneLine(table.slice(head(table, stmt)));
  if (text !== '__atomic') return text;
  const { start } = stmt;
  const behind = table.get(stmt.src).text.slice(start, start + REGION_TEXT);
  const region = regionOf(oneLine(behind.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
  return region.length <= REGION_ROOM ? region : `${region.slice(0, REGION_ROOM - 1)}…`;
}

/** Up to the brace that closes the first one. */
function regionOf(text: string): string {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return text.slice(0, i + 1);
  }
  return text;
}

/**
 * Index of the frame whose statements are the steps: the outermost one that is displayed, or what that
 * does nothing but call (`return f(x);`). Of scaffolding only the function of the thread is passed over: what
 * that calls in its own file is code that somebody wrote to see it run.
 */
export function shownFrame(
  table: SourceTable,
  stack: readonly StackFrame[],
  displayed: (src: number) => boolean,
): number {
  const [thread, inner] = stack;
  let shown = thread && inner && !displayed(thread.loc.src) ? 1 : 0;
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
