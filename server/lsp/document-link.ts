/** Links in a mail: to messages, commits and functions. A click follows them; nothing is fetched here. Pure. */
import type { DocumentLink } from 'vscode-languageserver';
import type { DocumentParts } from '../analysis/parts.js';
import type { Message } from '../mail/index.js';
import { oneLine } from '../report/plain.js';
import { senderOf } from './document-symbol.js';

const ARCHIVE = 'https://lore.kernel.org/all/';
const COMMIT = 'https://git.kernel.org/linus/';
/** Longest line that is searched, and most links of one document. */
const WIDEST = 1000;
const MOST = 5000;

const ID_HEADER = /^(?:message-id|in-reply-to|references):/i;
const ID = /<([^<>\s@]+@[^<>\s]+)>/g;
const ARCHIVED =
  /https?:\/\/(?:lore\.kernel\.org\/[\w.-]+|patch\.msgid\.link|lkml\.kernel\.org\/r)\/([^\s/<>()[\]]+@[^\s/<>()[\]]+)\/?/g;
const HASH =
  /\b(?:commits?|fixes:|reverts|base-commit:|upstream)\s+([0-9a-f]{8,40})\b|\b([0-9a-f]{12,40}) \(["']/gi;
const FUNCTION = /\b([A-Za-z_]\w*)\(\)/g;

interface Known {
  readonly uri: string;
  readonly messages: ReadonlyMap<string, Message>;
  /** First line of each function that a diff of the document changes. */
  readonly functions: ReadonlyMap<string, number>;
}

interface Found {
  readonly from: number;
  readonly text: string;
  readonly target: string;
  readonly tooltip: string;
}

function inDocument({ uri }: Known, line: number): string {
  return `${uri.replace(/#.*$/s, '')}#L${String(line + 1)}`;
}

function toMessage(known: Known, from: number, text: string, id: string): Found | undefined {
  const message = known.messages.get(id);
  if (!message) return undefined;
  const tooltip = `Message of ${senderOf(message)}`;
  return { from, text, target: inDocument(known, message.startLine), tooltip };
}

/** Ids in headers, also of messages that are only in the archive. */
function inHeader(text: string, known: Known, own: string | undefined): Found[] {
  return [...text.matchAll(ID)].map((m): Found => {
    const [, id = ''] = m;
    const archived = {
      from: m.index + 1,
      text: id,
      target: `${ARCHIVE}${encodeURIComponent(id)}/`,
      tooltip: 'Message in the archive',
    };
    return (id === own ? undefined : toMessage(known, m.index + 1, id, id)) ?? archived;
  });
}

function inText(text: string, known: Known): Found[] {
  const ids = [...text.matchAll(ID)].map((m) =>
    toMessage(known, m.index + 1, m[1] ?? '', m[1] ?? ''),
  );
  const archived = [...text.matchAll(ARCHIVED)].map((m) =>
    toMessage(known, m.index, m[0], decoded(m[1] ?? '')),
  );
  const commits = [...text.matchAll(HASH)].map((m): Found => {
    const hash = m[1] ?? m[2] ?? '';
    const from = m.index + m[0].indexOf(hash, m[1] === undefined ? 0 : m[0].search(/\s/));
    return { from, text: hash, target: `${COMMIT}${hash}`, tooltip: 'Commit' };
  });
  const functions = [...text.matchAll(FUNCTION)].map((m): Found | undefined => {
    const [, name = ''] = m;
    const line = known.functions.get(name);
    if (line === undefined) return undefined;
    const tooltip = oneLine(`${name}() in the patch`);
    return { from: m.index, text: name, target: inDocument(known, line), tooltip };
  });
  return [...ids, ...archived, ...commits, ...functions].filter((l) => l !== undefined);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** First place of each function, in the sender's own diffs before quoted ones. */
function functionLines(parts: DocumentParts): Map<string, number> {
  const found = new Map<string, number>();
  for (const file of [...parts.files].sort((a, b) => a.depth - b.depth))
    for (const { name, at } of parts.functionsOf(file))
      if (!found.has(name)) found.set(name, at.line);
  return found;
}

/** Lines of diffs: their C is no text. */
function diffLines({ files }: DocumentParts): ReadonlySet<number> {
  return new Set(files.flatMap(({ hunks }) => hunks.flatMap((h) => h.lines.map((l) => l.line))));
}

/** The lines of a message that a link may stand in; `ids`: whether a header line is of a field of message-ids. */
function* textLines(
  message: Message,
  { mail }: DocumentParts,
): Generator<{ readonly line: number; readonly ids: boolean }> {
  let ids = false;
  for (let line = message.startLine; line < message.endLine; line++) {
    // A folded header goes on in lines that begin with a blank.
    const isField = line < message.bodyLine && !/^[ \t]/.test(mail.lines.head(line, 1));
    if (isField) ids = ID_HEADER.test(mail.lines.head(line, 20));
    yield { line, ids };
  }
}

/** All links of a document, in order. */
export function documentLinks(uri: string, parts: DocumentParts): DocumentLink[] {
  const { messages } = parts.mail;
  const ids = messages.flatMap((m) =>
    m.messageId === undefined ? [] : [[m.messageId, m] as const],
  );
  // The first of two copies.
  const known = { uri, messages: new Map(ids.reverse()), functions: functionLines(parts) };
  const skipped = diffLines(parts);
  const links: DocumentLink[] = [];
  for (const message of messages) {
    for (const { line, ids } of textLines(message, parts)) {
      if (skipped.has(line) || links.length >= MOST) continue;
      const written = parts.mail.lines.head(line, WIDEST);
      const isBody = line >= message.bodyLine;
      if (!isBody && !ids) continue;
      const found = isBody ? inText(written, known) : inHeader(written, known, message.messageId);
      for (const { from, text, target, tooltip } of found)
        links.push({
          range: {
            start: { line, character: from },
            end: { line, character: from + text.length },
          },
          target,
          tooltip,
        });
    }
  }
  return links;
}
