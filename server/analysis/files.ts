/**
 * Files of Model C as a program: by themselves, or on top of the model kernel when they use names
 * of it that they do not define. In: texts. Out: verdict and traces, or what is wrong, at its place.
 */
import type { DocRange, Trace, Verdict } from '../../shared/trace.js';
import type { Problem, Unit } from '../csource/ast.js';
import { builtinConstant } from '../csource/constant.js';
import type { Program } from '../csource/ir.js';
import { link } from '../csource/link.js';
import { isIntrinsic } from '../csource/lower-call.js';
import type { CParser } from '../csource/parser.js';
import { SourceTable } from '../csource/source.js';
import { builtinType } from '../csource/types-int.js';
import type { Budget } from '../search/types.js';
import { freeNames } from './free-names.js';
import type { ModelKernel, Profile, Scenario, Switches } from './model.js';
import { NO_SWITCHES, profilesOf, scenarioOf, switchIds, switchOptions } from './model.js';
import { runProgram } from './run.js';
import { strictProblems } from './strict.js';

export interface ModelFile {
  /** As the user names it. */
  readonly name: string;
  readonly uri: string;
  readonly text: string;
}

export interface FilesOptions {
  readonly profile?: string;
  readonly with: readonly string[];
  readonly without: readonly string[];
  /** The model kernel, made when the files use names of it. */
  readonly kernel: () => ModelKernel;
  /** Told when a part of the work is done, for whoever has a clock. */
  readonly done?: (part: 'parse' | 'link' | 'machine' | 'search' | 'traces') => void;
}

export interface FileProblem {
  readonly at: DocRange;
  readonly message: string;
  readonly severity: Problem['severity'];
}

export interface FilesRun {
  /** Errors mean that nothing was run. */
  readonly problems: readonly FileProblem[];
  readonly ran?: FileVerdict;
}

export interface FileVerdict {
  readonly scenario: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly traces: readonly Trace[];
}

/** Linked files, and what they are called. */
export interface Linked {
  readonly units: readonly Unit[];
  readonly program: Program;
  /** Of the program, and what a whole file is held to (strict.ts). */
  readonly problems: readonly Problem[];
  readonly table: SourceTable;
  readonly scenario: Scenario;
  readonly profile: Profile;
  readonly switches: Switches;
  /** What they lie on. */
  readonly base: string;
}

/** A kernel version in which everything is on, for files that are linked with no kernel. */
const NO_KERNEL: Profile = { name: '', date: '9999-12-31' };

/** Parses, links, searches. A string says what was wrong with the request. */
export function runFiles(
  parser: CParser,
  files: readonly ModelFile[],
  options: FilesOptions,
  budget: Budget,
): FilesRun | string {
  const linked = linkFiles(parser, files, options);
  if (typeof linked === 'string') return linked;
  const { program, table, scenario, profile, switches, base } = linked;
  const problems = linked.problems.filter((p) => p.severity !== 'note').map(placed(table));
  options.done?.('link');
  if (problems.some((p) => p.severity === 'error')) return { problems };
  if (scenario.threads.length === 0) return 'no function of the files is a __thread("name")';
  const config = { scenario, profile, switches, patch: [], base };
  const { done } = options;
  const { verdict, traces } = runProgram(program, {
    table,
    config,
    budget,
    scaffolding: { isScenarioSource: () => false },
    ...(done ? { done } : {}),
  });
  const { id, title } = scenario;
  return { problems, ran: { scenario: id, title, verdict, traces } };
}

/** A problem of the front end where its file can be opened. */
export function placed(table: SourceTable): (problem: Problem) => FileProblem {
  return ({ loc, message, severity }) => ({ at: table.docRange(loc), message, severity });
}

/** Parses and links. A string says what was wrong with the request. */
export function linkFiles(
  parser: CParser,
  files: readonly ModelFile[],
  options: FilesOptions,
): Linked | string {
  const table = new SourceTable();
  const units = parse(parser, files, table);
  options.done?.('parse');
  const free = freeNames(units).filter((name) => !isBuiltIn(name));
  if (free.length > 0) {
    const kernel = options.kernel();
    if (free.some((name) => defines(kernel, name))) return onKernel(kernel, parser, files, options);
  }
  const scenario = scenarioOfFiles(units, files);
  const own = profilesOf(units);
  const chosen = chooseProfile(own, options, scenario);
  if (typeof chosen === 'string')
    return own.length > 0 ? chosen : `${chosen}: the files use nothing of the model kernel`;
  const profile = chosen ?? NO_KERNEL;
  const switches = switchesOf(scenario, options);
  const program = link(units, switchOptions(profile, switches));
  const profiles = own.map((p) => p.name);
  const asked = new Set(switchIds(files));
  const problems = strictProblems({ units, program, table, below: [], switchIds: asked, profiles });
  const names = namesOf(files);
  const base = chosen ? `${chosen.name} + ${names}` : names;
  return { units, program, problems, table, scenario, profile, switches, base };
}

/**
 * The kernel version that is asked for, else the one that the files name. Undefined when there is none of
 * that name, which is an error at its place; a string says that the request is wrong.
 */
function chooseProfile(
  profiles: readonly Profile[],
  { profile: asked }: FilesOptions,
  scenario: Scenario,
): Profile | string | undefined {
  const found = profiles.find((p) => p.name === (asked ?? scenario.profile));
  if (found || asked === undefined) return found;
  const names = profiles.map((p) => p.name).join(', ');
  return `no profile is called ${asked}${names === '' ? '' : `; there are: ${names}`}`;
}

function onKernel(
  kernel: ModelKernel,
  parser: CParser,
  files: readonly ModelFile[],
  options: FilesOptions,
): Linked | string {
  const table = kernel.table.fork();
  const units = parse(parser, files, table);
  const scenario = scenarioOfFiles(units, files);
  const profiles = [...kernel.profiles, ...profilesOf(units)];
  const chosen = chooseProfile(profiles, options, scenario);
  if (typeof chosen === 'string') return chosen;
  const profile = chosen ?? kernel.latest;
  const switches = switchesOf(scenario, options);
  const program = kernel.link(profile, switches, units);
  const base = `${profile.name} + ${namesOf(files)}`;
  const problems = strictProblems({
    units,
    program,
    table,
    below: kernel.kernelUnits,
    switchIds: new Set([...kernel.switchIds, ...switchIds(files)]),
    profiles: profiles.map((p) => p.name),
  });
  return { units, program, problems, table, scenario, profile, switches, base };
}

function parse(parser: CParser, files: readonly ModelFile[], table: SourceTable): readonly Unit[] {
  return files.map((file) => parser.parseFile(table.add(file)));
}

function namesOf(files: readonly ModelFile[]): string {
  return files.map((f) => f.name).join(' + ');
}

/** The last file that says what it is speaks for all. */
function scenarioOfFiles(units: readonly Unit[], files: readonly ModelFile[]): Scenario {
  const together: Unit = {
    src: units[0]?.src ?? 0,
    items: units.flatMap((u) => u.items),
    problems: [],
  };
  const name = files.at(-1)?.name ?? '';
  const scenario = scenarioOf(together, name);
  if (!scenario) throw new Error('a file without a name');
  return scenario.title === name
    ? { ...scenario, title: `threads ${scenario.threads.join(', ')}` }
    : scenario;
}

function switchesOf(scenario: Scenario, options: FilesOptions): Switches {
  const on = new Set([...scenario.switches.on, ...options.with]);
  const off = new Set([...scenario.switches.off, ...options.without]);
  for (const id of options.without) on.delete(id);
  for (const id of options.with) off.delete(id);
  return { on, off };
}

function isBuiltIn(name: string): boolean {
  return (
    isIntrinsic(name) || builtinConstant(name) !== undefined || builtinType(name) !== undefined
  );
}

function defines(kernel: ModelKernel, name: string): boolean {
  const { macros, names } = kernel.environment(kernel.latest, NO_SWITCHES, []);
  return (
    macros.has(name) ||
    names.functions.has(name) ||
    names.variables.has(name) ||
    names.tags.has(name) ||
    names.typedefs.has(name) ||
    names.enumConstants.has(name)
  );
}
