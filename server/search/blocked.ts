/** Why a thread cannot move, in words: built from class, object and threads only. */
import type { SourceTable } from '../csource/source.js';
import type { Machine, State } from '../machine/types.js';
import type { TraceBlocked } from '../../shared/trace.js';
import type { Holds } from './holds.js';
import { inTheWay } from './waits.js';
import type { Waiter } from './waits.js';

function listed(names: readonly string[], word: string): string {
  return names.length <= 1
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1) ?? ''}`;
}

/** `, held by flusher since step 4`; empty when nobody holds it. */
function heldBy(machine: Machine, state: State, waiter: Waiter, holds: Holds): string {
  const parts = waiter.holders.map((thread) => {
    const hold = holds.of(thread).find((h) => inTheWay(machine, state, waiter.wait, h));
    return `${nameOf(machine, thread)} since step ${hold?.since ?? 0}`;
  });
  return parts.length > 0 ? `, held by ${listed(parts, 'and')}` : '';
}

function nameOf(machine: Machine, thread: number): string {
  return machine.threads[thread]?.name ?? `thread ${thread}`;
}

/** `waits for writeback of folio[0] to end; kworker would end it`. */
function reasonOf(machine: Machine, state: State, waiter: Waiter, holds: Holds): string {
  const { wait, by } = waiter;
  if (wait.idle) return 'is idle';
  const what = `waits for ${wait.what}${wait.object === '' ? '' : ` of ${wait.object}`}`;
  const held = heldBy(machine, state, waiter, holds);
  if (held !== '') return `${what}${held}`;
  const end = wait.kind === 'state' ? ' to end' : '';
  const names = by.map((t) => nameOf(machine, t));
  return `${what}${end}; ${names.length > 0 ? `${listed(names, 'or')} would end it` : 'nobody is left to end it'}`;
}

export function blockedOf(
  machine: Machine,
  table: SourceTable,
  state: State,
  waiter: Waiter,
  holds: Holds,
): TraceBlocked {
  return {
    thread: waiter.thread,
    reason: reasonOf(machine, state, waiter, holds),
    by: waiter.wait.idle ? [] : waiter.by,
    function: waiter.wait.function,
    at: table.docRange(waiter.wait.loc),
  };
}
