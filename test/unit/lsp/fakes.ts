/** An analysis whose results the test states, to see what the server makes of them. */
import type { Diagnostic } from 'vscode-languageserver';
import type { DocumentAnalysis, Engine, JobDocument } from '../../../server/lsp/engine.js';
import { Links } from '../../../server/lsp/links.js';
import type { CheckOutcome, SessionHost } from '../../../server/lsp/session.js';
import { TextFiles } from '../../../server/lsp/text-files.js';
import type { Finding } from '../../../shared/trace.js';
import type { Lens } from '../../../server/analysis/types.js';

export const URI = 'file:///a.patch';

export function finding(id: string, line: number, more: Partial<Finding> = {}): Finding {
  return {
    id,
    rule: 'RL-1',
    severity: 'hint',
    message: `suspect ${id}`,
    at: { uri: URI, line, character: 1, endLine: line, endCharacter: 5 },
    related: [],
    copies: [],
    ...more,
  };
}

function lens(line: number): Lens {
  const at = { uri: URI, line, character: 0, endLine: line, endCharacter: 4 };
  return { at, function: 'f', scenario: 'T1', title: 'two locks', threads: 3, change: '(a)' };
}

/** Every line with `call` in it is a suspect; its id is the line's text. */
class FakeEngine implements Engine {
  opened: string[] = [];

  open(_uri: string, text: string): DocumentAnalysis {
    this.opened.push(text);
    if (text.includes('defect')) throw new Error('a mistake of ours');
    const findings = text
      .split('\n')
      .flatMap((l, i) => (l.includes('call') ? [finding(l, i)] : []));
    return {
      findings,
      lenses: [lens(text.split('\n').findIndex((l) => l.startsWith('@@')))],
      notes: [],
      silence: undefined,
      parts: undefined,
      hover: () => undefined,
    };
  }

  close(): void {
    this.opened = [];
  }

  explain(id: string): string | undefined {
    return id === 'RL-1' ? 'The page.' : undefined;
  }

  kernelText(): string | undefined {
    return undefined;
  }
}

function wordsOf(message: Diagnostic['message']): string {
  return typeof message === 'string' ? message : message.value;
}

export interface Published {
  readonly version: number;
  readonly messages: readonly string[];
}

export interface PendingCheck {
  readonly document: JobDocument;
  readonly done: (outcome: CheckOutcome) => void;
  cancelled: boolean;
}

/** Keeps what a session says, and lets the test answer its checks. */
export class FakeHost implements SessionHost {
  readonly engine = new FakeEngine();
  readonly links = new Links(true, this.engine, new TextFiles());
  readonly published: Published[] = [];
  readonly checks: PendingCheck[] = [];
  auto = true;
  refreshes = 0;
  readonly failures: unknown[] = [];

  publish(_uri: string, version: number, diagnostics: Parameters<SessionHost['publish']>[2]): void {
    this.published.push({
      version,
      messages: diagnostics.map((d) => `${d.range.start.line}: ${wordsOf(d.message)}`),
    });
  }

  failed(error: unknown): void {
    this.failures.push(error);
  }

  lensesChanged(): void {
    this.refreshes++;
  }

  statusChanged(): void {
    return;
  }

  check(document: JobDocument, done: PendingCheck['done']): (() => void) | undefined {
    if (!this.auto) return undefined;
    const pending: PendingCheck = { document, done, cancelled: false };
    this.checks.push(pending);
    return () => {
      pending.cancelled = true;
    };
  }

  get shown(): readonly string[] {
    return this.published.at(-1)?.messages ?? [];
  }
}
