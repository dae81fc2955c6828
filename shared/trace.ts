/**
 * Plain, serialisable results that every surface shares: traces, verdicts, findings.
 * Types and guards only; nothing here imports anything. Lines and columns are 0-based here
 * (LSP); text and JSON reports of the command line convert to 1-based.
 */

export const TRACE_SCHEMA = 'racelore/trace@1';
export const CHECK_SCHEMA = 'racelore/check@1';
export const SERIES_SCHEMA = 'racelore/series@1';
export const VERSIONS_SCHEMA = 'racelore/versions@1';
export const GRAFT_SCHEMA = 'racelore/graft@1';

/** A range in a document that a user can open. Characters are UTF-16 code units. */
export interface DocRange {
  /** `file:` uri or path as given for mails and patches; `racelore:/kernel/<file>` for the model kernel. */
  readonly uri: string;
  readonly line: number;
  readonly character: number;
  readonly endLine: number;
  readonly endCharacter: number;
}

/**
 * What a thread is: a user task and a daemon differ in the deadlock rule, an irq may not wait. `crash`
 * is no thread: it stands for the crash at the end of a schedule, with recovery and check.
 */
export type ThreadRole = 'thread' | 'daemon' | 'irq' | 'crash';

export interface TraceThread {
  readonly id: number;
  /** Name from `__thread("…")`, e.g. "punch_hole", "jbd2", "disk". */
  readonly name: string;
  readonly role: ThreadRole;
}

/** One frame of a call stack: the function and the place inside it that is executing. */
export interface TraceFrame {
  readonly function: string;
  readonly at: DocRange;
  /** True when the place is a line that a patch added or changed. */
  readonly patched: boolean;
}

/** One cell that changed, by its symbolic name: `inode.i_disksize: 2 → 5`. */
export interface TraceChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** A lock, handle or other token that a thread holds. */
export interface TraceHold {
  /** Class as kernel people write it: `i_rwsem`, `folio lock`, `handle`. */
  readonly class: string;
  /** Object: `inode`, `folio[0]`. */
  readonly object: string;
  readonly mode: 'exclusive' | 'shared';
  /** 1-based number of the step that took it. */
  readonly since: number;
  readonly at: DocRange;
}

/** Why a thread cannot move: `waits for end of writeback of folio[0]`. */
export interface TraceBlocked {
  readonly thread: number;
  /** Full sentence fragment, e.g. `waits for folio lock of folio[0], held by flusher since step 4`. */
  readonly reason: string;
  /** Threads that hold what is waited for, or whose own progress would end the wait. */
  readonly by: readonly number[];
  /** Function that contains the wait, e.g. `folio_wait_writeback`. */
  readonly function: string;
  readonly at: DocRange;
}

/** One visible operation: the unit of search and of the token. */
export interface TraceMicroStep {
  readonly function: string;
  readonly at: DocRange;
  readonly text: string;
  readonly changes: readonly TraceChange[];
}

/** What a step did below its statement. */
export interface TraceWay {
  /** What was called, and returned, on the way before; left out when that is nothing. */
  readonly first?: readonly (readonly string[])[];
  /** From the statement to the function that is told of, outermost first. */
  readonly path: readonly string[];
  /** What that function called, in order; a callee with the only one that it called itself. */
  readonly calls: readonly (readonly string[])[];
}

/** A maximal run of one thread inside one statement of the outermost displayed function. */
export interface TraceStep {
  /** 1-based. */
  readonly index: number;
  readonly thread: number;
  /** Function that the statement is in; empty for the crash itself. */
  readonly function: string;
  /** Source text of the statement, one line, trimmed. */
  readonly text: string;
  readonly at: DocRange;
  /** Outermost first; the last frame is where the step ended. */
  readonly stack: readonly TraceFrame[];
  /** Chain of functions entered in this step, outermost first, for the text twin. */
  readonly calls: readonly string[];
  readonly way?: TraceWay;
  readonly micro: readonly TraceMicroStep[];
  readonly changes: readonly TraceChange[];
  readonly notes: readonly string[];
  /** Per thread (index = thread id) what it holds after the step. */
  readonly holds: readonly (readonly TraceHold[])[];
  /** Threads that can move after the step. */
  readonly enabled: readonly number[];
  readonly blocked: readonly TraceBlocked[];
}

export type PropertyKind =
  | 'deadlock'
  | 'stuck'
  | 'assert'
  | 'warn'
  | 'invariant'
  | 'crash'
  | 'final'
  | 'irq-wait'
  | 'atomic-wait'
  | 'lock-order'
  | 'lock-held'
  | 'unlock'
  | 'use-after-free'
  | 'double-free'
  | 'free-in-use'
  | 'leak'
  | 'lifetime'
  | 'null-dereference'
  | 'arithmetic'
  | 'range'
  | 'model-error';

/** What makes two findings the same; equal keys compare equal as strings of `id`. */
export interface FindingKey {
  readonly property: PropertyKind;
  /** Rule that the broken assertion names; else the property has one. */
  readonly rule?: string;
  /** Canonical, sorted, human-readable: `deadlock: disk-worker waits handle in …; …`. */
  readonly id: string;
}

export interface Bounds {
  readonly threads: number;
  /** `2 folios`, `1 commit` …, as the scenario's C declares them. */
  readonly items: readonly string[];
}

/** `none` is only said with its bounds; `stopped` says how far it got. */
export type VerdictKind = 'found' | 'none' | 'stopped' | 'incomplete' | 'error';

export interface Verdict {
  readonly kind: VerdictKind;
  /** One line, at most 72 columns where possible, with bounds. */
  readonly text: string;
  readonly states: number;
  readonly complete: boolean;
  /** What was tried after the search had stopped on its budget, a line each; none of it is a proof. */
  readonly beyond?: readonly string[];
  readonly bounds: Bounds;
  readonly profile: string;
  /** What the patch stack was, e.g. `2025-07 + (a)`; empty for plain scenario runs. */
  readonly base: string;
  readonly assumptions: readonly string[];
}

export interface Trace {
  readonly schema: typeof TRACE_SCHEMA;
  readonly scenario: string;
  readonly title: string;
  readonly key: FindingKey;
  /** Where the schedule is not known to be a shortest one: how it was found, in words. */
  readonly foundBy?: string;
  readonly verdict: Verdict;
  readonly threads: readonly TraceThread[];
  readonly steps: readonly TraceStep[];
  /** Number of times the running thread changes. */
  readonly switches: number;
  /** Blocked threads in the last state (for a deadlock: the cycle, in cycle order). */
  readonly end: readonly TraceBlocked[];
  readonly token: string;
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface RelatedPlace {
  readonly at: DocRange;
  readonly message: string;
}

/** One report to the user. `id` is stable under edits elsewhere: never a line number in it. */
export interface Finding {
  readonly id: string;
  /** `RL-…` */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: DocRange;
  readonly related: readonly RelatedPlace[];
  /** Copies of the same change elsewhere in the document (quotes), where it is not reported again. */
  readonly copies: readonly DocRange[];
  /** Key of the confirming run, when the machine confirmed it. */
  readonly key?: FindingKey;
  /** Token of the witness, when there is one. */
  readonly token?: string;
  readonly scenario?: string;
}
