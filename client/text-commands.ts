/** Commands whose answer is a text: versions compared, a draft of a reply. */
import type { Disposable } from 'vscode';
import { Range, Uri, commands, window, workspace } from 'vscode';
import { ServerCommand, isRecord } from '../shared/protocol.js';
import type { TextResult } from '../shared/protocol.js';
import type { ServerProcess } from './server.js';

interface Place {
  readonly uri: string;
  readonly line: number;
  readonly endLine: number;
}

/** The selected lines; a selection that ends before a line does not hold it. */
function selected(): Place | undefined {
  const editor = window.activeTextEditor;
  if (!editor) return undefined;
  const { start, end, isEmpty } = editor.selection;
  const endLine = !isEmpty && end.character === 0 ? end.line - 1 : end.line;
  return { uri: editor.document.uri.toString(), line: start.line, endLine };
}

/** What a row of the review view stands for. */
function ofRow(row: unknown): Place | undefined {
  const node = isRecord(row) ? row['node'] : undefined;
  const at = isRecord(node) ? node['at'] : undefined;
  if (!isRecord(at) || typeof at['uri'] !== 'string' || typeof at['line'] !== 'number')
    return undefined;
  return { uri: at['uri'], line: at['line'], endLine: at['line'] };
}

function isText(value: unknown): value is TextResult {
  return isRecord(value) && typeof value['text'] === 'string' && typeof value['uri'] === 'string';
}

/** Asks the server; what it refuses is said in its words. */
async function ask(
  server: ServerProcess,
  command: string,
  row: unknown,
): Promise<TextResult | undefined> {
  const place = ofRow(row) ?? selected();
  if (!place) {
    void window.showInformationMessage('Open a mail or patch first.');
    return undefined;
  }
  try {
    const client = await server.ready();
    const result: unknown = await client.sendRequest('workspace/executeCommand', {
      command,
      arguments: [place],
    });
    return isText(result) ? result : undefined;
  } catch (error) {
    void window.showInformationMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function compare(server: ServerProcess, row: unknown): Promise<void> {
  const result = await ask(server, ServerCommand.compareVersions, row);
  if (!result) return;
  const document = await workspace.openTextDocument(Uri.parse(result.uri, true));
  await window.showTextDocument(document, { preview: false });
}

async function reply(server: ServerProcess, row: unknown): Promise<void> {
  const result = await ask(server, ServerCommand.draftReply, row);
  if (!result) return;
  const options = { language: 'kernel-mail', content: result.text };
  const document = await workspace.openTextDocument(options);
  const end = document.positionAt(result.text.length);
  await window.showTextDocument(document, { preview: false, selection: new Range(end, end) });
}

export function registerTextCommands(server: ServerProcess): readonly Disposable[] {
  return [
    commands.registerCommand(ServerCommand.compareVersions, (row: unknown) => compare(server, row)),
    commands.registerCommand(ServerCommand.draftReply, (row: unknown) => reply(server, row)),
  ];
}
