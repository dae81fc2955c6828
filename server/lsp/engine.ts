/**
 * What the server needs of the analysis. The fast part runs in the server's own thread; the slow part
 * in the worker, addressed by plain data.
 */
import type { DocRange, Finding } from '../../shared/trace.js';
import type { ContinueParams, TraceView } from '../../shared/protocol.js';
import type { Outcome } from '../analysis/races.js';
import type { DocumentParts } from '../analysis/parts.js';
import type { Lens, Note } from '../analysis/types.js';

/** Static results of one version of a document. */
export interface DocumentAnalysis {
  readonly findings: readonly Finding[];
  readonly lenses: readonly Lens[];
  readonly notes: readonly Note[];
  /** One line: why nothing is reported. */
  readonly silence: string | undefined;
  /** Absent for a file that is no mail or patch. */
  readonly parts: DocumentParts | undefined;
  hover(
    line: number,
    character: number,
  ): { readonly markdown: string; readonly range: DocRange } | undefined;
}

export interface Engine {
  /** At most 50 ms for a change of a document that was open before. */
  open(uri: string, text: string): DocumentAnalysis;
  close(uri: string): void;
  /** Page of a rule or scenario as Markdown. */
  explain(id: string): string | undefined;
  /** Text of a model kernel file by its name, e.g. `locking.c`. */
  kernelText(name: string): string | undefined;
}

/** The text a job works on. */
export interface JobDocument {
  readonly uri: string;
  readonly text: string;
}

export interface JobLimits {
  readonly seconds: number;
  readonly states: number;
  readonly columns: number;
}

/** Work for the worker. */
export type Job =
  | { readonly kind: 'check'; readonly document: JobDocument; readonly limits: JobLimits }
  | {
      readonly kind: 'race';
      readonly document: JobDocument;
      readonly scenario: string;
      /** Label of the change when the document has several; absent: the last that the scenario reaches. */
      readonly change?: string;
      readonly limits: JobLimits;
    }
  | {
      readonly kind: 'replay';
      readonly document?: JobDocument;
      readonly token: string;
      readonly limits: JobLimits;
    }
  | {
      readonly kind: 'continue';
      readonly document?: JobDocument;
      readonly params: ContinueParams;
      readonly limits: JobLimits;
    };

/** Verdict of one scenario on one change, for the lens. */
export interface LensVerdict {
  readonly change: string;
  readonly scenario: string;
  readonly title: string;
  readonly outcome: Outcome;
  /** Of the side after the change, one line. */
  readonly text: string;
}

export interface Checked {
  readonly kind: 'check';
  readonly findings: readonly Finding[];
  readonly verdicts: readonly LensVerdict[];
  readonly silence?: string;
}

export type JobResult =
  | Checked
  | { readonly kind: 'view'; readonly view: TraceView; readonly verdict?: LensVerdict }
  /** The request cannot be done; one line for the user. */
  | { readonly kind: 'refused'; readonly why: string };
