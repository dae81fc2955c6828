/** What the client can do, and what the server offers it. Pure. */
import type { InitializeParams, ServerCapabilities } from 'vscode-languageserver';
import { CodeActionKind, TextDocumentSyncKind } from 'vscode-languageserver';
import { ServerCommand, isRecord } from '../../shared/protocol.js';
import type { ClientExtras } from '../../shared/protocol.js';

export interface ClientAbilities extends Required<ClientExtras> {
  readonly showDocument: boolean;
  readonly progress: boolean;
  readonly lensRefresh: boolean;
  readonly configuration: boolean;
  readonly watchedConfiguration: boolean;
  /** Shows symbols below symbols. */
  readonly symbolTree: boolean;
}

export function abilitiesOf({ capabilities }: InitializeParams): ClientAbilities {
  const experimental: unknown = capabilities.experimental;
  const extras = isRecord(experimental) ? experimental['racelore'] : undefined;
  const has = (name: keyof ClientExtras): boolean => isRecord(extras) && extras[name] === true;
  return {
    traceView: has('traceView'),
    contentProvider: has('contentProvider'),
    showDocument: capabilities.window?.showDocument?.support === true,
    progress: capabilities.window?.workDoneProgress === true,
    lensRefresh: capabilities.workspace?.codeLens?.refreshSupport === true,
    configuration: capabilities.workspace?.configuration === true,
    watchedConfiguration:
      capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true,
    symbolTree:
      capabilities.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
  };
}

/** A client with a trace view registers the commands itself, so they are not announced to it. */
export function offered(client: ClientAbilities): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    codeLensProvider: { resolveProvider: false },
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.Source] },
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    documentLinkProvider: { resolveProvider: false },
    executeCommandProvider: { commands: client.traceView ? [] : Object.values(ServerCommand) },
  };
}
