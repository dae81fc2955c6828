/** What answers say, shown on the lines they are about; read-only. */
import type { Comment, CommentThread, Disposable } from 'vscode';
import {
  CommentMode,
  CommentThreadCollapsibleState,
  MarkdownString,
  Range,
  Uri,
  commands,
  comments,
  window,
} from 'vscode';
import type { ReviewComment, ReviewResult, ReviewThread } from '../shared/review.js';
import type { ReviewView } from './review-view.js';

/** Text of a mail as it was written: in a code block nothing of it is Markdown, HTML or a link. */
function bodyOf(text: string): MarkdownString {
  const body = new MarkdownString();
  body.supportHtml = false;
  body.isTrusted = false;
  body.appendCodeblock(text, 'plaintext');
  return body;
}

function commentOf({ by, text, at }: ReviewComment): Comment {
  const body = bodyOf(text);
  const line = String(at.line + 1);
  return { body, mode: CommentMode.Preview, author: { name: by }, label: `line ${line}` };
}

export class ReviewComments implements Disposable {
  readonly #controller = comments.createCommentController('racelore.comments', 'Kernel Review');
  readonly #threads = new Map<string, readonly CommentThread[]>();
  /** What is shown of each document, to leave it alone when nothing differs. */
  readonly #shown = new Map<string, string>();
  readonly #listeners: readonly Disposable[];

  constructor(view: ReviewView) {
    this.#listeners = [
      view.onReview((review) => {
        this.#show(review);
      }),
      view.onForget((uri) => {
        this.#clear(uri);
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#controller.dispose();
  }

  /** Goes to the next or previous thread of the active editor. */
  async go(direction: 'next' | 'previous'): Promise<void> {
    const uri = window.activeTextEditor?.document.uri.toString();
    if (uri === undefined || (this.#threads.get(uri) ?? []).length === 0) {
      window.setStatusBarMessage('Racelore: no comments in this editor', 3000);
      return;
    }
    await commands.executeCommand(`editor.action.${direction}CommentThreadAction`);
  }

  #show({ uri, threads }: ReviewResult): void {
    const text = JSON.stringify(threads);
    if (this.#shown.get(uri) === text) return;
    this.#clear(uri);
    const made = threads.map((thread) => this.#thread(Uri.parse(uri, true), thread));
    this.#threads.set(uri, made);
    this.#shown.set(uri, text);
  }

  #thread(uri: Uri, { at, state, comments: said }: ReviewThread): CommentThread {
    const range = new Range(at.line, at.character, at.endLine, at.endCharacter);
    const thread = this.#controller.createCommentThread(uri, range, said.map(commentOf));
    thread.canReply = false;
    thread.collapsibleState = CommentThreadCollapsibleState.Collapsed;
    thread.label = state === '' ? 'Comment' : `Comment: ${state}`;
    return thread;
  }

  #clear(uri: string): void {
    for (const thread of this.#threads.get(uri) ?? []) thread.dispose();
    this.#threads.delete(uri);
    this.#shown.delete(uri);
  }
}
