/** Findings and notes as pushed diagnostics. */
import type { DecodedMail } from '../mail/decoded.js';
import type { Diagnostic } from 'vscode-languageserver';
import { DiagnosticSeverity } from 'vscode-languageserver';
import { isRecord } from '../../shared/protocol.js';
import type { Finding } from '../../shared/trace.js';
import type { Note } from '../analysis/types.js';
import { rangeOf, severityOf } from './convert.js';
import type { Links } from './links.js';

const SOURCE = 'racelore';
const MOST = 100;

/** What a diagnostic carries for code actions; comes back from the client, so it is read with care. */
export interface DiagnosticData {
  readonly id: string;
  readonly rule: string;
  readonly scenario?: string;
  readonly token?: string;
}

export function diagnosticData(value: unknown): DiagnosticData | undefined {
  if (!isRecord(value)) return undefined;
  const { id, rule, scenario, token } = value;
  if (typeof id !== 'string' || typeof rule !== 'string') return undefined;
  return {
    id,
    rule,
    ...(typeof scenario === 'string' ? { scenario } : {}),
    ...(typeof token === 'string' ? { token } : {}),
  };
}

function findingDiagnostic(finding: Finding, links: Links): Diagnostic {
  const page = links.rulePage(finding.rule);
  const data: DiagnosticData = {
    id: finding.id,
    rule: finding.rule,
    ...(finding.scenario === undefined ? {} : { scenario: finding.scenario }),
    ...(finding.token === undefined ? {} : { token: finding.token }),
  };
  return {
    range: rangeOf(finding.at),
    severity: severityOf(finding.severity),
    source: SOURCE,
    code: finding.rule,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    message: finding.message,
    relatedInformation: finding.related.map((r) => ({
      location: { uri: links.uri(r.at.uri), range: rangeOf(r.at) },
      message: r.message,
    })),
    data,
  };
}

const NOTE_SEVERITY: Readonly<Record<Note['severity'], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
};

function noteDiagnostic(note: Note): Diagnostic {
  const at = { line: note.line, character: 0 };
  return {
    range: { start: at, end: { line: note.line, character: Number.MAX_SAFE_INTEGER } },
    severity: NOTE_SEVERITY[note.severity],
    source: SOURCE,
    message: note.message,
  };
}

function omitted(count: number): Diagnostic {
  const at = { line: 0, character: 0 };
  const message = `${String(count)} more reports are left out here; the command line lists all`;
  return {
    range: { start: at, end: at },
    severity: DiagnosticSeverity.Information,
    source: SOURCE,
    message,
  };
}

/** At most a hundred; findings first; the last one says how many are left out. */
export function diagnosticsOf(
  findings: readonly Finding[],
  notes: readonly Note[],
  links: Links,
): Diagnostic[] {
  const all = [
    ...findings.map((f) => findingDiagnostic(f, links)),
    ...notes.filter((n) => n.severity !== 'note').map(noteDiagnostic),
  ];
  if (all.length <= MOST) return all;
  return [...all.slice(0, MOST - 1), omitted(all.length - MOST + 1)];
}

const NOT_AS_WRITTEN = {
  encoded: 'The text of this mail is encoded. It is analysed in its decoded form: Open decoded',
  'lost-lines':
    'The line ends of this mail were lost. Hunks whose counts fit were put back: Open decoded',
} as const;

/** A mail that does not stand as it was written: its text is another document, which can be opened. */
export function encodedDiagnostic(
  { encodingLine: line, cause }: DecodedMail,
  decoded: string,
): Diagnostic {
  const at = { line, character: 0 };
  return {
    range: { start: at, end: { line, character: Number.MAX_SAFE_INTEGER } },
    severity: DiagnosticSeverity.Information,
    source: SOURCE,
    message: NOT_AS_WRITTEN[cause],
    data: { decoded },
  };
}

/** The one report on a document that is too large to be analysed while it is edited. */
export function tooLargeDiagnostic(why: string): Diagnostic {
  const at = { line: 0, character: 0 };
  const message = `Not analysed while edited: ${why}. Use: racelore check FILE`;
  return {
    range: { start: at, end: { line: 0, character: 1 } },
    severity: DiagnosticSeverity.Information,
    source: SOURCE,
    message,
  };
}
