/** What can be done about a finding: see its schedule, read about its rule. Pure. */
import type { CodeAction, Command, Diagnostic } from 'vscode-languageserver';
import { CodeActionKind } from 'vscode-languageserver';
import { ServerCommand, isRecord } from '../../shared/protocol.js';
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
