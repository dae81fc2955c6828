/**
 * `racelore compare FILE…`: each series against the version before it, as git range-diff shows it; with
 * `--races` what both do to the races of the model.
 */
import { versionPair } from '../analysis/versions.js';
import { readMailDocument } from '../mail/index.js';
import { readDiffs } from '../patch/index.js';
import { compareText } from '../report/range-diff.js';
import { versionsJson } from '../report/versions-json.js';
import { versionsText } from '../report/versions-text.js';
import { lettersOf, seriesIn, threadsOf } from '../review/index.js';
import { analyzer } from './analyzer.js';
import type { BudgetOptions } from './budget.js';
import { budgetOf } from './budget.js';
import { EXIT_CLEAN, EXIT_FINDINGS, print } from './exit.js';
import { InputError } from './input.js';
import { readMails } from './mails.js';

export interface CompareOptions extends BudgetOptions {
  readonly thread?: string;
  readonly races?: boolean;
  readonly format: 'text' | 'json';
}

const NO_VERSIONS = 'no two versions of a series in what was given';

/** Both matrices; exit code 1 when the newer version brings a race that the older one does not. */
async function compareRaces(text: string, options: CompareOptions): Promise<number> {
  const result = (await analyzer()).check('compare:', text, budgetOf(options));
  const pair = versionPair(result.changes);
  if (!pair) throw new InputError(NO_VERSIONS);
  const { complete } = result;
  print(options.format === 'json' ? versionsJson(pair, complete) : versionsText(pair, complete));
  return pair.races.some((r) => r.change === 'new') ? EXIT_FINDINGS : EXIT_CLEAN;
}

export async function compare(files: readonly string[], options: CompareOptions): Promise<number> {
  const { text } = await readMails(files, options.thread);
  if (options.races === true) return compareRaces(text, options);
  if (options.format === 'json') throw new InputError('--format json is for --races');
  const doc = readMailDocument(text, 'compare:');
  const diffs = readDiffs(doc);
  const letters = lettersOf(doc, diffs);
  const series = seriesIn(letters, threadsOf(letters));
  const source = { doc, files: diffs, series };
  const texts = series.flatMap((now) => {
    const old = series[now.previous ?? -1];
    return old ? [compareText(source, old, now)] : [];
  });
  if (texts.length === 0) throw new InputError(NO_VERSIONS);
  print(texts.join('\n'));
  return EXIT_CLEAN;
}
