/**
 * Whether a race that is there before and after a patch has to do with it. Most of what a large function does
 * runs in races that are about something else; such a race is told in a word, not as if it were the patch's.
 *
 * It is about the patch when a function with placed changes is on the stack where the schedule ends: where the
 * last step broke a rule, or where a thread that cannot move stands; or when a lock that such a thread holds
 * was taken there. This only sorts what is told: no outcome depends on it.
 */
import type { DocRange, Trace, TraceStep } from '../../shared/trace.js';

/** The steps with which the schedule ends: of each thread that is stuck its last one, else the last of all. */
function ends({ steps, end }: Trace): readonly TraceStep[] {
  const stuck = end.flatMap((b) => steps.filter((s) => s.thread === b.thread).at(-1) ?? []);
  return stuck.length > 0 ? stuck : steps.slice(-1);
}

/** Some function of `touched`, or a line of the patch, is where the schedule comes to its end. */
function endsIn(
  trace: Trace,
  touched: ReadonlySet<string>,
  isOwn: (at: DocRange) => boolean,
): boolean {
  if (trace.end.some((b) => touched.has(b.function))) return true;
  return ends(trace).some(
    (step) =>
      [step.function, ...step.calls].some((name) => touched.has(name)) ||
      step.stack.some((f) => touched.has(f.function) || isOwn(f.at)) ||
      (step.holds[step.thread] ?? []).some((h) => isOwn(h.at)),
  );
}

/** No schedule of a race, before or after, ends in what the patch touches. */
export function isApart(
  traces: readonly Trace[],
  touched: readonly string[],
  isOwn: (at: DocRange) => boolean,
): boolean {
  const names = new Set(touched);
  return !traces.some((t) => endsIn(t, names, isOwn));
}
