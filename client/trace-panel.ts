/** The trace view's panel: one, used again; comes back after a reload with its own stored state. */
import { randomBytes } from 'node:crypto';
import type { Disposable, ExtensionContext, WebviewPanel, WebviewPanelSerializer } from 'vscode';
import { Uri, ViewColumn, commands, env, window } from 'vscode';
import { fromView } from '../shared/protocol.js';
import type {
  ContinueParams,
  FromView,
  ToView,
  TraceView,
  ViewAction,
} from '../shared/protocol.js';
import { openSource } from './source.js';
import { tracePage } from './trace-html.js';

export const TRACE_PANEL = 'racelore.trace';
const OPEN = 'racelore.traceOpen';

export class TracePanel implements WebviewPanelSerializer, Disposable {
  #panel: WebviewPanel | undefined;
  /** Waits until the page says that it is there. */
  #pending: ToView[] = [];
  #ready = false;
  #last: TraceView | undefined;

  constructor(
    readonly context: ExtensionContext,
    readonly goOn: (params: ContinueParams) => Promise<TraceView>,
  ) {}

  dispose(): void {
    this.#panel?.dispose();
  }

  /** The trace shown last, once more; false when there was none. */
  reopen(): boolean {
    if (!this.#last) return false;
    if (this.#panel) this.#panel.reveal(undefined, false);
    else this.show(this.#last);
    return true;
  }

  show(view: TraceView): void {
    this.#last = view;
    this.#panel ??= this.#adopt(
      window.createWebviewPanel(TRACE_PANEL, 'Race', {
        viewColumn: ViewColumn.Beside,
        preserveFocus: false,
      }),
    );
    this.#panel.title = `Race ${view.scenario}`;
    this.#panel.reveal(undefined, false);
    this.#send({ type: 'show', view });
  }

  /** A key of the view as a command. */
  act(action: ViewAction): void {
    if (this.#panel) this.#send({ type: 'action', action });
  }

  deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    this.#panel?.dispose();
    this.#panel = this.#adopt(panel);
    return Promise.resolve();
  }

  #adopt(panel: WebviewPanel): WebviewPanel {
    const media = Uri.joinPath(this.context.extensionUri, 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [media] };
    this.#ready = false;
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const known = fromView(message);
      if (known) void this.#receive(known);
    });
    panel.onDidChangeViewState(() => {
      // A hidden page is gone; it says `ready` again when it is back.
      if (!panel.visible) this.#ready = false;
    });
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
      this.#pending = [];
      void commands.executeCommand('setContext', OPEN, this.#panel !== undefined);
    });
    const asset = (name: string): string =>
      panel.webview.asWebviewUri(Uri.joinPath(media, name)).toString();
    panel.webview.html = tracePage({
      nonce: randomBytes(16).toString('hex'),
      styleSource: panel.webview.cspSource,
      script: asset('trace.js'),
      style: asset('trace.css'),
    });
    void commands.executeCommand('setContext', OPEN, true);
    return panel;
  }

  #send(message: ToView): void {
    if (this.#ready) void this.#panel?.webview.postMessage(message);
    else this.#pending.push(message);
  }

  async #receive(message: FromView): Promise<void> {
    switch (message.type) {
      case 'ready': {
        this.#ready = true;
        const pending = this.#pending;
        this.#pending = [];
        for (const waiting of pending) this.#send(waiting);
        return;
      }
      case 'source':
        await openSource(message.at, this.#panel?.viewColumn);
        return;
      case 'copy':
        await env.clipboard.writeText(message.text);
        window.setStatusBarMessage(
          message.what === 'text' ? 'Trace copied' : 'Schedule copied',
          3000,
        );
        return;
      case 'continue':
        await this.#continue(message.params);
        return;
    }
  }

  async #continue(params: ContinueParams): Promise<void> {
    this.#send({ type: 'busy', text: 'Going on with another thread…' });
    try {
      const view = await this.goOn(params);
      this.#send({ type: 'own', side: view.own ?? view.after });
    } catch (error) {
      this.#send({ type: 'failed', text: error instanceof Error ? error.message : String(error) });
    }
  }
}
