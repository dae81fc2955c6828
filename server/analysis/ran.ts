/**
 * What a finished search says about code that it never ran: a change of such code changes no state and
 * no finding of the scenario.
 *
 * Soundness. `ran` of a run holds every function that any schedule enters (SearchResult.covered), checks
 * included. Two programs that differ only in the bodies of functions outside it have the same initial
 * state, and by induction over the steps the same states, so the run of one is that of the other.
 */
import { callGraph, callsIn } from '../context/callgraph.js';
import type { TopLevel, Unit } from '../csource/ast.js';
import type { Program } from '../csource/ir.js';
import type { ModelKernel, Scenario } from './model.js';
import type { ChangeStack } from './races.js';
import type { ScenarioRun } from './run.js';

/** Functions that are run to look at states; which of theirs are entered may depend on the state. */
const CHECKS: ReadonlySet<string> = new Set([
  '__invariant',
  '__finally',
  '__recovery',
  '__after_crash',
]);

const THREADS: ReadonlySet<string> = new Set([
  '__thread',
  '__daemon',
  '__irq',
  '__setup',
  '__start',
]);

/** Functions that can be reached from those with one of the attributes, by the text of the program. */
function reachableFrom(program: Program, attributes: ReadonlySet<string>): ReadonlySet<string> {
  const graph = callGraph(program);
  const seen = new Set<string>();
  const work = [...program.functions.values()]
    .filter((f) => f.def.attrs.some((a) => attributes.has(a.name)))
    .map((f) => f.name);
  for (let name = work.pop(); name !== undefined; name = work.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const fn = program.functions.get(name);
    for (const call of fn ? callsIn(fn) : []) work.push(...graph.targets(call));
  }
  return seen;
}

/** Functions that the threads of a linked program can reach. */
export function reachable(program: Program): ReadonlySet<string> {
  return reachableFrom(program, THREADS);
}

/** Whether a function may run in a finished run; undefined when the search does not know. */
export function mayRun(run: ScenarioRun): ((name: string) => boolean) | undefined {
  const { ran, verdict, machine } = run;
  if (!ran || verdict.kind === 'error' || verdict.assumptions.length > 0) return undefined;
  const checks = reachableFrom(machine.program, CHECKS);
  return (name) => ran.has(name) || checks.has(name);
}

/** What stands in one stack and not in the other, both ways. */
function difference(before: readonly Unit[], after: readonly Unit[]): readonly TopLevel[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [...before.filter((u) => !now.has(u)), ...after.filter((u) => !old.has(u))].flatMap(
    (u) => u.items,
  );
}

type Change = Pick<ChangeStack, 'before' | 'after' | 'unplaced'>;

/** Whether what a change touches is apart from a program in which only the functions of `runs` can run. */
function isApart(
  items: readonly TopLevel[],
  { unplaced }: Change,
  runs: (name: string) => boolean,
  hasGlobal: (name: string) => boolean,
): boolean {
  const apart = (i: TopLevel): boolean =>
    (i.kind === 'function' && !runs(i.name)) ||
    // A variable that is new is used by the functions of the change alone.
    (i.kind === 'global' && !hasGlobal(i.var.name));
  // Of a line without a place it must be known in which function it is.
  return items.every(apart) && unplaced.every((f) => f !== '' && !runs(f));
}

/** Whether the change cannot matter to the scenario of a run on its base. */
export function isUntouched(run: ScenarioRun, change: Change): boolean {
  const runs = mayRun(run);
  if (!runs) return false;
  const { globals } = run.machine.program;
  const items = difference(change.before, change.after);
  return isApart(items, change, runs, (name) => globals.has(name));
}

/** The same without a run, when nothing of the change or below it matters to the bare model. */
export function isKnownUntouched(
  kernel: ModelKernel,
  change: Change & Pick<ChangeStack, 'profile'>,
  scenario: Scenario,
): boolean {
  const ran = kernel.ranAhead.of(scenario.id, change.profile.name);
  if (!ran) return false;
  const below = change.before.flatMap((u) => u.items);
  const items = [...below, ...difference(change.before, change.after)];
  return isApart(
    items,
    change,
    (name) => ran.has(name),
    (name) => globalsOf([...kernel.kernelUnits, scenario.unit]).has(name),
  );
}

function globalsOf(units: readonly Unit[]): ReadonlySet<string> {
  const items = units.flatMap((u) => u.items);
  return new Set(items.flatMap((i) => (i.kind === 'global' ? [i.var.name] : [])));
}

/** Functions that may run in a finished run, for the table of ran-ahead.ts; undefined: not known. */
export function ranIn(run: ScenarioRun): ReadonlySet<string> | undefined {
  const runs = mayRun(run);
  return runs && new Set([...run.machine.program.functions.keys()].filter(runs));
}
