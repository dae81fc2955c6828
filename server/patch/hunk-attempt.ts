import { isWrappedTail, resumeOf } from './interruption.js';
import { kindOf, type RowKind } from './row-kind.js';
import type { Row, Scan } from './scan.js';
import type { HunkLine, Repair } from './types.js';

/** The four numbers of an `@@` line, its section, and how it is quoted. */
export interface HunkHead {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  readonly section: string;
  readonly headerLine: number;
  readonly depth: number;
  readonly spaced: boolean;
}

/** A hypothesis about what the lines behind an `@@` line are. */
export interface Hypothesis {
  /** Lines without any mark are context. */
  readonly loose: boolean;
  /** Empty quoted lines before a reply's text are context, not the reply's own. */
  readonly keepBlank: boolean;
  /** The first line is the tail of the `@@` line. */
  readonly skipFirst: boolean;
}

/** What a hypothesis gave. */
export interface Attempt {
  readonly lines: readonly HunkLine[];
  readonly repaired: readonly Repair[];
  readonly gaps: readonly number[];
  /** Lines still wanted by the `@@` line; negative: too many. */
  readonly old: number;
  readonly fresh: number;
  /** Why reading ended, and at which line. */
  readonly stop: 'full' | 'end' | 'reply' | 'wrapped' | RowKind;
  readonly stopLine: number;
  /** Last line read, or the header's. */
  readonly lastLine: number;
  /** Places in `lines` of those without any mark. */
  readonly loose: readonly number[];
}

const plainSpaces = (text: string): string => text.replaceAll('\u00a0', ' ');

/** Reads the lines behind one `@@` line under one hypothesis. */
class Reader {
  readonly lines: HunkLine[] = [];
  readonly repaired: Repair[] = [];
  readonly gaps: number[] = [];
  readonly loose: number[] = [];
  old: number;
  fresh: number;
  at: number;

  constructor(
    readonly scan: Scan,
    readonly head: HunkHead,
    readonly given: Hypothesis,
  ) {
    this.old = head.oldCount;
    this.fresh = head.newCount;
    this.at = head.headerLine + 1;
  }

  run(): Attempt {
    if (this.given.skipFirst) this.repaired.push({ kind: 'wrapped-header', line: this.at++ });
    let stop = this.step();
    while (stop === undefined) stop = this.step();
    if (this.old !== 0 || this.fresh !== 0 || this.keepsSpace()) this.dropBlank();
    const { lines, repaired, gaps, loose, old, fresh } = this;
    const lastLine = lines.at(-1)?.line ?? this.head.headerLine;
    return { lines, repaired, gaps, loose, old, fresh, stop, stopLine: this.at, lastLine };
  }

  /** Reads one line; says why when the hunk ends before it. */
  step(): Attempt['stop'] | undefined {
    const { scan, head } = this;
    if (this.at >= scan.to) return 'end';
    const depth = scan.depth(this.at);
    if (depth < head.depth) return this.interrupted();
    if (depth > head.depth) return this.full ? 'full' : 'text';
    const row = scan.row(this.at, head.depth, head.spaced);
    const kind = kindOf(scan, row, head.depth, head.spaced);
    if (kind === 'eof') {
      this.endOfFile();
      return undefined;
    }
    const stop = this.full ? this.beyond(row, kind) : this.inside(row, kind);
    if (stop === undefined) this.at++;
    return stop;
  }

  get full(): boolean {
    return this.old <= 0 && this.fresh <= 0;
  }

  inside(row: Row, kind: RowKind): Attempt['stop'] | undefined {
    const both = this.old > 0 && this.fresh > 0;
    switch (kind) {
      case 'mark':
        this.take(row, 1);
        return undefined;
      case 'blank':
        if (!both && !this.marksFollow()) return kind;
        this.take(row, 0, 'blank-context');
        return undefined;
      case 'tab':
        this.take(row, 0, 'lost-space');
        return undefined;
      case 'nbsp':
        this.take(row, 1, 'nbsp');
        return undefined;
      case 'text':
        if (!this.given.loose || !both) return kind;
        this.loose.push(this.lines.length);
        this.take(row, 0, 'lost-space');
        return undefined;
      case 'eof':
      case 'stop':
      case 'joined':
        return kind;
    }
  }

  /** Lines past the counts belong to the hunk only where they are plainly lines of a diff. */
  beyond(row: Row, kind: RowKind): Attempt['stop'] | undefined {
    const lost = this.repaired.some((r) => r.kind === 'lost-space');
    const more = kind === 'mark' ? !/^(?:--|\+\+|\s*$)/.test(row.text) : kind === 'tab' && lost;
    if (!more) return 'full';
    if (kind === 'tab') this.take(row, 0, 'lost-space');
    else this.take(row, 1);
    return undefined;
  }

  take(row: Row, skip: 0 | 1, repair?: Repair['kind']): void {
    const first = row.text.charAt(0);
    const mark = skip === 1 && (first === '+' || first === '-') ? first : ' ';
    const raw = row.text.slice(skip);
    const text = raw.includes('\u00a0') ? plainSpaces(raw) : raw;
    const kind = repair ?? (text === raw ? undefined : 'nbsp');
    if (kind) this.repaired.push({ kind, line: row.line });
    this.lines.push({
      mark,
      text,
      line: row.line,
      column: row.column + skip,
      repaired: kind !== undefined,
    });
    if (mark !== '+') this.old--;
    if (mark !== '-') this.fresh--;
  }

  endOfFile(): void {
    const last = this.lines.pop();
    if (last) this.lines.push({ ...last, noNewline: true });
    this.at++;
  }

  /** Whether the next line is plainly one of a diff. */
  marksFollow(): boolean {
    const next = this.at + 1;
    const { depth, spaced } = this.head;
    if (next >= this.scan.to || this.scan.depth(next) !== depth) return false;
    const row = this.scan.row(next, depth, spaced);
    return kindOf(this.scan, row, depth, spaced) === 'mark' && row.text.trim() !== '';
  }

  interrupted(): Attempt['stop'] | undefined {
    if (this.full) return 'full';
    const gap = this.at;
    if (!this.given.keepBlank) this.dropBlank();
    if (this.lines.length === 0 && isWrappedTail(this.scan, gap, this.scan.resumeAfter(gap - 1))) {
      this.repaired.push({ kind: 'wrapped-header', line: this.at++ });
      return undefined;
    }
    const resume = resumeOf(this.scan, gap, this.head, this);
    if (resume === undefined)
      return isWrappedTail(this.scan, gap, this.scan.resumeAfter(gap - 1)) ? 'wrapped' : 'reply';
    this.gaps.push(gap);
    this.at = resume;
    return undefined;
  }

  /** Whether an empty context line came with its space: then an empty line behind the hunk is none. */
  keepsSpace(): boolean {
    return this.lines.some((line) => line.mark === ' ' && line.text === '' && !line.repaired);
  }

  /** Takes back empty lines at the end that were read as context. */
  dropBlank(): void {
    for (
      let last = this.repaired.at(-1);
      last?.kind === 'blank-context';
      last = this.repaired.at(-1)
    ) {
      if (this.lines.at(-1)?.line !== last.line) return;
      this.lines.pop();
      this.repaired.pop();
      this.old++;
      this.fresh++;
    }
  }
}

export function attempt(scan: Scan, head: HunkHead, given: Hypothesis): Attempt {
  return new Reader(scan, head, given).run();
}
