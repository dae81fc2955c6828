/** Our plain data as LSP's. */
import type { Range } from 'vscode-languageserver';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { DocRange, Severity } from '../../shared/trace.js';

export function rangeOf(at: DocRange): Range {
  return {
    start: { line: at.line, character: at.character },
    end: { line: at.endLine, character: at.endCharacter },
  };
}

export function severityOf(severity: Severity): DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return DiagnosticSeverity.Error;
    case 'warning':
      return DiagnosticSeverity.Warning;
    case 'information':
      return DiagnosticSeverity.Information;
    case 'hint':
      return DiagnosticSeverity.Hint;
  }
}
