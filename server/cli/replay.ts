/** `racelore replay TOKEN [FILE…]`: the schedule of a token, on the model, on a patch's graft, or on files of Model C. */
import { pathToFileURL } from 'node:url';
import type { TextDocument } from '../analysis/index.js';
import { traceText } from '../report/trace-text.js';
import { safeJson } from '../report/json.js';
import { analyzer } from './analyzer.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError, readMailInput } from './input.js';
import { readModelFiles } from './model-input.js';

export interface ReplayOptions {
  readonly format: 'text' | 'json';
}

function mailOf(files: readonly string[]): TextDocument | undefined {
  const [file, ...more] = files;
  if (more.length > 0) throw new InputError('several files that are not all of Model C');
  return file === undefined
    ? undefined
    : { uri: pathToFileURL(file).href, text: readMailInput(file).text };
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
      : a.replay(text, mailOf(files));
  if (typeof result === 'string') throw new InputError(result);
  print(options.format === 'json' ? `${safeJson(result)}\n` : `${traceText(result)}\n`);
  return EXIT_CLEAN;
}
