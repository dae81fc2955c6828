import { field, parameter, readHeaders, type Headers } from './headers.js';
import type { LineTable } from './lines.js';
import type { EncodedPart, Problem, TextPart } from './types.js';

interface Range {
  readonly from: number;
  readonly to: number;
}

const DEEPEST = 8;

function encodedPart(headers: Headers, type: string, range: Range): EncodedPart | undefined {
  const encoding = field(headers, 'content-transfer-encoding').trim().toLowerCase();
  if (encoding !== 'base64' && encoding !== 'quoted-printable') return undefined;
  return {
    startLine: range.from,
    endLine: range.to,
    encoding,
    charset: (parameter(type, 'charset') ?? '').toLowerCase(),
    encodingLine: headers.lineOf.get('content-transfer-encoding') ?? range.from,
  };
}

/** `fix.patch`, `patch`, `0001-fix.patch.txt`; no archive and no picture of one. */
const PATCH_NAME = /(?:^|[^a-z])(?:patch|diff)(?:\.txt)?$/i;

function isText(headers: Headers, type: string): boolean {
  const t = type.trimStart().toLowerCase();
  if (t === '' || (t.startsWith('text/') && !t.startsWith('text/html'))) return true;
  if (t.startsWith('application/x-patch')) return true;
  const disposition = field(headers, 'content-disposition');
  const names = ['filename', 'filename\\*', 'filename\\*0\\*?'].map((n) =>
    parameter(disposition, n),
  );
  return [...names, parameter(type, 'name')].some((n) => n !== undefined && PATCH_NAME.test(n));
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

interface Parts {
  readonly parts: readonly TextPart[];
  readonly encoded: readonly EncodedPart[];
  readonly problems: readonly Problem[];
}

function tooDeep(body: Range): Parts {
  const problem: Problem = { severity: 'note', line: body.from, message: 'parts nested too deep' };
  return { parts: [], encoded: [], problems: [problem] };
}

/**
 * The plain-text parts of a body: those that can be read as they stand, and those that are encoded,
 * each with a note. HTML and binary parts are left out in silence.
 */
export function textParts(lines: LineTable, headers: Headers, body: Range, level = 0): Parts {
  const type = field(headers, 'content-type');
  const boundary = parameter(type, 'boundary');
  if (
    type.trimStart().toLowerCase().startsWith('multipart/') &&
    boundary !== undefined &&
    boundary !== ''
  ) {
    if (level === DEEPEST) return tooDeep(body);
    const inner = split(lines, body, boundary).map((range) => {
      const own = readHeaders(lines, range.from, range.to);
      return textParts(
        lines,
        own,
        { from: Math.min(own.endLine + 1, range.to), to: range.to },
        level + 1,
      );
    });
    return {
      parts: inner.flatMap((p) => p.parts),
      encoded: inner.flatMap((p) => p.encoded),
      problems: inner.flatMap((p) => p.problems),
    };
  }
  if (type.trimStart().toLowerCase().startsWith('message/rfc822')) {
    const inside = readHeaders(lines, body.from, body.to);
    const from = Math.min(inside.endLine + 1, body.to);
    return level === DEEPEST
      ? tooDeep(body)
      : textParts(lines, inside, { from, to: body.to }, level + 1);
  }
  if (!isText(headers, type)) return { parts: [], encoded: [], problems: [] };
  const part = encodedPart(headers, type, body);
  if (part) {
    const message = `this text is ${part.encoding} and was not decoded`;
    const problem: Problem = { severity: 'note', line: part.encodingLine, message };
    return { parts: [], encoded: [part], problems: [problem] };
  }
  const flowed = (parameter(type, 'format') ?? '').toLowerCase() === 'flowed';
  const charset = parameter(type, 'charset')?.toLowerCase();
  const text = {
    startLine: body.from,
    endLine: body.to,
    flowed,
    ...(charset === undefined ? {} : { charset }),
  };
  return { parts: [text], encoded: [], problems: [] };
}
