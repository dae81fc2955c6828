/** What reviewers said of series as text of at most 72 columns, and as JSON; both safe to print. */
import { COLUMNS } from './change-text.js';
import { safeJson } from './json.js';
import { clip, oneLine, plain, wrap } from './plain.js';
import type { Remark, Reviewed, SeriesReview } from './remarks.js';

const SCHEMA = 'racelore/remarks@1';
/** Lines of a comment that are shown. */
const SHOWN = 8;

const BECAME: Readonly<Record<NonNullable<Remark['next']>, string>> = {
  changed: 'the next version changed the lines',
  unchanged: 'the next version left the lines as they are',
  gone: 'the next version has no such patch',
};

/** Where a line of the document is in the files that were given; lines are 0-based. */
export interface Places {
  readonly rawLine: readonly number[] | undefined;
  readonly fileOf: ((line: number) => string) | undefined;
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : what.endsWith('ch') ? 'es' : 's'}`;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

function indented(text: string, by: number, more = by): string[] {
  const lines = wrap(plain(text), COLUMNS - more);
  return lines.map((line, i) => ' '.repeat(i === 0 ? by : more) + line);
}

/** Lines as they stand, cut to the width. */
function verbatim(lines: readonly string[], mark: string): string[] {
  return lines.map((line) =>
    clip(`    ${mark}${plain(line.replaceAll('\t', '  '))}`, COLUMNS).trimEnd(),
  );
}

function lineIn({ rawLine, fileOf }: Places, line: number): string {
  const number = `line ${(rawLine?.[line] ?? line) + 1}`;
  return fileOf ? `${number} of ${fileOf(line)}` : number;
}

function remarkLines(remark: Remark, places: Places): string[] {
  const { by, date, path, fileLine, answers, next, isOpen, quote, text, line } = remark;
  const at = path === undefined ? '' : `${path}${fileLine === undefined ? '' : `:${fileLine}`}`;
  const left = text.length - SHOWN;
  const last = answers.at(-1);
  const below = last ? `${counted(answers.length, 'answer')}, the last by ${last.by}` : '';
  const end = [below, next === undefined ? '' : BECAME[next]].filter((s) => s !== '').join('; ');
  return [
    ...indented(
      `[${isOpen ? 'open' : 'done'}] ${joined(by, date, at, lineIn(places, line))}`,
      2,
      9,
    ),
    ...verbatim(quote, '> '),
    ...verbatim(text.slice(0, SHOWN), ''),
    ...(left > 0 ? [`    [${counted(left, 'line')} more]`] : []),
    ...(end === '' ? [] : indented(`-> ${end}`, 4, 7)),
  ];
}

function mailLines(mail: Reviewed, total: number, places: Places): string[] {
  const { number, title, given, remarks } = mail;
  if (given.length === 0 && remarks.length === 0) return [];
  const name = total > 1 || number === 0 ? `${number}/${total} ` : '';
  return [
    ...indented(`${name}${oneLine(title)}`, 0, 4),
    ...[...new Set(given)].flatMap((trailer) => indented(oneLine(trailer), 2, 6)),
    ...remarks.flatMap((remark) => remarkLines(remark, places)),
    '',
  ];
}

function seriesLines({ series, by, date, mails }: SeriesReview, places: Places): string[] {
  const remarks = mails.flatMap((mail) => mail.remarks);
  const open = remarks.filter((remark) => remark.isOpen).length;
  const marks = `${series.rfc ? 'RFC ' : ''}v${series.version}${series.resend ? ' RESEND' : ''}`;
  const points =
    remarks.length === 0
      ? 'nothing to answer'
      : `${counted(remarks.length, 'point')}, ${open} open`;
  const head = `${oneLine(series.title)} ${marks} (${joined(by, date)}): ${counted(series.patches.length, 'patch')}; ${points}`;
  return [
    ...indented(head, 0, 2),
    '',
    ...mails.flatMap((mail) => mailLines(mail, series.total, places)),
  ];
}

/** One block a series; its mails of which something was said. Ends with a newline. */
export function reviewText(all: readonly SeriesReview[], places: Places): string {
  return all.flatMap((one) => seriesLines(one, places)).join('\n');
}

/** Lines 1-based; `fileLine` is the line in the patched file, `line` that in the file that was given. */
export function reviewJson(all: readonly SeriesReview[], places: Places): string {
  const located = ({ line, ...said }: Remark['answers'][number]): object => ({
    ...said,
    line: (places.rawLine?.[line] ?? line) + 1,
    ...(places.fileOf ? { file: places.fileOf(line) } : {}),
  });
  const series = all.map(({ series: s, by, date, mails }) => ({
    title: s.title,
    version: s.version,
    rfc: s.rfc,
    resend: s.resend,
    by,
    date,
    total: s.total,
    missing: s.missing,
    mails: mails.map((mail) => ({
      ...mail,
      remarks: mail.remarks.map((remark) => ({
        ...located(remark),
        answers: remark.answers.map(located),
      })),
    })),
  }));
  return `${safeJson({ schema: SCHEMA, series })}\n`;
}
