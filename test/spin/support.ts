import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportPromela, findingLabel } from '../../server/export/index.js';
import type { SourceTable } from '../../server/csource/source.js';
import type { ModelMachine } from '../../server/machine/index.js';
import { explore } from '../../server/search/index.js';
import type { ExploreOptions } from '../../server/search/index.js';

/** What one of the engines says about a program. */
export interface Result {
  /** Findings as both sides call them, sorted; `none` when there is none. */
  readonly verdict: readonly string[];
  readonly states: number;
  /** Length of the shortest witness of each finding, by name; of Spin only when it went breadth first. */
  readonly lengths: ReadonlyMap<string, number>;
  /** Everything was seen; a run that was cut off has no verdict. */
  readonly complete: boolean;
}

/** The state before the cells are filled: Spin has it, the machine begins behind it. */
const START_STATES = 1;
/** Stored states above which a program is not compared. */
export const LARGE = 100_000;
/**
 * Every schedule. States are counted depth first, where Spin stores none inside an atomic sequence;
 * breadth first it finds shortest witnesses.
 */
export const DEPTH_FIRST = ['-DSAFETY', '-DNOREDUCE'] as const;
export const BREADTH_FIRST = [...DEPTH_FIRST, '-DBFS'] as const;

function verdictOf(labels: Iterable<string>): readonly string[] {
  const sorted = [...new Set(labels)].sort();
  return sorted.length > 0 ? sorted : ['none'];
}

function shortest(found: Iterable<readonly [string, number]>): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const [label, n] of found) lengths.set(label, Math.min(n, lengths.get(label) ?? n));
  return lengths;
}

/** What a thread holds is looked at beside the run, which goes on: the export has none of it. */
const ASIDE: ReadonlySet<string> = new Set(['lock-order', 'lock-held', 'unlock', 'atomic-wait']);

/** Rules that ask what a thread holds: those of `__forbid`, and of `__require` with a class. */
function rulesOfHeld({ program }: ModelMachine): ReadonlySet<string> {
  const rules = [...program.functions.values()].flatMap(({ code }) =>
    code.flatMap((i) => {
      if (i.op !== 'intrinsic') return [];
      const [what, , rule] = i.args;
      const asks = i.name === '__forbid' || (i.name === '__require' && what?.kind === 'string');
      return asks && rule?.kind === 'string' ? [rule.value] : [];
    }),
  );
  return new Set(rules);
}

/** The search of this project; over every schedule unless the options reduce. */
export function ours(machine: ModelMachine, options: ExploreOptions = { reduce: false }): Result {
  const budget = { states: 2 * LARGE, expired: () => false };
  const { witnesses, states, complete } = explore(machine, budget, { ...options, raw: true });
  const held = rulesOfHeld(machine);
  const lengths = shortest(
    witnesses
      .filter(({ key }) => !ASIDE.has(key.property) && !held.has(key.rule ?? ''))
      .map((w) => [findingLabel(w.key.id), w.schedule.length] as const),
  );
  return { verdict: verdictOf(lengths.keys()), states, lengths, complete };
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

function run(cwd: string, seconds: number, command: string, ...args: readonly string[]): Ran {
  const timeout = seconds * 1000;
  const options = { cwd, encoding: 'utf8', timeout, maxBuffer: 1 << 26 } as const;
  const { stdout, stderr, status, signal } = spawnSync(
    'nice',
    ['-n', '10', command, ...args],
    options,
  );
  if (signal !== null) return { output: stdout, late: true };
  if (status !== 0) throw new Error(`${command}: status ${String(status)}\n${stdout}${stderr}`);
  return { output: stdout + stderr, late: false };
}

export interface SpinOptions {
  /** How long Spin, the compiler and the verifier may each take. */
  readonly seconds?: number;
  /** Ends at the first finding. */
  readonly first?: boolean;
}

/** Verifies a Promela text with Spin to its end, over every schedule unless the flags say otherwise. */
export function spin(
  text: string,
  flags: readonly string[] = DEPTH_FIRST,
  { seconds = 60, first = false }: SpinOptions = {},
): Result {
  const dir = mkdtempSync(join(tmpdir(), 'racelore-spin-'));
  try {
    writeFileSync(join(dir, 'm.pml'), text);
    run(dir, seconds, 'spin', '-a', 'm.pml');
    run(dir, seconds, 'gcc', '-O1', '-w', ...flags, '-o', 'pan', 'pan.c');
    const { output, late } = run(dir, seconds, './pan', first ? '-c1' : '-c0', '-m1000000', '-n');
    return parsed(output, late);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Steps of a trail that are no step here: the start is always one, the step that fails is not counted. */
function length(label: string, depth: number): number {
  const judged = label === 'deadlock' || label.startsWith('final: ');
  return judged ? depth - 2 : depth;
}

/** Reads what `pan` prints: `pan:1: assert: t: text (at depth 12)`, `26 states, stored`. */
function parsed(output: string, late: boolean): Result {
  const found = [...output.matchAll(/^pan:\d+: (.*) \(at depth (-?\d+)\)$/gm)].map((m) => {
    const label = findingLabel(m[1] ?? '');
    return [label, length(label, Number(m[2]))] as const;
  });
  const lengths = shortest(found);
  const states = Number(/^\s*(\d+)(?:\.0)? states, stored/m.exec(output)?.[1] ?? Number.NaN);
  if (!late && Number.isNaN(states)) throw new Error(output);
  const cut = late || /max search depth too small|out of memory|aborted/.test(output);
  return { verdict: verdictOf(lengths.keys()), states, lengths, complete: !cut };
}

/** In what the engines differ; empty when they agree. Both must have seen everything. */
export function differences(mine: Result, other: Result): readonly string[] {
  const out: string[] = [];
  if (!mine.complete || !other.complete) out.push('a run was cut off');
  const [a, b] = [mine, other].map((r) => r.verdict.join(' | '));
  if (a !== b) out.push(`verdicts: here ${a ?? ''}, Spin ${b ?? ''}`);
  if (mine.states + START_STATES !== other.states)
    out.push(`states: here ${mine.states} and the start, Spin ${other.states}`);
  return out;
}
