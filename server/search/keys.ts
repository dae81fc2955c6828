/** What makes two findings the same: property and signature (machine.md calls it the finding key). */
import type { FindingKey } from '../../shared/trace.js';
import type { Machine, Violation } from '../machine/types.js';
import { Holds } from './holds.js';
import { finalState, replay } from './replay.js';
import type { Played } from './replay.js';
import type { Decision } from './types.js';
import { deadlockCycle, standingOf } from './waits.js';

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
  const entries = deadlockCycle(
    standingOf(machine, finalState(machine, played), holds).waiters,
  ).map(({ thread, wait }) => {
    const held = [...new Set(holds.of(thread).map((h) => h.class))].sort().join(', ');
    return `${machine.threads[thread]?.name ?? ''} waits ${wait.what} in ${wait.function} holding ${held === '' ? 'nothing' : held}`;
  });
  return { property: 'deadlock', id: `deadlock: ${entries.sort().join('; ')}` };
}

export function violationKey(v: Violation): FindingKey {
  // Initialisers belong to no function.
  const where = v.function === '' ? '' : `${v.function}: `;
  const key = { property: v.property, id: `${v.property}: ${where}${v.text}` };
  return v.rule === undefined ? key : { ...key, rule: v.rule };
}

export function finalKey(v: Violation): FindingKey {
  const property = v.property === 'assert' ? 'final' : v.property;
  const key = { property, id: `final: ${v.function}: ${v.text}` } as const;
  return v.rule === undefined ? key : { ...key, rule: v.rule };
}

/**
 * What a state shows that an invariant, or a check after a crash, does not hold in: the way there, and
 * the crash.
 */
export function brokenWitness(
  machine: Machine,
  v: Violation,
  path: readonly Decision[],
): { readonly key: FindingKey; readonly schedule: readonly Decision[] } {
  const key = invariantKey(machine, v, path);
  if (!v.crash) return { key, schedule: path };
  return { key, schedule: [...path, { thread: machine.threads.length, choices: v.crash }] };
}

/** The invariant and the function whose write broke it, in the last step of the schedule. */
export function invariantKey(
  machine: Machine,
  v: Violation,
  schedule: readonly Decision[],
): FindingKey {
  if (v.property !== 'assert' && !v.crash) return violationKey(v);
  const reads = machine.invariantReads;
  const last = replay(machine, schedule).findLast((p) => p.thread < machine.threads.length);
  const writer = last?.events.findLast(
    (e) => e.kind === 'store' && reads.has(machine.cellClass(e.cell, last.after)),
  );
  const by = writer?.kind === 'store' ? `: ${writer.fn}` : '';
  if (!v.crash) return { property: 'invariant', id: `invariant: ${v.text}${by}` };
  return v.property === 'crash'
    ? { property: 'crash', id: `crash: ${v.text}${by}` }
    : { property: v.property, id: `${v.property} after a crash: ${v.function}: ${v.text}${by}` };
}
