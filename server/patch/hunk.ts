import { attempt, type Attempt, type HunkHead } from './hunk-attempt.js';
import { WRAPPED } from './interruption.js';
import { kindOf } from './row-kind.js';
import type { Row, Scan } from './scan.js';
import type { Hunk, HunkLine, Repair } from './types.js';

/** A hunk that is this many lines short on a side is being edited; beyond it is cut. */
const EDITED = 2;

const HEADER = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$/;

/** Reads an `@@` line; undefined when the row is none. */
export function readHunkHead(row: Row, depth: number, spaced: boolean): HunkHead | undefined {
  const m = row.text.startsWith('@@ -') ? HEADER.exec(row.text.slice(0, 1000)) : undefined;
  if (!m) return undefined;
  return {
    oldStart: Number(m[1]),
    oldCount: Number(m[2] ?? 1),
    newStart: Number(m[3]),
    newCount: Number(m[4] ?? 1),
    section: (m[5] ?? '').trim(),
    headerLine: row.line,
    depth,
    spaced,
  };
}

/** A line of C that stands in the first column, as far as one can tell from its form. */
const CODE = /[;{}()\\]\s*$|^[{}#]|^[A-Za-z_]\w*:\s*$|\*\/\s*$|^\/\*/;

function exact(a: Attempt): boolean {
  return a.old === 0 && a.fresh === 0;
}

/** Whether what stands behind a hunk read with guesses cannot be a part of it. */
function endsClean(scan: Scan, head: HunkHead, a: Attempt): boolean {
  if (a.stopLine >= scan.to || scan.depth(a.stopLine) !== head.depth) return true;
  const kind = kindOf(scan, scan.row(a.stopLine, head.depth, head.spaced), head.depth, head.spaced);
  return kind === 'blank' || kind === 'stop';
}

/** Unmarked lines are context only if they could not as well be text behind a hunk that was cut. */
function isConvincing(a: Attempt): boolean {
  const guessed = new Set(a.loose);
  const marked = (line: HunkLine, i: number): boolean => !guessed.has(i) && line.text.trim() !== '';
  const lastMarked = a.lines.findLastIndex(marked);
  const tail = a.loose.filter((i) => i > lastMarked);
  if (tail.length === 0) return true;
  const noContext = a.lines.every(
    (line) => line.mark !== ' ' || line.repaired || line.text.trim() === '',
  );
  const afterBlank = tail.some((i) => a.lines[i - 1]?.text === '');
  return tail.every((i) => CODE.test(a.lines[i]?.text ?? '')) && (noContext || !afterBlank);
}

/** The first hypothesis under which the counts of the `@@` line balance; else what was read without guessing. */
function best(scan: Scan, head: HunkHead): Attempt {
  const kept = attempt(scan, head, { loose: false, keepBlank: true, skipFirst: false });
  if (exact(kept)) return kept;
  const plain =
    head.depth > 0
      ? attempt(scan, head, { loose: false, keepBlank: false, skipFirst: false })
      : kept;
  if (exact(plain)) return plain;
  if (
    plain.stop === 'text' &&
    plain.lines.length === 0 &&
    scan.doc.lines.length(head.headerLine) >= WRAPPED
  ) {
    const skipped = attempt(scan, head, { loose: false, keepBlank: true, skipFirst: true });
    if (exact(skipped) || skipped.lines.some((line) => line.mark !== ' ')) return skipped;
  }
  if (plain.stop !== 'text') return plain;
  const loose = attempt(scan, head, { loose: true, keepBlank: false, skipFirst: false });
  if (exact(loose) && endsClean(scan, head, loose) && isConvincing(loose)) return loose;
  return plain;
}

function damageOf(a: Attempt, head: HunkHead): Hunk['damaged'] {
  const [wanted, missing] = a.old > a.fresh ? [head.oldCount, a.old] : [head.newCount, a.fresh];
  const message = `hunk ends after ${wanted - missing} of ${wanted} lines`;
  if (a.stop === 'joined')
    return { line: a.stopLine, message: `${message}: a line break was lost here` };
  if (a.stop === 'wrapped')
    return { line: a.stopLine, message: `${message}: this line was wrapped` };
  if (a.stop === 'text' && a.lastLine === a.stopLine - 1)
    return { line: a.stopLine, message: `${message}: this line is not one of a diff` };
  return { line: a.lastLine, message };
}

interface Repaired {
  readonly lines: readonly HunkLine[];
  readonly repaired: readonly Repair[];
}

/** format=flowed puts a space before each line that begins with one; a writer does it to all or to none. */
function unstuff(lines: readonly HunkLine[]): Repaired {
  const context = lines.filter((line) => line.mark === ' ' && line.text.trim() !== '');
  if (context.length === 0 || !context.every((line) => !line.repaired && line.text.startsWith(' ')))
    return { lines, repaired: [] };
  const repaired: Repair[] = [];
  const shifted = lines.map((line) => {
    if (line.mark !== ' ' || !line.text.startsWith(' ')) return line;
    repaired.push({ kind: 'stuffing', line: line.line });
    return { ...line, text: line.text.slice(1), column: line.column + 1, repaired: true };
  });
  return { lines: shifted, repaired };
}

/** A line without a mark that splits the hunk: marked lines follow it, or a long line stands before it. */
function isSplit(scan: Scan, head: HunkHead, a: Attempt): boolean {
  if (a.stop === 'wrapped' || (a.stop === 'joined' && !exact(a))) return true;
  if (a.stop !== 'text' || exact(a) || a.lastLine !== a.stopLine - 1) return false;
  if (scan.doc.lines.length(a.lastLine) >= WRAPPED) return true;
  const next = a.stopLine + 1;
  if (next >= scan.to || scan.depth(next) !== head.depth) return false;
  return kindOf(scan, scan.row(next, head.depth, head.spaced), head.depth, head.spaced) === 'mark';
}

/** All lines of a hunk that a web page had as one were put back. */
function putBack(lines: readonly HunkLine[], headerLine: number): Repaired {
  const repaired: Repair[] = [{ kind: 'lost-newline', line: headerLine }];
  return { lines: lines.map((line) => ({ ...line, repaired: true })), repaired };
}

/** Reads the hunk behind an `@@` line, with the repairs under which its counts balance. */
export function readHunk(scan: Scan, head: HunkHead): { hunk: Hunk; lastLine: number } {
  const a = best(scan, head);
  const short = Math.max(a.old, a.fresh) > EDITED;
  const damaged = short || isSplit(scan, head, a) ? damageOf(a, head) : undefined;
  const stuffed = scan.lost
    ? putBack(a.lines, head.headerLine)
    : scan.flowed && head.depth === 0
      ? unstuff(a.lines)
      : { lines: a.lines, repaired: [] };
  const { oldStart, oldCount, newStart, newCount, section, headerLine } = head;
  const hunk: Hunk = {
    oldStart,
    oldCount,
    newStart,
    newCount,
    section,
    headerLine,
    lines: stuffed.lines,
    repaired: [...a.repaired, ...stuffed.repaired],
    gaps: a.gaps,
    ...(damaged ? { damaged } : {}),
    ...(damaged === undefined && !exact(a) ? { countsOff: true } : {}),
  };
  return { hunk, lastLine: a.lastLine };
}
