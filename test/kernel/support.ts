import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelKernel, type KernelFile, type Scenario } from '../../server/analysis/model.js';
import { runScenario } from '../../server/analysis/run.js';
import { CParser } from '../../server/csource/parser.js';
import { createMachine, type ModelMachine } from '../../server/machine/index.js';
import { explore } from '../../server/search/index.js';
import type { SearchResult } from '../../server/search/types.js';
import type { Trace } from '../../shared/trace.js';

const require = createRequire(import.meta.url);
const KERNEL = fileURLToPath(new URL('../../server/kernel/', import.meta.url));

/** More than any run here needs; a run that meets it is not complete, and fails its test. */
const BUDGET = { states: 2_000_000, expired: () => false };

let loaded: Promise<CParser> | undefined;

export function parser(): Promise<CParser> {
  loaded ??= CParser.load(
    readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm')),
  );
  return loaded;
}

function kernelFiles(): readonly KernelFile[] {
  const names = readdirSync(KERNEL, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.c'))
    .map((name) => ({ name, text: readFileSync(join(KERNEL, name), 'utf8') }));
}

/** A change of one place in one file of the model kernel, made in memory. */
export interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

function mutate(files: readonly KernelFile[], m: Mutation): readonly KernelFile[] {
  return files.map((f) => {
    if (f.name !== m.file) return f;
    const parts = f.text.split(m.from);
    if (parts.length !== 2) throw new Error(`${m.file} has ${parts.length - 1} times: ${m.from}`);
    return { name: f.name, text: parts.join(m.to) };
  });
}

/** The texts of the kernel with these changes. */
export function changed(changes: readonly Mutation[]): readonly KernelFile[] {
  return changes.reduce(mutate, kernelFiles());
}

/** The kernel with one place changed, or several that are one change. */
export async function mutant(...changes: readonly Mutation[]): Promise<ModelKernel> {
  return new ModelKernel(await parser(), changed(changes));
}

let kernel: Promise<ModelKernel> | undefined;

/** The kernel as it is, parsed once a test file. */
export function modelKernel(): Promise<ModelKernel> {
  kernel ??= parser().then((p) => new ModelKernel(p, kernelFiles()));
  return kernel;
}

/** What one run changes in its scenario: switches on and off, the profile, the faults. */
export interface Setting {
  readonly on?: readonly string[];
  readonly off?: readonly string[];
  readonly profile?: string;
  readonly faults?: number;
}

export interface Outcome extends SearchResult {
  /** `none`, or the properties that fail, each once, sorted: `found deadlock`. */
  readonly verdict: string;
  /** Length of the shortest witness in micro-steps. */
  readonly shortest: number;
  /** Who waits for what in the first finding, `jbd2 waits handle`, sorted. */
  readonly waits: readonly string[];
  /** What the run took for granted because the model does not have it. */
  readonly assumptions: readonly string[];
}

function scenarioOf(kernel: ModelKernel, id: string): Scenario {
  const scenario = kernel.scenario(id);
  if (!scenario) throw new Error(`no scenario ${id}`);
  return scenario;
}

/** The machine of a scenario as a plain run has it, with the setting on top. */
export function plainMachine(kernel: ModelKernel, id: string, setting: Setting): ModelMachine {
  const scenario = scenarioOf(kernel, id);
  const profile = kernel.profile(setting.profile ?? scenario.profile ?? '') ?? kernel.latest;
  const wanted = new Set(setting.on);
  const off = new Set([...scenario.switches.off].filter((s) => !wanted.has(s)));
  for (const s of setting.off ?? []) off.add(s);
  const on = new Set([...scenario.switches.on, ...(setting.on ?? [])].filter((s) => !off.has(s)));
  const program = kernel.link(profile, { on, off }, [], scenario);
  const errors = program.problems.filter((p) => p.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((p) => p.message).join('\n'));
  const faults = setting.faults ?? scenario.faults;
  return createMachine(program, kernel.table, { faults, crashes: scenario.crashes });
}

/** The scenario as a plain run has it, with the setting on top. */
export function run(kernel: ModelKernel, id: string, setting: Setting = {}): Outcome {
  const machine = plainMachine(kernel, id, setting);
  const search = explore(machine, BUDGET);
  const properties = [...new Set(search.witnesses.map((w) => w.key.property))].sort();
  const shortest = Math.min(...search.witnesses.map((w) => w.schedule.length));
  const found = properties.length === 0 ? 'none' : `found ${properties.join(', ')}`;
  const waits = (search.witnesses[0]?.key.id ?? '').match(/\w+ waits .+?(?= in )/g) ?? [];
  const { assumptions } = machine;
  return {
    ...search,
    shortest,
    waits,
    assumptions,
    verdict: search.complete ? found : `stopped, ${found}`,
  };
}

/** The traces of a plain run of the scenario, as users see them. */
export function traces(kernel: ModelKernel, id: string): readonly Trace[] {
  const scenario = scenarioOf(kernel, id);
  const profile = kernel.profile(scenario.profile ?? '') ?? kernel.latest;
  const { switches } = scenario;
  const config = { scenario, profile, switches, patch: [], base: '' };
  return runScenario(kernel, kernel.table, config, BUDGET).traces;
}
