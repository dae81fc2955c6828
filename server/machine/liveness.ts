/** Which registers hold nothing more where a thread may stop or call: those are zeroed there. */
import type { CompiledFunction, MicroOp } from './ops.js';

type Bits = Uint32Array;

function successors(op: MicroOp, entry: number): readonly number[] {
  if (op.ends) return [];
  return op.branches ? [op.next - entry, op.other - entry] : [op.next - entry];
}

/** Live-in registers per operation, by backward iteration to the fixed point. */
function liveIn(fn: CompiledFunction, bit: ReadonlyMap<number, number>): readonly Bits[] {
  const words = Math.max(1, (bit.size + 31) >> 5);
  const live: Bits[] = fn.ops.map(() => new Uint32Array(words));
  for (let changed = true; changed;) {
    changed = false;
    for (let i = fn.ops.length - 1; i >= 0; i--) {
      const op = fn.ops[i];
      const into = live[i];
      if (!op || !into) continue;
      const next = liveOut(op, fn.entry, live, words);
      remove(next, bit, op.sets);
      for (const slot of op.uses) add(next, bit, slot);
      if (next.some((w, k) => w !== into[k])) {
        into.set(next);
        changed = true;
      }
    }
  }
  return live;
}

function liveOut(op: MicroOp, entry: number, live: readonly Bits[], words: number): Bits {
  const out = new Uint32Array(words);
  for (const s of successors(op, entry))
    live[s]?.forEach((w, k) => {
      out[k] = (out[k] ?? 0) | w;
    });
  return out;
}

function add(bits: Bits, bit: ReadonlyMap<number, number>, slot: number | undefined): void {
  const n = slot === undefined ? undefined : bit.get(slot);
  if (n !== undefined) bits[n >> 5] = (bits[n >> 5] ?? 0) | (1 << (n & 31));
}

function remove(bits: Bits, bit: ReadonlyMap<number, number>, slot: number | undefined): void {
  const n = slot === undefined ? undefined : bit.get(slot);
  if (n !== undefined) bits[n >> 5] = (bits[n >> 5] ?? 0) & ~(1 << (n & 31));
}

/** Fills `dead` of the operations at which a thread can stop or wait for a callee. */
export function markDead(fn: CompiledFunction): void {
  const bit = new Map(fn.registers.map((slot, i) => [slot, i]));
  const live = liveIn(fn, bit);
  const words = Math.max(1, (bit.size + 31) >> 5);
  fn.ops.forEach((op, i) => {
    const isCall = op.effect.k === 'call';
    if (op.kind === 0 && !isCall) return;
    const alive = isCall ? liveOut(op, fn.entry, live, words) : Uint32Array.from(live[i] ?? []);
    if (isCall) remove(alive, bit, op.sets);
    op.dead = Int32Array.from(
      fn.registers.filter((slot) => {
        const n = bit.get(slot) ?? 0;
        return ((alive[n >> 5] ?? 0) & (1 << (n & 31))) === 0;
      }),
    );
  });
}
