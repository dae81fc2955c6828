/**
 * Which documents the server hears of: those that look like ours, whatever their language. The rest
 * never leaves the editor. A text that becomes ours while it is edited is opened then.
 */
import type { TextDocument } from 'vscode';
import { Range, Uri } from 'vscode';
import type { LanguageClient, Middleware } from 'vscode-languageclient/node';
import { DidOpenTextDocumentNotification } from 'vscode-languageclient/node';
import { isModelUri, isOurs, tooLarge } from '../shared/sniff.js';

const SCHEMES = [
  Uri.file('/').scheme,
  'untitled',
  'vscode-remote',
  'vscode-vfs',
  'git',
  'racelore',
];
const LANGUAGES = ['kernel-mail', 'diff', 'plaintext'];

export const SELECTOR = SCHEMES.flatMap((scheme) => [
  ...LANGUAGES.map((language) => ({ scheme, language })),
  { scheme, language: 'c', pattern: '**/.racelore/*.c' },
]);

/** Lines that certainly cover what is looked at in ordinary mails, without copying a long document. */
const SNIFFED_LINES = 2000;

/** May be analysed: the right scheme, looks like a mail or patch, not too large to be edited along. */
export function accepts(document: TextDocument): boolean {
  if (!SCHEMES.includes(document.uri.scheme)) return false;
  if (isModelUri(document.uri.path)) return true;
  if (!LANGUAGES.includes(document.languageId)) return false;
  const head = document.getText(new Range(0, 0, SNIFFED_LINES, 0));
  return isOurs(head) && tooLarge(document.getText()) === undefined;
}

/** Ours, but too large to be analysed while it is edited: only its review is asked for. */
export function isTooLarge(document: TextDocument): boolean {
  if (!SCHEMES.includes(document.uri.scheme) || !LANGUAGES.includes(document.languageId))
    return false;
  const head = document.getText(new Range(0, 0, SNIFFED_LINES, 0));
  return isOurs(head) && tooLarge(document.getText()) !== undefined;
}

export class SentDocuments {
  readonly #sent = new Set<string>();

  constructor(readonly client: () => LanguageClient | undefined) {}

  has(document: TextDocument): boolean {
    return this.#sent.has(document.uri.toString());
  }

  hasUri(uri: string): boolean {
    return this.#sent.has(uri);
  }

  /** The server forgot everything. */
  clear(): void {
    this.#sent.clear();
  }

  /** Lets through what belongs to sent documents only. */
  readonly middleware: Middleware = {
    didOpen: async (document, next) => {
      if (!accepts(document)) return;
      this.#sent.add(document.uri.toString());
      await next(document);
    },
    didChange: async (event, next) => {
      if (this.has(event.document)) await next(event);
      else if (accepts(event.document)) await this.#openLate(event.document);
    },
    didClose: async (document, next) => {
      if (this.#sent.delete(document.uri.toString())) await next(document);
    },
    provideHover: (document, position, token, next) =>
      this.has(document) ? next(document, position, token) : undefined,
    provideCodeLenses: (document, token, next) =>
      this.has(document) ? next(document, token) : undefined,
    provideCodeActions: (document, range, context, token, next) =>
      this.has(document) ? next(document, range, context, token) : undefined,
    provideDocumentSymbols: (document, token, next) =>
      this.has(document) ? next(document, token) : undefined,
    provideFoldingRanges: (document, context, token, next) =>
      this.has(document) ? next(document, context, token) : undefined,
    provideDocumentLinks: (document, token, next) =>
      this.has(document) ? next(document, token) : undefined,
  };

  async #openLate(document: TextDocument): Promise<void> {
    const client = this.client();
    if (!client) return;
    this.#sent.add(document.uri.toString());
    const params = client.code2ProtocolConverter.asOpenTextDocumentParams(document);
    await client.sendNotification(DidOpenTextDocumentNotification.type, params);
  }
}
