import { quoteOf } from '../mail/index.js';
import { isElision, kindOf } from './row-kind.js';
import type { Scan } from './scan.js';

/** Lines that a mail program wraps are about this long. */
export const WRAPPED = 60;

/** A quoted list item, as opposed to a removed line of C or of a comment. */
const BULLET = /^[-+] [^\s*]/;

/** Whether the quote that resumes at `line` goes on with lines of a hunk that needs `old` and `fresh` more. */
function goesOn(
  scan: Scan,
  line: number,
  depth: number,
  spaced: boolean,
  old: number,
  fresh: number,
): boolean {
  const first = scan.row(line, depth, spaced);
  if (kindOf(scan, first, depth, spaced) !== 'mark' || BULLET.test(first.text)) return false;
  for (let at = line; at < scan.to && scan.depth(at) === depth && (old > 0 || fresh > 0); at++) {
    const row = scan.row(at, depth, spaced);
    const kind = kindOf(scan, row, depth, spaced);
    if (kind === 'stop') return at > line;
    if (kind === 'text') return false;
    if (kind === 'eof') continue;
    if (row.text.charAt(0) !== '+') old--;
    if (row.text.charAt(0) !== '-') fresh--;
    if ((old < 0 || fresh < 0) && kind === 'mark') return false;
  }
  return true;
}

/** One line of text right between two lines of the quote, the first of them long: the tail of a wrapped line. */
export function isWrappedTail(scan: Scan, gap: number, resume: number): boolean {
  return (
    resume === gap + 1 &&
    scan.doc.lines.length(gap - 1) >= WRAPPED &&
    scan.doc.lines.length(gap) > 0
  );
}

/**
 * A reply was written into a quoted hunk at line `gap`. Returns the line at which the hunk goes on, or
 * undefined when the rest was cut or cannot be told from other quoted text.
 */
export function resumeOf(
  scan: Scan,
  gap: number,
  quote: { readonly depth: number; readonly spaced: boolean },
  need: { readonly old: number; readonly fresh: number },
): number | undefined {
  const { depth, spaced } = quote;
  const resume = scan.resumeAfter(gap - 1);
  if (resume >= scan.to || scan.depth(resume) !== depth || isWrappedTail(scan, gap, resume))
    return undefined;
  for (let at = gap; at < resume; at++) {
    const head = scan.doc.lines.head(at, 80);
    if (isElision(head.slice(quoteOf(head).column))) return undefined;
  }
  return goesOn(scan, resume, depth, spaced, need.old, need.fresh) ? resume : undefined;
}
