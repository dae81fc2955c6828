/** What a command is given as one document: a mail, an mbox, several files, or one thread of an archive. */
import { assemble, type AssembledMail } from '../mail/assemble.js';
import { textOf } from '../mail/byte-text.js';
import { readMailDocument } from '../mail/index.js';
import { readDiffs, writtenMail } from '../patch/index.js';
import { lettersOf, threadsOf, type Letter } from '../review/index.js';
import { InputError } from './input.js';
import { mailbox, type StoredMail } from './mailbox.js';

export interface MailInput {
  /** What is analysed: with its encoded texts decoded. */
  readonly text: string;
  /** 0-based line of the file for each line of `text`; undefined when they are the same. */
  readonly rawLine: readonly number[] | undefined;
  /** File of a line of `text`; undefined when there is only the one that was named. */
  readonly fileOf: ((line: number) => string) | undefined;
}

/** Mails of one document: more are an archive, of which a thread is to be named. */
const MOST_MAILS = 2000;

interface Read {
  readonly file: string;
  readonly text: string;
  readonly rawLine: readonly number[] | undefined;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** One file or object as the text that was written. */
export function readStoredMail({ name, bytes }: StoredMail): Read {
  const { text, isBytes } = textOf(bytes, latin1);
  const decoded = writtenMail(text, name, isBytes);
  return { file: name, text: decoded?.text ?? text, rawLine: decoded?.rawLine };
}

function whole({ file, text, rawLine }: Read): AssembledMail {
  const doc = readMailDocument(text, file);
  return { file, doc, rawLine, messages: doc.messages.map((m) => m.index) };
}

function joined(mails: readonly AssembledMail[]): MailInput {
  const { text, rawLine, fileOf, files } = assemble(mails);
  return { text, rawLine, fileOf: (line) => files[fileOf[line] ?? 0] ?? '' };
}

/** Letters of all mails, and where each is. Letters hold no text: an archive's fit into memory. */
export interface Archive {
  readonly letters: readonly Letter[];
  /** Mailbox, name in it, and message in its document, of each letter. */
  readonly places: readonly {
    readonly box: number;
    readonly name: string;
    readonly message: number;
  }[];
}

/** A copy whose strings do not keep the text that they were cut from. */
function detached(letter: Letter, index: number, shift: number): Letter {
  const parent = letter.parent === undefined ? {} : { parent: letter.parent + shift };
  return JSON.parse(JSON.stringify({ ...letter, ...parent, index })) as Letter;
}

/** Reads all mails of some mailboxes, one after the other. @throws {InputError} */
export async function readArchive(names: readonly string[]): Promise<Archive> {
  const letters: Letter[] = [];
  const places: { box: number; name: string; message: number }[] = [];
  for (const [box, name] of names.entries()) {
    for await (const stored of mailbox(name).mails()) {
      const { text } = readStoredMail(stored);
      const doc = readMailDocument(text, stored.name);
      const shift = letters.length;
      for (const letter of lettersOf(doc, readDiffs(doc))) {
        letters.push(detached(letter, letters.length, shift));
        places.push({ box, name: stored.name, message: letter.index });
      }
    }
  }
  return { letters, places };
}

/** One thread of some mailboxes. @param id a message of it. @throws {InputError} */
async function readThread(names: readonly string[], id: string): Promise<MailInput> {
  const wanted = id.replace(/^<|>$/g, '');
  const { letters, places } = await readArchive(names);
  const at = letters.findIndex((l) => l.messageId === wanted);
  if (at < 0) throw new InputError(`no mail has the id ${wanted}`);
  const thread = threadsOf(letters).find((t) => t.entries.some((e) => e.letter === at));
  const chosen = (thread?.entries ?? []).map((e) => e.letter).sort((a, b) => a - b);
  const mails: AssembledMail[] = [];
  for (const [box, name] of names.entries()) {
    const mine = chosen.flatMap((i) => (places[i]?.box === box ? [places[i]] : []));
    const files = [...new Set(mine.map((p) => p.name))];
    if (files.length === 0) continue;
    for await (const stored of mailbox(name).mails(files)) {
      const messages = mine.filter((p) => p.name === stored.name).map((p) => p.message);
      mails.push({ ...whole(readStoredMail(stored)), messages });
    }
  }
  return joined(mails);
}

/**
 * Some files or mailboxes as one document; with the id of a message only its thread.
 * @throws {InputError}
 */
export async function readMails(names: readonly string[], thread?: string): Promise<MailInput> {
  if (thread !== undefined) return readThread(names, thread);
  const all: Read[] = [];
  let isFile = false;
  for (const name of names) {
    const box = mailbox(name);
    isFile ||= box.isFile;
    for await (const stored of box.mails()) {
      all.push(readStoredMail(stored));
      if (all.length > MOST_MAILS)
        throw new InputError(`${name}: more than ${MOST_MAILS} mails; name one with --thread ID`);
    }
  }
  const [first] = all;
  if (!first) throw new InputError(`${names.join(', ')}: no mail`);
  if (all.length === 1 && isFile)
    return { text: first.text, rawLine: first.rawLine, fileOf: undefined };
  return joined(all.map(whole));
}
