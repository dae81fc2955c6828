/**
 * The rows: one tree item a step, one below it for each operation of an expanded step, and the end
 * row. One stop for the tab key; the selected row is the active descendant.
 */
import type { Actions } from './actions.js';
import { idleThreads, laneThreads, bars, patterns } from './lanes.js';
import { microLanes, patternClass, stepLanes } from './lane-cells.js';
import type { Lanes } from './lane-cells.js';
import { endTitle, rowLabel } from './describe.js';
import { el } from './dom.js';
import { shownRows } from './navigation.js';
import type { Position } from './navigation.js';
import type { ViewState } from './model.js';
import type { Trace } from '../../shared/trace.js';

/** More lanes than the style sheet knows are laid out like this many. */
const MOST_LANES = 12;

function rowId(at: Position): string {
  return at.micro === undefined
    ? `row-${String(at.step)}`
    : `row-${String(at.step)}-${String(at.micro)}`;
}

function placeIn(
  trace: Trace,
  at: Position,
): { readonly level: number; readonly size: number; readonly nth: number } {
  if (at.micro === undefined) return { level: 1, size: trace.steps.length + 1, nth: at.step + 1 };
  return { level: 2, size: trace.steps[at.step]?.micro.length ?? 0, nth: at.micro + 1 };
}

function row(lanes: Lanes, state: ViewState, at: Position, actions: Actions): HTMLElement {
  const { trace } = lanes;
  const { level, size, nth } = placeIn(trace, at);
  const isEnd = at.step >= trace.steps.length;
  const expandable = level === 1 && (trace.steps[at.step]?.micro.length ?? 0) > 0;
  const cells =
    at.micro === undefined
      ? stepLanes(lanes, at.step, actions)
      : microLanes(lanes, at.step, at.micro, actions);
  const node = el(
    'div',
    {
      role: 'treeitem',
      id: rowId(at),
      class: `row level-${String(level)}${isEnd ? ' end' : ''}`,
      'aria-level': String(level),
      'aria-setsize': String(size),
      'aria-posinset': String(nth),
      'aria-selected': 'false',
      'aria-expanded': expandable ? String(state.expanded.includes(at.step)) : undefined,
      'aria-label': rowLabel(trace, at),
    },
    el(
      'span',
      { class: 'number', 'aria-hidden': 'true' },
      isEnd || level === 2 ? '' : String(at.step + 1),
    ),
    isEnd
      ? el('strong', { class: 'end-title', 'aria-hidden': 'true' }, endTitle(trace))
      : undefined,
    el('div', { class: 'lanes', 'aria-hidden': 'true' }, ...cells),
  );
  node.addEventListener('click', () => {
    actions.dispatch({ type: 'select', at });
  });
  return node;
}

function laneHeads(lanes: Lanes): HTMLElement {
  const heads = lanes.threads.map((t) =>
    el(
      'div',
      { class: 'lane-head' },
      el('span', { class: 'thread' }, t.name),
      t.role === 'thread' || t.role === 'crash'
        ? undefined
        : el('span', { class: 'role' }, ` (${t.role})`),
    ),
  );
  return el(
    'div',
    { class: 'heads', 'aria-hidden': 'true' },
    el('span', { class: 'number' }),
    el('div', { class: 'lanes' }, ...heads),
  );
}

function legend(lanes: Lanes): HTMLElement | undefined {
  if (lanes.patterns.size === 0) return undefined;
  const entries = [...lanes.patterns.keys()].map((name) =>
    el(
      'li',
      {},
      el('span', {
        class: `swatch bar exclusive ${patternClass(lanes, name)}`,
        'aria-hidden': 'true',
      }),
      name,
    ),
  );
  return el('ul', { class: 'legend', 'aria-label': 'Bars show what a thread holds' }, ...entries);
}

/** How many lanes there are, and whether one shows more bars side by side than a strip holds. */
function gridClass(lanes: Lanes): string {
  const count = Math.min(MOST_LANES, lanes.threads.length);
  const wide = lanes.bars.some((b) => b.slot > 1);
  return `grid lanes-${String(count)}${wide ? ' wide-bars' : ''}`;
}

/** Everything between the toolbar and the details. */
export function rowsOf(
  trace: Trace,
  state: ViewState,
  actions: Actions,
): readonly (HTMLElement | undefined)[] {
  const lanes: Lanes = {
    trace,
    threads: laneThreads(trace),
    bars: bars(trace),
    patterns: patterns(trace),
  };
  const idle = idleThreads(trace).map((t) => t.name);
  const tree = el(
    'div',
    { role: 'tree', id: 'steps', tabindex: '0', 'aria-label': `Steps of ${trace.title}` },
    ...shownRows(trace, state).map((at) => row(lanes, state, at, actions)),
  );
  const without =
    idle.length > 0 ? el('p', { class: 'idle' }, `Without a step: ${idle.join(', ')}`) : undefined;
  const grid = el('div', { class: gridClass(lanes) }, laneHeads(lanes), tree);
  return [legend(lanes), grid, without];
}

/** Moves the selection without building the rows again. */
export function markSelected(tree: HTMLElement, at: Position): void {
  for (const old of tree.querySelectorAll('[aria-selected="true"]'))
    old.setAttribute('aria-selected', 'false');
  const id = rowId(at);
  const node = document.getElementById(id);
  if (!node) return;
  node.setAttribute('aria-selected', 'true');
  tree.setAttribute('aria-activedescendant', id);
  if (at.step === 0 && at.micro === undefined) window.scrollTo(0, 0);
  else node.scrollIntoView({ block: 'nearest' });
}
