/**
 * One open document while it is edited. Static results 200 ms after the last key; then the worker
 * decides; results of older versions are dropped. What was decided is kept meanwhile.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeLens, Diagnostic, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import type { Finding } from '../../shared/trace.js';
import { isModelUri, isOurs, tooLarge } from '../../shared/sniff.js';
import { lensesMovedBy, lensesOf, verdictFor } from './code-lens.js';
import { diagnosticsOf, encodedDiagnostic, tooLargeDiagnostic } from './diagnostics.js';
import type { Edit } from './edits.js';
import type { Checked, DocumentAnalysis, Engine, JobDocument, LensVerdict } from './engine.js';
import { NOTHING_KEPT, decide, movedBy, shownFindings } from './kept-findings.js';
import type { KeptFindings } from './kept-findings.js';
import type { Links } from './links.js';
import type { Lens } from '../analysis/types.js';
import type { DecodedMail } from '../mail/decoded.js';
import { writtenMail } from '../patch/index.js';

const DEBOUNCE_MS = 200;

/** `failed` is a mistake of ours, which the log has. */
export type CheckOutcome = Checked | 'cancelled' | 'failed';

const FAILED = 'the analysis failed; the log says why';

/** What a session needs of the server. */
export interface SessionHost {
  readonly engine: Engine;
  readonly links: Links;
  publish(uri: string, version: number, diagnostics: Diagnostic[]): void;
  lensesChanged(): void;
  statusChanged(session: Session): void;
  /** Starts the worker on the document; undefined when races are not run by themselves. */
  check(document: JobDocument, done: (outcome: CheckOutcome) => void): (() => void) | undefined;
  /** A mistake of ours: into the log. */
  failed(error: unknown): void;
}

export class Session {
  #document: TextDocument;
  #analysis: DocumentAnalysis | undefined;
  #lenses: readonly Lens[] = [];
  #kept: KeptFindings = NOTHING_KEPT;
  #verdicts: readonly LensVerdict[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #cancelCheck: (() => void) | undefined;
  #published = '[]';
  #silence: string | undefined;

  constructor(
    uri: string,
    language: string,
    version: number,
    text: string,
    readonly host: SessionHost,
  ) {
    this.#document = TextDocument.create(uri, language, version, text);
    this.update();
  }

  get document(): TextDocument {
    return this.#document;
  }

  get busy(): boolean {
    return this.#timer !== undefined || this.#cancelCheck !== undefined;
  }

  get findings(): number {
    return this.shown.length;
  }

  /** The findings as they are shown now. */
  get shown(): readonly Finding[] {
    return shownFindings(this.#kept, this.#analysis?.findings ?? [], false);
  }

  get silence(): string | undefined {
    return this.#silence ?? this.#analysis?.silence;
  }

  get lenses(): readonly Lens[] {
    return this.#lenses;
  }

  /** The scenario that a row stands for now. */
  scenarioOf(lens: Lens): string {
    return verdictFor(lens, this.#verdicts)?.scenario ?? lens.scenario;
  }

  /** Analysis of the text as it is now. */
  current(): DocumentAnalysis | undefined {
    if (this.#timer !== undefined) this.update();
    return this.#analysis;
  }

  lensRows(): CodeLens[] {
    return lensesOf(this.#document.uri, this.#lenses, {
      busy: this.busy,
      verdicts: this.#verdicts,
    });
  }

  /** A run that a user asked for has its verdict. */
  ran(verdict: LensVerdict): void {
    const others = this.#verdicts.filter(
      (v) => v.scenario !== verdict.scenario || v.change !== verdict.change,
    );
    this.#verdicts = [...others, verdict];
    this.host.lensesChanged();
  }

  change(changes: TextDocumentContentChangeEvent[], version: number): void {
    this.#cancelCheck?.();
    this.#cancelCheck = undefined;
    this.#document = TextDocument.update(this.#document, changes, version);
    for (const change of changes) {
      const edit: Edit =
        'range' in change ? { range: change.range, text: change.text } : { text: change.text };
      this.#kept = movedBy(this.#kept, this.#document.uri, edit);
      this.#lenses = lensesMovedBy(this.#lenses, edit);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.update();
    }, DEBOUNCE_MS);
    this.host.statusChanged(this);
  }

  /** Static results of the text of now, then the worker. */
  update(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { uri } = this.#document;
    const text = this.#document.getText();
    const large = tooLarge(text);
    const ours = isModelUri(uri) || isOurs(text);
    if (large !== undefined || !ours) {
      this.#silent(large);
      return;
    }
    const decoded = writtenMail(text, uri);
    if (decoded) {
      this.#encoded(decoded);
      return;
    }
    // First, so that the worker runs beside the static part.
    this.#check({ uri, text });
    try {
      this.#analysis = this.host.engine.open(uri, text);
    } catch (error) {
      this.#silence = FAILED;
      this.host.failed(error);
      this.host.statusChanged(this);
      return;
    }
    this.#lenses = this.#analysis.lenses;
    this.#silence = undefined;
    this.#show();
    this.host.lensesChanged();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#cancelCheck?.();
    this.host.engine.close(this.#document.uri);
    this.host.publish(this.#document.uri, this.#document.version, []);
  }

  #check(document: JobDocument): void {
    this.#cancelCheck?.();
    const { version } = this.#document;
    this.#cancelCheck = this.host.check(document, (outcome) => {
      if (version !== this.#document.version) return;
      this.#cancelCheck = undefined;
      if (outcome === 'failed') this.#silence = FAILED;
      else if (outcome !== 'cancelled') this.#decided(outcome);
      this.#show();
      this.host.lensesChanged();
    });
  }

  #decided(checked: Checked): void {
    this.#kept = decide(checked.findings, this.#analysis?.findings ?? []);
    this.#verdicts = checked.verdicts;
    this.#silence = checked.silence;
  }

  /** The text that was written is another document. */
  #encoded(decoded: DecodedMail): void {
    const isLost = decoded.cause === 'lost-lines';
    this.#forget(`${isLost ? 'line ends were lost' : 'the text is encoded'}: Open decoded`);
    const kept = this.host.links.keepDecoded(this.#document.uri, decoded);
    this.#publish([encodedDiagnostic(decoded, kept)]);
    this.host.lensesChanged();
    this.host.statusChanged(this);
  }

  #forget(why: string): void {
    this.#analysis = undefined;
    this.#lenses = [];
    this.#kept = NOTHING_KEPT;
    this.#verdicts = [];
    this.#silence = why;
  }

  /** Not ours, or too large: nothing is kept of what was there. */
  #silent(large: string | undefined): void {
    this.#forget(large === undefined ? 'no patch found' : `not analysed while edited: ${large}`);
    this.#publish(large === undefined ? [] : [tooLargeDiagnostic(large)]);
    this.host.lensesChanged();
    this.host.statusChanged(this);
  }

  #show(): void {
    const analysis = this.#analysis;
    if (!analysis) return;
    const findings = shownFindings(this.#kept, analysis.findings, this.busy);
    this.#publish(diagnosticsOf(findings, analysis.notes, this.host.links));
    this.host.statusChanged(this);
  }

  /** Only what differs is sent. */
  #publish(diagnostics: Diagnostic[]): void {
    const text = JSON.stringify(diagnostics);
    if (text === this.#published) return;
    this.#published = text;
    this.host.publish(this.#document.uri, this.#document.version, diagnostics);
  }
}
