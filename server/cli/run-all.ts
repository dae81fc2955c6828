/** `racelore run --all`: every scenario as it stands and with each of its fixes, one row each. */
import { outcomeWord } from '../analysis/variants.js';
import type { VariantRun } from '../analysis/variants.js';
import { safeJson } from '../report/json.js';
import { variantLine, variantsHead } from '../report/variants-text.js';
import { analyzer } from './analyzer.js';
import type { BudgetOptions } from './budget.js';
import { budgetOf } from './budget.js';
import { EXIT_CLEAN, EXIT_FINDINGS, print } from './exit.js';

export interface RunAllOptions extends BudgetOptions {
  readonly format: 'text' | 'json';
}

function json({ scenario, variant, verdict, traces }: VariantRun): unknown {
  const keys = traces.map((t) => ({
    key: t.key.id,
    property: t.key.property,
    steps: t.steps.length,
    switches: t.switches,
    token: t.token,
  }));
  return { scenario: scenario.id, with: variant.id, verdict, keys };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}

/** 1 when a run did not end within its budget: finding races is what scenarios are for. */
export async function runAll(options: RunAllOptions): Promise<number> {
  const a = await analyzer();
  const start = performance.now();
  const all: unknown[] = [];
  const count = new Map<string, number>();
  let worst = { name: '', ms: 0 };
  if (options.format === 'text') print(`${variantsHead()}\n`);
  for (const { id } of a.kernel.scenarios) {
    let from = performance.now();
    for (const run of a.variants(id, () => budgetOf(options))) {
      const ms = performance.now() - from;
      if (ms > worst.ms) worst = { name: [id, run.variant.id].join(' ').trim(), ms };
      const word = run.verdict.kind === 'found' ? 'found' : outcomeWord(run);
      count.set(word, (count.get(word) ?? 0) + 1);
      if (options.format === 'text') print(`${variantLine(run)}\n`);
      else all.push(json(run));
      from = performance.now();
    }
  }
  if (options.format === 'json') print(`${safeJson({ schema: 'racelore/runs@1', runs: all })}\n`);
  else {
    const counts = [...count].map(([word, n]) => `${n} ${word}`).join(', ');
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const peak = megabytes(process.resourceUsage().maxRSS * 1024);
    print(`\n${a.kernel.scenarios.length} scenarios: ${counts}; ${seconds} s, ${peak};`);
    print(` slowest ${worst.name} (${(worst.ms / 1000).toFixed(1)} s)\n`);
  }
  const open = (count.get('stopped') ?? 0) + (count.get('error') ?? 0);
  return open > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}
