import { readDate, readMailbox } from '../mail/index.js';
import type { MailDate, MailDocument, Mailbox, Message } from '../mail/index.js';
import type { BaseInfo, Trailer } from './types.js';

/** The parts of a mail with a patch. Lines are 0-based lines of the document. */
export interface PatchBody {
  /** First line of the commit message, behind headers inside the body and above scissors. */
  readonly messageLine: number;
  /** One past its last line: the `---` or the first diff. */
  readonly messageEnd: number;
  /** Headers at the top of the body, which replace those of the mail (git am does the same). */
  readonly author?: Mailbox;
  readonly date?: MailDate;
  readonly subject?: string;
}

/** Longest line that is looked at for anything but a diff. */
const HEAD = 1000;
/** Lines of one mail that are looked at for trailers and base information. */
const MOST = 5000;

const BREAK = /^(?:---(?:\s*$|\s+[^\s])|diff -|Index: |@@ -\d)/;
const INSIDE = /^(From|Subject|Date): ?(.+)$/;

/**
 * Whether a line is a cut such as `-- >8 --`: everything above it is no part of the commit message. As
 * git decides: scissors, at least 8 wide, and a third of it perforation without many gaps.
 */
export function isScissors(text: string): boolean {
  if (text.length > 200 || !/[8%]/.test(text) || !text.includes('-')) return false;
  const line = text.trim();
  let perforation = 0;
  let gaps = 0;
  let scissors = false;
  let inside = false;
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    if (/\s/.test(c)) {
      if (inside) perforation++;
      if (inside) gaps++;
    } else if (c === '-') {
      inside = true;
      perforation++;
    } else if (/^(?:>8|8<|>%|%<)/.test(line.slice(i, i + 2))) {
      scissors = inside = true;
      perforation += 2;
      i++;
    } else inside = false;
  }
  return scissors && line.length >= 8 && line.length < perforation * 3 && gaps * 2 < perforation;
}

/** Splits the first text part of a message as git mailinfo does with scissors. */
export function readBody(doc: MailDocument, message: Message): PatchBody {
  const [part] = message.text;
  const from = part?.startLine ?? message.bodyLine;
  const to = part?.endLine ?? message.bodyLine;
  let start = from;
  let end = to;
  for (let line = from; line < to; line++) {
    const text = doc.lines.head(line, HEAD);
    if (isScissors(text)) start = line + 1;
    else if (BREAK.test(text)) {
      end = line;
      break;
    }
  }
  return inBody(doc, Math.min(start, end), end);
}

/** Reads `From:`, `Subject:` and `Date:` at the top of the body. */
function inBody(doc: MailDocument, from: number, to: number): PatchBody {
  let line = from;
  while (line < to && doc.lines.head(line, HEAD).trim() === '') line++;
  const found = new Map<string, string>();
  for (; line < to; line++) {
    const text = doc.lines.head(line, HEAD).replace(/^>(?=From: )/, '');
    const m = INSIDE.exec(text);
    if (m) found.set(m[1] ?? '', m[2] ?? '');
    else if (found.size > 0 && /^[ \t]+\S/.test(text)) {
      const [last] = [...found.keys()].slice(-1);
      if (last !== undefined) found.set(last, `${found.get(last) ?? ''} ${text.trim()}`);
    } else break;
  }
  if (found.size > 0) while (line < to && doc.lines.head(line, HEAD).trim() === '') line++;
  const author = found.get('From');
  const date = found.get('Date');
  const subject = found.get('Subject');
  return {
    messageLine: line,
    messageEnd: to,
    ...(author === undefined ? {} : { author: readMailbox(author) }),
    ...(date === undefined ? {} : { date: readDate(date) }),
    ...(subject === undefined ? {} : { subject }),
  };
}

const TRAILER = /^([A-Z][A-Za-z]*(?:-[A-Za-z]+)*): +(\S.*)$/;
const NAMES = /^(?:.+-by|fixes|cc|link|closes|change-id|message-id|bugzilla|references)$/i;

/** Trailers among the sender's own lines of a range. A name whose address was wrapped is put together. */
export function readTrailers(doc: MailDocument, from: number, to: number): Trailer[] {
  const found: Trailer[] = [];
  for (let line = from; line < Math.min(to, from + MOST); line++) {
    const text = doc.lines.head(line, HEAD).trimEnd();
    const m = TRAILER.exec(text);
    const [, name = '', value = ''] = m ?? [];
    if (!m || !NAMES.test(name)) continue;
    const next = doc.lines.head(line + 1, HEAD).trim();
    const wrapped = !value.includes('<') && line + 1 < to && /^<[^\s<>]+>$/.test(next);
    found.push({ name, value: wrapped ? `${value} ${next}` : value, line });
  }
  return found;
}

const BASE =
  /^(change-id|base-commit|prerequisite-patch-id|prerequisite-change-id|prerequisite-message-id): +<?([^\s<>]{1,200})>?/i;

/** Base information in the sender's own lines of all parts of a message. */
export function readBase(doc: MailDocument, message: Message): BaseInfo {
  const all = new Map<string, string[]>();
  for (const { startLine, endLine } of message.text) {
    for (let line = startLine; line < endLine; line++) {
      const code = doc.lines.codeAt(line, 0) | 32;
      if (code !== 98 && code !== 99 && code !== 112) continue;
      const m = BASE.exec(doc.lines.head(line, 300));
      const name = m?.[1]?.toLowerCase();
      if (name === undefined || m?.[2] === undefined) continue;
      all.set(name, [...(all.get(name) ?? []), m[2]]);
    }
  }
  const changeId = all.get('change-id')?.[0];
  const baseCommit = all.get('base-commit')?.[0];
  return {
    ...(changeId === undefined ? {} : { changeId }),
    ...(baseCommit === undefined ? {} : { baseCommit }),
    prerequisitePatchIds: all.get('prerequisite-patch-id') ?? [],
    // b4 adds the version: `20240102-name-0123456789ab:v2`
    prerequisiteChangeIds: (all.get('prerequisite-change-id') ?? []).map((id) =>
      id.replace(/:v\d+$/, ''),
    ),
    prerequisiteMessageIds: all.get('prerequisite-message-id') ?? [],
  };
}

const LINK =
  /https?:\/\/(?:lore\.kernel\.org\/(?:r|all|[\w.-]+)|patch\.msgid\.link|lkml\.kernel\.org\/r)\/([^\s/<>()[\]]+@[^\s/<>()[\]]+)/g;

/** Message ids in links to archives in the sender's own lines of a range. */
export function readMentions(doc: MailDocument, from: number, to: number): string[] {
  const found: string[] = [];
  for (let line = from; line < Math.min(to, from + MOST); line++) {
    const text = doc.lines.head(line, HEAD);
    if (!text.includes('://') || text.startsWith('>')) continue;
    for (const m of text.matchAll(LINK)) found.push(m[1] ?? '');
  }
  return found;
}
