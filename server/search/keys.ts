/** What makes two findings the same: property and signature (machine.md calls it the finding key). */
import type { FindingKey } from '../../shared/trace.js';
import type { Machine, Violation } from '../machine/types.js';
import { Holds } from './holds.js';
import { finalState, replay } from './replay.js';
import type { Played } from './replay.js';
import type { Decision } from './types.js';
import { deadlockCycle, waiters } from './waits.js';

/** Holds of all threads after a replayed schedule; `since` counts micro-steps from 1. */
function holdsAfter(machine: Machine, played: readonly Played[]): Holds {
  const holds = new Holds(machine.threads.length);
  played.forEach((p, i) => holds.apply(p.thread, p.events, i + 1));
  return holds;
}

/** `deadlock: a waits x in f holding y; …`, the entries sorted. */
export function deadlockKey(machine: Machine, schedule: readonly Decision[]): FindingKey {
  const played = replay(machine, schedule);
  const holds = holdsAfter(machine, played);
  const entries = deadlockCycle(waiters(machine, finalState(machine, played), holds)).map(
    ({ thread, wait }) => {
      const held = [...new Set(holds.of(thread).map((h) => h.class))].sort().join(', ');
      return `${machine.threads[thread]?.name ?? ''} waits ${wait.what} in ${wait.function} holding ${held === '' ? 'nothing' : held}`;
    },
  );
  return { property: 'deadlock', id: `deadlock: ${entries.sort().join('; ')}` };
}

export function violationKey(v: Violation): FindingKey {
  return { property: v.property, id: `${v.property}: ${v.function}: ${v.text}` };
}

export function finalKey(v: Violation): FindingKey {
  return {
    property: v.property === 'assert' ? 'final' : v.property,
    id: `final: ${v.function}: ${v.text}`,
  };
}

/** The invariant and the function whose write broke it, in the last step of the schedule. */
export function invariantKey(
  machine: Machine,
  v: Violation,
  schedule: readonly Decision[],
): FindingKey {
  if (v.property !== 'assert') return violationKey(v);
  const reads = machine.invariantReads;
  const last = replay(machine, schedule).at(-1);
  const writer = last?.events.findLast(
    (e) => e.kind === 'store' && reads.has(machine.cellClass(e.cell, last.after)),
  );
  return {
    property: 'invariant',
    id: `invariant: ${v.text}${writer?.kind === 'store' ? `: ${writer.fn}` : ''}`,
  };
}
