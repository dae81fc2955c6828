/** `racelore compare FILE…`: each series against the version before it, as git range-diff shows it. */
import { readMailDocument } from '../mail/index.js';
import { readDiffs } from '../patch/index.js';
import { compareText } from '../report/range-diff.js';
import { lettersOf, seriesIn, threadsOf } from '../review/index.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError } from './input.js';
import { readMails } from './mails.js';

export interface CompareOptions {
  readonly thread?: string;
}

export async function compare(
  files: readonly string[],
  { thread }: CompareOptions,
): Promise<number> {
  const { text } = await readMails(files, thread);
  const doc = readMailDocument(text, 'compare:');
  const diffs = readDiffs(doc);
  const letters = lettersOf(doc, diffs);
  const series = seriesIn(letters, threadsOf(letters));
  const source = { doc, files: diffs, series };
  const texts = series.flatMap((now) => {
    const old = series[now.previous ?? -1];
    return old ? [compareText(source, old, now)] : [];
  });
  if (texts.length === 0) throw new InputError('no two versions of a series in what was given');
  print(texts.join('\n'));
  return EXIT_CLEAN;
}
