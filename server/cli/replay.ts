/** `racelore replay TOKEN [FILE]`: the schedule of a token, on the model or on a patch's graft. */
import { pathToFileURL } from 'node:url';
import { traceText } from '../report/trace-text.js';
import { safeJson } from '../report/json.js';
import { analyzer } from './analyzer.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError, readMailInput } from './input.js';

export interface ReplayOptions {
  readonly format: 'text' | 'json';
}

export async function replay(
  token: string,
  file: string | undefined,
  options: ReplayOptions,
): Promise<number> {
  const a = await analyzer();
  const document =
    file === undefined
      ? undefined
      : { uri: pathToFileURL(file).href, text: readMailInput(file).text };
  const result = a.replay(token.replace(/\s+/g, ''), document);
  if (typeof result === 'string') throw new InputError(result);
  print(options.format === 'json' ? `${safeJson(result)}\n` : `${traceText(result)}\n`);
  return EXIT_CLEAN;
}
