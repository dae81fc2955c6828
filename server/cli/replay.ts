/** `racelore replay TOKEN [FILE…]`: the schedule of a token, on the model, on a patch's graft, or on files of Model C. */
import { pathToFileURL } from 'node:url';
import type { TextDocument } from '../analysis/index.js';
import { traceText } from '../report/trace-text.js';
import { safeJson } from '../report/json.js';
import { analyzer } from './analyzer.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError } from './input.js';
import { readMails } from './mails.js';
import { readModelFiles } from './model-input.js';

export interface ReplayOptions {
  readonly format: 'text' | 'json';
  readonly thread?: string;
}

async function mailOf(
  files: readonly string[],
  thread: string | undefined,
): Promise<TextDocument | undefined> {
  const [file] = files;
  if (file === undefined) return undefined;
  return { uri: pathToFileURL(file).href, text: (await readMails(files, thread)).text };
}

export async function replay(
  token: string,
  files: readonly string[],
  options: ReplayOptions,
): Promise<number> {
  const a = await analyzer();
  const text = token.replace(/\s+/g, '');
  const result =
    files.length > 0 && files.every((name) => name.endsWith('.c'))
      ? a.replayFiles(text, readModelFiles(files))
      : a.replay(text, await mailOf(files, options.thread));
  if (typeof result === 'string') throw new InputError(result);
  print(options.format === 'json' ? `${safeJson(result)}\n` : `${traceText(result)}\n`);
  return EXIT_CLEAN;
}
