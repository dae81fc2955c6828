/** Two versions of a series with a discussion, as one mbox. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/tools.mjs';

export const SERIES_URI = 'file:///mail/series.mbox';
export const SERIES = readFileSync(join(ROOT, 'test/fixtures/series.mbox'), 'utf8');
const LINES = SERIES.split('\n');

/** Text of a 0-based line. */
export function textAt(line: number): string {
  return LINES[line] ?? '';
}

/** 0-based lines that are equal to a text. */
export function linesThatAre(text: string): readonly number[] {
  return LINES.flatMap((l, i) => (l === text ? [i] : []));
}
