/** The page of a scenario in Markdown: its C comment, what its runs found, the schedule of the race. */
import type { Trace } from '../../shared/trace.js';
import { outcomeWord } from '../analysis/variants.js';
import type { VariantRun } from '../analysis/variants.js';
import { oneLine, plain } from './plain.js';
import { traceText } from './trace-text.js';
import { variantNumbers } from './variants-text.js';

const COLUMNS = 78;

function cell(text: string): string {
  return oneLine(text).replaceAll('|', '\\|');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function table(runs: readonly VariantRun[]): readonly string[] {
  return [
    row(['with', 'what it is', 'verdict', 'steps', 'ops', 'switches']),
    row(['---', '---', '---', '--:', '--:', '--:']),
    ...runs.map((run) =>
      row([
        run.variant.id === '' ? '–' : `\`${run.variant.id}\``,
        cell(run.variant.text),
        cell(outcomeWord(run)),
        ...variantNumbers(run)
          .slice(0, -1)
          .map((n) => (n === '-' ? '–' : n)),
      ]),
    ),
  ];
}

/** Without what every change of the model changes: counted states and the token. */
function lasting(trace: Trace): Trace {
  const text = `race found (${trace.key.property})`;
  return { ...trace, token: '', verdict: { ...trace.verdict, text } };
}

/** `runs`: the scenario as it stands first, then with each fix. Undefined without a run. */
export function scenarioPage(runs: readonly VariantRun[]): string | undefined {
  const [first] = runs;
  if (!first) return undefined;
  const { scenario, verdict, traces } = first;
  const facts = [
    `- Profile: ${verdict.profile}`,
    `- Threads: ${scenario.threads.join(', ')}`,
    `- Bounds: ${[`${verdict.bounds.threads} threads with daemons`, ...scenario.bounds].join(', ')}`,
    ...scenario.sources.map((s) => `- Source: ${oneLine(s)}`),
    ...(scenario.hypothetical === undefined
      ? []
      : [`- Hypothetical: ${oneLine(scenario.hypothetical)}`]),
  ];
  const witness = traces.flatMap((t) => ['', '```text', traceText(lasting(t), COLUMNS), '```']);
  return [
    `# ${scenario.id}: ${oneLine(scenario.title)}`,
    '',
    plain(scenario.doc).trimEnd(),
    '',
    ...facts,
    '',
    ...table(runs),
    ...witness,
    '',
  ].join('\n');
}
