/**
 * A witness as a trace. In: machine, texts, schedule. Out: steps with what changed, who holds what
 * and why others wait. The schedule is run again for it; one that does not run throws ReplayError.
 */
import { TRACE_SCHEMA } from '../../shared/trace.js';
import type {
  Trace,
  TraceBlocked,
  TraceChange,
  TraceHold,
  TraceMicroStep,
  TraceStep,
  Verdict,
} from '../../shared/trace.js';
import type { SourceTable } from '../csource/source.js';
import type { Machine, StackFrame, State } from '../machine/types.js';
import { blockedOf } from './blocked.js';
import { programHash } from './hash.js';
import { crashSteps, crashThread } from './crash-steps.js';
import { Holds } from './holds.js';
import { frameOf, head, shownFrame, stepText } from './places.js';
import { finalState, replay } from './replay.js';
import type { Played } from './replay.js';
import { encodeToken } from './token.js';
import type { Witness } from './types.js';
import { deadlockCycle, standingOf } from './waits.js';
import { wayOf } from './way.js';
import type { Standing } from './way.js';

/** What a trace says beside its steps. */
export interface TraceInfo {
  readonly scenario: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** Switches in the form that a run takes, for the token. */
  readonly switches: readonly string[];
  /** Whether functions of this source text are shown; scenario code is not. */
  readonly displayed: (src: number) => boolean;
}

/** A micro-step with the stack on which it ran. */
interface Ran extends Played {
  readonly stack: readonly StackFrame[];
  /** Index of the frame whose statement is the step's. */
  readonly shown: number;
}

/** One step of the trace before it is worded. */
type Group = readonly [Ran, ...Ran[]];

function sameStep(a: Ran, b: Ran): boolean {
  if (a.thread !== b.thread || a.shown !== b.shown) return false;
  for (let i = 0; i <= a.shown; i++) {
    const [x, y] = [a.stack[i], b.stack[i]];
    if (
      x?.function !== y?.function ||
      x?.stmt.start !== y?.stmt.start ||
      x?.stmt.src !== y?.stmt.src
    )
      return false;
  }
  return true;
}

function grouped(ran: readonly Ran[]): readonly Group[] {
  const groups: [Ran, ...Ran[]][] = [];
  for (const r of ran) {
    const last = groups.at(-1);
    if (last && sameStep(last[0], r)) last.push(r);
    else groups.push([r]);
  }
  return groups;
}

/** Net effect of the stores of some micro-steps, in order of the first store to each cell. */
function changesOf(machine: Machine, parts: readonly Played[]): readonly TraceChange[] {
  const cells = new Map<
    number,
    { from: number; to: number; name: string; before: State; after: State }
  >();
  for (const p of parts) {
    for (const e of p.events) {
      if (e.kind !== 'store') continue;
      const known = cells.get(e.cell);
      const name = known?.name ?? machine.cellName(e.cell, p.before);
      cells.set(e.cell, {
        from: known?.from ?? e.from,
        to: e.to,
        name,
        before: known?.before ?? p.before,
        after: p.after,
      });
    }
  }
  return [...cells].flatMap(([cell, c]) => {
    if (c.from === c.to) return [];
    return [
      {
        name: c.name,
        from: machine.cellValue(cell, c.from, c.before),
        to: machine.cellValue(cell, c.to, c.after),
      },
    ];
  });
}

class TraceBuilder {
  readonly #machine: Machine;
  readonly #table: SourceTable;
  readonly #info: TraceInfo;
  readonly #holds: Holds;
  /** Where each hold was taken, by step number and thread. */
  readonly #taken = new Map<string, TraceHold['at']>();

  constructor(machine: Machine, table: SourceTable, info: TraceInfo) {
    this.#machine = machine;
    this.#table = table;
    this.#info = info;
    this.#holds = new Holds(machine.threads.length);
  }

  build(witness: Witness): Trace {
    const all = replay(this.#machine, witness.schedule);
    const crash = all.find((p) => p.thread === this.#machine.threads.length);
    const played = crash ? all.slice(0, -1) : all;
    const ran = played.map((p): Ran => {
      const stack = this.#machine.stack(p.before, p.thread);
      return { ...p, stack, shown: shownFrame(this.#table, stack, this.#info.displayed) };
    });
    const groups = grouped(ran);
    const own = groups.map((g, i) => this.#step(g, i + 1, this.#behind(groups, i, played)));
    const more = crash ? crashSteps(this.#machine, this.#table, crash, own.length + 1) : [];
    const steps = [...own, ...more];
    const { threads } = this.#machine;
    const { scenario, title, verdict, switches } = this.#info;
    const { profile } = verdict;
    const token = {
      scenario,
      profile,
      switches,
      hash: programHash(this.#machine.program),
      schedule: witness.schedule,
    };
    return {
      schema: TRACE_SCHEMA,
      scenario,
      title,
      key: witness.key,
      verdict,
      threads: crash ? [...threads, crashThread(this.#machine)] : threads,
      steps,
      switches: steps.filter((s, i) => i > 0 && steps[i - 1]?.thread !== s.thread).length,
      end: crash ? [] : this.#end(witness, finalState(this.#machine, played)),
      token: encodeToken(token),
    };
  }

  /** Where the thread of a group is behind it, when it is still in the statement: of its next step, or at the end. */
  #behind(groups: readonly Group[], i: number, played: readonly Played[]): Standing | undefined {
    const group = groups[i];
    if (!group) return undefined;
    const [{ thread }] = group;
    const next = groups.slice(i + 1).find((g) => g[0].thread === thread)?.[0];
    if (next) return sameStep(group[0], next) ? { stack: next.stack, stays: false } : undefined;
    return { stack: this.#machine.stack(finalState(this.#machine, played), thread), stays: true };
  }

  #step(group: Group, index: number, behind: Standing | undefined): TraceStep {
    const [first] = group;
    const last = group.at(-1) ?? first;
    const frame = first.stack[first.shown];
    const whole = frame?.stmt ?? { src: 0, start: 0, end: 0 };
    const stmt = head(this.#table, whole);
    for (const r of group) this.#apply(r, index);
    return {
      index,
      thread: first.thread,
      function: frame?.function ?? '',
      text: stepText(this.#table, whole),
      at: this.#table.docRange(stmt),
      stack: last.stack.map((f) => frameOf(this.#table, f)),
      calls: callsOf(group),
      way: wayOf(
        group.map((r) => r.stack),
        first.shown,
        behind,
      ),
      micro: group.map((r) => this.#micro(r)),
      changes: changesOf(this.#machine, group),
      notes: group.flatMap((r) => r.events.flatMap((e) => (e.kind === 'note' ? [e.text] : []))),
      holds: this.#machine.threads.map((t) => this.#held(t.id, last.after)),
      ...this.#others(last.after),
    };
  }

  #apply(r: Ran, index: number): void {
    this.#holds.apply(r.thread, r.events, index);
    const frame = r.stack[r.shown];
    for (const e of r.events) {
      if (e.kind !== 'acquire') continue;
      this.#taken.set(
        `${index}:${r.thread}:${e.cell}:${e.class}`,
        this.#table.docRange(frame ? head(this.#table, frame.loc) : e.loc),
      );
    }
  }

  #micro(r: Ran): TraceMicroStep {
    const frame = r.stack.at(-1);
    const whole = frame?.loc ?? { src: 0, start: 0, end: 0 };
    const loc = head(this.#table, whole);
    return {
      function: frame?.function ?? '',
      at: this.#table.docRange(loc),
      text: stepText(this.#table, whole),
      changes: changesOf(this.#machine, [r]),
    };
  }

  #held(thread: number, state: State): readonly TraceHold[] {
    return this.#holds.of(thread).map((h) => ({
      class: h.class,
      object: this.#machine.objectName(h.cell, h.class, state),
      mode: h.shared ? 'shared' : 'exclusive',
      since: h.since,
      at:
        this.#taken.get(`${h.since}:${thread}:${h.cell}:${h.class}`) ??
        this.#table.docRange({ src: 0, start: 0, end: 0 }),
    }));
  }

  /** Who can move after a step, and why the others cannot. */
  #others(state: State): {
    readonly enabled: readonly number[];
    readonly blocked: readonly TraceBlocked[];
  } {
    const { enabled, waiters } = standingOf(this.#machine, state, this.#holds);
    const blocked = waiters.map((w) =>
      blockedOf(this.#machine, this.#table, state, w, this.#holds),
    );
    return { enabled, blocked };
  }

  #end(witness: Witness, state: State): readonly TraceBlocked[] {
    const all = standingOf(this.#machine, state, this.#holds).waiters;
    const shown =
      witness.key.property === 'deadlock' ? deadlockCycle(all) : all.filter((w) => !w.wait.idle);
    return shown.map((w) => blockedOf(this.#machine, this.#table, state, w, this.#holds));
  }
}

/** Functions entered below the shown one, in order of first appearance. */
function callsOf(group: Group): readonly string[] {
  const names = group.flatMap((r) => r.stack.slice(r.shown + 1).map((f) => f.function));
  return [...new Set(names)];
}

/** Runs a witness again and words it. Throws ReplayError when the machine does not follow it. */
export function makeTrace(
  machine: Machine,
  table: SourceTable,
  witness: Witness,
  info: TraceInfo,
): Trace {
  return new TraceBuilder(machine, table, info).build(witness);
}
