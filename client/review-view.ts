/** The review view: series, versions, patches, functions and what was found and said, of every open mail. */
import { basename } from 'node:path/posix';
import type { Disposable, Event, TextDocument, TreeDataProvider } from 'vscode';
import {
  EventEmitter,
  Range,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  commands,
  window,
  workspace,
} from 'vscode';
import { State } from 'vscode-languageclient/node';
import { Method } from '../shared/protocol.js';
import { isReview } from '../shared/review.js';
import type { ReviewKind, ReviewNode, ReviewResult } from '../shared/review.js';
import type { DocRange, Severity } from '../shared/trace.js';
import { isTooLarge } from './documents.js';
import type { ServerProcess } from './server.js';

const VIEW = 'racelore.review';
/** The view has something to show, or had. */
const USED = 'racelore.reviewUsed';
const DEBOUNCE_MS = 300;

/** A document, or a node of it; `first` among its siblings. */
type Row =
  | { readonly review: ReviewResult }
  | { readonly uri: string; readonly node: ReviewNode; readonly first: boolean };

const ICONS: Readonly<Record<ReviewKind, string>> = {
  series: 'git-pull-request',
  thread: 'comment-discussion',
  version: 'versions',
  cover: 'mail-read',
  patch: 'diff',
  function: 'symbol-method',
  file: 'file-code',
  finding: 'warning',
  comment: 'comment',
  reply: 'reply',
  trailer: 'verified',
  missing: 'circle-slash',
};

const SEVERITY: Readonly<Record<Severity, ThemeIcon>> = {
  error: new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground')),
  warning: new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground')),
  information: new ThemeIcon('info', new ThemeColor('problemsInfoIcon.foreground')),
  hint: new ThemeIcon('lightbulb'),
};

/** Read first by a screen reader. */
const SPOKEN: Readonly<Record<ReviewKind, string>> = {
  series: 'Series',
  thread: 'Thread',
  version: 'Version',
  cover: 'Cover letter',
  patch: 'Patch',
  function: 'Function',
  file: 'File',
  finding: 'Finding',
  comment: 'Comment',
  reply: 'Answer by',
  trailer: '',
  missing: '',
};

function isOpenAtFirst({ kind }: ReviewNode, first: boolean): boolean {
  switch (kind) {
    case 'series':
    case 'thread':
    case 'function':
    case 'file':
      return true;
    case 'version':
      return first;
    case 'cover':
    case 'patch':
    case 'finding':
    case 'comment':
    case 'reply':
    case 'trailer':
    case 'missing':
      return false;
  }
}

function stateOf(open: boolean, children: number): TreeItemCollapsibleState {
  if (children === 0) return TreeItemCollapsibleState.None;
  return open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

function openCommand(at: DocRange): TreeItem['command'] {
  const selection = new Range(at.line, at.character, at.line, at.character);
  const options = { selection, preview: false };
  return {
    title: 'Go to',
    command: 'vscode.open',
    arguments: [Uri.parse(at.uri, true), options],
  };
}

function nodeItem(uri: string, node: ReviewNode, first: boolean): TreeItem {
  const { id, kind, label, detail, severity, at, children } = node;
  const item = new TreeItem(label, stateOf(isOpenAtFirst(node, first), children.length));
  item.id = `${uri}#${id}`;
  item.description = detail;
  item.tooltip = detail === '' ? label : `${label}\n${detail}`;
  item.iconPath = severity === undefined ? new ThemeIcon(ICONS[kind]) : SEVERITY[severity];
  item.contextValue = kind;
  const spoken = [severity ?? SPOKEN[kind], label, detail].filter((part) => part !== '');
  item.accessibilityInformation = { label: spoken.join(', ') };
  const command = at && openCommand(at);
  if (command) item.command = command;
  return item;
}

function documentItem({ uri, nodes }: ReviewResult): TreeItem {
  const at = Uri.parse(uri);
  const item = new TreeItem(basename(at.path), stateOf(true, nodes.length));
  item.id = uri;
  item.description = workspace.asRelativePath(at);
  item.tooltip = at.fsPath;
  item.iconPath = new ThemeIcon('mail');
  item.contextValue = 'document';
  return item;
}

export class ReviewView implements TreeDataProvider<Row>, Disposable {
  readonly #reviews = new Map<string, ReviewResult>();
  /** Documents that only their review is asked for. */
  readonly #large = new Set<string>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #changed = new EventEmitter<undefined>();
  readonly #reviewed = new EventEmitter<ReviewResult>();
  readonly #forgot = new EventEmitter<string>();
  readonly #parts: readonly Disposable[];
  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;
  /** A document has a new review. */
  readonly onReview: Event<ReviewResult> = this.#reviewed.event;
  /** A document, by its uri, has none any more. */
  readonly onForget: Event<string> = this.#forgot.event;

  constructor(readonly server: ServerProcess) {
    this.#parts = [
      window.createTreeView<Row>(VIEW, { treeDataProvider: this, showCollapseAll: true }),
      server.onStatus(({ uri }) => {
        this.#soon(uri);
      }),
      server.onState((state) => {
        if (state === State.Stopped) this.#forgetAll();
      }),
      workspace.onDidOpenTextDocument((document) => {
        this.#opened(document);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.#large.delete(uri.toString());
        this.#forget(uri.toString());
      }),
    ];
    for (const document of workspace.textDocuments) this.#opened(document);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const part of this.#parts) part.dispose();
    this.#changed.dispose();
    this.#reviewed.dispose();
    this.#forgot.dispose();
  }

  getTreeItem(row: Row): TreeItem {
    return 'review' in row ? documentItem(row.review) : nodeItem(row.uri, row.node, row.first);
  }

  getChildren(row?: Row): Row[] {
    if (!row)
      return [...this.#reviews.values()]
        .filter(({ nodes }) => nodes.length > 0)
        .map((review) => ({ review }));
    const uri = 'review' in row ? row.review.uri : row.uri;
    const nodes = 'review' in row ? row.review.nodes : row.node.children;
    return nodes.map((node, i) => ({ uri, node, first: i === 0 }));
  }

  /** The server hears of no large document: its file is read there. */
  #opened(document: TextDocument): void {
    if (!isTooLarge(document)) return;
    const uri = document.uri.toString();
    this.#large.add(uri);
    this.#soon(uri);
  }

  #soon(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    const timer = setTimeout(() => {
      this.#timers.delete(uri);
      this.#ask(uri).catch((error: unknown) => {
        this.server.log.error(error instanceof Error ? error : String(error));
      });
    }, DEBOUNCE_MS);
    this.#timers.set(uri, timer);
  }

  async #ask(uri: string): Promise<void> {
    const client = await this.server.ready();
    const review: unknown = await client.sendRequest(Method.review, { uri });
    const isOpen = this.#large.has(uri) || this.server.documents.hasUri(uri);
    if (!isReview(review) || !isOpen) return;
    const old = this.#reviews.get(uri);
    this.#reviews.set(uri, review);
    if (JSON.stringify(old?.nodes) !== JSON.stringify(review.nodes)) this.#changed.fire(undefined);
    this.#reviewed.fire(review);
    if (review.nodes.length > 0) void commands.executeCommand('setContext', USED, true);
  }

  #forget(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    if (!this.#reviews.delete(uri)) return;
    this.#changed.fire(undefined);
    this.#forgot.fire(uri);
  }

  #forgetAll(): void {
    for (const uri of [...this.#reviews.keys(), ...this.#timers.keys()]) this.#forget(uri);
  }
}
