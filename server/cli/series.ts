/** `racelore series FILE…`: which patch of a series opens or closes which race. */
import type { ChangeReport } from '../analysis/types.js';
import { seriesKey } from '../analysis/series-number.js';
import { seriesJson } from '../report/series-json.js';
import { seriesText } from '../report/series-text.js';
import { analyzer } from './analyzer.js';
import type { BudgetOptions } from './budget.js';
import { budgetOf } from './budget.js';
import { EXIT_CLEAN, EXIT_FINDINGS, print } from './exit.js';
import { InputError } from './input.js';
import { readMails } from './mails.js';

export interface SeriesOptions extends BudgetOptions {
  readonly thread?: string;
  readonly format: 'text' | 'json';
}

/**
 * The patches of the longest series in its newest version; of two as long the later one. All patches when
 * none is numbered.
 */
export function newestSeries<T extends Pick<ChangeReport, 'status' | 'series'>>(
  changes: readonly T[],
): readonly T[] {
  const own = changes.filter((c) => c.status !== 'quoted only');
  const [best] = own
    .flatMap((c) => (c.series && !c.series.isOld ? [c.series] : []))
    .sort((a, b) => b.m - a.m || seriesKey(b) - seriesKey(a));
  if (!best) return own;
  return own
    .filter((c) => c.series && seriesKey(c.series) === seriesKey(best))
    .sort((a, b) => (a.series?.n ?? 0) - (b.series?.n ?? 0));
}

export async function series(files: readonly string[], options: SeriesOptions): Promise<number> {
  const { text } = await readMails(files, options.thread);
  const result = (await analyzer()).check('series:', text, budgetOf(options));
  const changes = newestSeries(result.changes);
  if (changes.length === 0) throw new InputError('no patch to C in what was given');
  print(options.format === 'json' ? seriesJson(result, changes) : seriesText(result, changes));
  const appears = changes.some((c) => c.races.some((r) => r.outcome === 'appears'));
  return appears ? EXIT_FINDINGS : EXIT_CLEAN;
}
