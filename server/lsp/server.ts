/**
 * The language server: features wired to one connection. It parses and decides nothing itself; the
 * fast analysis runs here, everything slow in the worker.
 */
import type {
  CancellationToken,
  Connection,
  InitializeParams,
  InitializeResult,
} from 'vscode-languageserver';
import {
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { version } from '../../package.json';
import { Method } from '../../shared/protocol.js';
import type {
  ContentParams,
  ContentResult,
  ContinueParams,
  StatusParams,
  TraceParams,
  TraceView,
} from '../../shared/protocol.js';
import type { DocumentParts } from '../analysis/parts.js';
import { REVIEW_SCHEMA } from '../../shared/review.js';
import type { ReviewParams, ReviewResult } from '../../shared/review.js';
import { DEFAULTS, settingsFrom } from '../../shared/settings.js';
import type { Settings } from '../../shared/settings.js';
import { abilitiesOf, offered } from './capabilities.js';
import type { ClientAbilities } from './capabilities.js';
import { codeActions, textActions } from './code-action.js';
import { asResponseError, executeCommand } from './commands.js';
import { rangeOf } from './convert.js';
import { documentLinks } from './document-link.js';
import { documentSymbols, flatSymbols } from './document-symbol.js';
import type { Engine, JobDocument } from './engine.js';
import { foldingRanges } from './folding-range.js';
import { Links } from './links.js';
import { reviewOfLarge } from './large-review.js';
import { reviewOf } from './review.js';
import { Races, limitsOf } from './races.js';
import { Session } from './session.js';
import type { CheckOutcome } from './session.js';
import { TextFiles } from './text-files.js';
import { Cancelled, WorkerPool } from './worker-pool.js';
import type { MakeWorker } from './worker-pool.js';

export interface ServerParts {
  readonly engine: Engine;
  readonly makeWorker: (memoryMB: () => number) => MakeWorker;
}

class Server {
  readonly #sessions = new Map<string, Session>();
  readonly #files = new TextFiles();
  readonly #pool: WorkerPool;
  readonly #races: Races;
  #links: Links;
  #client: ClientAbilities = {
    traceView: false,
    contentProvider: false,
    showDocument: false,
    progress: false,
    lensRefresh: false,
    configuration: false,
    watchedConfiguration: false,
    symbolTree: false,
  };
  #settings: Settings = DEFAULTS;
  readonly #running = new Map<string, string>();

  constructor(
    readonly connection: Connection,
    readonly parts: ServerParts,
  ) {
    this.#pool = new WorkerPool(parts.makeWorker(() => this.#settings.budgetMemoryMB));
    this.#links = new Links(false, parts.engine, this.#files);
    this.#races = new Races({
      pool: this.#pool,
      session: (uri) => this.#sessions.get(uri),
      settings: () => this.#settings,
      running: (uri, title) => {
        this.#setRunning(uri, title);
      },
    });
  }

  listen(): void {
    const c = this.connection;
    c.onInitialize((params) => this.#initialize(params));
    c.onInitialized(() => {
      this.#pool.warm();
      if (this.#client.watchedConfiguration)
        void c.client.register(DidChangeConfigurationNotification.type, { section: 'racelore' });
      void this.#readSettings();
    });
    c.onDidChangeConfiguration(() => {
      void this.#readSettings();
    });
    c.onShutdown(() => this.#pool.close());
    this.#listenToDocuments();
    this.#listenToRequests();
    c.listen();
  }

  #listenToDocuments(): void {
    const c = this.connection;
    c.onDidOpenTextDocument(({ textDocument: d }) => {
      this.#sessions.get(d.uri)?.close();
      this.#sessions.set(
        d.uri,
        new Session(d.uri, d.languageId, d.version, d.text, this.#sessionHost()),
      );
    });
    c.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
      this.#sessions.get(textDocument.uri)?.change(contentChanges, textDocument.version);
    });
    c.onDidCloseTextDocument(({ textDocument }) => {
      this.#sessions.get(textDocument.uri)?.close();
      this.#sessions.delete(textDocument.uri);
    });
  }

  #listenToRequests(): void {
    const c = this.connection;
    c.onHover(({ textDocument, position }) => {
      const hover = this.#sessions
        .get(textDocument.uri)
        ?.current()
        ?.hover(position.line, position.character);
      return (
        hover && {
          contents: { kind: 'markdown', value: hover.markdown },
          range: rangeOf(hover.range),
        }
      );
    });
    c.onCodeLens(({ textDocument }) =>
      this.#settings.codeLens ? this.#sessions.get(textDocument.uri)?.lensRows() : [],
    );
    c.onCodeAction(({ textDocument: { uri }, context, range }) => {
      const parts = this.#client.traceView ? undefined : this.#parts(uri);
      return [
        ...codeActions(uri, context.diagnostics),
        ...(parts ? textActions(uri, range, parts) : []),
      ];
    });
    c.onDocumentSymbol(({ textDocument: { uri } }) => {
      const parts = this.#parts(uri);
      const symbols = parts && documentSymbols(parts);
      return symbols && !this.#client.symbolTree ? flatSymbols(uri, symbols) : symbols;
    });
    c.onFoldingRanges(({ textDocument: { uri } }) => {
      const parts = this.#parts(uri);
      return parts && foldingRanges(parts);
    });
    c.onDocumentLinks(({ textDocument: { uri } }) => {
      const parts = this.#parts(uri);
      return parts && documentLinks(uri, parts);
    });
    c.onExecuteCommand(async ({ command, arguments: args }, cancel) => {
      try {
        return await executeCommand(this.#commandHost(), command, args ?? [], cancel);
      } catch (error) {
        throw asResponseError(error);
      }
    });
    c.onRequest(Method.trace, (params: TraceParams, cancel: CancellationToken) =>
      this.#answer(this.#races.run(params, cancel)),
    );
    c.onRequest(Method.continue, (params: ContinueParams, cancel: CancellationToken) =>
      this.#answer(this.#races.continue(params, cancel)),
    );
    c.onRequest(Method.review, ({ uri }: ReviewParams) => this.#review(uri));
    c.onRequest(Method.content, ({ uri }: ContentParams): ContentResult => {
      const text = this.#links.content(uri);
      if (text === undefined)
        throw new ResponseError(LSPErrorCodes.RequestFailed, `no document ${uri}`);
      return { text };
    });
  }

  #review(uri: string): ReviewResult {
    const session = this.#sessions.get(uri);
    const parts = session?.current()?.parts;
    if (session && parts) return reviewOf(uri, session.document.version, parts, session.shown);
    const large = reviewOfLarge(uri);
    if (large) return large;
    return {
      schema: REVIEW_SCHEMA,
      uri,
      version: session?.document.version ?? 0,
      nodes: [],
      threads: [],
    };
  }

  #parts(uri: string): DocumentParts | undefined {
    return this.#sessions.get(uri)?.current()?.parts;
  }

  #initialize(params: InitializeParams): InitializeResult {
    this.#client = abilitiesOf(params);
    this.#links = new Links(this.#client.contentProvider, this.parts.engine, this.#files);
    return { capabilities: offered(this.#client), serverInfo: { name: 'racelore', version } };
  }

  async #answer(view: Promise<TraceView>): Promise<TraceView> {
    try {
      return await view;
    } catch (error) {
      throw asResponseError(error);
    }
  }

  async #readSettings(): Promise<void> {
    if (!this.#client.configuration) return;
    const section: unknown = await this.connection.workspace.getConfiguration('racelore');
    const old = this.#settings;
    this.#settings = settingsFrom(section);
    if (JSON.stringify(old) === JSON.stringify(this.#settings)) return;
    for (const session of this.#sessions.values()) session.update();
  }

  #commandHost(): Parameters<typeof executeCommand>[0] {
    return {
      connection: this.connection,
      engine: this.parts.engine,
      links: this.#links,
      files: this.#files,
      races: this.#races,
      pool: this.#pool,
      session: (uri) => this.#sessions.get(uri),
      showsDocuments: this.#client.showDocument,
      showsProgress: this.#client.progress,
    };
  }

  #sessionHost(): Session['host'] {
    return {
      engine: this.parts.engine,
      links: this.#links,
      publish: (uri, version, diagnostics) => {
        void this.connection.sendDiagnostics({ uri, version, diagnostics });
      },
      lensesChanged: () => {
        if (this.#client.lensRefresh)
          this.connection.sendRequest(CodeLensRefreshRequest.type).catch(this.#failed);
      },
      statusChanged: (session) => {
        this.#sendStatus(session);
      },
      check: (document, done) => this.#check(document, done),
      failed: this.#failed,
    };
  }

  readonly #failed = (error: unknown): void => {
    this.connection.console.error(
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  };

  #check(document: JobDocument, done: (outcome: CheckOutcome) => void): (() => void) | undefined {
    if (!this.#settings.runAuto) return undefined;
    const running = this.#pool.run(
      { kind: 'check', document, limits: limitsOf(this.#settings) },
      false,
    );
    running.result.then(
      (result) => {
        done(result.kind === 'check' ? result : 'failed');
      },
      (error: unknown) => {
        if (error instanceof Cancelled) {
          done('cancelled');
          return;
        }
        this.#failed(error);
        done('failed');
      },
    );
    return () => {
      running.cancel();
    };
  }

  #setRunning(uri: string, title: string | undefined): void {
    if (title === undefined) this.#running.delete(uri);
    else this.#running.set(uri, title);
    const session = this.#sessions.get(uri);
    if (session) this.#sendStatus(session);
  }

  #sendStatus(session: Session): void {
    if (!this.#client.traceView) return;
    const { uri, version } = session.document;
    const running = this.#running.get(uri) ?? (session.busy ? 'checking' : undefined);
    const { silence } = session;
    const status: StatusParams = {
      uri,
      version,
      findings: session.findings,
      lenses: session.lenses.length,
      ...(running === undefined ? {} : { running }),
      ...(silence === undefined ? {} : { silence }),
    };
    void this.connection.sendNotification(Method.status, status);
  }
}

export function serve(connection: Connection, parts: ServerParts): void {
  new Server(connection, parts).listen();
}
