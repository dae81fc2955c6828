/** `racelore explain-graft FILE`: where each changed line went on the model, so that it can be judged. */
import { pathToFileURL } from 'node:url';
import { graftJson } from '../report/graft-json.js';
import { graftText } from '../report/graft-text.js';
import { plain } from '../report/plain.js';
import { analyzer } from './analyzer.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError } from './input.js';
import { readMails } from './mails.js';

export interface ExplainGraftOptions {
  readonly format: 'text' | 'json';
}

export async function explainGraft(file: string, options: ExplainGraftOptions): Promise<number> {
  const input = await readMails([file]);
  const uri = file === '-' ? 'stdin:' : pathToFileURL(file).href;
  const changes = (await analyzer()).explainGraft(uri, input.text);
  if (changes.length === 0) throw new InputError(`${plain(file)}: no patch to C`);
  print(
    options.format === 'json'
      ? graftJson(changes, file === '-' ? '<stdin>' : plain(file), input.rawLine)
      : graftText(changes),
  );
  return EXIT_CLEAN;
}
