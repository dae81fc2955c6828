/** `racelore context FILE:LINE[:COL]`: what is held at a place of kernel C, a patch or a mail. */
import { pathToFileURL } from 'node:url';
import { isKernelFile } from '../../shared/sniff.js';
import { contextJson, contextText } from '../report/context-text.js';
import { safeJson } from '../report/json.js';
import { plain } from '../report/plain.js';
import { analyzer } from './analyzer.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError, readInput } from './input.js';
import { readMails } from './mails.js';

export interface ContextOptions {
  readonly format: 'text' | 'json';
}

export async function context(place: string, options: ContextOptions): Promise<number> {
  const parts = /^(.+?):(\d+)(?::(\d+))?$/.exec(place);
  const [, file, line, column] = parts ?? [];
  if (file === undefined || line === undefined)
    throw new InputError(`${plain(place)}: not FILE:LINE or FILE:LINE:COL`);
  const uri = pathToFileURL(file).href;
  const text = isKernelFile(uri) ? readInput(file) : (await readMails([file], undefined)).text;
  const found = (await analyzer()).context(
    { uri, text },
    Number(line) - 1,
    column === undefined ? 0 : Number(column) - 1,
  );
  if (!found) throw new InputError(`${plain(place)}: no code of a function there`);
  print(
    options.format === 'json'
      ? `${safeJson(contextJson(place, found))}\n`
      : contextText(place, found),
  );
  return EXIT_CLEAN;
}
