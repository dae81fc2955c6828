/**
 * What a step of a trace did below its statement, as a reader would draw it: the way to the function that it
 * was in, and what that called, in order.
 */
import type { StackFrame } from '../machine/types.js';
import type { TraceWay } from '../../shared/trace.js';

type Stack = readonly StackFrame[];

/** Whether two stacks are in the same calls down to frame `to`; the last of them may have gone on. */
function sameCalls(a: Stack, b: Stack, to: number): boolean {
  if (a.length <= to || b.length <= to) return false;
  for (let i = 0; i <= to; i++) {
    const [x, y] = [a[i], b[i]];
    if (x?.function !== y?.function || x?.stmt.src !== y?.stmt.src) return false;
    if (i < to && x?.stmt.start !== y?.stmt.start) return false;
  }
  return true;
}

/** What frame `at` called, in order; a callee that called but one function is told with it: `a() > b()`. */
function callsFrom(stacks: readonly Stack[], at: number): readonly (readonly string[])[] {
  const runs: { readonly name: string; readonly inside: Stack[] }[] = [];
  for (const s of stacks) {
    const name = s[at + 1]?.function;
    if (name === undefined) continue;
    const last = runs.at(-1);
    if (last?.name === name) last.inside.push(s);
    else runs.push({ name, inside: [s] });
  }
  return runs.map(({ name, inside }) => {
    const below = callsFrom(inside, at + 1);
    return below.length === 1 ? [name, ...(below[0] ?? [])] : [name];
  });
}

/** The deepest frame where the thread stands behind the step in which the step did more than enter it. */
function standingIn(stacks: readonly Stack[], now: Stack, shown: number): number {
  const steps = (at: number): number => stacks.filter((s) => sameCalls(s, now, at)).length;
  let at = now.length - 1;
  while (at > shown && steps(at) < 2) at--;
  return at;
}

/** What frame `at` called; through a callee that is the only one to what that called. */
function told(stacks: readonly Stack[], at: number, path: readonly string[]): TraceWay {
  const calls = callsFrom(stacks, at);
  const [only, ...others] = calls;
  if (!only || others.length > 0) return { path, calls };
  return { path: [...path, ...only], calls: callsFrom(stacks, at + only.length) };
}

/** What had returned before the thread went where it stands, at the outermost frame above that called anything else. */
function returned(
  stacks: readonly Stack[],
  now: Stack,
  shown: number,
  at: number,
): readonly (readonly string[])[] {
  for (let up = shown; up < at; up++) {
    const calls = callsFrom(
      stacks.filter((s) => sameCalls(s, now, up)),
      up,
    );
    const others = calls.at(-1)?.[0] === now[up + 1]?.function ? calls.slice(0, -1) : calls;
    if (others.length > 0) return others;
  }
  return [];
}

/** Where a thread is behind a step. */
export interface Standing {
  readonly stack: Stack;
  /** It does not move any more. */
  readonly stays: boolean;
}

/**
 * Of the micro-steps of a step, by their stacks. Where the thread is still in the statement behind them, what is
 * told is the function that it stands in, and where it stays; else what the statement called.
 */
export function wayOf(
  stacks: readonly Stack[],
  shown: number,
  standing: Standing | undefined,
): TraceWay {
  const [start] = stacks;
  if (!standing || !start || !sameCalls(standing.stack, start, shown))
    return told(stacks, shown, []);
  const now = standing.stack;
  const at = standingIn(stacks, now, shown);
  const behind = stacks.findLastIndex((s) => !sameCalls(s, now, at));
  const names = now.slice(shown + 1).map((f) => f.function);
  const { path, calls } = told(stacks.slice(behind + 1), at, names.slice(0, at - shown));
  const inside = names.slice(path.length);
  const isNew =
    standing.stays &&
    inside.length > 0 &&
    path.every((name, i) => name === names[i]) &&
    calls.at(-1)?.[0] !== inside[0];
  const first = returned(stacks.slice(0, behind + 1), now, shown, at);
  return {
    ...(first.length > 0 ? { first } : {}),
    path,
    calls: isNew ? [...calls, inside] : calls,
  };
}
