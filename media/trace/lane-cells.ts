/** The lanes of one row: bars of what is held, and in the lane of the thread that moves what it does. */
import type { Trace, TraceStep, TraceThread } from '../../shared/trace.js';
import type { Actions } from './actions.js';
import { changeText, endTitle, holdText, place } from './describe.js';
import { el, onClick } from './dom.js';
import type { Bar } from './lanes.js';

/** What all rows of a trace share. */
export interface Lanes {
  readonly trace: Trace;
  readonly threads: readonly TraceThread[];
  readonly bars: readonly Bar[];
  readonly patterns: ReadonlyMap<string, number>;
}

export function patternClass(lanes: Lanes, className: string): string {
  return `pattern-${String(lanes.patterns.get(className) ?? 0)}`;
}

function barCell(lanes: Lanes, bar: Bar | undefined, step: number, whole: boolean): HTMLElement {
  if (!bar) return el('span', { class: 'slot' });
  const classes = ['slot', 'bar', bar.hold.mode, patternClass(lanes, bar.hold.class)];
  if (whole && bar.first === step) classes.push('begins');
  if (whole && bar.last === step && step + 1 < lanes.trace.steps.length) classes.push('ends');
  return el('span', { class: classes.join(' '), title: holdText(bar.hold) });
}

/** One slot for each bar the lane ever has side by side, so that bars stand in columns. */
function barCells(lanes: Lanes, thread: number, step: number, whole: boolean): HTMLElement {
  const own = lanes.bars.filter((b) => b.thread === thread);
  const width = own.reduce((most, b) => Math.max(most, b.slot + 1), 0);
  const cells = el('span', { class: 'slots' });
  for (let slot = 0; slot < width; slot++)
    cells.append(
      barCell(
        lanes,
        own.find((b) => b.slot === slot && b.first <= step && step <= b.last),
        step,
        whole,
      ),
    );
  return cells;
}

function sourceLink(actions: Actions, at: TraceStep['at']): HTMLElement {
  return onClick(el('span', { class: 'source', title: 'Go to source' }, place(at)), () => {
    actions.openSource(at);
  });
}

function stepContent(step: TraceStep, actions: Actions): readonly HTMLElement[] {
  const stack = step.stack.map((f) => f.function).join(' › ');
  const patched = step.stack.some((f) => f.patched);
  return [
    el('code', { class: patched ? 'text patched' : 'text' }, step.text),
    el(
      'span',
      { class: 'where' },
      sourceLink(actions, step.at),
      ' ',
      el('span', { class: 'stack' }, stack),
    ),
    ...step.changes.map((c) => el('span', { class: 'change' }, changeText(c))),
    ...step.notes.map((n) => el('span', { class: 'note' }, n)),
  ];
}

/** The reason, on the first row from which on the thread waits for it. */
function waitContent(trace: Trace, index: number, thread: number): HTMLElement | undefined {
  const wait = trace.steps[index]?.blocked.find((b) => b.thread === thread);
  if (!wait) return undefined;
  const known =
    trace.steps[index - 1]?.blocked.some((b) => b.thread === thread && b.reason === wait.reason) ??
    false;
  return known
    ? el('span', { class: 'waits', title: wait.reason })
    : el('span', { class: 'waits' }, wait.reason);
}

function lane(
  bars: HTMLElement,
  classes: string,
  ...content: readonly (HTMLElement | undefined)[]
): HTMLElement {
  return el('div', { class: `lane ${classes}` }, bars, el('div', { class: 'content' }, ...content));
}

export function stepLanes(lanes: Lanes, index: number, actions: Actions): readonly HTMLElement[] {
  const step = lanes.trace.steps[index];
  if (!step) return endLanes(lanes, actions);
  return lanes.threads.map(({ id }) => {
    const cells = barCells(lanes, id, index, true);
    if (id === step.thread) return lane(cells, 'moves', ...stepContent(step, actions));
    return lane(cells, '', waitContent(lanes.trace, index, id));
  });
}

export function microLanes(
  lanes: Lanes,
  index: number,
  micro: number,
  actions: Actions,
): readonly HTMLElement[] {
  const step = lanes.trace.steps[index];
  const operation = step?.micro[micro];
  return lanes.threads.map(({ id }) => {
    const cells = barCells(lanes, id, index, false);
    if (!operation || id !== step.thread) return lane(cells, '');
    return lane(
      cells,
      'moves',
      el('code', { class: 'text' }, operation.text),
      el(
        'span',
        { class: 'where' },
        sourceLink(actions, operation.at),
        ' ',
        el('span', { class: 'stack' }, operation.function),
      ),
      ...operation.changes.map((c) => el('span', { class: 'change' }, changeText(c))),
    );
  });
}

/** The end row: every waiting thread says in its lane what it waits for. */
function endLanes(lanes: Lanes, actions: Actions): readonly HTMLElement[] {
  const { trace } = lanes;
  const last = trace.steps.length - 1;
  return lanes.threads.map(({ id }, i) => {
    const wait = trace.end.find((w) => w.thread === id);
    const title = i === 0 ? el('strong', { class: 'end-title' }, endTitle(trace)) : undefined;
    const text = wait && el('span', { class: 'waits' }, wait.reason);
    const where =
      wait &&
      el(
        'span',
        { class: 'where' },
        sourceLink(actions, wait.at),
        ' ',
        el('span', { class: 'stack' }, wait.function),
      );
    return lane(barCells(lanes, id, last, false), wait ? 'stuck' : '', title, text, where);
  });
}
