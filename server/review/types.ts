import type { Mailbox, MailDate } from '../mail/index.js';

/** What a subject says: `[RFC PATCH -next v4 09/23] ext4: …`. */
export interface SubjectTag {
  /** `Re:`, `AW:`, `回复:` … stands before it. */
  readonly reply: boolean;
  /** A patch or its cover letter, by its brackets. */
  readonly patch: boolean;
  /** A cover over several series (`[PATCHSET 2/4]`): its numbers do not count patches. */
  readonly patchset: boolean;
  readonly pull: boolean;
  readonly rfc: boolean;
  readonly resend: boolean;
  /** 1 when not given; may be `2.1`. */
  readonly version: number;
  /** Of `n/m`: 0 is the cover letter. */
  readonly number?: number;
  readonly total?: number;
  /** The other words of the brackets as written: trees, lists, kernel versions. */
  readonly tags: readonly string[];
  /** What stands behind the brackets. */
  readonly title: string;
}

/** `Reviewed-by: Jan <jan@example.org>`. */
export interface Trailer {
  readonly name: string;
  readonly value: string;
  /** 0-based line of the document. */
  readonly line: number;
}

/** What b4 and git format-patch write below a cover letter or patch. Full ids as given. */
export interface BaseInfo {
  readonly changeId?: string;
  readonly baseCommit?: string;
  readonly prerequisitePatchIds: readonly string[];
  readonly prerequisiteChangeIds: readonly string[];
  readonly prerequisiteMessageIds: readonly string[];
}

/** One changed file, by what tells whether two patches touch the same text. */
export interface FileMark {
  readonly path: string;
  readonly preBlob?: string;
  readonly postBlob?: string;
  /** Lines; none of what is binary. */
  readonly added: number;
  readonly deleted: number;
  readonly isBinary: boolean;
}

/** `notice`: what a stable tree says of a patch (added, failed to apply). `other`: neither patch nor answer. */
export type LetterKind = 'patch' | 'cover' | 'pull' | 'notice' | 'reply' | 'other';

/** Who the patches are for. `userspace`: a series for the tools, which is left alone. */
export type Destination = 'kernel' | 'stable' | 'autosel' | 'userspace' | 'unknown';

/** What threads and series need of one mail: small and without text, so that whole archives fit. */
export interface Letter {
  /** Place in the list of letters; for one document that of the message. */
  readonly index: number;
  readonly kind: LetterKind;
  readonly subject: SubjectTag;
  readonly rawSubject: string;
  readonly from: Mailbox;
  /** Who wrote the patch: a `From:` at the top of the body, else the sender. */
  readonly author: Mailbox;
  readonly date: MailDate;
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly references: readonly string[];
  /** The letter it answers, where the document says so without ids. */
  readonly parent?: number;
  /** Files of the diffs that the sender wrote, not of quoted ones. */
  readonly files: readonly FileMark[];
  /** Over the changed lines alone, without numbers and white space: the same after a rebase. */
  readonly changeHash?: string;
  /** As `git patch-id --stable` computes it; absent where git would read the diff otherwise. */
  readonly patchId?: string;
  readonly trailers: readonly Trailer[];
  readonly base: BaseInfo;
  /** Message ids in links to archives: earlier versions, as a rule. */
  readonly mentions: readonly string[];
  readonly destination: Destination;
  /** `e2fsprogs`, `xfstests` …; a version such as `6.1` for stable and autosel. */
  readonly tree?: string;
}

/** A letter in its thread. */
export interface ThreadEntry {
  readonly letter: number;
  /** 0 for the first. */
  readonly level: number;
  /** Letter above; absent at the top. */
  readonly parent?: number;
  /** The message that it answers and that is not there. */
  readonly missing?: string;
}

export interface Thread {
  readonly index: number;
  /** In reading order: a letter, then its answers by date. */
  readonly entries: readonly ThreadEntry[];
  /** Ids that letters refer to and that are not there, sorted. */
  readonly missing: readonly string[];
  /** Title of its first letter. */
  readonly title: string;
}

/** A trailer that somebody gave in a reply. */
export interface GivenTrailer extends Trailer {
  readonly letter: number;
  /** Given to the cover letter: it counts for every patch. */
  readonly toAll: boolean;
}

/** The same patch in the version before. */
export interface Earlier {
  readonly series: number;
  /** Place in its `patches`. */
  readonly patch: number;
  /** `same`: the changed lines are equal. */
  readonly change: 'same' | 'changed';
}

export interface SeriesPatch {
  readonly letter: number;
  /** n of n/m; 1 for a patch without numbers. */
  readonly number: number;
  readonly title: string;
  readonly author: Mailbox;
  readonly given: readonly GivenTrailer[];
  /** Absent when it is new in this version, or when there is no version before. */
  readonly earlier?: Earlier;
}

/** One version of a patch series; a single patch is a series of one. */
export interface Series {
  readonly index: number;
  /** Index of the thread it stands in. */
  readonly thread: number;
  readonly title: string;
  readonly from: Mailbox;
  readonly version: number;
  readonly rfc: boolean;
  readonly resend: boolean;
  /** m of n/m. */
  readonly total: number;
  readonly tags: readonly string[];
  readonly cover?: number;
  /** By number. */
  readonly patches: readonly SeriesPatch[];
  /** Numbers of patches that are not there. */
  readonly missing: readonly number[];
  readonly base: BaseInfo;
  readonly destination: Destination;
  readonly tree?: string;
  /** Series that is the version before, and the one after. */
  readonly previous?: number;
  readonly next?: number;
  /** Patches of `previous` (places in its `patches`) that this version no longer has. */
  readonly dropped: readonly number[];
  /** Series that this one asks for by prerequisite ids, or whose results its blobs begin with. */
  readonly needs: readonly number[];
  /** Prerequisite ids of patches, changes and messages that are not at hand. */
  readonly needsMissing: readonly string[];
}

/** Lines of the document: first, and one past the last. */
export interface LineRange {
  readonly startLine: number;
  readonly endLine: number;
}

/** The lines of a mail that a comment is about. */
export interface Anchor {
  /** Message that the lines stand in; the comment's own when it quotes a diff that is not there itself. */
  readonly message: number;
  /** The last lines above the comment that were quoted together. */
  readonly lines: LineRange;
  /** File of the diff, where the lines are those of a diff; then also the numbers in the file. */
  readonly path?: string;
  /** 1-based line after the patch, of the last line that is not a removed one. */
  readonly newLine?: number;
  /** 1-based line before the patch, of the last line that is not an added one. */
  readonly oldLine?: number;
}

/** What somebody wrote below a quotation, or about a whole mail. */
export interface Comment {
  readonly index: number;
  readonly message: number;
  readonly lines: LineRange;
  /** The quoted lines right above it. */
  readonly quote?: LineRange;
  /** Comment that it answers; then `anchor` is that one's. */
  readonly parent?: number;
  /** Absent when nothing above it could be found in an earlier mail. */
  readonly anchor?: Anchor;
  /** Nothing but trailers, thanks and a name. */
  readonly isFormal: boolean;
}

/** A remark of a reviewer on a patch, and what became of it. */
export interface Point {
  /** Comment that began it. */
  readonly comment: number;
  readonly series: number;
  /** Place in the series' `patches`; absent for the cover letter. */
  readonly patch?: number;
  /** Comments below it, in order. */
  readonly answers: readonly number[];
  /** Whether the author of the series wrote something below it. */
  readonly answered: boolean;
  /**
   * What the next version did with the lines: `gone`, its patch is no longer there. Absent without a next
   * version, or for what is not about lines of a patch.
   */
  readonly next?: 'changed' | 'unchanged' | 'gone';
}
