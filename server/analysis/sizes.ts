/**
 * Small bounds first. A scenario declares which of its bounds are sizes (`__small(NAME, n)`); it is then
 * run with the smallest sizes, with the next ones, and at last as it stands, and each result can be
 * shown when it comes. A smaller run decides nothing for a larger one: it is a program of its own, and
 * its tokens name its sizes.
 */
import type { Expr, MacroDef, TopCall } from '../csource/ast.js';
import type { ModelKernel, Scenario } from './model.js';

export interface Size {
  /** A macro, or one of the budgets below. */
  readonly name: string;
  readonly smallest: number;
  /** As the scenario stands. */
  readonly full: number;
  readonly call: TopCall;
}

/** Budgets of a scenario that are sizes too: what they are called, and to the reader. */
const BUDGETS: ReadonlyMap<string, { readonly of: 'faults' | 'crashes'; readonly word: string }> =
  new Map([
    ['__faults', { of: 'faults', word: 'faults' }],
    ['__crashes', { of: 'crashes', word: 'crashes' }],
  ]);

function numberOf(e: Expr | undefined): number | undefined {
  return e?.kind === 'number' ? e.value : undefined;
}

/** The value of a macro that is a number: the scenario's own, else that of the last kernel file. */
function macroValue(kernel: ModelKernel, scenario: Scenario, name: string): number | undefined {
  const items = [...kernel.kernelUnits, scenario.unit].flatMap((u) => u.items);
  const last = items.findLast((i): i is MacroDef => i.kind === 'macro' && i.name === name);
  return last?.params ? undefined : numberOf(last?.expr);
}

function sizeOf(kernel: ModelKernel, scenario: Scenario, call: TopCall): Size | undefined {
  const [named, least] = call.args;
  const name = named?.kind === 'ident' ? named.name : '';
  const smallest = numberOf(least);
  const budget = BUDGETS.get(name);
  const full = budget ? scenario[budget.of] : macroValue(kernel, scenario, name);
  if (smallest === undefined || full === undefined || smallest >= full) return undefined;
  return { name, smallest, full, call };
}

/** Declared sizes that are smaller somewhere than as the scenario stands. */
function sizesOf(kernel: ModelKernel, scenario: Scenario): readonly Size[] {
  return scenario.unit.items.flatMap((i) =>
    i.kind === 'topCall' && i.name === '__small' ? (sizeOf(kernel, scenario, i) ?? []) : [],
  );
}

/** The scenario in smaller sizes, the smallest first; all sizes grow by one until each is full. */
export function smallerOnes(kernel: ModelKernel, scenario: Scenario): readonly Scenario[] {
  const sizes = sizesOf(kernel, scenario);
  const steps = Math.max(0, ...sizes.map((s) => s.full - s.smallest));
  return Array.from({ length: steps }, (_, n) =>
    withSizes(
      scenario,
      sizes.map((size) => [size, Math.min(size.full, size.smallest + n)] as const),
    ),
  );
}

function withSizes(scenario: Scenario, values: readonly (readonly [Size, number])[]): Scenario {
  const macros = values.flatMap(([size, value]) => macroOf(size, value) ?? []);
  const budget = (name: string, otherwise: number): number =>
    values.find(([size]) => size.name === name)?.[1] ?? otherwise;
  const words = values.map(([{ name }, value]) => `${BUDGETS.get(name)?.word ?? name} ${value}`);
  const { unit } = scenario;
  return {
    ...scenario,
    unit: { ...unit, items: [...unit.items, ...macros] },
    faults: budget('__faults', scenario.faults),
    crashes: budget('__crashes', scenario.crashes),
    bounds: [`smaller than ${scenario.bounds.join(', ')}: ${words.join(', ')}`],
    sizes: values.map(([{ name }, value]) => `${name}=${value}`),
  };
}

/** `#define NAME value`, at the place of the declaration; undefined for a budget. */
function macroOf({ name, call }: Size, value: number): MacroDef | undefined {
  const number = call.args[1];
  if (BUDGETS.has(name) || number?.kind !== 'number') return undefined;
  const { loc } = call;
  return { kind: 'macro', name, text: String(value), expr: { ...number, value }, loc };
}

/** The scenario as a token means it: `switches` has `NAME=value` where it was run smaller. */
export function inSizes(
  kernel: ModelKernel,
  scenario: Scenario,
  switches: readonly string[],
): Scenario {
  const wanted = switches.filter((s) => s.includes('=')).join();
  if (wanted === '') return scenario;
  return smallerOnes(kernel, scenario).find((s) => s.sizes?.join() === wanted) ?? scenario;
}

/** `BLOCKS 1, faults 0`; empty for a scenario as it stands. */
export function sizesText({ sizes }: Scenario): string {
  return (sizes ?? [])
    .map((s) => {
      const [name = '', value = ''] = s.split('=');
      return `${BUDGETS.get(name)?.word ?? name} ${value}`;
    })
    .join(', ');
}
