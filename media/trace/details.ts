/** The pane beside the rows: everything the trace says about the selected row, as lists with links. */
import type { Bounds, DocRange, Trace, TraceBlocked, TraceStep } from '../../shared/trace.js';
import type { Actions } from './actions.js';
import {
  changeText,
  endTitle,
  enabledText,
  holdText,
  place,
  threadName,
  waitText,
} from './describe.js';
import { button, el } from './dom.js';
import type { Child } from './dom.js';
import type { Position } from './navigation.js';

function link(at: DocRange, actions: Actions): HTMLButtonElement {
  return button(place(at), { class: 'link', 'aria-label': `Go to ${place(at)}` }, () => {
    actions.openSource(at);
  });
}

function section(
  title: string,
  items: readonly (readonly Child[])[],
  ordered = false,
): HTMLElement | undefined {
  if (items.length === 0) return undefined;
  return el(
    'section',
    {},
    el('h3', {}, title),
    el(ordered ? 'ol' : 'ul', {}, ...items.map((i) => el('li', {}, ...i))),
  );
}

function waitItem(trace: Trace, wait: TraceBlocked, actions: Actions): readonly Child[] {
  return [waitText(trace, wait), ' — ', el('code', {}, wait.function), ' ', link(wait.at, actions)];
}

function holdItems(trace: Trace, step: TraceStep, actions: Actions): readonly (readonly Child[])[] {
  return trace.threads.flatMap(({ id, name }) =>
    (step.holds[id] ?? []).map((h): readonly Child[] => [
      `${name}: ${holdText(h)}, since step ${String(h.since)} `,
      link(h.at, actions),
    ]),
  );
}

function stepDetails(
  trace: Trace,
  step: TraceStep,
  actions: Actions,
): readonly (HTMLElement | undefined)[] {
  const frames = step.stack.map((f): readonly Child[] => [
    el('code', {}, f.function),
    ' ',
    link(f.at, actions),
    f.patched ? el('span', { class: 'badge' }, 'patched') : undefined,
  ]);
  return [
    el('h2', {}, `Step ${String(step.index)}: ${threadName(trace, step.thread)}`),
    el('p', {}, el('code', {}, step.text), ' ', link(step.at, actions)),
    section(
      'Changes',
      step.changes.map((c) => [changeText(c)]),
    ),
    section(
      'Notes',
      step.notes.map((n) => [n]),
    ),
    section('Stack', frames, true),
    section('Held', holdItems(trace, step, actions)),
    el('section', {}, el('h3', {}, 'Can move next'), el('p', {}, enabledText(trace, step))),
    section(
      'Cannot move',
      step.blocked.map((b) => waitItem(trace, b, actions)),
    ),
  ];
}

function boundsText(bounds: Bounds): string {
  return [`${String(bounds.threads)} threads`, ...bounds.items].join(', ');
}

function endDetails(trace: Trace, actions: Actions): readonly (HTMLElement | undefined)[] {
  return [
    el('h2', {}, endTitle(trace)),
    section(
      trace.key.property === 'deadlock' ? 'Each waits for the next' : 'Waiting',
      trace.end.map((w) => waitItem(trace, w, actions)),
      true,
    ),
    trace.verdict.kind === 'none' ? undefined : el('p', { class: 'key' }, trace.key.id),
    section('Bounds', [[boundsText(trace.verdict.bounds)]]),
    section(
      'Assumed',
      trace.verdict.assumptions.map((a) => [a]),
    ),
  ];
}

export function detailsOf(trace: Trace, at: Position, actions: Actions): readonly HTMLElement[] {
  const step = trace.steps[at.step];
  const parts = step ? stepDetails(trace, step, actions) : endDetails(trace, actions);
  return parts.filter((p) => p !== undefined);
}

/** Where Enter leads: the operation, the statement, or at the end the first waiting place. */
export function sourceOf(trace: Trace, at: Position): DocRange | undefined {
  const step = trace.steps[at.step];
  if (!step) return trace.end[0]?.at ?? trace.steps.at(-1)?.at;
  return at.micro === undefined ? step.at : step.micro[at.micro]?.at;
}
