/** `racelore run FILE.c…`: files of Model C, with the model kernel below them when they use it. */
import type { FileProblem, FilesRun } from '../analysis/files.js';
import { runFiles } from '../analysis/files.js';
import { ModelKernel } from '../analysis/model.js';
import { readGrammar, readKernel } from '../assets.js';
import { CParser, GrammarNeeded } from '../csource/parser.js';
import { safeJson } from '../report/json.js';
import { oneLine } from '../report/plain.js';
import { traceText, verdictLines } from '../report/trace-text.js';
import type { BudgetOptions } from './budget.js';
import { budgetOf } from './budget.js';
import { EXIT_BAD_INPUT, EXIT_CLEAN, EXIT_FINDINGS, print } from './exit.js';
import { InputError } from './input.js';
import { readModelFiles } from './model-input.js';
import { Stopwatch } from './stopwatch.js';

export interface RunFilesOptions extends BudgetOptions {
  readonly format: 'text' | 'json';
  readonly profile?: string;
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly times?: boolean;
}

export async function runModelFiles(
  names: readonly string[],
  options: RunFilesOptions,
): Promise<number> {
  const watch = new Stopwatch();
  const files = readModelFiles(names);
  watch.lap('load');
  const result = await withParser((parser) => {
    const { profile } = options;
    return runFiles(
      parser,
      files,
      {
        ...(profile === undefined ? {} : { profile }),
        with: options.with,
        without: options.without,
        kernel: () => new ModelKernel(parser, readKernel()),
        done: (part) => watch.lap(part),
      },
      budgetOf(options),
    );
  });
  if (typeof result === 'string') throw new InputError(result);
  const shown = new Map(files.map((f, i) => [f.uri, names[i] === '-' ? '<stdin>' : names[i]]));
  const status = show(result, (uri) => shown.get(uri) ?? uri, options.format);
  if (options.times === true) process.stderr.write(`${JSON.stringify(watch.laps)}\n`);
  return status;
}

/** Without the grammar first: most files need none, and what it takes to be loaded and compiled. */
async function withParser<T>(work: (parser: CParser) => T): Promise<T> {
  try {
    return work(CParser.plain());
  } catch (e) {
    if (!(e instanceof GrammarNeeded)) throw e;
    const { core, grammar } = readGrammar();
    return work(await CParser.load(core, grammar));
  }
}

type NameOf = (uri: string) => string;

function problemText({ at, message, severity }: FileProblem, nameOf: NameOf): string {
  const place = `${nameOf(at.uri)}:${at.line + 1}:${at.character + 1}`;
  return `${oneLine(`${place}: ${severity}: ${message}`)}\n`;
}

function show({ problems, ran }: FilesRun, nameOf: NameOf, format: 'text' | 'json'): number {
  for (const p of problems) process.stderr.write(problemText(p, nameOf));
  if (!ran) return EXIT_BAD_INPUT;
  const { verdict, traces } = ran;
  if (format === 'json') print(`${safeJson({ verdict, traces })}\n`);
  else if (traces.length === 0) print(`${verdictLines(verdict).join('\n')}\n`);
  else print(`${traces.map((t) => traceText(t)).join('\n\n')}\n`);
  if (verdict.kind === 'error') return EXIT_BAD_INPUT;
  return traces.length > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}
