/** Read-only documents of ours: the model kernel's C and the pages of the rules, as the server has them. */
import type { TextDocumentContentProvider, Uri } from 'vscode';
import { Method, isRecord } from '../shared/protocol.js';
import type { ServerProcess } from './server.js';

export class ContentProvider implements TextDocumentContentProvider {
  constructor(readonly server: ServerProcess) {}

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const client = await this.server.ready();
    const result: unknown = await client.sendRequest(Method.content, { uri: uri.toString() });
    return isRecord(result) && typeof result['text'] === 'string' ? result['text'] : '';
  }
}
