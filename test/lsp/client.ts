/** A language client for tests: the built server as a child process, spoken to over stdio. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type {
  ClientCapabilities,
  CodeAction,
  CodeLens,
  Diagnostic,
  Hover,
  InitializeResult,
  LogMessageParams,
  ProtocolConnection,
  PublishDiagnosticsParams,
  TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';
import {
  MessageType,
  StreamMessageReader,
  StreamMessageWriter,
  createProtocolConnection,
} from 'vscode-languageserver/node';
import { ROOT } from '../support/tools.mjs';

const PATIENCE_MS = 60_000;

export interface Published {
  readonly version: number | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Milliseconds since the client was made. */
  readonly when: number;
}

export class TestClient {
  readonly #published = new Map<string, Published[]>();
  readonly #waiting = new Set<() => void>();
  readonly #versions = new Map<string, number>();
  readonly #began = performance.now();
  readonly connection: ProtocolConnection;
  readonly #process: ChildProcess;
  /** Uris that the server asked to be shown. */
  readonly shown: string[] = [];
  /** What the server logged as an error. */
  readonly logged: string[] = [];
  /** Titles of progress that the server began. */
  readonly progress: string[] = [];

  private constructor(args: readonly string[]) {
    const child = spawn(process.execPath, [...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    this.connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      (p: PublishDiagnosticsParams) => {
        const list = this.#published.get(p.uri) ?? [];
        list.push({
          version: p.version,
          diagnostics: p.diagnostics,
          when: performance.now() - this.#began,
        });
        this.#published.set(p.uri, list);
        for (const wake of this.#waiting) wake();
      },
    );
    this.connection.onRequest('window/showDocument', ({ uri }: { readonly uri: string }) => {
      this.shown.push(uri);
      return { success: true };
    });
    this.connection.onNotification('window/logMessage', ({ type, message }: LogMessageParams) => {
      if (type === MessageType.Error) this.logged.push(message);
    });
    this.connection.onRequest('window/workDoneProgress/create', () => null);
    this.connection.onNotification(
      '$/progress',
      ({ value }: { readonly value: { readonly kind: string; readonly title?: string } }) => {
        if (value.kind === 'begin') this.progress.push(value.title ?? '');
      },
    );
    this.connection.listen();
  }

  static async start(
    capabilities: ClientCapabilities = {},
    args = [join(ROOT, 'dist/server.js'), '--stdio'],
  ): Promise<TestClient> {
    const client = new TestClient(args);
    client.initialized = await client.connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities,
    });
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  initialized: InitializeResult = { capabilities: {} };

  async open(uri: string, text: string, languageId = 'diff'): Promise<void> {
    this.#versions.set(uri, 1);
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  async change(
    uri: string,
    contentChanges: readonly TextDocumentContentChangeEvent[],
  ): Promise<number> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
    return version;
  }

  published(uri: string): readonly Published[] {
    return this.#published.get(uri) ?? [];
  }

  /** Waits until what is published last for a document fulfils the condition. */
  async until(
    uri: string,
    condition: (last: Published) => boolean,
    what: string,
  ): Promise<Published> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const last = this.published(uri).at(-1);
      if (last && condition(last)) return last;
      const left = end - performance.now();
      if (left <= 0)
        throw new Error(
          `${what}: last published ${JSON.stringify(last?.diagnostics.map((d) => d.message))}, logged ${JSON.stringify(this.logged)}`,
        );
      await this.#nextPublish(left);
    }
  }

  #nextPublish(left: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, left);
      this.#waiting.add(wake);
    });
  }

  hover(uri: string, line: number, character: number): Promise<Hover | null> {
    return this.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line, character },
    });
  }

  lenses(uri: string): Promise<CodeLens[]> {
    return this.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
  }

  actions(uri: string, diagnostic: Diagnostic): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostic.range,
      context: { diagnostics: [diagnostic] },
    });
  }

  execute<T>(command: string, argument: unknown): Promise<T> {
    return this.connection.sendRequest<T>('workspace/executeCommand', {
      command,
      arguments: [argument],
    });
  }

  /** Ends politely; the exit code of the process. */
  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#process.once('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await ended;
    this.connection.dispose();
    return code;
  }
}
