import { describe, expect, test } from 'vitest';
import { textOf } from '../../../server/mail/byte-text.js';
import { decodeMail } from '../../../server/mail/decoded.js';
import { readMailDocument } from '../../../server/mail/index.js';
import { groupChanges, image, readDiffs, whyNothing } from '../../../server/patch/index.js';
import { lettersOf } from '../../../server/review/index.js';
import { readShared, readSharedBytes, shared } from './shared-data.js';

interface Entry {
  readonly file: string;
  readonly files: readonly string[];
  readonly hunks: number;
  readonly hunks_damaged: number;
  readonly has_quoted_diff: boolean;
  readonly transfer_encoding: string;
  readonly message_id: string;
  readonly in_reply_to: string;
  readonly from: string;
  readonly subject: string;
  readonly date: string;
  readonly kind: string;
  readonly series?: {
    readonly n: number | null;
    readonly m: number | null;
    readonly version: string | null;
    readonly rfc: boolean;
  };
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'file' in value &&
    'hunks' in value &&
    'files' in value
  );
}

function entries(): Entry[] {
  const parsed: unknown = JSON.parse(readShared('corpus/manifest.json'));
  return Array.isArray(parsed) ? parsed.filter(isEntry) : [];
}

/** Where the manifest counts otherwise, and why both are right or it is not. Numbers are those of the file names. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['176', 'a hunk without leading spaces: damaged as sent, repaired here'],
  ['180', 'the same; and the manifest lists only files with a `diff --git` line'],
  [
    '458',
    'the four @@ lines that format=flowed wrapped are repaired; one of them has counts that its author changed by hand',
  ],
  ['459', 'the two wrapped @@ lines are repaired'],
  ['462', '25 hunks with no-break spaces: damaged as sent, repaired here'],
  [
    '465',
    'empty context lines joined with the next line: the manifest counts the rest as context, and misses two files whose header is joined',
  ],
  [
    '466',
    'the manifest stops at the counts and so misses one wrapped line that begins with spaces',
  ],
  ['469', 'the manifest lists 100 files at most'],
  ['491', 'the manifest lists only files with a `diff --git` line'],
  ['492', 'the same'],
]);

/** Where the manifest reads a subject otherwise. */
const SUBJECTS: ReadonlyMap<string, string> = new Map([
  ['458', 'the manifest misses the version in `[RFCv3 4/4]`'],
]);

/** Where the manifest calls a mail otherwise. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['433', 'a report, which is no kind of its own here'],
  ['434', 'the same'],
  ['440', 'the same'],
  ['506', 'the same'],
  ['502', 'what a stable tree says of a patch that it could not apply: no patch for review'],
]);

const there = shared('corpus/manifest.json') !== undefined;

describe.runIf(there)('284 mails of the lists', () => {
  const all = there ? entries() : [];
  const read = all.map((entry) => {
    const { text, isBytes } = textOf(readSharedBytes(`corpus/${entry.file}`));
    const decoded = decodeMail(text, entry.file, isBytes)?.text ?? text;
    const doc = readMailDocument(decoded, entry.file);
    const diffs = readDiffs(doc);
    return { entry, doc, diffs, letter: lettersOf(doc, diffs)[0] };
  });
  const number = (entry: Entry): string => entry.file.slice(4, 7);

  test('each is one mail with author, date and id', () => {
    expect(read.length).toBe(284);
    for (const { entry, doc } of read) {
      expect([entry.file, doc.form, doc.messages.length]).toEqual([entry.file, 'mail', 1]);
      expect(doc.messages[0]?.date.iso).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(`<${doc.messages[0]?.messageId ?? ''}>`).toBe(entry.message_id);
    }
  });

  test('author, subject and reply structure are those of the manifest', () => {
    const tidy = (text: string): string => text.replaceAll('"', '').replace(/\s+/g, ' ').trim();
    for (const { entry, doc } of read) {
      const [m] = doc.messages;
      const from =
        m?.from.name === '' ? m.from.address : `${m?.from.name ?? ''} <${m?.from.address ?? ''}>`;
      const parent = m?.inReplyTo === undefined ? '' : `<${m.inReplyTo}>`;
      const date = new Date(entry.date.replace(/\(.*\)/, '')).toISOString().replace('.000', '');
      expect([entry.file, tidy(from ?? ''), tidy(m?.subject ?? ''), parent, m?.date.iso]).toEqual([
        entry.file,
        tidy(entry.from),
        tidy(entry.subject),
        entry.in_reply_to,
        date,
      ]);
    }
  });

  test('number, version and RFC of each subject, and what each mail is', () => {
    const subjects = new Set<string>();
    const kinds = new Set<string>();
    for (const { entry, letter } of read) {
      const { n, m, version, rfc } = entry.series ?? {
        n: null,
        m: null,
        version: null,
        rfc: false,
      };
      const s = letter?.subject;
      const ours = [s?.number ?? null, s?.total ?? null, s?.version, s?.rfc];
      if (ours.join() !== [n, m, Number(version ?? 1), rfc].join()) subjects.add(number(entry));
      if (letter?.kind !== entry.kind) kinds.add(number(entry));
    }
    expect([...subjects].sort()).toEqual([...SUBJECTS.keys()].sort());
    expect([...kinds].sort()).toEqual([...KINDS.keys()].sort());
  });

  test('hunks, damage, files and quoted diffs are those of the manifest', () => {
    const differ = new Set<string>();
    for (const { entry, diffs } of read) {
      const own = diffs.filter((f) => f.depth === 0);
      const hunks = own.flatMap((f) => f.hunks);
      const bad = hunks.filter((h) => h.damaged ?? h.countsOff).length;
      const same =
        hunks.length === entry.hunks &&
        bad === entry.hunks_damaged &&
        [...new Set(own.map((f) => f.path))].sort().join() === [...entry.files].sort().join() &&
        diffs.some((f) => f.depth > 0) === entry.has_quoted_diff;
      if (!same) differ.add(number(entry));
    }
    process.stdout.write(
      `${read.length} mails compared, ${differ.size} differ for known reasons\n`,
    );
    expect([...differ].sort()).toEqual([...KNOWN.keys()].sort());
  });

  test('every line read is a line of its mail, and every change has an id of its own', () => {
    for (const { doc, diffs } of read) {
      for (const file of diffs) {
        for (const { text, lines } of [...image(file, 'pre'), ...image(file, 'post')]) {
          const there = lines.map((o) =>
            doc.lines.line(o.line).slice(o.column).replaceAll('\u00a0', ' '),
          );
          expect(there.join('\n')).toBe(text);
        }
      }
      const changes = groupChanges(diffs);
      expect(new Set(changes.map((c) => c.id)).size).toBe(changes.length);
    }
  });

  test('why there is nothing: only userspace series and mails without a diff', () => {
    const why = new Map<string, number>();
    for (const { doc, diffs } of read) {
      const line = whyNothing(doc, diffs) ?? 'C';
      why.set(line, (why.get(line) ?? 0) + 1);
    }
    expect(Object.fromEntries(why)).toEqual({
      C: 225,
      'no C in this patch (Documentation/…)': 1,
      'no patch found in 1 message': 54,
      'userspace series (btrfs-progs)': 1,
      'userspace series (e2fsprogs)': 1,
      'userspace series (erofs-utils)': 1,
      'userspace series (xfsprogs)': 1,
    });
  });
});
