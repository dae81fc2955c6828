import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportPromela, findingLabel } from '../../server/export/index.js';
import type { SourceTable } from '../../server/csource/source.js';
import type { ModelMachine } from '../../server/machine/index.js';
import { explore } from '../../server/search/index.js';

/** What one of the two engines says about a program. */
export interface Result {
  /** Findings as both sides call them, sorted; `none` when there is none. */
  readonly verdict: readonly string[];
  readonly states: number;
  readonly complete: boolean;
}

/** The state before the cells are filled: Spin has it, the machine begins behind it. */
export const START_STATES = 1;

/** Longer than any program here needs; a run that meets it counts as a time-out, not as a verdict. */
const SECONDS = 120;

function verdictOf(labels: readonly string[]): readonly string[] {
  const sorted = [...new Set(labels)].sort();
  return sorted.length > 0 ? sorted : ['none'];
}

/** The search of this project over every schedule, without reduction unless asked for. */
export function ours(machine: ModelMachine, reduce = false): Result {
  const budget = { states: 2_000_000, expired: () => false };
  const { witnesses, states, complete } = explore(machine, budget, { reduce, raw: true });
  return { verdict: verdictOf(witnesses.map((w) => findingLabel(w.key.id))), states, complete };
}

/** The export of a machine; a problem of the export fails the test. */
export function promela(machine: ModelMachine, table: SourceTable): string {
  const made = exportPromela(machine.program, table, machine, { title: ['a test'] });
  if (made.text === undefined) throw new Error(made.problems.map((p) => p.message).join('\n'));
  return made.text;
}

interface Ran {
  readonly output: string;
  readonly late: boolean;
}

function run(cwd: string, command: string, ...args: readonly string[]): Ran {
  const options = { cwd, encoding: 'utf8', timeout: SECONDS * 1000, maxBuffer: 1 << 26 } as const;
  const { stdout, stderr, status, signal } = spawnSync(
    'nice',
    ['-n', '10', command, ...args],
    options,
  );
  if (signal !== null) return { output: stdout, late: true };
  if (status !== 0) throw new Error(`${command}: status ${String(status)}\n${stdout}${stderr}`);
  return { output: stdout + stderr, late: false };
}

/** Verifies a Promela text with Spin, completely and without reduction unless other flags are given. */
export function spin(text: string, flags: readonly string[] = ['-DSAFETY', '-DNOREDUCE']): Result {
  const dir = mkdtempSync(join(tmpdir(), 'racelore-spin-'));
  try {
    writeFileSync(join(dir, 'm.pml'), text);
    run(dir, 'spin', '-a', 'm.pml');
    run(dir, 'gcc', '-O1', '-w', ...flags, '-o', 'pan', 'pan.c');
    const { output, late } = run(dir, './pan', '-c0', '-m1000000', '-n');
    return parsed(output, late);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Reads what `pan` prints: `pan:1: assert: t: text (at depth 12)`, `26 states, stored`. */
function parsed(output: string, late: boolean): Result {
  const found = [...output.matchAll(/^pan:\d+: (.*) \(at depth -?\d+\)$/gm)];
  const states = Number(/^\s*(\d+)(?:\.0)? states, stored/m.exec(output)?.[1] ?? Number.NaN);
  const cut = late || /max search depth too small|out of memory|aborted/.test(output);
  if (!late && Number.isNaN(states)) throw new Error(output);
  return { verdict: verdictOf(found.map((m) => findingLabel(m[1] ?? ''))), states, complete: !cut };
}
