import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { link } from '../../../server/csource/link.js';
import { CParser } from '../../../server/csource/parser.js';
import { SourceTable } from '../../../server/csource/source.js';
import { createMachine } from '../../../server/machine/index.js';
import type { ModelMachine } from '../../../server/machine/index.js';

const require = createRequire(import.meta.url);
const parser = await CParser.load(
  readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm')),
);

/** Locks as the model kernel has them. */
export const LOCKS = `
struct mutex { int owner; };
void mutex_lock(struct mutex *lock)
{
	__atomic {
		__wait(!lock->owner);
		lock->owner = __current();
		__acquire(lock);
	}
}
void mutex_unlock(struct mutex *lock)
{
	__atomic {
		lock->owner = 0;
		__release(lock);
	}
}
`;

export interface Made {
  readonly machine: ModelMachine;
  readonly table: SourceTable;
}

/** A machine of Model C texts; problems of parsing or linking fail the test. */
export function make(
  texts: string | readonly string[],
  faults = 0,
  lenient = false,
  crashes = 0,
): Made {
  const table = new SourceTable();
  const units = [texts]
    .flat()
    .map((text, i) => parser.parseFile(table.add({ name: `t${i}.c`, uri: `t:${i}`, text })));
  const program = link(units, { since: () => false, fix: () => false });
  const bad = program.problems.filter((p) => p.severity === 'error');
  if (bad.length > 0 && !lenient)
    throw new Error(bad.map((p) => `${table.slice(p.loc)}: ${p.message}`).join('\n'));
  return { machine: createMachine(program, table, { faults, crashes }), table };
}

/** Runs the only thread of a program to its end, always taking choice 0, and reads a global. */
export function finalValue(text: string, global: string): string {
  const { machine } = make(text);
  if (machine.problem) return `${machine.problem.property}: ${machine.problem.text}`;
  let state = machine.initial;
  for (let i = 0; i < 10_000; i++) {
    const [r] = machine.successors(state, 0);
    if (!r || r.kind === 'finished') break;
    if (r.kind === 'blocked') return `blocked: ${r.wait.what}`;
    if (r.violation) return `${r.violation.property}: ${r.violation.text}`;
    ({ state } = r);
  }
  return read(machine, state, global);
}

/** Value of the first cell with this name, as the source would write it. */
export function read(machine: ModelMachine, state: Int32Array, name: string): string {
  for (let i = 0; i < machine.memory.map.globals; i++) {
    if (machine.cellName(i + 4096) === name)
      return machine.cellValue(i + 4096, state[i] ?? 0, state);
  }
  return 'no such cell';
}
