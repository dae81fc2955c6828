/** The lines of one hunk in a text whose line ends were lost, if only one way of cutting fits its counts. */

interface Counts {
  readonly old: number;
  readonly fresh: number;
}

/** A hunk in the text: `start` is the end of its section, `end` that of its last line. */
interface Cut {
  readonly start: number;
  readonly end: number;
  /** With their marks. */
  readonly lines: readonly string[];
}

/** What stands between two marks that may have begun lines. */
interface Piece {
  readonly text: string;
  /** Of its marks. */
  readonly start: number;
  readonly end: number;
}

/** Hunks of more pieces are not tried. */
const MOST_PIECES = 1000;

/** Place of the next ` > ` from `from` on; the text's end when there is none. */
function nextMarks(text: string, from: number, marks: string): number {
  const wanted = ` ${marks}`;
  for (let at = text.indexOf(wanted, from); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const behind = text.charAt(at + wanted.length);
    if (behind === ' ' || behind === '') return at;
  }
  return text.length;
}

function piecesFrom(text: string, from: number, marks: string): Piece[] {
  const pieces: Piece[] = [];
  for (let at = from; at < text.length && pieces.length < MOST_PIECES;) {
    const bare = at + 1 + marks.length;
    // An empty quoted line has no space behind its mark: that one was the line end.
    const isEmpty = nextMarks(text, bare, marks) === bare || bare >= text.length;
    const from = isEmpty ? bare : bare + 1;
    const end = isEmpty ? bare : nextMarks(text, from, marks);
    pieces.push({ text: text.slice(from, end), start: at + 1, end });
    at = end;
  }
  return pieces;
}

/**
 * What a piece can be. Context keeps at least two spaces behind the mark, and C has no operator that looks so;
 * `> +` and `> -` may be a comparison as well; what begins otherwise can only be one.
 */
function kindOf({ text }: Piece): 'context' | 'changed' | 'rest' {
  if (text === '' || /^[ \t\u00a0]/.test(text)) return 'context';
  return /^[+-]/.test(text) ? 'changed' : 'rest';
}

/** Whether a hunk can end with this line: no line of a diff follows, and no other half of a comparison. */
function isWhole(text: string, next: Piece | undefined): boolean {
  if (!next || next.text.trim() === '') return true;
  return kindOf(next) === 'rest' && /(?:[;{}\\:,]|\*\/)\s*$/.test(text);
}

/** Counts the ways from each state, two at most, and keeps one of them. */
class Ways {
  readonly #known = new Map<string, number>();

  constructor(readonly pieces: readonly Piece[]) {}

  count(at: number, { old, fresh }: Counts): number {
    if (old < 0 || fresh < 0) return 0;
    if (old === 0 && fresh === 0)
      return isWhole(this.pieces[at - 1]?.text ?? '', this.pieces[at]) ? 1 : 0;
    const key = `${at} ${old} ${fresh}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const n = Math.min(2, this.#asLine(at, { old, fresh }) + this.asRest(at, { old, fresh }));
    this.#known.set(key, n);
    return n;
  }

  #asLine(at: number, counts: Counts): number {
    const piece = this.pieces[at];
    return !piece || kindOf(piece) === 'rest' ? 0 : this.count(at + 1, after(piece, counts));
  }

  /** As the rest of the line above. */
  asRest(at: number, counts: Counts): number {
    const piece = this.pieces[at];
    // Nothing goes on behind an empty line.
    if (!piece || (this.pieces[at - 1]?.text ?? '') === '' || kindOf(piece) === 'context') return 0;
    return this.count(at + 1, counts);
  }
}

function after({ text }: Piece, { old, fresh }: Counts): Counts {
  const mark = text.charAt(0);
  return { old: mark === '+' ? old : old - 1, fresh: mark === '-' ? fresh : fresh - 1 };
}

/**
 * @param from behind the second `@@`. @param marks of the quotation, `>` or `> >`.
 * Undefined when no way fits the counts, or two do.
 */
export function onlyWay(
  text: string,
  from: number,
  marks: string,
  counts: Counts,
): Cut | undefined {
  if (counts.old + counts.fresh > MOST_PIECES) return undefined;
  const start = nextMarks(text, from, marks);
  const pieces = piecesFrom(text, start, marks);
  const ways = new Ways(pieces);
  if (ways.count(0, counts) !== 1) return undefined;
  const lines: string[] = [];
  let left = counts;
  let at = 0;
  for (; left.old > 0 || left.fresh > 0; at++) {
    const piece = pieces[at];
    if (!piece) return undefined;
    const quoted = text.slice(piece.start, piece.end);
    if (ways.asRest(at, left) === 1) lines.push(`${lines.pop() ?? ''} ${quoted}`);
    else {
      lines.push(quoted);
      left = after(piece, left);
    }
  }
  return { start, end: pieces[at - 1]?.end ?? start, lines };
}
