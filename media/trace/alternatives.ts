/**
 * Which other thread could move at a place of a trace. Pure. The place is a row: the decision that
 * made this step, or at the end row the one after the last step.
 */
import type { Trace } from '../../shared/trace.js';
import type { Position } from './navigation.js';

export interface Alternative {
  readonly thread: number;
  readonly name: string;
  /**
   * `taken`: the trace lets this thread move here. `possible`: it can move. `blocked`: it waits.
   * `unknown`: the trace does not say (before the first step); the server decides.
   * `finished`: neither enabled nor waiting.
   */
  readonly state: 'taken' | 'possible' | 'blocked' | 'unknown' | 'finished';
  /** Why it cannot move; empty when it can. */
  readonly reason: string;
}

/** One entry a thread, in the order of the lanes. */
export function alternatives(trace: Trace, at: Position): readonly Alternative[] {
  const taken = trace.steps[at.step]?.thread;
  const last = trace.steps[at.step - 1];
  return trace.threads.map(({ id, name }) => {
    const of = (state: Alternative['state'], reason = ''): Alternative => ({
      thread: id,
      name,
      state,
      reason,
    });
    if (id === taken) return of('taken');
    if (!last) return of('unknown');
    if (last.enabled.includes(id)) return of('possible');
    const wait = last.blocked.find((b) => b.thread === id);
    return wait ? of('blocked', wait.reason) : of('finished');
  });
}

/** Micro-steps before this row: what is kept of the token when another thread is chosen here. */
export function keptMicroSteps(trace: Trace, at: Position): number {
  let kept = 0;
  for (const step of trace.steps.slice(0, at.step)) kept += step.micro.length;
  return kept;
}
