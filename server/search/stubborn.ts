/**
 * Which threads must be tried in a state. A set of threads is enough when no thread outside can,
 * now or later, touch what their next steps touch, nor end a wait of a blocked one of the set.
 *
 * Why this loses nothing: let T be such a set and s → … → d any run to a state without enabled
 * thread. Some thread of T moves in it (else its step would still be enabled in d); the first such
 * step is independent of everything before it, so it can be taken first: the same d in the same
 * number of steps. So every deadlock and every quiescent state is reached, in its shortest length.
 * A failing step of a thread outside T stays reachable from the successors of T, because it is
 * independent of T's steps; that it is not postponed for ever is seen to by the queue: at least one
 * successor of T must not have been expanded yet, or all threads are tried. Steps that write what
 * an invariant reads, and steps that end in a violation, are never in a reduced set.
 *
 * The same holds for every step of every run, with all that it reads, so a finished search has taken
 * each of them somewhere: of a run to it, either the first step of T can be taken first, which leaves
 * a shorter run, or no thread of T moves and the run stays possible, with the same reads, behind a
 * step of T to a later row; rows end.
 */
import type { Access } from '../machine/access.js';

export interface NextStep {
  readonly thread: number;
  readonly enabled: boolean;
  /** Must not be in a reduced set: seen by an invariant, or ends in a violation. */
  readonly watched: boolean;
  /** Classes that the step, or the wait of a blocked thread, reads and writes. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** What the thread may still do, this step included. */
  readonly future: Access;
}

function has(bits: Uint32Array, cls: number): boolean {
  return (((bits[cls >> 5] ?? 0) >>> (cls & 31)) & 1) === 1;
}

/** Whether what another thread may still do touches what a step touches. */
export function disturbs(other: Access, step: Pick<NextStep, 'reads' | 'writes'>): boolean {
  for (const cls of step.reads) if (has(other.writes, cls)) return true;
  for (const cls of step.writes) if (has(other.reads, cls) || has(other.writes, cls)) return true;
  return false;
}

/** Threads to try, as positions in `steps`; undefined: all of them. */
export function stubbornSet(steps: readonly NextStep[]): readonly number[] | undefined {
  if (steps.length > 30) return undefined;
  const need = (i: number): number => {
    const step = steps[i];
    return maskOf(steps, (s, q) => step !== undefined && q !== i && disturbs(s.future, step));
  };
  const enabled = maskOf(steps, (s) => s.enabled);
  const best = smallest(
    enabled,
    maskOf(steps, (s) => s.watched),
    steps.map(() => -1),
    need,
  );
  return best === enabled ? undefined : steps.flatMap((_, i) => ((best >> i) & 1 ? [i] : []));
}

function maskOf(steps: readonly NextStep[], is: (s: NextStep, i: number) => boolean): number {
  return steps.reduce((mask, s, i) => (is(s, i) ? mask | (1 << i) : mask), 0);
}

/**
 * The same over masks: enabled threads of the smallest set without a watched one, or all enabled ones.
 * `needs`: -1 for each thread, where answers of `need` are kept.
 */
export function smallest(
  enabled: number,
  watched: number,
  needs: number[] | Int32Array,
  need: (i: number) => number,
): number {
  let best = enabled;
  for (let seeds = enabled; seeds !== 0; seeds &= seeds - 1) {
    let closed = seeds & -seeds;
    for (let done = 0; done !== closed;) {
      const i = 31 - Math.clz32(closed & ~done);
      done |= 1 << i;
      let more = needs[i] ?? -1;
      if (more === -1) {
        more = need(i);
        needs[i] = more;
      }
      closed |= more;
      // What is in stays in: no set that will do.
      if ((closed & watched) !== 0) break;
    }
    const moving = closed & enabled;
    if ((closed & watched) === 0 && bitCount(moving) < bitCount(best)) best = moving;
  }
  return best;
}

function bitCount(mask: number): number {
  let n = 0;
  for (let m = mask; m !== 0; m &= m - 1) n++;
  return n;
}
