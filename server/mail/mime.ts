import { field, parameter, readHeaders, type Headers } from './headers.js';
import type { LineTable } from './lines.js';
import type { Problem, TextPart } from './types.js';

interface Range {
  readonly from: number;
  readonly to: number;
}

const DEEPEST = 8;

function encodingProblem(headers: Headers, range: Range): Problem | undefined {
  const encoding = field(headers, 'content-transfer-encoding').toLowerCase();
  if (encoding !== 'base64' && encoding !== 'quoted-printable') return undefined;
  const line = headers.lineOf.get('content-transfer-encoding') ?? range.from;
  return { severity: 'note', line, message: `this text is ${encoding} and was not decoded` };
}

function isText(type: string): boolean {
  const t = type.trimStart().toLowerCase();
  return (
    t === '' ||
    (t.startsWith('text/') && !t.startsWith('text/html')) ||
    t.startsWith('application/x-patch')
  );
}

/** Ranges between the `--boundary` lines, without preamble and epilogue. */
function split(lines: LineTable, range: Range, boundary: string): Range[] {
  const parts: Range[] = [];
  let open: number | undefined;
  for (let at = range.from; at < range.to; at++) {
    const text = lines.head(at, boundary.length + 8).trimEnd();
    if (text !== `--${boundary}` && text !== `--${boundary}--`) continue;
    if (open !== undefined) parts.push({ from: open, to: at });
    open = text === `--${boundary}` ? at + 1 : undefined;
  }
  if (open !== undefined) parts.push({ from: open, to: range.to });
  return parts;
}

/**
 * The plain-text parts of a body that can be read as they stand. Encoded parts are left out, each
 * with a note; HTML and binary parts are left out in silence.
 */
export function textParts(
  lines: LineTable,
  headers: Headers,
  body: Range,
  level = 0,
): { parts: TextPart[]; problems: Problem[] } {
  const type = field(headers, 'content-type');
  const boundary = parameter(type, 'boundary');
  if (
    type.trimStart().toLowerCase().startsWith('multipart/') &&
    boundary !== undefined &&
    boundary !== ''
  ) {
    if (level === DEEPEST)
      return {
        parts: [],
        problems: [{ severity: 'note', line: body.from, message: 'parts nested too deep' }],
      };
    const inner = split(lines, body, boundary).map((range) => {
      const own = readHeaders(lines, range.from, range.to);
      return textParts(
        lines,
        own,
        { from: Math.min(own.endLine + 1, range.to), to: range.to },
        level + 1,
      );
    });
    return { parts: inner.flatMap((p) => p.parts), problems: inner.flatMap((p) => p.problems) };
  }
  if (!isText(type)) return { parts: [], problems: [] };
  const encoded = encodingProblem(headers, body);
  if (encoded) return { parts: [], problems: [encoded] };
  const flowed = (parameter(type, 'format') ?? '').toLowerCase() === 'flowed';
  return { parts: [{ startLine: body.from, endLine: body.to, flowed }], problems: [] };
}
