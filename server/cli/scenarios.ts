/** `racelore scenarios`: what the model can run, what each run finds, and the fixes that can be turned on. */
import { outcomeWord } from '../analysis/variants.js';
import { oneLine, wrap } from '../report/plain.js';
import { analyzer } from './analyzer.js';
import type { BudgetOptions } from './budget.js';
import { budgetOf } from './budget.js';
import { EXIT_CLEAN, print } from './exit.js';

const COLUMNS = 72;

function item(text: string, indent: number): string {
  const pad = ' '.repeat(indent);
  return wrap(oneLine(text), COLUMNS - indent, '  ')
    .map((l) => `${pad}${l}\n`)
    .join('');
}

/** Runs every scenario as it stands, and prints each one when it is decided. */
export async function scenarios(options: BudgetOptions): Promise<number> {
  const a = await analyzer();
  for (const s of a.kernel.scenarios) {
    const [first] = a.variants(s.id, () => budgetOf(options));
    print(item(`${s.id}  ${s.title}`, 0));
    if (first) {
      const steps = first.traces[0]?.steps.length;
      const length = steps === undefined ? '' : `, ${steps} steps`;
      print(item(`verdict: ${outcomeWord(first)}${length} (profile ${first.verdict.profile})`, 4));
    }
    if (s.hypothetical !== undefined) print(item(`hypothetical: ${s.hypothetical}`, 4));
    print(item(`threads: ${s.threads.join(', ')}`, 4));
    for (const b of s.bounds) print(item(`bound: ${b}`, 4));
    for (const src of s.sources) print(item(`source: ${src}`, 4));
    for (const f of s.fixes) print(item(`--with ${f.id}: ${f.text}`, 4));
  }
  return EXIT_CLEAN;
}
