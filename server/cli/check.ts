/** `racelore check [FILE]`: findings and races of a mail, thread or patch; findings of kernel C. */
import { pathToFileURL } from 'node:url';
import type { Severity } from '../../shared/trace.js';
import type { CheckResult } from '../analysis/types.js';
import { checkText } from '../report/check-text.js';
import { checkJson } from '../report/json.js';
import { plain } from '../report/plain.js';
import { analyzer } from './analyzer.js';
import type { BudgetOptions } from './budget.js';
import { budgetOf } from './budget.js';
import { checkFiles, isSource } from './check-files.js';
import { EXIT_CLEAN, EXIT_FINDINGS, print } from './exit.js';
import { readMails } from './mails.js';

export interface CheckOptions extends BudgetOptions {
  readonly format: 'text' | 'json';
  readonly traces: boolean;
  /** A message of the only thread that is wanted. */
  readonly thread?: string;
  readonly failOn: 'warning' | 'hint' | 'incomplete';
}

function failing(result: CheckResult, failOn: CheckOptions['failOn']): boolean {
  const levels: readonly Severity[] =
    failOn === 'hint' ? ['error', 'warning', 'hint'] : ['error', 'warning'];
  if (result.findings.some((f) => levels.includes(f.severity))) return true;
  return (
    failOn === 'incomplete' &&
    (!result.complete ||
      result.changes.some((c) => c.races.some((r) => r.outcome === 'incomplete')))
  );
}

export async function check(file: string, options: CheckOptions): Promise<number> {
  if (isSource(file)) return checkFiles(file, options);
  const input = await readMails([file], options.thread);
  const uri = file === '-' ? 'stdin:' : pathToFileURL(file).href;
  const result = (await analyzer()).check(uri, input.text, budgetOf(options));
  const name = file === '-' ? '<stdin>' : plain(file);
  print(
    options.format === 'json'
      ? checkJson({ ...result, uri: name }, input.rawLine, input.fileOf)
      : checkText(result, {
          name,
          traces: options.traces,
          rawLine: input.rawLine,
          rawFile: input.fileOf,
        }),
  );
  return failing(result, options.failOn) ? EXIT_FINDINGS : EXIT_CLEAN;
}
