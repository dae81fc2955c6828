/** The keys of the trace view. One table for the handler and for the list that `?` shows. */
import type { ViewAction } from '../../shared/protocol.js';

export type KeyAction = ViewAction | 'nextRow' | 'previousRow';

export interface KeyRow {
  /** Values of `KeyboardEvent.key`. */
  readonly keys: readonly string[];
  readonly action: KeyAction;
  readonly meaning: string;
}

export const KEYS: readonly KeyRow[] = [
  { keys: ['j'], action: 'next', meaning: 'Next step' },
  { keys: ['k'], action: 'previous', meaning: 'Previous step' },
  { keys: ['ArrowDown'], action: 'nextRow', meaning: 'Next row' },
  { keys: ['ArrowUp'], action: 'previousRow', meaning: 'Previous row' },
  { keys: [']'], action: 'nextSame', meaning: 'Next step of the same thread' },
  { keys: ['['], action: 'previousSame', meaning: 'Previous step of the same thread' },
  { keys: ['Home'], action: 'first', meaning: 'First step' },
  { keys: ['End'], action: 'last', meaning: 'End of the schedule' },
  { keys: ['ArrowRight'], action: 'expand', meaning: 'Show the single operations of the step' },
  { keys: ['ArrowLeft'], action: 'collapse', meaning: 'Hide them' },
  { keys: ['Enter'], action: 'source', meaning: 'Go to the source line' },
  { keys: ['c'], action: 'choose', meaning: 'Choose another thread here and go on from there' },
  { keys: ['d'], action: 'changes', meaning: 'Only steps that change something' },
  { keys: ['b'], action: 'side', meaning: 'Before or after the patch' },
  { keys: ['?'], action: 'keys', meaning: 'This list' },
];

/** Action of a key press without modifiers other than shift; undefined when it is not ours. */
export function keyAction(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): KeyAction | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  return KEYS.find((row) => row.keys.includes(event.key))?.action;
}

/** Keys as printed: `↓` for ArrowDown. */
export function keyName(key: string): string {
  const arrows: ReadonlyMap<string, string> = new Map([
    ['ArrowDown', '↓'],
    ['ArrowUp', '↑'],
    ['ArrowLeft', '←'],
    ['ArrowRight', '→'],
  ]);
  return arrows.get(key) ?? key;
}
