/** The bundled example mail and the edits that the tests make to it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../support/tools.mjs';

const PATH = join(ROOT, 'examples/zeroing.eml');
export const EXAMPLE_URI = pathToFileURL(PATH).href;
export const EXAMPLE = readFileSync(PATH, 'utf8');

/** 0-based line of the only line that contains the text. */
export function lineOf(part: string, text = EXAMPLE): number {
  const lines = text.split('\n');
  const found = lines.flatMap((l, i) => (l.includes(part) ? [i] : []));
  const [line] = found;
  if (line === undefined || found.length > 1)
    throw new Error(`${found.length} lines contain ${part}`);
  return line;
}

/** Removes one whole line. */
export function deleteLine(line: number): {
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly text: string;
} {
  return {
    range: { start: { line, character: 0 }, end: { line: line + 1, character: 0 } },
    text: '',
  };
}

/** Inserts text at the beginning of a line. */
export function insertAt(line: number, text: string): ReturnType<typeof deleteLine> {
  return { range: { start: { line, character: 0 }, end: { line, character: 0 } }, text };
}
