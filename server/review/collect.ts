import { byMessageId } from './thread.js';
import type { Letter } from './types.js';

/** The letters of one version of a series. */
export interface Collected {
  /** Letter of the cover. */
  readonly cover: number | undefined;
  /** Letter by number. */
  readonly patches: ReadonlyMap<number, number>;
  readonly total: number;
  readonly thread: number;
}

interface Open {
  cover: number | undefined;
  readonly patches: Map<number, number>;
  readonly total: number;
  readonly version: number;
  readonly thread: number;
  readonly members: Set<string>;
  /** What members answer. */
  readonly above: Set<string>;
  readonly time: number;
}

/** Numbered mails of one run of git send-email come within this time, also when they are not threaded. */
const RUN_MS = 60 * 60 * 1000;
/** Open runs with the same key that are looked at, latest first. */
const LOOKED_AT = 20;

function timeOf(letter: Letter): number {
  return letter.date.iso === undefined ? Number.NaN : Date.parse(letter.date.iso);
}

/** Output of git format-patch that was never sent: the sender is the author of the patch, the date that of the commit. */
function isUnsent({ messageId, inReplyTo, references }: Letter): boolean {
  return messageId === undefined && inReplyTo === undefined && references.length === 0;
}

function keyOf(letter: Letter): string {
  const { subject, from } = letter;
  const who = isUnsent(letter) ? '' : (from.address ?? from.name).toLowerCase();
  return `${who}|${subject.version}|${subject.total ?? 0}|${subject.rfc ? 'rfc' : ''}`;
}

function isFree(run: Open, letter: Letter): boolean {
  const number = letter.subject.number ?? 1;
  return number === 0 ? run.cover === undefined : !run.patches.has(number);
}

/** How surely a letter is a part of a run: 0 is not at all. */
function closeness(letter: Letter, run: Open, thread: number): number {
  const { messageId, inReplyTo, references } = letter;
  if (!isFree(run, letter)) return 0;
  if (inReplyTo !== undefined && run.members.has(inReplyTo)) return 4;
  if (messageId !== undefined && run.above.has(messageId)) return 4;
  if (inReplyTo !== undefined && run.above.has(inReplyTo)) return 3;
  if (thread === run.thread) return 2;
  if (isUnsent(letter)) return 1;
  const loose = inReplyTo === undefined && references.length === 0;
  return loose && Math.abs(timeOf(letter) - run.time) <= RUN_MS ? 1 : 0;
}

function begin(letter: Letter, thread: number): Open {
  return {
    cover: undefined,
    patches: new Map(),
    total: letter.subject.total ?? 1,
    version: letter.subject.version,
    thread,
    members: new Set(),
    above: new Set(),
    time: timeOf(letter),
  };
}

/** The run of the mail that this one answers, by whomever, if it is a part of the same numbering. */
function runAbove(letter: Letter, runOf: ReadonlyMap<string, Open>): Open | undefined {
  const run = letter.inReplyTo === undefined ? undefined : runOf.get(letter.inReplyTo);
  const same = run?.version === letter.subject.version && run.total === letter.subject.total;
  return run && same && isFree(run, letter) ? run : undefined;
}

function enter(letter: Letter, at: number, run: Open): void {
  const number = letter.subject.number ?? 1;
  if (number === 0) run.cover = at;
  else run.patches.set(number, at);
  if (letter.messageId !== undefined) run.members.add(letter.messageId);
  if (letter.inReplyTo !== undefined) run.above.add(letter.inReplyTo);
}

/** The run that fits best; of two that fit equally the later one. */
function best(runs: readonly Open[], letter: Letter, thread: number): Open | undefined {
  let found: Open | undefined;
  let most = 0;
  for (const run of runs.slice(-LOOKED_AT).reverse()) {
    const close = closeness(letter, run, thread);
    if (close > most) [found, most] = [run, close];
  }
  return found;
}

/** A cover letter without usable numbers (`[PATCHSET 2/4]`, `[PATCH v2] intro`): patches answer it. */
function looseCover(
  run: Open,
  letters: readonly Letter[],
  known: ReadonlyMap<string, number>,
): number | undefined {
  for (const id of run.above) {
    const at = known.get(id);
    const letter = at === undefined ? undefined : letters[at];
    const [first] = run.patches.values();
    const member = letters[first ?? -1];
    if (
      letter?.kind === 'cover' &&
      (letter.subject.number === undefined || letter.subject.patchset) &&
      letter.from.address === member?.from.address
    )
      return at;
  }
  return undefined;
}

/**
 * Sorts patches and cover letters into versions of series, in order of their first letters: by sender,
 * version and n of m, then by who answers whom. A second mail with the same id is a copy and left out.
 * @param threadOf index of the thread of each letter.
 */
export function collect(letters: readonly Letter[], threadOf: readonly number[]): Collected[] {
  const known = byMessageId(letters);
  const all: Open[] = [];
  const byKey = new Map<string, Open[]>();
  const runOf = new Map<string, Open>();
  letters.forEach((letter, at) => {
    const { kind, subject, messageId } = letter;
    if (kind !== 'patch' && !(kind === 'cover' && subject.number === 0)) return;
    if (messageId !== undefined && known.get(messageId) !== at) return;
    const thread = threadOf[at] ?? 0;
    const key = keyOf(letter);
    const runs = byKey.get(key) ?? [];
    let run =
      subject.number === undefined
        ? undefined
        : (runAbove(letter, runOf) ?? best(runs, letter, thread));
    if (!run) {
      run = begin(letter, thread);
      all.push(run);
      if (subject.number !== undefined) byKey.set(key, [...runs, run]);
    }
    enter(letter, at, run);
    if (messageId !== undefined) runOf.set(messageId, run);
  });
  return all.map((run) => ({
    cover: run.cover ?? looseCover(run, letters, known),
    patches: run.patches,
    total: run.total,
    thread: run.thread,
  }));
}
