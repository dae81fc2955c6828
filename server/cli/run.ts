/** `racelore run SCENARIO`: one scenario of the model, with switches turned on or off. */
import type { Trace, Verdict } from '../../shared/trace.js';
import { safeJson } from '../report/json.js';
import { oneLine } from '../report/plain.js';
import { traceText, verdictLines } from '../report/trace-text.js';
import { analyzer } from './analyzer.js';
import type { BudgetOptions } from './budget.js';
import { budgetOf } from './budget.js';
import { EXIT_BAD_INPUT, EXIT_CLEAN, EXIT_FINDINGS, print } from './exit.js';
import { InputError } from './input.js';

export interface RunOptions extends BudgetOptions {
  readonly format: 'text' | 'json';
  readonly profile?: string;
  readonly with: readonly string[];
  readonly without: readonly string[];
}

export async function run(id: string, options: RunOptions): Promise<number> {
  const came = ({
    sizes,
    verdict,
  }: {
    readonly sizes: string;
    readonly verdict: Verdict;
  }): void => {
    if (options.format === 'text')
      process.stderr.write(`${oneLine(`${id} with ${sizes}: ${verdict.text}`)}\n`);
  };
  const result = (await analyzer()).run(id, options, budgetOf(options), came);
  if (typeof result === 'string') throw new InputError(result);
  const { verdict, traces } = result;
  const smaller = result.smaller.length > 0 ? { smaller: result.smaller } : {};
  if (options.format === 'json')
    print(`${safeJson({ scenario: id, verdict, traces, ...smaller })}\n`);
  else print(textOf(id, traces, verdictLines(verdict)));
  if (verdict.kind === 'error') return EXIT_BAD_INPUT;
  return traces.length > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}

function textOf(id: string, traces: readonly Trace[], verdict: readonly string[]): string {
  if (traces.length === 0) return `${oneLine(id)}\n${verdict.join('\n')}\n`;
  return `${traces.map((t) => traceText(t)).join('\n\n')}\n`;
}
