/**
 * State of the trace view and how actions change it. Pure: the same function runs in the tests, and
 * the state is what is stored over a reload.
 */
import type { Trace } from '../../shared/trace.js';
import { isRecord, isTraceView } from '../../shared/protocol.js';
import type { Side, TraceSide, TraceView } from '../../shared/protocol.js';
import { move, nearest, shownRows } from './navigation.js';
import type { Motion, Position, Shown } from './navigation.js';

export interface ViewState extends Shown {
  readonly view: TraceView;
  readonly side: Side;
  /** Which of the side's traces. */
  readonly chosen: number;
  readonly at: Position;
}

export type Action =
  | { readonly type: 'show'; readonly view: TraceView }
  | { readonly type: 'own'; readonly side: TraceSide; readonly at: Position }
  | { readonly type: 'side'; readonly side: Side }
  | { readonly type: 'trace'; readonly index: number }
  | { readonly type: 'move'; readonly motion: Motion }
  | { readonly type: 'select'; readonly at: Position }
  | { readonly type: 'expand' }
  | { readonly type: 'collapse' }
  | { readonly type: 'changesOnly' };

/** Sides that the view has, in the order of the toggle. */
export function sidesOf(view: TraceView): readonly Side[] {
  const sides: readonly Side[] = ['before', 'after', 'own'];
  return sides.filter((side) => view[side] !== undefined);
}

export function currentSide(state: ViewState): TraceSide {
  return state.view[state.side] ?? state.view.after;
}

/** The trace that is shown; undefined when this side found none. */
export function currentTrace(state: ViewState): Trace | undefined {
  return currentSide(state).traces[state.chosen];
}

export function open(view: TraceView): ViewState {
  const side: Side = view.own ? 'own' : 'after';
  return { view, side, chosen: 0, at: { step: 0 }, changesOnly: false, expanded: [] };
}

/** Keeps the selected row among the shown ones. */
function settled(state: ViewState): ViewState {
  const trace = currentTrace(state);
  if (!trace) return { ...state, at: { step: 0 }, expanded: [] };
  return { ...state, at: nearest(shownRows(trace, state), state.at) };
}

function expanded(state: ViewState, trace: Trace, open: boolean): ViewState {
  const { step } = state.at;
  const rest = state.expanded.filter((s) => s !== step);
  const canOpen = (trace.steps[step]?.micro.length ?? 0) > 0;
  return settled({ ...state, at: { step }, expanded: open && canOpen ? [...rest, step] : rest });
}

export function update(state: ViewState, action: Action): ViewState {
  const trace = currentTrace(state);
  switch (action.type) {
    case 'show':
      return open(action.view);
    case 'own':
      return settled({
        ...state,
        view: { ...state.view, own: action.side },
        side: 'own',
        chosen: 0,
        at: action.at,
        expanded: [],
      });
    case 'side':
      return state.view[action.side]
        ? settled({ ...state, side: action.side, chosen: 0, at: { step: 0 }, expanded: [] })
        : state;
    case 'trace':
      return settled({ ...state, chosen: action.index, at: { step: 0 }, expanded: [] });
    case 'move':
      return trace ? { ...state, at: move(trace, state, state.at, action.motion) } : state;
    case 'select':
      return settled({ ...state, at: action.at });
    case 'expand':
      return trace ? expanded(state, trace, true) : state;
    case 'collapse':
      return trace ? expanded(state, trace, false) : state;
    case 'changesOnly':
      return settled({ ...state, changesOnly: !state.changesOnly });
  }
}

/** The side after this one, for the key that goes round. */
export function nextSide(state: ViewState): Side {
  const sides = sidesOf(state.view);
  return sides[(sides.indexOf(state.side) + 1) % sides.length] ?? state.side;
}

function position(value: unknown): Position {
  if (!isRecord(value) || typeof value['step'] !== 'number') return { step: 0 };
  return {
    step: value['step'],
    ...(typeof value['micro'] === 'number' ? { micro: value['micro'] } : {}),
  };
}

/** State as it was stored before a reload; undefined when it is of another version. */
export function restored(value: unknown): ViewState | undefined {
  if (!isRecord(value) || !isTraceView(value['view'])) return undefined;
  const { view, side, chosen, at, changesOnly, expanded: rows } = value;
  const steps = Array.isArray(rows) ? rows.filter((r): r is number => typeof r === 'number') : [];
  return settled({
    view,
    side: side === 'before' || side === 'own' ? side : 'after',
    chosen: typeof chosen === 'number' ? chosen : 0,
    at: position(at),
    changesOnly: changesOnly === true,
    expanded: steps,
  });
}
