/**
 * Findings that the machine confirmed: a key that a change introduces, put where the reader of the
 * patch can act on it. The first patched line on the stack of the thread that cannot move is the
 * place; everything else is related.
 */
import type { Rule } from '../context/rules.js';
import type { SourceTable } from '../csource/source.js';
import type { Machine, StackFrame } from '../machine/types.js';
import type { DocRange, Finding, RelatedPlace, Trace, TraceHold } from '../../shared/trace.js';
import type { KeyOutcome } from './races.js';
import type { ScenarioRun } from './run.js';
import { stateAfter } from './run.js';
import type { Witness } from '../search/types.js';

export interface ConfirmInput {
  readonly run: ScenarioRun;
  readonly outcome: KeyOutcome;
  readonly table: SourceTable;
  readonly rules: readonly Rule[];
  /** Is this a line that the change itself added? */
  readonly isOwn: (at: DocRange) => boolean;
  /** Where to report when no patched line is on a stack: the change itself. */
  readonly fallback: DocRange;
  /** The same place in quoted copies of the change. */
  readonly copiesOf: (at: DocRange) => readonly DocRange[];
}

interface Stuck {
  readonly thread: number;
  readonly stack: readonly StackFrame[];
  readonly waits: string;
  readonly holds: readonly TraceHold[];
  /** Where a class that it still holds was taken: the frames of that moment. */
  readonly taken: ReadonlyMap<string, readonly StackFrame[]>;
}

/** Frames of the outermost acquisition of each class that one thread has not released. */
function acquisitions(
  machine: Machine,
  witness: Witness,
  thread: number,
): ReadonlyMap<string, readonly StackFrame[]> {
  const open = new Map<string, (readonly StackFrame[])[]>();
  let state = machine.initial;
  for (const d of witness.schedule) {
    const { result, events } = machine.replay(state, d.thread, d.choices);
    if (result.kind !== 'moved') break;
    for (const e of d.thread === thread ? events : []) {
      const list = open.get(e.kind === 'acquire' || e.kind === 'release' ? e.class : '') ?? [];
      if (e.kind === 'acquire') open.set(e.class, [...list, machine.stack(state, thread)]);
      if (e.kind === 'release') open.set(e.class, list.slice(0, -1));
    }
    state = result.state;
  }
  return new Map([...open].flatMap(([cls, [first]]) => (first ? [[cls, first] as const] : [])));
}

/** Number of outer frames that two stacks of one thread share; their places inside may differ. */
function sharedFrames(a: readonly StackFrame[], b: readonly StackFrame[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n]?.function === b[n]?.function) {
    n++;
    if (a[n - 1]?.loc.start !== b[n - 1]?.loc.start) break;
  }
  return n;
}

function stuckThreads(machine: Machine, run: ScenarioRun, trace: Trace): readonly Stuck[] {
  const witness = run.witnesses.find((w) => w.key.id === trace.key.id);
  const state = witness && stateAfter(machine, witness);
  if (!state) return [];
  const holds = trace.steps.at(-1)?.holds;
  return trace.end.map((b) => {
    const result = machine.successors(state, b.thread)[0];
    return {
      thread: b.thread,
      stack: machine.stack(state, b.thread),
      waits: result?.kind === 'blocked' ? result.wait.what : '',
      holds: holds?.[b.thread] ?? [],
      taken: acquisitions(machine, witness, b.thread),
    };
  });
}

/** FNV-1a over UTF-16 units, as eight hex digits. */
export function shortHash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h.toString(16).padStart(8, '0');
}

/** The place of a finding that no thread is stuck at: where a step first ran a line of the change. */
function firstRun(
  input: ConfirmInput,
): { readonly at: DocRange; readonly function: string } | undefined {
  for (const step of input.outcome.trace.steps) {
    const frame = step.stack.find((f) => input.isOwn(f.at));
    if (frame) return frame;
  }
  return undefined;
}

interface Match {
  readonly rule: Rule | undefined;
  readonly stuck: Stuck | undefined;
  readonly hold: TraceHold | undefined;
}

function matchRule(stuck: readonly Stuck[], rules: readonly Rule[]): Match {
  for (const rule of rules)
    for (const s of stuck) {
      const hold = s.holds.find((h) => h.class === rule.held);
      if (hold && s.waits === rule.waits) return { rule, stuck: s, hold };
    }
  return { rule: undefined, stuck: stuck[0], hold: undefined };
}

/** Depth of the function that took what is held and is still running: the place is inside it. */
function takenDepth(m: Match): number {
  const frames = m.hold && m.stuck?.taken.get(m.hold.class);
  return frames && m.stuck ? Math.max(0, sharedFrames(frames, m.stuck.stack) - 1) : 0;
}

function takenFrame(m: Match): StackFrame | undefined {
  const frames = m.hold && m.stuck?.taken.get(m.hold.class);
  return frames?.[takenDepth(m)];
}

function relatedPlaces(
  input: ConfirmInput,
  m: Match,
  patched: readonly StackFrame[],
  stuck: readonly Stuck[],
): readonly RelatedPlace[] {
  const { table } = input;
  const out: RelatedPlace[] = patched
    .slice(1)
    .map((f) => ({ at: table.docRange(f.loc), message: `then here, in ${f.function}` }));
  if (m.hold) {
    const frame = takenFrame(m);
    const at = frame ? table.docRange(frame.loc) : m.hold.at;
    out.push({ at, message: `${m.hold.class} taken here, still held` });
  }
  const inner = m.stuck?.stack.at(-1);
  if (inner && m.stuck)
    out.push({
      at: table.docRange(inner.loc),
      message: `waits for ${m.stuck.waits} here, in ${inner.function}`,
    });
  for (const other of stuck) {
    if (other === m.stuck) continue;
    const end = input.outcome.trace.end.find((b) => b.thread === other.thread);
    const name = input.outcome.trace.threads[other.thread]?.name ?? '';
    if (end) out.push({ at: end.at, message: `${name} ${end.reason}` });
  }
  return out;
}

function messageOf(input: ConfirmInput, match: Match, title: string): string {
  const { trace } = input.outcome;
  const count = `${trace.steps.length} steps, ${trace.switches} switches`;
  const detail =
    match.hold && match.stuck
      ? `: waits for ${match.stuck.waits} while ${match.hold.class} is held`
      : '';
  const only = input.run.config.scenario.hypothetical;
  const so = only === undefined ? '' : `; hypothetical: ${only}`;
  const by = trace.foundBy === undefined ? '' : `; ${trace.foundBy}`;
  return `${title}${detail} (${trace.scenario}, ${count}${by}${so})`;
}

/** The finding of one introduced key. */
export function confirmedFinding(input: ConfirmInput): Finding {
  const { run, outcome, table } = input;
  const { trace } = outcome;
  const stuck = stuckThreads(run.machine, run, trace);
  const match = matchRule(stuck, input.rules);
  const isOwn = (f: StackFrame): boolean => input.isOwn(table.docRange(f.loc));
  const withPatch = match.stuck?.stack.some(isOwn)
    ? match.stuck
    : stuck.find((s) => s.stack.some(isOwn));
  const from = withPatch === match.stuck ? takenDepth(match) : 0;
  const inside = (withPatch?.stack ?? []).slice(from).filter(isOwn);
  const patched = inside.length > 0 ? inside : (withPatch?.stack ?? []).filter(isOwn);
  const first = patched[0];
  const ran = first ? undefined : firstRun(input);
  const at = first ? table.docRange(first.loc) : (ran?.at ?? input.fallback);
  const rule = match.rule?.id ?? trace.key.rule ?? `RL-${trace.key.property.toUpperCase()}`;
  const title = match.rule?.title ?? trace.key.id.replace(/^[\w-]+: /, '');
  const statement = first ? table.slice(first.stmt).replace(/\s+/g, '') : '';
  const what = first?.function ?? ran?.function ?? '';
  const sure =
    trace.verdict.assumptions.length === 0 && run.config.scenario.hypothetical === undefined;
  return {
    id: `${rule}-${shortHash(`${rule}|${what}|${statement}|${match.hold?.class ?? ''}`)}`,
    rule,
    severity: sure ? 'error' : 'hint',
    message: messageOf(input, match, title),
    at,
    related: relatedPlaces(input, match, patched, stuck),
    copies: input.copiesOf(at),
    key: trace.key,
    token: trace.token,
    scenario: trace.scenario,
  };
}
