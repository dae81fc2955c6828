import type { LineTable } from './lines.js';

/** A header block: fields by lower-case name, unfolded, in order of appearance. */
export interface Headers {
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Line on which each name first stands. */
  readonly lineOf: ReadonlyMap<string, number>;
  /** First line that is no part of the block (the empty one, as a rule). */
  readonly endLine: number;
}

const FIELD = /^([!-9;-~]{1,76}):/;
/** RFC 5322 allows 998; beyond this a field is cut, so that no pattern ever sees a huge line. */
const LONGEST = 20_000;

/** Reads the header block that begins on `from`; ends at the first line that is neither field nor fold. */
export function readHeaders(lines: LineTable, from: number, to: number): Headers {
  const fields = new Map<string, string[]>();
  const lineOf = new Map<string, number>();
  let values: string[] | undefined;
  let at = from;
  for (; at < to; at++) {
    const text = lines.head(at, LONGEST);
    if (values && /^[ \t]+\S/.test(text.slice(0, 400))) {
      const soFar = values.at(-1) ?? '';
      if (soFar.length < LONGEST) values[values.length - 1] = `${soFar} ${text.trim()}`;
      continue;
    }
    const name = FIELD.exec(text.slice(0, 80))?.[1]?.toLowerCase();
    if (name === undefined) break;
    values = fields.get(name) ?? [];
    values.push(text.slice(name.length + 1).trim());
    fields.set(name, values);
    if (!lineOf.has(name)) lineOf.set(name, at);
  }
  return { fields, lineOf, endLine: at };
}

/** First value of a field, empty when absent. */
export function field(headers: Headers, name: string): string {
  return headers.fields.get(name)?.[0] ?? '';
}

const TELLING = [
  'from',
  'date',
  'subject',
  'message-id',
  'received',
  'to',
  'mime-version',
  'return-path',
  'x-patchwork-id',
];

/** Whether a block is that of a mail, and not prose with a colon in it. */
export function isMailHeaders(headers: Headers): boolean {
  return TELLING.filter((name) => headers.fields.has(name)).length >= 2;
}

/** A parameter of a structured field: `boundary` of `multipart/mixed; boundary="x"`. */
export function parameter(value: string, name: string): string | undefined {
  const m = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(
    value.slice(0, LONGEST),
  );
  return m?.[1] ?? m?.[2];
}
