/**
 * The trace view. In: a `TraceView` from the client. Out: messages to it. It computes nothing about
 * races and fetches nothing; what it shows stands in the trace.
 */
import type { DocRange } from '../../shared/trace.js';
import type { Actions } from './actions.js';
import { keptMicroSteps } from './alternatives.js';
import { announcement } from './describe.js';
import { detailsOf, sourceOf } from './details.js';
import { showChoices, showKeys } from './dialogs.js';
import { byId, el } from './dom.js';
import { fitting } from './fit.js';
import { connect } from './host.js';
import { keyAction } from './keys.js';
import type { KeyAction } from './keys.js';
import { currentSide, currentTrace, nextSide, open, restored, update } from './model.js';
import type { Action, ViewState } from './model.js';
import { markSelected, rowsOf } from './rows.js';
import { toolbarOf } from './toolbar.js';

const host = connect();
let state: ViewState | undefined = restored(host.stored);

const refit = fitting(byId('panes'), byId('rows'));

const actions: Actions = {
  dispatch: (action) => {
    dispatch(action);
  },
  openSource: (at: DocRange) => {
    host.send({ type: 'source', at });
  },
  copy: (what) => {
    if (!state) return;
    const trace = currentTrace(state);
    const text = what === 'text' ? currentSide(state).texts[state.chosen] : trace?.token;
    if (text !== undefined) host.send({ type: 'copy', what, text });
  },
  choose: () => {
    const trace = state && currentTrace(state);
    if (state && trace) showChoices(trace, state.at, actions);
  },
  help: showKeys,
  continueWith: (thread) => {
    const trace = state && currentTrace(state);
    if (!state || !trace) return;
    const { view, side, at } = state;
    const keep = keptMicroSteps(trace, at);
    host.send({
      type: 'continue',
      params: { uri: view.uri, scenario: view.scenario, side, token: trace.token, keep, thread },
    });
  },
};

function fill(id: string, parts: readonly (HTMLElement | undefined)[]): void {
  byId(id).replaceChildren(...parts.filter((p) => p !== undefined));
}

function say(text: string): void {
  byId('live').textContent = text;
}

function renderSelection(now: ViewState): void {
  const trace = currentTrace(now);
  const tree = document.getElementById('steps');
  if (!trace || !tree) return;
  markSelected(tree, now.at);
  fill('details', detailsOf(trace, now.at, actions));
}

/** Builds everything again; keeps the keyboard in the rows when it was there. */
function render(now: ViewState): void {
  const focused = document.activeElement?.id === 'steps';
  const trace = currentTrace(now);
  fill('head', toolbarOf(now, actions));
  fill(
    'rows',
    trace
      ? rowsOf(trace, now, actions)
      : [el('p', { class: 'empty' }, 'No schedule on this side: nothing was found.')],
  );
  fill('details', []);
  refit();
  renderSelection(now);
  if (focused) document.getElementById('steps')?.focus();
}

/** Only the selection differs, so the rows can stay. */
function sameRows(a: ViewState, b: ViewState): boolean {
  return (
    a.view === b.view &&
    a.side === b.side &&
    a.chosen === b.chosen &&
    a.changesOnly === b.changesOnly &&
    a.expanded === b.expanded
  );
}

function dispatch(action: Action): void {
  if (!state) return;
  const next = update(state, action);
  const old = state;
  state = next;
  host.store(next);
  if (sameRows(old, next)) renderSelection(next);
  else render(next);
  const trace = currentTrace(next);
  if (trace) say(announcement(trace, next.at));
}

function perform(action: KeyAction): void {
  if (!state) return;
  switch (action) {
    case 'next':
      dispatch({ type: 'move', motion: 'nextStep' });
      return;
    case 'previous':
      dispatch({ type: 'move', motion: 'previousStep' });
      return;
    case 'nextRow':
      dispatch({ type: 'move', motion: 'next' });
      return;
    case 'previousRow':
      dispatch({ type: 'move', motion: 'previous' });
      return;
    case 'nextSame':
    case 'previousSame':
    case 'first':
    case 'last':
      dispatch({ type: 'move', motion: action });
      return;
    case 'expand':
    case 'collapse':
      dispatch({ type: action });
      return;
    case 'changes':
      dispatch({ type: 'changesOnly' });
      return;
    case 'side':
      dispatch({ type: 'side', side: nextSide(state) });
      return;
    case 'source': {
      const trace = currentTrace(state);
      const at = trace && sourceOf(trace, state.at);
      if (at) actions.openSource(at);
      return;
    }
    case 'copyText':
      actions.copy('text');
      return;
    case 'copySchedule':
      actions.copy('schedule');
      return;
    case 'choose':
      actions.choose();
      return;
    case 'keys':
      actions.help();
      return;
  }
}

/** Controls keep the keys that they need themselves: Enter on a button, arrows in a list of choices. */
function belongsToControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog')) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLButtonElement && key === 'Enter';
}

document.addEventListener('keydown', (event) => {
  const action = keyAction(event);
  if (!action || belongsToControl(event.target, event.key)) return;
  event.preventDefault();
  perform(action);
});

host.onMessage((message) => {
  switch (message.type) {
    case 'show':
      state = open(message.view);
      host.store(state);
      render(state);
      byId('status').textContent = '';
      document.getElementById('steps')?.focus();
      return;
    case 'own':
      byId('status').textContent = '';
      if (state) dispatch({ type: 'own', side: message.side, at: state.at });
      return;
    case 'busy':
    case 'failed':
      byId('status').textContent = message.text;
      return;
    case 'action':
      perform(message.action);
      return;
  }
});

if (state) render(state);
host.send({ type: 'ready' });
