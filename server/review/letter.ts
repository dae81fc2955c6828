import { isChange, patchId, userspaceTree } from '../patch/index.js';
import type { FilePatch } from '../patch/index.js';
import type { MailDocument, Message } from '../mail/index.js';
import { readBase, readBody, readMentions, readTrailers } from './body.js';
import { changeHash } from './change-hash.js';
import { destinationOf, isNotice } from './destination.js';
import { readSubject } from './subject.js';
import type { FileMark, Letter, LetterKind, SubjectTag } from './types.js';

function markOf(file: FilePatch): FileMark {
  let added = 0;
  let deleted = 0;
  for (const hunk of file.hunks) {
    for (const { mark } of hunk.lines) {
      if (mark === '+') added++;
      else if (mark === '-') deleted++;
    }
  }
  return {
    path: file.path,
    ...(file.preBlob === undefined ? {} : { preBlob: file.preBlob }),
    ...(file.postBlob === undefined ? {} : { postBlob: file.postBlob }),
    added,
    deleted,
    isBinary: file.isBinary,
  };
}

function kindOf(subject: SubjectTag, hasDiff: boolean, notice: boolean): LetterKind {
  if (notice) return 'notice';
  if (subject.reply) return 'reply';
  if (subject.pull) return 'pull';
  if (!subject.patch) return hasDiff ? 'patch' : 'other';
  if (subject.number === 0 || subject.patchset) return 'cover';
  return hasDiff ? 'patch' : subject.number === undefined ? 'cover' : 'patch';
}

/**
 * What threads and series need of one message.
 * @param files the diffs of this message, quoted ones too.
 */
function letterOf(doc: MailDocument, message: Message, files: readonly FilePatch[]): Letter {
  const own = files.filter((f) => f.depth === 0 && isChange(f));
  const body = readBody(doc, message);
  const rawSubject = body.subject ?? message.subject;
  const subject = readSubject(rawSubject);
  const to = subject.reply ? message.endLine : body.messageEnd;
  const kind = kindOf(subject, own.length > 0, isNotice(message.subject));
  const paths = own.map((f) => f.path).filter((path) => path !== '');
  const id = patchId(doc, own);
  const hash = own.some((f) => f.hunks.length > 0) ? changeHash(own) : undefined;
  return {
    index: message.index,
    kind,
    subject,
    rawSubject,
    from: message.from,
    author: body.author ?? message.from,
    date: body.date ?? message.date,
    ...(message.messageId === undefined ? {} : { messageId: message.messageId }),
    ...(message.inReplyTo === undefined ? {} : { inReplyTo: message.inReplyTo }),
    references: message.references,
    ...(message.parent === undefined ? {} : { parent: message.parent }),
    files: own.map(markOf),
    ...(hash === undefined ? {} : { changeHash: hash }),
    ...(id === undefined ? {} : { patchId: id }),
    trailers: readTrailers(doc, body.messageLine, Math.max(body.messageLine, to)),
    base: readBase(doc, message),
    mentions: readMentions(doc, body.messageLine, to),
    ...destinationOf(subject, userspaceTree(paths), own.length > 0, body.messageLine, doc),
  };
}

/** All messages of a document as letters. */
export function lettersOf(doc: MailDocument, files: readonly FilePatch[]): Letter[] {
  const byMessage = new Map<number, FilePatch[]>();
  for (const file of files) {
    const list = byMessage.get(file.message);
    if (list) list.push(file);
    else byMessage.set(file.message, [file]);
  }
  return doc.messages.map((m) => letterOf(doc, m, byMessage.get(m.index) ?? []));
}
