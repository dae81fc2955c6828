import type { Row, Scan } from './scan.js';

/**
 * What a line can be inside a hunk. `mark`: starts with space, + or -. `tab`, `nbsp`: a context line
 * whose leading space is gone, or is a no-break space. `eof`: the no-newline marker. `stop`: a header or
 * signature, never part of a hunk. `joined`: an empty line and the next became one (format=flowed does
 * that to empty context lines). `text`: anything else.
 */
export type RowKind = 'mark' | 'blank' | 'tab' | 'nbsp' | 'eof' | 'stop' | 'joined' | 'text';

const JOINED = /^ {1,3}(?:[+-]|@@ -\d|diff --git )/;
const HEADER = /^(?:diff (?:--git |-)|@@ -\d|Index: |GIT binary patch)/;

/** `--- a` followed by `+++ b`: a file header, and not the removal of `-- a`. */
export function isFileHeader(scan: Scan, row: Row, depth: number, spaced: boolean): boolean {
  const next = row.line + 1;
  if (!row.text.startsWith('--- ') || next >= scan.to || scan.depth(next) !== depth) return false;
  if (!scan.row(next, depth, spaced).text.startsWith('+++ ')) return false;
  const third = next + 1;
  return (
    third >= scan.to ||
    scan.depth(third) !== depth ||
    /^(?:@@ -\d|$)/.test(scan.row(third, depth, spaced).text.slice(0, 5))
  );
}

export function kindOf(scan: Scan, row: Row, depth: number, spaced: boolean): RowKind {
  const { text } = row;
  switch (text.charAt(0)) {
    case '':
      return 'blank';
    case '-':
      return text === '-- ' || text === '--' || isFileHeader(scan, row, depth, spaced)
        ? 'stop'
        : 'mark';
    case '+':
      return 'mark';
    case ' ':
      return scan.flowed && JOINED.test(text.slice(0, 20)) ? 'joined' : 'mark';
    case '\t':
      return 'tab';
    case '\u00a0':
      return 'nbsp';
    case '\\':
      return text.startsWith('\\ No newline') ? 'eof' : 'text';
    default:
      return HEADER.test(text.slice(0, 20)) ? 'stop' : 'text';
  }
}

/** A reader's mark for lines left out: `[...]`, `...`, `[snip]`, `<snip>`. */
export function isElision(text: string): boolean {
  return text.length < 40 && /^[[<({]?(?:\.{2,}|…|snip\w*|trimmed|cut)[\])>}]?$/i.test(text.trim());
}
