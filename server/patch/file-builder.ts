import type { Problem } from '../mail/index.js';
import { gitNames, nameOf, oneName, stripPrefixes } from './path.js';
import type { FilePatch, Hunk } from './types.js';

const NONE = '/dev/null';

/** Collects one file's header lines and hunks. */
export class FileBuilder {
  readonly hunks: Hunk[] = [];
  readonly problems: Problem[] = [];
  oldPath = '';
  newPath = '';
  /** Whether a `---` or `+++` line, or a hunk, was seen: the header is complete. */
  named = false;
  /** Last line of the document that belongs to this file so far. */
  lastLine: number;
  #preBlob: string | undefined;
  #postBlob: string | undefined;
  #oldMode: string | undefined;
  #newMode: string | undefined;
  #isGit = false;
  #isNew = false;
  #isDeleted = false;
  #isRename = false;
  #isCopy = false;
  #isBinary = false;

  constructor(
    readonly message: number,
    readonly depth: number,
    readonly headerLine: number,
  ) {
    this.lastLine = headerLine;
  }

  git(rest: string): void {
    this.#isGit = true;
    const names = gitNames(rest);
    this.oldPath = names?.oldPath ?? '';
    this.newPath = names?.newPath ?? '';
  }

  names(oldRest: string, newRest: string): void {
    const names = stripPrefixes(nameOf(oldRest), nameOf(newRest));
    const { oldPath, newPath } = this.#isGit ? names : oneName(names);
    this.oldPath = oldPath;
    this.newPath = newPath;
    this.named = true;
    if (oldPath === NONE) this.#isNew = true;
    if (newPath === NONE) this.#isDeleted = true;
  }

  /** Takes an extended header line of git; false when the line is none. */
  extended(text: string): boolean {
    const m = EXTENDED.exec(text.slice(0, 1000));
    if (!m) return false;
    const rest = text.slice(m[0].length).trim();
    switch (m[1]) {
      case 'index':
        this.#index(rest);
        break;
      case 'old mode':
        this.#oldMode = rest;
        break;
      case 'new mode':
        this.#newMode = rest;
        break;
      case 'new file mode':
        this.#isNew = true;
        this.#newMode = rest;
        break;
      case 'deleted file mode':
        this.#isDeleted = true;
        this.#oldMode = rest;
        break;
      case 'rename from':
      case 'copy from':
        this.oldPath = nameOf(rest);
        break;
      case 'rename to':
        this.#isRename = true;
        this.newPath = nameOf(rest);
        break;
      case 'copy to':
        this.#isCopy = true;
        this.newPath = nameOf(rest);
        break;
      case 'Binary files':
      case 'GIT binary patch':
        this.#isBinary = true;
        break;
      default:
        break;
    }
    return true;
  }

  #index(rest: string): void {
    const m = /^([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: (\d{6}))?$/.exec(rest);
    this.#preBlob = m?.[1];
    this.#postBlob = m?.[2];
    this.#newMode ??= m?.[3];
  }

  build(): FilePatch {
    const gone = this.#isDeleted || this.newPath === NONE;
    return {
      oldPath: this.#isNew ? NONE : this.oldPath,
      newPath: gone ? NONE : this.newPath,
      path: gone ? this.oldPath : this.newPath,
      ...(this.#preBlob === undefined ? {} : { preBlob: this.#preBlob }),
      ...(this.#postBlob === undefined ? {} : { postBlob: this.#postBlob }),
      ...(this.#oldMode === undefined ? {} : { oldMode: this.#oldMode }),
      ...(this.#newMode === undefined ? {} : { newMode: this.#newMode }),
      isNew: this.#isNew,
      isDeleted: this.#isDeleted,
      isRename: this.#isRename,
      isCopy: this.#isCopy,
      isBinary: this.#isBinary,
      message: this.message,
      depth: this.depth,
      headerLine: this.headerLine,
      hunks: this.hunks,
      problems: this.problems,
    };
  }
}

const EXTENDED =
  /^(index|old mode|new mode|new file mode|deleted file mode|rename from|rename to|copy from|copy to|similarity index|dissimilarity index|Binary files|GIT binary patch)(?: |$)/;
