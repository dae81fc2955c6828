/** The status item: what is known of the active document, and a click that leads on. */
import type { Disposable, StatusBarItem } from 'vscode';
import { StatusBarAlignment, window } from 'vscode';
import { State } from 'vscode-languageclient/node';
import { ServerCommand } from '../shared/protocol.js';
import type { StatusParams } from '../shared/protocol.js';
import type { ServerProcess } from './server.js';

interface Shown {
  readonly text: string;
  readonly tooltip: string;
  readonly command: string | undefined;
}

function counted(n: number): string {
  return n === 1 ? '1 finding' : `${String(n)} findings`;
}

function shownFor(status: StatusParams | undefined): Shown {
  if (!status)
    return {
      text: '$(loading~spin) Racelore',
      tooltip: 'Reading the document',
      command: undefined,
    };
  if (status.running !== undefined)
    return {
      text: `$(loading~spin) Racelore: ${counted(status.findings)}`,
      tooltip: `${status.running}. Click to stop.`,
      command: ServerCommand.stop,
    };
  if (status.findings > 0)
    return {
      text: `$(warning) Racelore: ${counted(status.findings)}`,
      tooltip: 'Click to go to the next finding.',
      command: 'racelore.nextFinding',
    };
  const tooltip =
    status.silence ?? 'No finding within the bounds of the model; the lenses say which.';
  return { text: '$(circle-outline) Racelore', tooltip, command: 'racelore.showLog' };
}

const STOPPED: Shown = {
  text: '$(debug-stop) Racelore: stopped',
  tooltip: 'The server has stopped. Click to restart it.',
  command: 'racelore.restartServer',
};

export class StatusItem implements Disposable {
  readonly #item: StatusBarItem = window.createStatusBarItem(
    'racelore.status',
    StatusBarAlignment.Left,
    10,
  );
  readonly #known = new Map<string, StatusParams>();
  readonly #listeners: readonly Disposable[];
  #wasRunning = false;

  constructor(readonly server: ServerProcess) {
    this.#item.name = 'Racelore';
    this.#listeners = [
      server.onStatus((status) => {
        this.#known.set(status.uri, status);
        this.#update();
      }),
      server.onState((state) => {
        if (state === State.Running) this.#wasRunning = true;
        else this.#known.clear();
        this.#update();
      }),
      window.onDidChangeActiveTextEditor(() => {
        this.#update();
      }),
    ];
    this.#update();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#item.dispose();
  }

  #shown(): Shown | undefined {
    const document = window.activeTextEditor?.document;
    if (!document) return undefined;
    if (this.#wasRunning && this.server.state === State.Stopped) return STOPPED;
    return this.server.documents.has(document)
      ? shownFor(this.#known.get(document.uri.toString()))
      : undefined;
  }

  #update(): void {
    const shown = this.#shown();
    if (!shown) {
      this.#item.hide();
      return;
    }
    this.#item.text = shown.text;
    this.#item.tooltip = shown.tooltip;
    this.#item.command = shown.command;
    this.#item.accessibilityInformation = {
      label: `${shown.text.replace(/\$\([^)]*\) /, '')}. ${shown.tooltip}`,
    };
    this.#item.show();
  }
}
