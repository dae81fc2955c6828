/** What is known of one document: plain data for reports, editors and tests. */
import type { PlaceFacts } from '../context/at.js';
import type { SourceTable } from '../csource/source.js';
import type { DocRange, Finding, Trace } from '../../shared/trace.js';
import type { DocumentParts } from './parts.js';
import type { RaceResult } from './races.js';
import type { SeriesNumber } from './series-number.js';

export interface Note {
  readonly severity: 'error' | 'warning' | 'note';
  /** 0-based. */
  readonly line: number;
  readonly message: string;
}

export type ChangeStatus =
  /** Its races were run, or there are none that reach it. */
  | 'analysed'
  /** The model already has the change: before is the reversed edit. */
  | 'in the model'
  | 'base unknown'
  /** No changed function is in the model. */
  | 'not modelled'
  /** The model has the functions, but nothing of the change could be placed. */
  | 'not placed'
  /** The model has the functions, and no changed line does anything that it could notice. */
  | 'no effect'
  /** Stands here only as a quotation of a mail that is not in the document. */
  | 'quoted only';

export interface Coverage {
  readonly onModel: number;
  readonly noEffect: number;
  readonly notPlaced: readonly { readonly at: DocRange; readonly why: string }[];
  readonly repaired: number;
  /** Of these, the lines in functions that the model has. */
  readonly modelled: ModelledLines;
}

/** Lines of functions that the model has, by what became of them. */
export interface ModelledLines {
  readonly onModel: number;
  readonly noEffect: number;
  readonly notPlaced: number;
  readonly repaired: number;
  /** Of these, the lines with a call (locks are some), a return or a member that the model has. */
  readonly events: {
    /** On the model, repaired or not. */
    readonly placed: number;
    readonly noEffect: number;
    readonly notPlaced: number;
  };
}

export interface ChangeReport {
  /** `(a)`, `(b)` … in document order; empty for changes that are not analysed. */
  readonly label: string;
  readonly path: string;
  readonly message: number;
  readonly from: string;
  readonly date: string;
  readonly subject: string;
  /** Its number, when its mail belongs to a series. */
  readonly series?: SeriesNumber;
  /** 0-based line of its diff header. */
  readonly line: number;
  /** 0-based lines where the same change is quoted. */
  readonly copies: readonly number[];
  readonly status: ChangeStatus;
  /** `2025-07 + (a)`: what it was placed on. */
  readonly base: string;
  readonly coverage: Coverage;
  /** Functions it changes or adds that the model runs. */
  readonly touched: readonly string[];
  /** Changed functions the model does not have. */
  readonly notModelled: readonly string[];
  readonly repairs: readonly string[];
  readonly races: readonly RaceResult[];
  /** Scenarios that were not begun because the time had ended. */
  readonly left: readonly string[];
}

export interface Lens {
  readonly at: DocRange;
  readonly function: string;
  readonly scenario: string;
  readonly title: string;
  readonly threads: number;
  /** `(a)`: the change that the run belongs to. */
  readonly change: string;
}

export interface CheckResult {
  readonly uri: string;
  readonly form: string;
  readonly messages: number;
  readonly changes: readonly ChangeReport[];
  readonly findings: readonly Finding[];
  /** Witness of each finding that has one, by token. */
  readonly traces: readonly Trace[];
  readonly notes: readonly Note[];
  /** One line: why nothing is reported. */
  readonly silence?: string;
  /** False when the time or state budget ended before every scenario was decided. */
  readonly complete: boolean;
}

/** Lock context at a place; `report/` words it. */
export interface Hover {
  readonly facts: PlaceFacts;
  readonly range: DocRange;
  readonly table: SourceTable;
  /** Classes of which it matters that they are not held (from the rules). */
  readonly watched: readonly string[];
}

/** Static results of one version of a document. */
export interface DocumentAnalysis {
  readonly findings: readonly Finding[];
  readonly lenses: readonly Lens[];
  readonly notes: readonly Note[];
  readonly silence: string | undefined;
  /** Absent for a file that is no mail or patch. */
  readonly parts: DocumentParts | undefined;
  hover(line: number, character: number): Hover | undefined;
}
