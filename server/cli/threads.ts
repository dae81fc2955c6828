/** `racelore threads PATH…`: the threads and series of mails, an mbox, a maildir or an archive. */
import { safeJson } from '../report/json.js';
import { threadsText } from '../report/threads-text.js';
import { seriesIn, threadsOf } from '../review/index.js';
import { EXIT_CLEAN, print } from './exit.js';
import { readArchive } from './mails.js';

export interface ThreadsOptions {
  readonly format: 'text' | 'json';
}

const SCHEMA = 'racelore/threads@1';

export async function threads(names: readonly string[], options: ThreadsOptions): Promise<number> {
  const { letters } = await readArchive(names);
  const found = threadsOf(letters);
  const series = seriesIn(letters, found);
  print(
    options.format === 'json'
      ? `${safeJson({ schema: SCHEMA, letters, threads: found, series })}\n`
      : threadsText(letters, found, series),
  );
  return EXIT_CLEAN;
}
