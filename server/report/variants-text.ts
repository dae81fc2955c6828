/** The table of scenarios and fixes: what each run found, in how many steps and states. */
import { outcomeWord } from '../analysis/variants.js';
import type { VariantRun } from '../analysis/variants.js';
import { clip, oneLine } from './plain.js';

const SCENARIO = 8;
const SWITCH = 20;
const OUTCOME = 14;

/** Columns of numbers, right-aligned. */
const NUMBERS = [
  ['steps', 6],
  ['ops', 5],
  ['switches', 9],
  ['states', 10],
] as const;

function line(scenario: string, name: string, outcome: string, numbers: readonly string[]): string {
  const cells = numbers.map((n, i) => n.padStart(NUMBERS[i]?.[1] ?? 8));
  const head = [
    clip(oneLine(scenario), SCENARIO - 1).padEnd(SCENARIO),
    clip(oneLine(name), SWITCH - 1).padEnd(SWITCH),
    clip(outcome, OUTCOME - 1).padEnd(OUTCOME),
  ];
  return `${head.join('')}${cells.join('')}`.trimEnd();
}

/** Steps, visible operations and thread switches of the first witness; states of the search. */
export function variantNumbers({ traces, verdict }: VariantRun): readonly string[] {
  const first = traces[0];
  const micro = first?.steps.reduce((n, s) => n + s.micro.length, 0);
  const shown = [first?.steps.length, micro, first?.switches].map((n) => String(n ?? '-'));
  return [...shown, String(verdict.states)];
}

export function variantsHead(): string {
  return line(
    'race',
    'with',
    'verdict',
    NUMBERS.map(([name]) => name),
  );
}

/** At most 72 columns. */
export function variantLine(run: VariantRun): string {
  const { scenario, variant } = run;
  return line(
    variant.id === '' ? scenario.id : '',
    variant.id === '' ? '-' : variant.id,
    outcomeWord(run),
    variantNumbers(run),
  );
}
