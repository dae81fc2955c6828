/** The two dialogs: the keys, and the choice of another thread. Native dialogs keep focus and Escape right. */
import type { Actions } from './actions.js';
import { alternatives } from './alternatives.js';
import type { Alternative } from './alternatives.js';
import { button, el } from './dom.js';
import { KEYS, keyName } from './keys.js';
import type { Position } from './navigation.js';
import type { Trace } from '../../shared/trace.js';

function show(dialog: HTMLDialogElement): void {
  document.body.append(dialog);
  dialog.addEventListener('close', () => {
    dialog.remove();
    document.getElementById('steps')?.focus();
  });
  dialog.showModal();
}

function closeButton(dialog: HTMLDialogElement): HTMLButtonElement {
  return button('Close', { class: 'close' }, () => {
    dialog.close();
  });
}

export function showKeys(): void {
  const rows = KEYS.map((row) =>
    el(
      'tr',
      {},
      el('td', {}, ...row.keys.map((k) => el('kbd', {}, keyName(k)))),
      el('td', {}, row.meaning),
    ),
  );
  const dialog = el(
    'dialog',
    { 'aria-labelledby': 'keys-title' },
    el('h2', { id: 'keys-title' }, 'Keys'),
    el('table', {}, el('tbody', {}, ...rows)),
  );
  dialog.append(closeButton(dialog));
  show(dialog);
}

function choice(alternative: Alternative, take: () => void): HTMLElement {
  const { name, state, reason } = alternative;
  switch (state) {
    case 'possible':
      return button(name, { class: 'choice' }, take);
    case 'unknown':
      return button(`${name} (if it can move)`, { class: 'choice' }, take);
    case 'taken':
      return el('p', {}, `${name}: moves here`);
    case 'blocked':
      return el('p', {}, `${name}: ${reason}`);
    case 'finished':
      return el('p', {}, `${name}: has nothing left to do`);
  }
}

/** Up and down go through the choices, as in a menu; Tab works too. */
function arrowKeys(dialog: HTMLDialogElement): void {
  dialog.addEventListener('keydown', (event) => {
    const step =
      event.key === 'ArrowDown' || event.key === 'j'
        ? 1
        : event.key === 'ArrowUp' || event.key === 'k'
          ? -1
          : 0;
    if (step === 0) return;
    const choices = [...dialog.querySelectorAll<HTMLButtonElement>('button.choice')];
    const now = choices.findIndex((c) => c === document.activeElement);
    choices[(now + step + choices.length) % choices.length]?.focus();
    event.preventDefault();
  });
}

export function showChoices(trace: Trace, at: Position, actions: Actions): void {
  const where =
    at.step >= trace.steps.length
      ? 'after the last step'
      : `instead of step ${String(at.step + 1)}`;
  const dialog = el(
    'dialog',
    { 'aria-labelledby': 'choose-title' },
    el('h2', { id: 'choose-title' }, `Which thread moves ${where}?`),
  );
  const all = alternatives(trace, at);
  for (const alternative of all) {
    const take = (): void => {
      dialog.close();
      actions.continueWith(alternative.thread);
    };
    dialog.append(choice(alternative, take));
  }
  if (!all.some((a) => a.state === 'possible' || a.state === 'unknown'))
    dialog.append(el('p', {}, 'No other thread can move here.'));
  dialog.append(closeButton(dialog));
  arrowKeys(dialog);
  show(dialog);
}
