/**
 * Export. In: a linked program and its machine, for the layout of its globals and their values after
 * the set-up. Out: a Promela text that Spin verifies to the same verdict, or problems with their
 * place. It has no files and no clock, and uses nothing of how the machine runs code: functions are
 * translated from the IR anew.
 */
import type { Loc, Part, Program } from '../csource/ir.js';
import type { SourceTable } from '../csource/source.js';
import type { ModelMachine } from '../machine/index.js';
import { FUNCTIONS } from '../machine/objects.js';
import { rolesOf } from '../machine/threads.js';
import type { Roles } from '../machine/threads.js';
import { CallGraph } from './calls.js';
import type { Placed } from './code.js';
import { Functions } from './functions.js';
import { promelaText } from './promela.js';
import type { ExportedThread } from './promela.js';

export { findingLabel } from './label.js';

export interface ExportInfo {
  /** First lines of the text: what this is an export of. */
  readonly title: readonly string[];
}

export interface ExportProblem {
  readonly message: string;
  readonly loc: Loc;
}

export type Exported =
  | { readonly text: string; readonly problems: readonly [] }
  | { readonly text: undefined; readonly problems: readonly ExportProblem[] };

/** Cells of the stack of a thread in the machine; no exported stack has more. */
const MOST_CELLS = 1024;

/** The program as Promela. Never throws on its content; recursion is a problem, not a text. */
export function exportPromela(
  { part: program }: Program,
  table: SourceTable,
  machine: ModelMachine,
  info: ExportInfo,
): Exported {
  const roles = rolesOf(program);
  if (machine.canCrash) return { text: undefined, problems: [crash(roles)] };
  const roots = [
    ...roles.threads.map((t) => t.fn),
    ...roles.finals,
    ...roles.invariants.map((i) => i.fn),
  ].map((fn) => fn.name);
  const functions = new Functions(program, machine.memory, table);
  for (const name of roots) functions.requires(name);
  for (const name of storedFunctions(machine, functions)) functions.functionNumber(name);
  functions.writeAll();
  const graph = new CallGraph(program, functions.texts, functions.taken);
  const circle = graph.recursion(roots);
  if (circle) return { text: undefined, problems: [recursion(program, circle)] };
  const placed = place(functions);
  const threads = roles.threads.map(({ info: { name, role }, fn }): ExportedThread => ({
    name,
    role,
    fn: placed.get(fn.name)?.index ?? 0,
    cells: graph.cells(fn.name, MOST_CELLS),
    choices: graph.combinations(fn.name, machine.initial[machine.memory.map.faults] !== 0),
  }));
  const indexOf = (name: string): number => placed.get(name)?.index ?? 0;
  const text = promelaText({
    info,
    table,
    machine,
    placed,
    threads,
    finals: roles.finals.map((fn) => indexOf(fn.name)),
    invariants: roles.invariants.map(({ id, fn }) => ({ id, fn: indexOf(fn.name) })),
  });
  return { text, problems: [] };
}

/** Functions whose number some global cell holds after the set-up. */
function storedFunctions(machine: ModelMachine, functions: Functions): readonly string[] {
  const globals = machine.initial.subarray(0, machine.memory.map.globals);
  const names = [...new Set(globals)].map((v) => functions.functionName(v - FUNCTIONS));
  return names.filter((n) => n !== undefined);
}

function place(functions: Functions): ReadonlyMap<string, Placed> {
  const placed = new Map<string, Placed>();
  let entry = 0;
  for (const [name, text] of functions.texts) {
    placed.set(name, { text, index: placed.size, entry, number: functions.numberOf(name) });
    entry += text.ops.length;
  }
  return placed;
}

function crash({ recoveries, afterCrash }: Roles): ExportProblem {
  const fn = afterCrash[0]?.fn ?? recoveries[0];
  const loc = fn?.def.nameLoc ?? { src: 0, start: 0, end: 0 };
  return { message: 'a run that may end in a crash cannot be exported', loc };
}

function recursion(program: Part, circle: readonly string[]): ExportProblem {
  const fn = program.functions.get(circle[0] ?? '');
  const loc = fn?.def.nameLoc ?? { src: 0, start: 0, end: 0 };
  return { message: `recursion cannot be exported: ${circle.join(' calls ')}`, loc };
}
