/** What can be done about a finding and with the lines of a patch. Pure. */
import type { CodeAction, Command, Diagnostic, Range } from 'vscode-languageserver';
import { CodeActionKind } from 'vscode-languageserver';
import { ServerCommand, isRecord } from '../../shared/protocol.js';
import type { DocumentParts } from '../analysis/parts.js';
import { hunkSpan } from '../analysis/parts.js';
import { diagnosticData } from './diagnostics.js';

function action(diagnostic: Diagnostic, command: Command): CodeAction {
  return {
    title: command.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    command,
  };
}

function actionsFor(uri: string, diagnostic: Diagnostic): readonly CodeAction[] {
  const raw: unknown = diagnostic.data;
  if (isRecord(raw) && typeof raw['decoded'] === 'string') {
    const command = { title: 'Open decoded', command: ServerCommand.openDecoded };
    return [action(diagnostic, { ...command, arguments: [{ uri: raw['decoded'] }] })];
  }
  const data = diagnosticData(raw);
  if (!data) return [];
  const { rule, scenario, token } = data;
  const actions: CodeAction[] = [];
  if (token !== undefined)
    actions.push(
      action(diagnostic, {
        title: 'Show the schedule',
        command: ServerCommand.openTrace,
        arguments: [{ uri, token }],
      }),
    );
  if (scenario !== undefined) {
    const line = diagnostic.range.start.line;
    actions.push(
      action(diagnostic, {
        title: `Run race ${scenario}`,
        command: ServerCommand.runRace,
        arguments: [{ uri, scenario, line }],
      }),
    );
  }
  actions.push(
    action(diagnostic, {
      title: `Explain ${rule}`,
      command: ServerCommand.explainRule,
      arguments: [{ rule }],
    }),
  );
  return actions;
}

export function codeActions(uri: string, diagnostics: readonly Diagnostic[]): CodeAction[] {
  return diagnostics.filter((d) => d.source === 'racelore').flatMap((d) => actionsFor(uri, d));
}

/** What can be done with the selected lines, for editors that have no other way to a command. */
export function textActions(
  uri: string,
  { start, end }: Range,
  parts: DocumentParts,
): CodeAction[] {
  const { files, mail } = parts;
  const isIn = (span: ReturnType<typeof hunkSpan>): boolean =>
    span.line <= start.line && start.line <= span.endLine;
  if (!files.some((file) => file.hunks.some((hunk) => isIn(hunkSpan(hunk))))) return [];
  // A selection that ends before a line does not hold it.
  const endLine = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  const args = [{ uri, line: start.line, endLine }];
  const offered: readonly (readonly [string, string])[] = [
    ['Draft a reply quoting this hunk', ServerCommand.draftReply],
    ...(mail.messages.length > 1
      ? [['Compare with the previous version', ServerCommand.compareVersions] as const]
      : []),
  ];
  return offered.map(([title, command]) => ({
    title,
    kind: CodeActionKind.Source,
    command: { title, command, arguments: args },
  }));
}
