/**
 * Which registers hold nothing more where a thread may stop or call: the export zeroes them there,
 * as the interpreter does, so that states that differ in nothing else are one state for Spin too.
 */
import type { FunctionText, Op } from './op.js';

function successors(op: Op, at: number): readonly number[] {
  switch (op.flow.k) {
    case 'return':
      return [];
    case 'jump':
      return [op.flow.to];
    case 'branch':
      return [op.flow.then, op.flow.else];
    case 'next':
    case 'call':
      return [at + 1];
  }
}

/** Registers live after each operation, to the fixed point; a bit a slot. */
function liveAfter(ops: readonly Op[]): readonly bigint[] {
  const bits = (slots: readonly number[]): bigint =>
    slots.reduce((m, s) => m | (1n << BigInt(s)), 0n);
  const uses = ops.map((op) => bits(op.uses));
  const sets = ops.map((op) => bits(op.sets === undefined ? [] : [op.sets]));
  const before: bigint[] = ops.map(() => 0n);
  const after: bigint[] = ops.map(() => 0n);
  for (let changed = true; changed;) {
    changed = false;
    for (let i = ops.length - 1; i >= 0; i--) {
      const op = ops[i];
      if (!op) continue;
      after[i] = successors(op, i).reduce((m, s) => m | (before[s] ?? 0n), 0n);
      const into = (after[i] ?? 0n) & ~(sets[i] ?? 0n);
      const now = into | (uses[i] ?? 0n);
      if (now !== before[i]) {
        before[i] = now;
        changed = true;
      }
    }
  }
  return ops.map((op, i) => {
    const set = sets[i] ?? 0n;
    return op.flow.k === 'call' ? (after[i] ?? 0n) & ~set : (before[i] ?? 0n);
  });
}

/**
 * For each operation the registers to zero when the thread stops before it, or calls from it:
 * one bit a slot; 0 where a thread can do neither.
 */
export function deadSlots(fn: FunctionText): readonly bigint[] {
  const all = fn.registers.reduce((m, s) => m | (1n << BigInt(s)), 0n);
  const live = liveAfter(fn.ops);
  return fn.ops.map((op, i) =>
    op.kind === 0 && op.flow.k !== 'call' ? 0n : all & ~(live[i] ?? 0n),
  );
}
