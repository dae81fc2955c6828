import type { LineOrigin } from '../csource/source.js';
import type { Problem } from '../mail/index.js';

/**
 * What was set right in a hunk, and where (0-based line in the document).
 * `lost-space`: a context line came without its leading space. `blank-context`: an empty line stands
 * for an empty context line. `nbsp`: no-break spaces were read as spaces. `stuffing`: the extra space of
 * format=flowed was taken off. `wrapped-header`: the tail of the `@@` line stands on a line of its own.
 * `lost-newline`: a web page took the line ends, and one way of putting them back fits the counts.
 */
export interface Repair {
  readonly kind:
    'lost-space' | 'blank-context' | 'nbsp' | 'stuffing' | 'wrapped-header' | 'lost-newline';
  readonly line: number;
}

export interface HunkLine {
  readonly mark: ' ' | '+' | '-';
  readonly text: string;
  /** 0-based line in the document. */
  readonly line: number;
  /** Column in the document at which `text` begins, past quote prefix and mark. */
  readonly column: number;
  readonly repaired: boolean;
  /** `\ No newline at end of file` follows. */
  readonly noNewline?: true;
}

export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** What git prints behind the second `@@`, trimmed. */
  readonly section: string;
  readonly headerLine: number;
  /** The lines that were read; all of them are lines of the document. */
  readonly lines: readonly HunkLine[];
  readonly repaired: readonly Repair[];
  /** Lines at which text of a reply begins that stands inside a quoted hunk. */
  readonly gaps: readonly number[];
  /** The counts of the `@@` line do not fit and nothing says how: `lines` holds what is intact before. */
  readonly damaged?: { readonly line: number; readonly message: string };
  /** All lines are there, only the counts of the `@@` line are off (somebody edits). Information, no damage. */
  readonly countsOff?: true;
}

/** The change of one file. */
export interface FilePatch {
  /** As in the `---` line without prefix; `/dev/null` for a new file; empty when no header was seen. */
  readonly oldPath: string;
  /** As in the `+++` line without prefix; `/dev/null` for a deleted file; empty when no header was seen. */
  readonly newPath: string;
  /** The path that exists: `newPath`, or `oldPath` of a deleted file. */
  readonly path: string;
  /** Abbreviated object ids of the `index a..b` line. */
  readonly preBlob?: string;
  readonly postBlob?: string;
  readonly oldMode?: string;
  readonly newMode?: string;
  readonly isNew: boolean;
  readonly isDeleted: boolean;
  readonly isRename: boolean;
  readonly isCopy: boolean;
  readonly isBinary: boolean;
  /** Index of the message it stands in. */
  readonly message: number;
  /** Quote depth; 0 is the sender's own. */
  readonly depth: number;
  /** First line of its header, or of its first hunk. */
  readonly headerLine: number;
  readonly hunks: readonly Hunk[];
  readonly problems: readonly Problem[];
}

/** The text of one hunk before or after the change. */
export interface HunkImage {
  /** Lines joined by LF, without a last LF. */
  readonly text: string;
  /** One entry per line of `text`. */
  readonly lines: readonly LineOrigin[];
  readonly section: string;
  readonly hunk: Hunk;
}

/** One change and all places where it stands. */
export interface Change {
  /** 16 hex digits over the normalised content: the same in every document. */
  readonly id: string;
  /** The first unquoted copy, else the first. */
  readonly primary: FilePatch;
  /** The other places, in document order, trimmed ones too. */
  readonly copies: readonly FilePatch[];
}
