/**
 * A trace in words: for rows, for the details beside them and for screen readers. Pure; numbers of
 * steps and lines are 1-based here, as people say them.
 */
import type {
  DocRange,
  Trace,
  TraceBlocked,
  TraceChange,
  TraceHold,
  TraceStep,
} from '../../shared/trace.js';
import type { Position } from './navigation.js';

/** Name of a thread; its number when the trace does not name it. */
export function threadName(trace: Trace, id: number): string {
  return trace.threads.find((t) => t.id === id)?.name ?? `thread ${String(id)}`;
}

/** `inode.c:447`: last part of the uri and the line. */
export function place(at: DocRange): string {
  const tail = at.uri.slice(at.uri.lastIndexOf('/') + 1);
  return `${decoded(tail)}:${String(at.line + 1)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function changeText(change: TraceChange): string {
  return `${change.name}: ${change.from} → ${change.to}`;
}

/** Class and object, `shared` where it is: `i_data_sem (inode), shared`. */
export function holdText(hold: TraceHold): string {
  const object = hold.object === '' ? '' : ` (${hold.object})`;
  return `${hold.class}${object}${hold.mode === 'shared' ? ', shared' : ''}`;
}

export function waitText(trace: Trace, wait: TraceBlocked): string {
  return `${threadName(trace, wait.thread)} ${wait.reason}`;
}

/** Names of the threads that can move after a step. */
export function enabledText(trace: Trace, step: TraceStep): string {
  return step.enabled.length === 0
    ? 'none'
    : step.enabled.map((id) => threadName(trace, id)).join(', ');
}

/** One word or two for what the schedule led to. */
export function endTitle(trace: Trace): string {
  if (trace.verdict.kind === 'none') return 'Ends without a race';
  switch (trace.key.property) {
    case 'deadlock':
      return trace.end.length > 0 ? 'Deadlock' : 'End';
    case 'stuck':
      return 'A thread never gets on';
    case 'assert':
      return 'Assertion fails';
    case 'warn':
      return 'Warning fires';
    case 'invariant':
      return 'Invariant broken';
    case 'crash':
      return 'Wrong after the crash';
    case 'final':
      return 'Wrong at the end';
    case 'irq-wait':
      return 'Waits where waiting is not allowed';
    case 'atomic-wait':
      return 'Sleeps with a spinlock held';
    case 'lock-order':
      return 'Locks in the wrong order';
    case 'lock-held':
      return 'Ends with a lock held';
    case 'unlock':
      return 'Releases what it does not hold';
    case 'use-after-free':
      return 'Use after free';
    case 'double-free':
      return 'Freed twice';
    case 'free-in-use':
      return 'Freed while in use';
    case 'leak':
      return 'Never freed';
    case 'lifetime':
      return 'Object used outside its life';
    case 'null-dereference':
      return 'NULL is dereferenced';
    case 'arithmetic':
      return 'Arithmetic that C leaves undefined';
    case 'range':
      return 'Value out of its range';
    case 'model-error':
      return 'The model ends here';
  }
}

function sentence(parts: readonly string[]): string {
  return parts.filter((p) => p !== '').join('. ');
}

/** The label of a row: what a screen reader says when it is reached. */
export function rowLabel(trace: Trace, at: Position): string {
  const step = trace.steps[at.step];
  if (!step) return endLabel(trace);
  const micro = at.micro === undefined ? undefined : step.micro[at.micro];
  if (micro)
    return sentence([
      `Operation ${String((at.micro ?? 0) + 1)} of ${String(step.micro.length)} of step ${String(step.index)}`,
      `${micro.function}: ${micro.text}`,
      place(micro.at),
      micro.changes.map(changeText).join(', '),
    ]);
  const name = threadName(trace, step.thread);
  return sentence([
    `Step ${String(step.index)} of ${String(trace.steps.length)}`,
    `${name}: ${step.text}`,
    place(step.at),
    step.changes.map(changeText).join(', '),
    step.notes.join(', '),
  ]);
}

function endLabel(trace: Trace): string {
  return sentence([
    endTitle(trace),
    ...trace.end.map((w) => waitText(trace, w)),
    trace.end.length === 0 ? trace.verdict.text : '',
  ]);
}

/** What the live region says beside the label of the row: where we are, locks held, who can move. */
export function announcement(trace: Trace, at: Position): string {
  const step = trace.steps[at.step];
  if (!step || at.micro !== undefined) return rowLabel(trace, at);
  const held = (step.holds[step.thread] ?? []).map(holdText).join('; ');
  return sentence([
    `Step ${String(step.index)} of ${String(trace.steps.length)}, ${threadName(trace, step.thread)}`,
    held === '' ? 'Holds nothing' : `Holds ${held}`,
    `Can move: ${enabledText(trace, step)}`,
    ...step.blocked.map((b) => waitText(trace, b)),
  ]);
}
