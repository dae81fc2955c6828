/** The server process: started with the first document of ours, restarted on request. */
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { EventEmitter } from 'vscode';
import { LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import type { LanguageClientOptions, ServerOptions } from 'vscode-languageclient/node';
import { Method } from '../shared/protocol.js';
import type { StatusParams } from '../shared/protocol.js';
import { SELECTOR, SentDocuments } from './documents.js';

export class ServerProcess {
  readonly documents = new SentDocuments(() => this.#client);
  readonly #status = new EventEmitter<StatusParams>();
  readonly #state = new EventEmitter<State>();
  readonly onStatus = this.#status.event;
  readonly onState = this.#state.event;
  #client: LanguageClient | undefined;
  #starting: Promise<LanguageClient> | undefined;

  constructor(
    readonly context: ExtensionContext,
    readonly log: LogOutputChannel,
  ) {}

  get state(): State {
    return this.#client?.state ?? State.Stopped;
  }

  /** The running server, started if need be. */
  ready(): Promise<LanguageClient> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#starting = undefined;
    this.documents.clear();
    await client?.dispose();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.ready();
  }

  async #start(): Promise<LanguageClient> {
    const module = this.context.asAbsolutePath('dist/server.js');
    const server: ServerOptions = { module, transport: TransportKind.ipc };
    const options: LanguageClientOptions = {
      documentSelector: SELECTOR,
      outputChannel: this.log,
      middleware: this.documents.middleware,
    };
    const client = new LanguageClient('racelore', 'Racelore', server, options);
    client.registerFeature({
      fillClientCapabilities: (capabilities) => {
        const experimental: unknown = capabilities.experimental;
        capabilities.experimental = {
          ...(typeof experimental === 'object' ? experimental : {}),
          racelore: { traceView: true, contentProvider: true },
        };
      },
      initialize: () => undefined,
      getState: () => ({ kind: 'static' }),
      clear: () => undefined,
    });
    this.#client = client;
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped) this.documents.clear();
      this.#state.fire(newState);
    });
    client.onNotification(Method.status, (status: StatusParams) => {
      this.#status.fire(status);
    });
    try {
      await client.start();
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
    return client;
  }
}
