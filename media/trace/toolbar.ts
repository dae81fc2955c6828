/** Title, verdict, the before/after toggle, the choice among several traces, and the buttons. */
import type { Verdict } from '../../shared/trace.js';
import type { Side } from '../../shared/protocol.js';
import type { Actions } from './actions.js';
import { button, el } from './dom.js';
import { currentSide, currentTrace, sidesOf } from './model.js';
import type { ViewState } from './model.js';

const SIDE_NAMES: Readonly<Record<Side, string>> = {
  before: 'Before the patch',
  after: 'After the patch',
  own: 'Your schedule',
};

function sideName(state: ViewState, side: Side): string {
  return side === 'after' && !state.view.before ? 'As found' : SIDE_NAMES[side];
}

function sideToggle(state: ViewState, actions: Actions): HTMLElement | undefined {
  const sides = sidesOf(state.view);
  if (sides.length < 2) return undefined;
  const buttons = sides.map((side) =>
    button(
      sideName(state, side),
      { class: 'toggle', 'data-side': side, 'aria-pressed': String(side === state.side) },
      () => {
        actions.dispatch({ type: 'side', side });
      },
    ),
  );
  return el('div', { class: 'toggles', role: 'group', 'aria-label': 'Which side' }, ...buttons);
}

function traceChoice(state: ViewState, actions: Actions): HTMLElement | undefined {
  const { traces } = currentSide(state);
  if (traces.length < 2) return undefined;
  const select = el('select', { 'aria-label': 'Which finding' });
  for (const [i, trace] of traces.entries()) {
    const option = el('option', { value: String(i) }, `${String(i + 1)}. ${trace.key.id}`);
    option.selected = i === state.chosen;
    select.append(option);
  }
  select.addEventListener('change', () => {
    actions.dispatch({ type: 'trace', index: select.selectedIndex });
  });
  return select;
}

function buttons(state: ViewState, actions: Actions): HTMLElement {
  const changes = button(
    'Changes only',
    { class: 'toggle', 'aria-pressed': String(state.changesOnly), 'aria-keyshortcuts': 'd' },
    () => {
      actions.dispatch({ type: 'changesOnly' });
    },
  );
  const copyText = button('Copy for reply', {}, () => {
    actions.copy('text');
  });
  const copySchedule = button('Copy schedule', {}, () => {
    actions.copy('schedule');
  });
  return el(
    'div',
    { class: 'buttons', role: 'toolbar', 'aria-label': 'Trace' },
    button('Choose another thread…', { 'aria-keyshortcuts': 'c' }, actions.choose),
    changes,
    copyText,
    copySchedule,
    button('Keys', { 'aria-keyshortcuts': '?' }, actions.help),
  );
}

/** The base names the profile it stands on; without a patch the profile stands alone. */
function facts({ profile, base }: Verdict): string {
  return base.includes(profile) ? base : [profile, base].filter((p) => p !== '').join(' · ');
}

export function toolbarOf(
  state: ViewState,
  actions: Actions,
): readonly (HTMLElement | undefined)[] {
  const trace = currentTrace(state);
  const { verdict } = currentSide(state);
  return [
    el('h1', {}, el('span', { class: 'scenario' }, state.view.scenario), ' ', state.view.title),
    el('p', { class: `verdict ${verdict.kind}` }, verdict.text),
    ...(verdict.beyond ?? []).map((line) => el('p', { class: 'facts' }, line)),
    trace?.foundBy === undefined ? undefined : el('p', { class: 'facts' }, trace.foundBy),
    facts(verdict) === '' ? undefined : el('p', { class: 'facts' }, `on ${facts(verdict)}`),
    sideToggle(state, actions),
    traceChoice(state, actions),
    trace ? buttons(state, actions) : undefined,
  ];
}
