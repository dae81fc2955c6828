import { quoteOf, type MailDocument, type Message } from '../mail/index.js';
import { FileBuilder } from './file-builder.js';
import { readHunk, readHunkHead } from './hunk.js';
import type { HunkHead } from './hunk-attempt.js';
import { isElision, isFileHeader } from './row-kind.js';
import { Scan, type Row } from './scan.js';
import type { FilePatch, Hunk } from './types.js';

/** Characters of a line that can begin a header. */
const HEAD = 1200;
/** A wrapped header line leaves this many foreign lines at most. */
const NEAR = 3;

/** First characters of the lines that matter outside hunks: of headers, `---` and `@@`. */
const STARTS = new Set(Array.from('diorncsBG-@', (c) => c.charCodeAt(0)));

/** Finds the diffs of one text part; every quote depth has a file of its own that hunks go to. */
class PartReader {
  readonly files: FileBuilder[] = [];
  readonly #current = new Map<number, FileBuilder>();
  readonly #used: Uint8Array;

  constructor(
    readonly scan: Scan,
    readonly message: number,
  ) {
    this.#used = new Uint8Array(Math.max(0, scan.to - scan.from));
  }

  run(): void {
    for (let line = this.scan.from; line < this.scan.to; line++) {
      if (this.#used[line - this.scan.from] === 0) this.#line(line);
    }
  }

  #line(line: number): void {
    const { scan } = this;
    const depth = scan.depth(line);
    if (depth === 0 && !STARTS.has(scan.doc.lines.codeAt(line, 0))) return;
    const spaced = scan.spaced(line, depth);
    const row = scan.row(line, depth, spaced);
    switch (row.text.charAt(0)) {
      case 'd':
        if (row.text.startsWith('diff --git '))
          this.#begin(row, depth).git(row.text.slice(11, HEAD));
        else if (row.text.startsWith('deleted file mode ')) this.#extended(row, depth);
        break;
      case '-':
        if (isFileHeader(scan, row, depth, spaced)) this.#names(row, depth, spaced);
        break;
      case '@':
        this.#at(row, depth, spaced);
        break;
      default:
        if (row.text.length > 4) this.#extended(row, depth);
    }
  }

  #begin(row: Row, depth: number): FileBuilder {
    const file = new FileBuilder(this.message, depth, row.line);
    this.files.push(file);
    this.#current.set(depth, file);
    return file;
  }

  #extended(row: Row, depth: number): void {
    const file = this.#current.get(depth);
    if (!file || file.hunks.length > 0 || row.line - file.lastLine > NEAR) return;
    if (file.extended(row.text)) file.lastLine = row.line;
  }

  #names(row: Row, depth: number, spaced: boolean): void {
    const open = this.#current.get(depth);
    const isOpen =
      open !== undefined &&
      !open.named &&
      open.hunks.length === 0 &&
      row.line - open.lastLine <= NEAR;
    const file = isOpen ? open : this.#begin(row, depth);
    const second = this.scan.row(row.line + 1, depth, spaced);
    file.names(row.text.slice(4, HEAD), second.text.slice(4, HEAD));
    file.lastLine = second.line;
    this.#used[second.line - this.scan.from] = 1;
  }

  #at(row: Row, depth: number, spaced: boolean): void {
    const head = readHunkHead(row, depth, spaced);
    if (head) this.#hunk(row, head, this.#fileFor(row, head));
    else if (/^@@@+ -\d/.test(row.text.slice(0, 20))) this.#combined(row, depth);
    else if (/^@@ -\d+(?:,\d+)? \+\d/.test(row.text.slice(0, 40))) this.#broken(row, depth);
  }

  #fileFor(row: Row, head: HunkHead): FileBuilder {
    const open = this.#current.get(head.depth);
    if (!open) {
      const file = this.#begin(row, head.depth);
      file.problems.push({
        severity: 'note',
        line: row.line,
        message: 'this hunk has no file header',
      });
      return file;
    }
    const last = open.hunks.at(-1);
    if (!last || head.oldStart >= last.oldStart + last.oldCount) return open;
    const file = this.#begin(row, head.depth);
    file.oldPath = open.oldPath;
    file.newPath = open.newPath;
    file.problems.push({
      severity: 'note',
      line: row.line,
      message: 'this hunk has no file header; the path is that of the diff above',
    });
    return file;
  }

  #hunk(row: Row, head: HunkHead, file: FileBuilder): void {
    const { hunk, lastLine } = readHunk(this.scan, head);
    for (const line of hunk.lines) this.#used[line.line - this.scan.from] = 1;
    if (file.headerLine !== row.line && this.#isCut(file.lastLine + 1, row.line)) {
      const message = 'lines are left out before this hunk; it may be one of another file';
      file.problems.push({ severity: 'note', line: row.line, message });
    }
    file.hunks.push(hunk);
    file.lastLine = Math.max(file.lastLine, lastLine);
    this.#report(hunk, file);
  }

  /** Whether a reader's mark for left-out lines stands between two lines. */
  #isCut(from: number, to: number): boolean {
    for (let at = from; at < Math.min(to, from + 40); at++) {
      const head = this.scan.doc.lines.head(at, 80);
      if (isElision(head.slice(quoteOf(head).column))) return true;
    }
    return false;
  }

  #report(hunk: Hunk, file: FileBuilder): void {
    for (const line of hunk.gaps)
      file.problems.push({ severity: 'note', line, message: 'reply text inside a quoted hunk' });
    if (hunk.damaged)
      file.problems.push({ severity: file.depth === 0 ? 'error' : 'note', ...hunk.damaged });
    else if (hunk.countsOff) {
      file.problems.push({
        severity: 'note',
        line: hunk.headerLine,
        message: 'the counts of this line do not match the hunk',
      });
    }
  }

  #combined(row: Row, depth: number): void {
    const file = this.#current.get(depth) ?? this.#begin(row, depth);
    file.problems.push({
      severity: 'warning',
      line: row.line,
      message: 'combined diffs of merges are not read',
    });
  }

  #broken(row: Row, depth: number): void {
    const file = this.#current.get(depth) ?? this.#begin(row, depth);
    file.problems.push({
      severity: 'error',
      line: row.line,
      message: 'this @@ line is not complete',
    });
  }
}

function readMessage(doc: MailDocument, message: Message): FilePatch[] {
  return message.text.flatMap((part) => {
    const reader = new PartReader(new Scan(doc, part), message.index);
    reader.run();
    return reader.files.map((file) => file.build());
  });
}

/** Every diff of a document in order of its first line, quoted ones and trimmed ones too. */
export function readDiffs(doc: MailDocument): FilePatch[] {
  return doc.messages.flatMap((message) => readMessage(doc, message));
}
