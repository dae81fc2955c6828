/** Uris of model kernel files and rule pages: ours for clients that resolve them, files for all others. */
import { pathToFileURL } from 'node:url';
import { kernelPath } from '../assets.js';
import type { DecodedMail } from '../mail/decoded.js';
import { contentHash } from '../patch/index.js';
import type { Engine } from './engine.js';
import type { TextFiles } from './text-files.js';

const KERNEL = 'racelore:/kernel/';
const RULE = 'racelore:/rule/';
const MAIL = 'racelore:/mail/';
const TEXT = 'racelore:/text/';
/** Decoded mails and texts that are kept to be opened. */
const MOST_MAILS = 50;

export class Links {
  readonly #pages = new Map<string, string>();
  readonly #mails = new Map<string, string>();

  constructor(
    readonly ownScheme: boolean,
    readonly engine: Engine,
    readonly files: TextFiles,
  ) {}

  /** A uri that this client can open. */
  uri(uri: string): string {
    if (this.ownScheme || !uri.startsWith(KERNEL)) return uri;
    const name = uri.slice(KERNEL.length);
    return this.engine.kernelText(name) === undefined ? uri : pathToFileURL(kernelPath(name)).href;
  }

  /** The page of a rule; undefined when it has none. */
  rulePage(rule: string): string | undefined {
    const known = this.#pages.get(rule);
    if (known !== undefined) return known;
    const text = this.engine.explain(rule);
    if (text === undefined) return undefined;
    const page = this.ownScheme
      ? `${RULE}${encodeURIComponent(rule)}.md`
      : this.files.write(`${rule}.md`, text);
    this.#pages.set(rule, page);
    return page;
  }

  /** Uri of our scheme for a mail as it was written; `content` has its text. */
  keepDecoded(rawUri: string, mail: DecodedMail): string {
    const name = mail.messageId ?? rawUri.slice(rawUri.lastIndexOf('/') + 1);
    const uri = `${MAIL}${encodeURIComponent(name)}.eml`;
    this.#keep(uri, mail.text);
    return uri;
  }

  /** Where this client can open a text of ours. Another text of the same name has another uri. */
  textUri(name: string, text: string): string {
    if (!this.ownScheme) return this.files.write(name, text);
    const uri = `${TEXT}${contentHash(text)}/${encodeURIComponent(name)}`;
    this.#keep(uri, text);
    return uri;
  }

  #keep(uri: string, text: string): void {
    this.#mails.delete(uri);
    this.#mails.set(uri, text);
    for (const old of this.#mails.keys())
      if (this.#mails.size > MOST_MAILS) this.#mails.delete(old);
  }

  /** Where this client can open what `keepDecoded` kept; undefined when it is gone. */
  decodedUri(uri: string): string | undefined {
    const text = this.#mails.get(uri);
    if (text === undefined || this.ownScheme) return text === undefined ? undefined : uri;
    return this.files.write(uri.slice(MAIL.length), text);
  }

  /** Text of a document of our scheme; undefined when there is none. */
  content(uri: string): string | undefined {
    if (uri.startsWith(KERNEL)) return this.engine.kernelText(uri.slice(KERNEL.length));
    if (uri.startsWith(MAIL) || uri.startsWith(TEXT)) return this.#mails.get(uri);
    if (!uri.startsWith(RULE)) return undefined;
    return this.engine.explain(decodeURIComponent(uri.slice(RULE.length).replace(/\.md$/, '')));
  }
}
