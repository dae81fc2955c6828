/**
 * A small trace made by hand: `writer` holds lock A and wants B, `worker` holds B and wants A.
 * An interrupt runs once in between; a daemon never moves.
 */
import { TRACE_SCHEMA } from '../../../shared/trace.js';
import type { DocRange, Trace, TraceBlocked, TraceHold, TraceStep } from '../../../shared/trace.js';
import { VIEW_SCHEMA } from '../../../shared/protocol.js';
import type { TraceView } from '../../../shared/protocol.js';

export function line(n: number, uri = 'file:///mails/two%20locks.eml'): DocRange {
  return { uri, line: n - 1, character: 1, endLine: n - 1, endCharacter: 12 };
}

export const A: TraceHold = {
  class: 'lock A',
  object: 'obj',
  mode: 'exclusive',
  since: 1,
  at: line(10),
};
export const B: TraceHold = {
  class: 'lock B',
  object: 'obj',
  mode: 'exclusive',
  since: 2,
  at: line(20),
};
const READ: TraceHold = {
  class: 'lock C',
  object: 'obj',
  mode: 'shared',
  since: 4,
  at: line(12),
};

const WANTS_B: TraceBlocked = {
  thread: 0,
  reason: 'waits for lock B of obj, held by worker since step 2',
  by: [1],
  function: 'take_b',
  at: line(13),
};
const WANTS_A: TraceBlocked = {
  thread: 1,
  reason: 'waits for lock A of obj, held by writer since step 1',
  by: [0],
  function: 'take_a',
  at: line(21),
};

interface Given {
  readonly thread: number;
  readonly text: string;
  readonly line: number;
  readonly changes?: readonly [string, string, string][];
  readonly holds: readonly (readonly TraceHold[])[];
  readonly enabled: readonly number[];
  readonly blocked?: readonly TraceBlocked[];
  readonly notes?: readonly string[];
  readonly micro?: number;
}

function step(index: number, given: Given): TraceStep {
  const changes = (given.changes ?? []).map(([name, from, to]) => ({ name, from, to }));
  const fn = `${given.thread === 0 ? 'write' : 'work'}_item`;
  return {
    index,
    thread: given.thread,
    function: fn,
    text: given.text,
    at: line(given.line),
    stack: [
      { function: fn, at: line(given.line), patched: given.line === 12 },
      { function: 'inner', at: line(40, 'racelore:/kernel/locks.c'), patched: false },
    ],
    calls: ['inner'],
    micro: Array.from({ length: given.micro ?? 1 }, (_, i) => ({
      function: 'inner',
      at: line(40 + i, 'racelore:/kernel/locks.c'),
      text: `operation ${i + 1} of ${given.text}`,
      changes: i === 0 ? changes : [],
    })),
    changes,
    notes: given.notes ?? [],
    holds: [...given.holds, [], []],
    enabled: given.enabled,
    blocked: given.blocked ?? [],
  };
}

const STEPS: readonly TraceStep[] = [
  step(1, {
    thread: 0,
    text: 'take_a(obj);',
    line: 10,
    changes: [['obj.a', 'free', 'writer']],
    holds: [[A], []],
    enabled: [0, 1, 2],
    micro: 2,
  }),
  step(2, {
    thread: 1,
    text: 'take_b(obj);',
    line: 20,
    changes: [['obj.b', 'free', 'worker']],
    holds: [[A], [B]],
    enabled: [0, 2],
    blocked: [WANTS_A],
  }),
  step(3, {
    thread: 2,
    text: 'ack();',
    line: 30,
    notes: ['interrupt acknowledged'],
    holds: [[A], [B]],
    enabled: [0],
    blocked: [WANTS_A],
  }),
  step(4, {
    thread: 0,
    text: 'obj->count++;',
    line: 12,
    changes: [['obj.count', '0', '1']],
    holds: [[A, READ], [B]],
    enabled: [0],
    blocked: [WANTS_A],
    micro: 3,
  }),
  step(5, {
    thread: 0,
    text: 'put_c(obj);',
    line: 13,
    holds: [[A], [B]],
    enabled: [],
    blocked: [WANTS_B, WANTS_A],
  }),
];

export const TRACE: Trace = {
  schema: TRACE_SCHEMA,
  scenario: 'T1',
  title: 'two locks in both orders',
  key: { property: 'deadlock', id: 'deadlock: worker waits lock A; writer waits lock B' },
  verdict: {
    kind: 'found',
    text: 'race found (deadlock; 42 states, complete)',
    states: 42,
    complete: true,
    bounds: { threads: 4, items: ['1 object'] },
    profile: '2025-07',
    base: '2025-07 + (a)',
    assumptions: ['a is not null'],
  },
  threads: [
    { id: 0, name: 'writer', role: 'thread' },
    { id: 1, name: 'worker', role: 'daemon' },
    { id: 2, name: 'disk', role: 'irq' },
    { id: 3, name: 'timer', role: 'daemon' },
  ],
  steps: STEPS,
  switches: 3,
  end: [WANTS_B, WANTS_A],
  token: 'T1:0.1.2.0',
};

export const VIEW: TraceView = {
  schema: VIEW_SCHEMA,
  uri: 'file:///mails/two%20locks.eml',
  scenario: 'T1',
  title: 'two locks in both orders',
  before: {
    verdict: {
      ...TRACE.verdict,
      kind: 'none',
      text: 'none within bounds (4 threads, 1 object, 40 states, complete)',
      base: '2025-07',
    },
    traces: [],
    texts: [],
  },
  after: { verdict: TRACE.verdict, traces: [TRACE], texts: ['the trace as text'] },
};
