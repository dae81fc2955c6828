/**
 * What server, client and trace view say to each other beyond LSP. Types, names and guards only.
 * Every message is plain JSON; nothing in it is trusted by the side that reads it.
 */
import type { DocRange, Trace, Verdict } from './trace.js';

export const VIEW_SCHEMA = 'racelore/view@1';

/** Commands that the server owns; any client may send them by `workspace/executeCommand`. */
export const ServerCommand = {
  runRace: 'racelore.runRace',
  stop: 'racelore.stop',
  replay: 'racelore.replay',
  openTrace: 'racelore.openTrace',
  explainRule: 'racelore.explainRule',
  openDecoded: 'racelore.openDecoded',
  compareVersions: 'racelore.compareVersions',
  draftReply: 'racelore.draftReply',
} as const;

/** Requests and notifications of ours, for clients that know them. */
export const Method = {
  /** client → server, `ContinueParams` → `TraceView`. */
  continue: 'racelore/continue',
  /** client → server, `TraceParams` → `TraceView`. */
  trace: 'racelore/trace',
  /** client → server, `ContentParams` → `ContentResult`. */
  content: 'racelore/content',
  /** client → server, `ReviewParams` → `ReviewResult`. */
  review: 'racelore/review',
  /** server → client, `StatusParams`. */
  status: 'racelore/status',
} as const;

/** Client capabilities below `experimental.racelore`. */
export interface ClientExtras {
  /** The client shows `TraceView` itself; the server then opens no text document. */
  readonly traceView?: boolean;
  /** The client resolves `racelore:` uris by `racelore/content`. */
  readonly contentProvider?: boolean;
}

export interface RunRaceArguments {
  readonly uri: string;
  /** Scenario id; absent: the one of the lens at or above `line`, else the first of the document. */
  readonly scenario?: string;
  /** Label of the change in the document, `(a)`; absent: the one at `line`, else the first. */
  readonly change?: string;
  /** 0-based. */
  readonly line?: number;
}

/** What `racelore.runRace`, `racelore.replay` and `racelore.openTrace` return. */
export interface RunRaceResult {
  /** One line with bounds. */
  readonly verdict: string;
  /** The trace as text of at most 72 columns; the verdict alone when there is no trace. */
  readonly text: string;
  /** Schedule that replays the first trace; empty without one. */
  readonly token: string;
  /** A document with `text`; empty when it could not be written. */
  readonly uri: string;
}

/** What `racelore.compareVersions` and `racelore.draftReply` return. */
export interface TextResult {
  readonly text: string;
  /** A document with it. */
  readonly uri: string;
}

/** A race to run, or with a token a schedule to replay. */
export interface TraceParams extends RunRaceArguments {
  readonly token?: string;
}

export interface ContinueParams {
  readonly uri: string;
  readonly scenario: string;
  readonly side: Side;
  readonly token: string;
  /** Micro-steps of the token that are kept. */
  readonly keep: number;
  /** Thread that moves then. */
  readonly thread: number;
}

export interface ContentParams {
  readonly uri: string;
}

export interface ContentResult {
  readonly text: string;
}

export interface StatusParams {
  readonly uri: string;
  readonly version: number;
  readonly findings: number;
  readonly lenses: number;
  /** Title of the scenario that runs; absent: nothing runs. */
  readonly running?: string;
  /** Why nothing is reported, one line. */
  readonly silence?: string;
}

/** `own` is the schedule that the user went on with after choosing another thread. */
export type Side = 'before' | 'after' | 'own';

export interface TraceSide {
  readonly verdict: Verdict;
  readonly traces: readonly Trace[];
  /** Traces as text of at most 72 columns, same order. */
  readonly texts: readonly string[];
}

/** All that the trace view shows. */
export interface TraceView {
  readonly schema: typeof VIEW_SCHEMA;
  /** Document that was analysed; empty for a plain scenario. */
  readonly uri: string;
  readonly scenario: string;
  readonly title: string;
  readonly before?: TraceSide;
  readonly after: TraceSide;
  readonly own?: TraceSide;
}

/** Trace view → client. */
export type FromView =
  | { readonly type: 'ready' }
  | { readonly type: 'source'; readonly at: DocRange }
  | { readonly type: 'continue'; readonly params: ContinueParams }
  | { readonly type: 'copy'; readonly what: 'text' | 'schedule'; readonly text: string };

/** Keys of the view, also reachable as commands. */
export type ViewAction =
  | 'next'
  | 'previous'
  | 'nextSame'
  | 'previousSame'
  | 'first'
  | 'last'
  | 'expand'
  | 'collapse'
  | 'source'
  | 'choose'
  | 'changes'
  | 'keys'
  | 'side'
  | 'copyText'
  | 'copySchedule';

/** Client → trace view. */
export type ToView =
  | { readonly type: 'show'; readonly view: TraceView }
  | { readonly type: 'own'; readonly side: TraceSide }
  | { readonly type: 'busy'; readonly text: string }
  | { readonly type: 'failed'; readonly text: string }
  | { readonly type: 'action'; readonly action: ViewAction };

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSide(value: unknown): value is TraceSide {
  return (
    isRecord(value) &&
    isRecord(value['verdict']) &&
    Array.isArray(value['traces']) &&
    value['traces'].every(
      (t) => isRecord(t) && Array.isArray(t['steps']) && Array.isArray(t['threads']),
    ) &&
    Array.isArray(value['texts'])
  );
}

/** Shallow: enough to tell state of an older version from ours. */
export function isTraceView(value: unknown): value is TraceView {
  return (
    isRecord(value) &&
    value['schema'] === VIEW_SCHEMA &&
    typeof value['title'] === 'string' &&
    isSide(value['after']) &&
    (value['before'] === undefined || isSide(value['before'])) &&
    (value['own'] === undefined || isSide(value['own']))
  );
}

function isRange(value: unknown): value is DocRange {
  return (
    isRecord(value) &&
    typeof value['uri'] === 'string' &&
    ['line', 'character', 'endLine', 'endCharacter'].every((k) => Number.isInteger(value[k]))
  );
}

function isContinue(value: unknown): value is ContinueParams {
  return (
    isRecord(value) &&
    typeof value['uri'] === 'string' &&
    typeof value['scenario'] === 'string' &&
    typeof value['token'] === 'string' &&
    (value['side'] === 'before' || value['side'] === 'after' || value['side'] === 'own') &&
    Number.isInteger(value['keep']) &&
    Number.isInteger(value['thread'])
  );
}

/** A message of the view as the client reads it; undefined when it is none. */
export function fromView(value: unknown): FromView | undefined {
  if (!isRecord(value)) return undefined;
  if (value['type'] === 'ready') return { type: 'ready' };
  if (value['type'] === 'source' && isRange(value['at']))
    return { type: 'source', at: value['at'] };
  if (value['type'] === 'continue' && isContinue(value['params']))
    return { type: 'continue', params: value['params'] };
  const what = value['what'];
  if (
    value['type'] === 'copy' &&
    (what === 'text' || what === 'schedule') &&
    typeof value['text'] === 'string'
  )
    return { type: 'copy', what, text: value['text'] };
  return undefined;
}

/** Arguments of `racelore.runRace` or `racelore.openTrace` as any client may send them. */
export function traceParams(value: unknown): TraceParams | undefined {
  if (!isRecord(value)) return undefined;
  const { uri, scenario, change, line, token } = value;
  if (typeof uri !== 'string') return undefined;
  return {
    uri,
    ...(typeof scenario === 'string' ? { scenario } : {}),
    ...(typeof change === 'string' ? { change } : {}),
    ...(typeof token === 'string' ? { token } : {}),
    ...(typeof line === 'number' && Number.isInteger(line) ? { line } : {}),
  };
}
