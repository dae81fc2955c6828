/** What reviewers said of the patches of a mailbox, patch by patch, ready to be shown. */
import type { MailDocument } from '../mail/index.js';
import type { FilePatch } from '../patch/index.js';
import {
  commentsIn,
  lettersOf,
  parentsOf,
  pointsIn,
  seriesIn,
  threadsOf,
  type Comment,
  type Letter,
  type LineRange,
  type Point,
  type Series,
} from '../review/index.js';

/** One thing that somebody wrote. Lines are 0-based lines of the document. */
interface Said {
  readonly by: string;
  /** UTC day; empty when the mail has none. */
  readonly date: string;
  readonly line: number;
  readonly text: readonly string[];
}

/** A point with its answers and what it is about. */
export interface Remark extends Said {
  /** Nobody who wrote the series answered, and no later version changed the lines. */
  readonly isOpen: boolean;
  readonly answered: boolean;
  readonly next?: 'changed' | 'unchanged' | 'gone';
  /** File of the patch, and the line in it: after the patch, else before. */
  readonly path?: string;
  readonly fileLine?: number;
  /** The last lines that it quotes. */
  readonly quote: readonly string[];
  readonly answers: readonly Said[];
}

/** A mail of a series with what was said of it. */
export interface Reviewed {
  /** 0 is the cover letter. */
  readonly number: number;
  readonly title: string;
  /** `Reviewed-by: …` as given in answers. */
  readonly given: readonly string[];
  readonly remarks: readonly Remark[];
}

/** One version of a series. */
export interface SeriesReview {
  readonly series: Series;
  readonly by: string;
  readonly date: string;
  readonly mails: readonly Reviewed[];
}

/** Lines of a comment and of a quotation that are kept. */
const MOST_LINES = 200;
const QUOTED = 3;
const WIDEST = 400;

class Maker {
  readonly letters: readonly Letter[];
  readonly series: readonly Series[];
  readonly #comments: readonly Comment[];
  readonly #points: readonly Point[];

  constructor(
    readonly doc: MailDocument,
    files: readonly FilePatch[],
  ) {
    this.letters = lettersOf(doc, files);
    this.series = seriesIn(this.letters, threadsOf(this.letters));
    this.#comments = commentsIn(doc, this.letters, parentsOf(this.letters), files);
    this.#points = pointsIn(doc, this.letters, this.series, this.#comments, files);
  }

  /** @param patch place in the patches; undefined for the cover letter. */
  remarks(series: Series, patch: number | undefined): Remark[] {
    return this.#points
      .filter((p) => p.series === series.index && p.patch === patch)
      .flatMap((p) => this.#remark(p));
  }

  who(letter: number | undefined): { by: string; date: string } {
    const { from, date } = this.letters[letter ?? -1] ?? {};
    const name = from?.name ?? '';
    return { by: name === '' ? (from?.address ?? '') : name, date: date?.iso?.slice(0, 10) ?? '' };
  }

  #lines({ startLine, endLine }: LineRange): string[] {
    const lines: string[] = [];
    for (let line = startLine; line < endLine && lines.length < MOST_LINES; line++)
      lines.push(this.doc.lines.head(line, WIDEST).trimEnd());
    return lines;
  }

  #said({ message, lines }: Comment): Said {
    return { ...this.who(message), line: lines.startLine, text: this.#lines(lines) };
  }

  #remark({ comment: at, answers, answered, next }: Point): Remark[] {
    const comment = this.#comments[at];
    if (!comment) return [];
    const { lines, path, newLine, oldLine } = comment.anchor ?? {};
    const fileLine = newLine ?? oldLine;
    const from = Math.max(lines?.startLine ?? 0, (lines?.endLine ?? 0) - QUOTED);
    return [
      {
        ...this.#said(comment),
        isOpen: !answered && next !== 'changed' && next !== 'gone',
        answered,
        ...(next === undefined ? {} : { next }),
        ...(path === undefined ? {} : { path }),
        ...(fileLine === undefined ? {} : { fileLine }),
        quote: lines ? this.#lines({ startLine: from, endLine: lines.endLine }) : [],
        answers: answers.flatMap((i) => {
          const answer = this.#comments[i];
          return answer ? [this.#said(answer)] : [];
        }),
      },
    ];
  }
}

/** All series of a document in its order, with their cover letters and patches. */
export function remarksIn(doc: MailDocument, files: readonly FilePatch[]): SeriesReview[] {
  const maker = new Maker(doc, files);
  return maker.series.map((series) => {
    const { cover, patches, title } = series;
    const first: Reviewed[] =
      cover === undefined
        ? []
        : [{ number: 0, title, given: [], remarks: maker.remarks(series, undefined) }];
    const rest = patches.map((patch, i): Reviewed => ({
      number: patch.number,
      title: patch.title,
      given: patch.given.map(({ name, value }) => `${name}: ${value}`),
      remarks: maker.remarks(series, i),
    }));
    return { series, ...maker.who(cover ?? patches[0]?.letter), mails: [...first, ...rest] };
  });
}
