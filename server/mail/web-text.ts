import { readMailbox } from './address.js';
import { readDate } from './date.js';
import type { LineTable } from './lines.js';
import type { LooseMessage, Problem } from './types.js';

/** How far down a saved web page its header block may reach. */
const DEEPEST = 16;
/** Longest line that RFC 5322 allows is 998; a longer one with headers inside lost its line ends. */
const LONGEST = 998;
const READ = 65_536;

/**
 * The text of a MHonArc page: subject, `From: NAME`, `Date: …`, perhaps with empty lines between,
 * then the body. Undefined when the text does not begin so.
 */
export function readWebText(lines: LineTable): LooseMessage | undefined {
  const found = new Map<string, string>();
  let subject: string | undefined;
  let at = 0;
  for (; at < Math.min(lines.count, DEEPEST) && found.size < 2; at++) {
    const text = lines.head(at, 400).trim();
    const m = /^(From|Date): (.+)$/.exec(text);
    if (m) found.set(m[1] ?? '', m[2] ?? '');
    else if (text !== '' && subject === undefined) subject = text;
    else if (text !== '') return undefined;
  }
  if (found.size < 2 || subject === undefined) return undefined;
  while (at < lines.count && lines.length(at) === 0) at++;
  return {
    from: readMailbox(found.get('From') ?? ''),
    date: readDate(found.get('Date') ?? ''),
    subject,
    references: [],
    startLine: 0,
    bodyLine: at,
    endLine: lines.count,
    text: [{ startLine: at, endLine: lines.count, flowed: false }],
    encoded: [],
  };
}

const NAMES = [
  'From',
  'To',
  'Cc',
  'Date',
  'Subject',
  'Message-ID',
  'References',
  'In-Reply-To',
  'MIME-Version',
  'Content-Type',
  'Content-Language',
  'Content-Transfer-Encoding',
  'User-Agent',
  'X-Mailer',
  'Precedence',
  'List-Id',
  'Received',
  'Reply-To',
];

/** Value of a header inside one long line: up to the next header's name. */
function inlineField(text: string, name: string): string {
  const at = text.indexOf(` ${name}: `);
  if (at < 0) return '';
  const from = at + name.length + 3;
  const ends = NAMES.map((n) => text.indexOf(` ${n}:`, from - 1)).filter((e) => e >= 0);
  return text.slice(from, Math.min(...ends, from + 300)).trim();
}

/**
 * A mail whose line ends were lost by a web page; what its headers say is read as far as it can be told.
 * Undefined when the first line is no such mail.
 */
export function readLostLines(
  lines: LineTable,
): { message: LooseMessage; problem: Problem } | undefined {
  let line = 0;
  while (line < lines.count && lines.length(line) === 0) line++;
  if (lines.length(line) <= LONGEST) return undefined;
  const text = lines.head(line, READ);
  const from = inlineField(text, 'From');
  const date = inlineField(text, 'Date');
  if (from === '' || date === '') return undefined;
  const problem: Problem = {
    severity: 'warning',
    line,
    message:
      'the line ends of this mail were lost; of its diffs, only hunks whose counts fit are read',
  };
  const message: LooseMessage = {
    from: readMailbox(from),
    date: readDate(date),
    subject: inlineField(text, 'Subject'),
    references: [],
    startLine: 0,
    bodyLine: line,
    endLine: lines.count,
    text: [{ startLine: line, endLine: lines.count, flowed: false }],
    encoded: [],
    lostLines: true,
  };
  return { message, problem };
}
