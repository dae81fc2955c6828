/**
 * The VS Code side. It shows what the server says; it parses nothing and decides nothing. The server
 * starts with the first document that looks like a mail or patch with C in it.
 */
import type { ExtensionContext, TextDocument } from 'vscode';
import { window, workspace } from 'vscode';
import { continueTrace, registerCommands } from './commands.js';
import { ContentProvider } from './content.js';
import { accepts } from './documents.js';
import { ReviewComments } from './review-comments.js';
import { ReviewView } from './review-view.js';
import { ServerProcess } from './server.js';
import { StatusItem } from './status.js';
import { registerTextCommands } from './text-commands.js';
import { TRACE_PANEL, TracePanel } from './trace-panel.js';

let server: ServerProcess | undefined;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Racelore', { log: true });
  const process = new ServerProcess(context, log);
  server = process;
  const panel = new TracePanel(context, (params) => continueTrace(process, params));
  const review = new ReviewView(process);
  const said = new ReviewComments(review);
  const startFor = (document: TextDocument): void => {
    if (accepts(document))
      process.ready().catch((error: unknown) => {
        log.error(error instanceof Error ? error : String(error));
      });
  };
  context.subscriptions.push(
    log,
    panel,
    new StatusItem(process),
    review,
    said,
    ...registerTextCommands(process),
    ...registerCommands({ context, server: process, panel, comments: said, log }),
    window.registerWebviewPanelSerializer(TRACE_PANEL, panel),
    workspace.registerTextDocumentContentProvider('racelore', new ContentProvider(process)),
    workspace.onDidOpenTextDocument(startFor),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (!process.documents.has(document)) startFor(document);
    }),
  );
  workspace.textDocuments.forEach(startFor);
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
