/** The lanes of one row: bars of what is held, and in the lane of the thread that moves what it does. */
import type { Trace, TraceChange, TraceStep, TraceThread } from '../../shared/trace.js';
import type { Actions } from './actions.js';
import { changeText, holdText, place } from './describe.js';
import { el, onClick } from './dom.js';
import type { Bar } from './lanes.js';

/** Changes that a row shows; one left out would take as much room as it. */
const MOST_CHANGES = 4;

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

/** The details beside the rows list them all. */
function changeLines(changes: readonly TraceChange[]): readonly HTMLElement[] {
  const lines = changes
    .slice(0, MOST_CHANGES)
    .map((c) => el('span', { class: 'change' }, changeText(c)));
  const more = changes.length - lines.length;
  if (more > 0) lines.push(el('span', { class: 'note' }, `and ${String(more)} more changes`));
  return lines;
}

/** Outermost and innermost functions; the details have all. */
function shortStack(names: readonly string[]): readonly string[] {
  return names.length <= 4 ? names : [...names.slice(0, 1), '…', ...names.slice(-2)];
}

function stepContent(step: TraceStep, actions: Actions): readonly HTMLElement[] {
  const stack = shortStack(step.stack.map((f) => f.function)).join(' › ');
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
    ...changeLines(step.changes),
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
  return known ? undefined : el('span', { class: 'waits' }, wait.reason);
}

/** `who` names the thread where lanes are too narrow to hold text. */
function lane(
  bars: HTMLElement,
  classes: string,
  who: string,
  ...content: readonly (HTMLElement | undefined)[]
): HTMLElement {
  const shown = content.filter((c) => c !== undefined);
  const name = shown.length > 0 ? el('span', { class: 'who' }, who) : undefined;
  return el(
    'div',
    { class: `lane ${classes}` },
    bars,
    el('div', { class: 'content' }, name, ...shown),
  );
}

export function stepLanes(lanes: Lanes, index: number, actions: Actions): readonly HTMLElement[] {
  const step = lanes.trace.steps[index];
  if (!step) return endLanes(lanes, actions);
  return lanes.threads.map(({ id, name }) => {
    const cells = barCells(lanes, id, index, true);
    if (id === step.thread) return lane(cells, 'moves', name, ...stepContent(step, actions));
    const waits = step.blocked.some((b) => b.thread === id) ? 'waiting' : '';
    return lane(cells, waits, name, waitContent(lanes.trace, index, id));
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
  return lanes.threads.map(({ id, name }) => {
    const cells = barCells(lanes, id, index, false);
    if (!operation || id !== step.thread) return lane(cells, '', name);
    return lane(
      cells,
      'moves',
      name,
      el('code', { class: 'text' }, operation.text),
      el(
        'span',
        { class: 'where' },
        sourceLink(actions, operation.at),
        ' ',
        el('span', { class: 'stack' }, operation.function),
      ),
      ...changeLines(operation.changes),
    );
  });
}

/** The end row: every waiting thread says in its lane what it waits for. */
function endLanes(lanes: Lanes, actions: Actions): readonly HTMLElement[] {
  const { trace } = lanes;
  const last = trace.steps.length - 1;
  return lanes.threads.map(({ id, name }) => {
    const wait = trace.end.find((w) => w.thread === id);
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
    return lane(barCells(lanes, id, last, false), wait ? 'stuck' : '', name, text, where);
  });
}
