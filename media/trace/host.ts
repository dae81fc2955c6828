/** The one door to VS Code: messages out and in, and the state that survives a reload. */
import { isRecord, isTraceView } from '../../shared/protocol.js';
import type { FromView, ToView, TraceSide, ViewAction } from '../../shared/protocol.js';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const ACTIONS: ReadonlySet<string> = new Set<ViewAction>([
  'next',
  'previous',
  'nextSame',
  'previousSame',
  'first',
  'last',
  'expand',
  'collapse',
  'source',
  'choose',
  'changes',
  'keys',
  'side',
  'copyText',
  'copySchedule',
]);

function isAction(value: unknown): value is ViewAction {
  return typeof value === 'string' && ACTIONS.has(value);
}

function isSide(value: unknown): value is TraceSide {
  return (
    isRecord(value) &&
    isRecord(value['verdict']) &&
    Array.isArray(value['traces']) &&
    Array.isArray(value['texts'])
  );
}

function toView(value: unknown): ToView | undefined {
  if (!isRecord(value)) return undefined;
  const { type, view, side, text, action } = value;
  if (type === 'show' && isTraceView(view)) return { type, view };
  if (type === 'own' && isSide(side)) return { type, side };
  if ((type === 'busy' || type === 'failed') && typeof text === 'string') return { type, text };
  if (type === 'action' && isAction(action)) return { type, action };
  return undefined;
}

export interface Host {
  send(message: FromView): void;
  readonly stored: unknown;
  store(state: unknown): void;
  onMessage(call: (message: ToView) => void): void;
}

export function connect(): Host {
  const api = acquireVsCodeApi();
  return {
    send: (message) => {
      api.postMessage(message);
    },
    stored: api.getState(),
    store: (state) => {
      api.setState(state);
    },
    onMessage: (call) => {
      window.addEventListener('message', (event) => {
        const message = toView(event.data);
        if (message) call(message);
      });
    },
  };
}
