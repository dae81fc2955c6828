const GT = 62;
const SPACE = 32;

export interface Quote {
  /** Number of `>` marks. */
  readonly depth: number;
  /** Column at which the quoted text begins, past the marks and one space. */
  readonly column: number;
}

/** Column past the last of at most `most` marks; marks may have one space between them. */
function marks(text: string, most: number): Quote {
  let depth = 0;
  let column = 0;
  let i = 0;
  while (depth < most) {
    if (depth > 0 && text.charCodeAt(i) === SPACE) i++;
    if (text.charCodeAt(i) !== GT) break;
    i++;
    depth++;
    column = i;
  }
  return { depth, column };
}

/**
 * Quote depth of a line of a mail. Quotes begin in the first column, so an addition, a removal or a
 * context line of a diff is none; neither is `>=` or `>>=` of a line of C that lost its indentation.
 */
export function quoteOf(text: string): Quote {
  const { depth, column } = marks(text, text.length);
  if (depth === 0 || text.charAt(column) === '=') return { depth: 0, column: 0 };
  return { depth, column: text.charCodeAt(column) === SPACE ? column + 1 : column };
}

/**
 * Column past exactly `depth` marks, or undefined when the line has fewer. `spaced` says whether this
 * writer puts a space behind the marks: where not, a space there belongs to the text.
 */
export function pastQuote(text: string, depth: number, spaced: boolean): number | undefined {
  if (depth === 0) return 0;
  const found = marks(text, depth);
  if (found.depth < depth) return undefined;
  return spaced && text.charCodeAt(found.column) === SPACE ? found.column + 1 : found.column;
}

/** Whether a space stands behind the `depth` marks of a line. */
export function isSpaced(text: string, depth: number): boolean {
  return depth > 0 && text.charCodeAt(marks(text, depth).column) === SPACE;
}
