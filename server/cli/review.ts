/** `racelore review FILE…`: what reviewers said of each series, and what is open. */
import { readMailDocument } from '../mail/index.js';
import { readDiffs } from '../patch/index.js';
import { remarksIn } from '../report/remarks.js';
import { reviewJson, reviewText } from '../report/review-text.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError } from './input.js';
import { readMails } from './mails.js';

export interface ReviewOptions {
  readonly thread?: string;
  readonly format: 'text' | 'json';
}

export async function review(files: readonly string[], options: ReviewOptions): Promise<number> {
  const input = await readMails(files, options.thread);
  const doc = readMailDocument(input.text, 'review:');
  const found = remarksIn(doc, readDiffs(doc));
  if (found.length === 0) throw new InputError('no patch series in what was given');
  print(options.format === 'json' ? reviewJson(found, input) : reviewText(found, input));
  return EXIT_CLEAN;
}
