/** Uris of model kernel files and rule pages: ours for clients that resolve them, files for all others. */
import { pathToFileURL } from 'node:url';
import { kernelPath } from '../assets.js';
import type { Engine } from './engine.js';
import type { TextFiles } from './text-files.js';

const KERNEL = 'racelore:/kernel/';
const RULE = 'racelore:/rule/';

export class Links {
  readonly #pages = new Map<string, string>();

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

  /** Text of a document of our scheme; undefined when there is none. */
  content(uri: string): string | undefined {
    if (uri.startsWith(KERNEL)) return this.engine.kernelText(uri.slice(KERNEL.length));
    if (!uri.startsWith(RULE)) return undefined;
    return this.engine.explain(decodeURIComponent(uri.slice(RULE.length).replace(/\.md$/, '')));
  }
}
