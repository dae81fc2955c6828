/** Runs one step of a thread: its next visible operation and the invisible ones behind it. */
import { BLOCKED, FINISHED, FP, PC, SP, STATUS, Stop, THREAD_HEADER } from './cpu.js';
import type { Cpu } from './cpu.js';
import type { Linkage } from './linkage.js';
import type { CompiledFunction } from './ops.js';
import type { StepEvent } from './types.js';

export type Outcome = 'moved' | 'blocked' | 'finished';

/** Invisible operations in a row before the model is said to run away. */
const MAX_INVISIBLE = 20_000;

function reset(m: Cpu, choices: readonly number[]): void {
  if (choices.length > 0 || m.choices.length > 0) m.choices = [...choices];
  m.chosen = 0;
  m.atomic = 0;
  m.acted = 0;
  m.waited = false;
  m.blocked = undefined;
  m.violation = undefined;
  m.readCount = 0;
  m.writeCount = 0;
  m.depth = 0;
  m.foreign = false;
}

/** Runs until the next visible operation; its program counter, ENDED or BLOCKED. */
function loop(m: Cpu, link: Linkage, start: number, solo: boolean, first: boolean): number {
  const { code } = link;
  let pc = start;
  for (let n = first ? 0 : 1; ; n++) {
    const op = code[pc];
    if (!op) throw new RangeError(`program counter ${String(pc)} is outside the program`);
    m.op = op;
    if (op.kind !== 0 && n > 0 && m.atomic === 0 && !solo) {
      if (op.kind === 2) return pc;
      if (op.isFault) {
        if (m.tracking) m.noteRead(m.map.faults);
        if ((m.S[m.map.faults] ?? 0) > 0) return pc;
      } else if (op.addr && m.visible(op.addr(m), op.write)) return pc;
    }
    if (n > MAX_INVISIBLE) m.fail('model-error', `no visible operation in ${op.fn.name}`);
    pc = op.exec(m, op);
    if (pc < 0) return pc;
  }
}

/** Writes the registers of the thread back to its header. */
function save(m: Cpu, link: Linkage, pc: number): void {
  const b = m.base;
  if (pc < 0) {
    m.put(b + STATUS, FINISHED);
    for (let cell = PC; cell < THREAD_HEADER; cell++) m.put(b + cell, 0);
    return;
  }
  for (const slot of link.code[pc]?.dead ?? []) m.put(m.fp + slot, 0);
  m.put(b + PC, pc);
  m.put(b + FP, m.fp);
  m.put(b + SP, m.sp);
}

function attempt(m: Cpu, link: Linkage, start: number, solo: boolean, first: boolean): Outcome {
  try {
    const pc = loop(m, link, start, solo, first);
    if (pc === BLOCKED) {
      m.violation = undefined;
      return 'blocked';
    }
    save(m, link, pc);
  } catch (e) {
    if (!(e instanceof Stop)) throw e;
    save(m, link, m.op?.pc ?? 0);
  }
  return 'moved';
}

/**
 * Runs one step of a thread on the cpu's cells. `moved`: the cells are the new state (with
 * `m.violation` when one was found) until `undo`. `blocked`: the caller undoes; `m.blocked` is the wait.
 */
export function runStep(
  m: Cpu,
  link: Linkage,
  thread: number,
  irq: boolean,
  choices: readonly number[],
  events?: StepEvent[],
): Outcome {
  const b = link.memory.threadBase(thread);
  reset(m, choices);
  m.logCount = 0;
  if (m.S[b + STATUS] === FINISHED) return 'finished';
  m.base = b;
  m.thread = thread;
  m.irq = irq;
  m.solo = false;
  m.fp = m.S[b + FP] ?? 0;
  m.sp = m.S[b + SP] ?? 0;
  m.events = events;
  return attempt(m, link, m.S[b + PC] ?? 0, false, true);
}

function push(
  m: Cpu,
  link: Linkage,
  thread: number,
  fn: CompiledFunction,
  choices: readonly number[] = [],
): void {
  reset(m, choices);
  fn.ran = true;
  m.base = link.memory.threadBase(thread);
  m.thread = thread;
  m.fp = m.base + THREAD_HEADER;
  m.sp = m.fp + fn.frame;
}

/** Puts a thread at the start of its function and before its first visible operation. */
export function startThread(
  m: Cpu,
  link: Linkage,
  thread: number,
  irq: boolean,
  fn: CompiledFunction,
): void {
  push(m, link, thread, fn);
  m.events = undefined;
  m.irq = irq;
  m.solo = false;
  attempt(m, link, fn.entry, false, false);
}

/**
 * Runs a function alone, to its end, in the region behind all threads; its result is `m.result`.
 * Its changes come on top of the undo log.
 */
export function runAlone(m: Cpu, link: Linkage, fn: CompiledFunction): void {
  m.events = undefined;
  alone(m, link, fn, [], 0);
}

/** Like `runAlone`, as a part of what happens after a crash: with its choices, of which some were made. */
export function runCrashed(
  m: Cpu,
  link: Linkage,
  fn: CompiledFunction,
  choices: readonly number[],
  chosen: number,
): void {
  alone(m, link, fn, choices, chosen);
}

function alone(
  m: Cpu,
  link: Linkage,
  fn: CompiledFunction,
  choices: readonly number[],
  chosen: number,
): void {
  push(m, link, m.map.threadCount, fn, choices);
  m.chosen = chosen;
  m.irq = false;
  m.solo = true;
  m.result = 0;
  attempt(m, link, fn.entry, true, false);
}
