/** Scenarios that a user wrote: which of them the model can take in. */
import type { CParser } from '../csource/parser.js';
import { placed } from './files.js';
import type { FileProblem, ModelFile } from './files.js';
import { ModelKernel, NO_SWITCHES, SCENARIO_DIR } from './model.js';
import type { KernelFile } from './model.js';
import { strictProblems } from './strict.js';

export interface UsableScenarios {
  readonly good: readonly KernelFile[];
  /** Why the others are not used, at its place. */
  readonly problems: readonly FileProblem[];
}

/** Links each file on the kernel once. */
export function usableScenarios(
  parser: CParser,
  model: ModelKernel,
  kernel: readonly KernelFile[],
  own: readonly ModelFile[],
): UsableScenarios {
  const good: KernelFile[] = [];
  const problems: FileProblem[] = [];
  const taken = new Set(model.scenarios.map((s) => s.id));
  for (const { name, uri, text } of own) {
    const file: KernelFile = { name: `${SCENARIO_DIR}own/${name}`, uri, text };
    const why = problemsOf(parser, kernel, file, taken);
    if (why.length === 0) good.push(file);
    problems.push(...why);
  }
  return { good, problems };
}

function problemsOf(
  parser: CParser,
  kernel: readonly KernelFile[],
  file: KernelFile,
  taken: Set<string>,
): readonly FileProblem[] {
  const tried = new ModelKernel(parser, [...kernel, file]);
  const scenario = tried.scenarios.find((s) => tried.table.get(s.unit.src).uri === file.uri);
  const at = { uri: file.uri ?? '', line: 0, character: 0, endLine: 0, endCharacter: 0 };
  const refused = (message: string): readonly FileProblem[] => [{ at, message, severity: 'error' }];
  if (!scenario) return refused('no __scenario("id", "title"); in it');
  if (taken.has(scenario.id)) return refused(`there is a scenario ${scenario.id} already`);
  // A profile that nobody has is an error at its place.
  const profile = tried.profile(scenario.profile ?? '') ?? tried.latest;
  taken.add(scenario.id);
  const { table, kernelUnits: below } = tried;
  return strictProblems({
    units: [scenario.unit],
    program: tried.link(profile, NO_SWITCHES, [], scenario),
    table,
    below,
    switchIds: new Set(tried.switchIds),
    profiles: tried.profiles.map((p) => p.name),
  })
    .filter((p) => p.severity === 'error')
    .map(placed(table));
}
