/**
 * What a review view draws: the series of a document with their versions, patches, functions, findings and
 * answers. Types and guards only. Every text is one safe line unless it says otherwise.
 */
import type { DocRange, Severity } from './trace.js';
import { isRecord } from './protocol.js';

export const REVIEW_SCHEMA = 'racelore/review@1';

export type ReviewKind =
  | 'series'
  /** A discussion with diffs in its answers. */
  | 'thread'
  | 'version'
  | 'cover'
  | 'patch'
  | 'function'
  /** Changes of a file outside of its functions. */
  | 'file'
  | 'finding'
  | 'comment'
  | 'reply'
  | 'trailer'
  /** A patch of the series that is not in the document. */
  | 'missing';

export interface ReviewNode {
  /** Unique in its document, and the same after an edit elsewhere. */
  readonly id: string;
  readonly kind: ReviewKind;
  readonly label: string;
  /** Said behind the label; may be empty. */
  readonly detail: string;
  readonly severity?: Severity;
  /** Where it stands; absent for what is not in the document. */
  readonly at?: DocRange;
  readonly children: readonly ReviewNode[];
}

export interface ReviewComment {
  /** Who and when. */
  readonly by: string;
  /** As it was written, several lines; no control characters. */
  readonly text: string;
  /** Where it stands itself. */
  readonly at: DocRange;
}

/** A comment and its answers, on the lines that it is about. */
export interface ReviewThread {
  readonly id: string;
  readonly at: DocRange;
  /** `open`, `answered`, and what the next version did with the lines; may be empty. */
  readonly state: string;
  readonly comments: readonly ReviewComment[];
}

export interface ReviewParams {
  readonly uri: string;
}

export interface ReviewResult {
  readonly schema: typeof REVIEW_SCHEMA;
  readonly uri: string;
  readonly version: number;
  readonly nodes: readonly ReviewNode[];
  readonly threads: readonly ReviewThread[];
}

/** Shallow: enough to tell an answer of ours from anything else. */
export function isReview(value: unknown): value is ReviewResult {
  return (
    isRecord(value) &&
    value['schema'] === REVIEW_SCHEMA &&
    typeof value['uri'] === 'string' &&
    Array.isArray(value['nodes']) &&
    Array.isArray(value['threads'])
  );
}
