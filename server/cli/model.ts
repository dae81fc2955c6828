/**
 * Entry of `dist/model.js`: `racelore run FILE.c…` without what reads command lines in general.
 * Arguments that it does not know are left to the other bundle, which says what is wrong with them.
 */
import { plain } from '../report/plain.js';
import { DEFAULT_SECONDS, DEFAULT_STATES } from './budget.js';
import { EXIT_BAD_INPUT } from './exit.js';
import { InputError } from './input.js';
import type { RunFilesOptions } from './run-files.js';
import { runModelFiles } from './run-files.js';

export { end } from './exit.js';

interface Request {
  readonly files: readonly string[];
  readonly options: RunFilesOptions;
}

type Values = Readonly<Record<string, string>>;

const VALUES = new Set(['--format', '--seconds', '--states', '--profile']);

/** Options without a value. */
interface Flags {
  readonly times: boolean;
  readonly first: boolean;
}

function optionsOf(values: Values, flags: Flags): RunFilesOptions | undefined {
  const { '--format': format = 'text', '--profile': profile } = values;
  const { '--seconds': seconds = DEFAULT_SECONDS, '--states': states = DEFAULT_STATES } = values;
  if (format !== 'text' && format !== 'json') return undefined;
  if (!(Number(seconds) > 0) || !(Number(states) > 0)) return undefined;
  const chosen = profile === undefined ? {} : { profile };
  return { format, seconds, states, ...flags, with: [], without: [], ...chosen };
}

/** Undefined: something that only the other bundle understands. */
function requestOf(args: readonly string[]): Request | undefined {
  const files: string[] = [];
  const values: Record<string, string> = {};
  const flags = { times: false, first: false };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const value = args[i + 1];
    if (arg === '--times') flags.times = true;
    else if (arg === '--first') flags.first = true;
    else if (VALUES.has(arg) && value !== undefined && !value.startsWith('-'))
      values[args[i++] ?? ''] = value;
    else if (arg.startsWith('-') && arg !== '-') return undefined;
    else files.push(arg);
  }
  const options = optionsOf(values, flags);
  return options && { files, options };
}

/** Runs `run FILE.c…`, arguments without the name of the program; the exit code. */
export async function runPlain(args: readonly string[]): Promise<number | undefined> {
  const request = requestOf(args.slice(1));
  if (!request) return undefined;
  try {
    return await runModelFiles(request.files, request.options);
  } catch (e) {
    if (!(e instanceof InputError)) throw e;
    process.stderr.write(`racelore: ${plain(e.message)}\n`);
    return EXIT_BAD_INPUT;
  }
}
