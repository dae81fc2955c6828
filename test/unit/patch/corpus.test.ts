import { describe, expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { groupChanges, image, readDiffs, whyNothing } from '../../../server/patch/index.js';
import { readShared, shared } from './shared-data.js';

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
  ['455', 'the diff is in a quoted-printable part, which is not decoded'],
  ['457', 'the same'],
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

const there = shared('corpus/manifest.json') !== undefined;

describe.runIf(there)('284 mails of the lists', () => {
  const all = there ? entries() : [];
  const read = all.map((entry) => {
    const doc = readMailDocument(readShared(`corpus/${entry.file}`), entry.file);
    return { entry, doc, diffs: readDiffs(doc) };
  });

  test('each is one mail with author, date and id', () => {
    expect(read.length).toBe(284);
    for (const { entry, doc } of read) {
      expect([entry.file, doc.form, doc.messages.length]).toEqual([entry.file, 'mail', 1]);
      expect(doc.messages[0]?.date.iso).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(`<${doc.messages[0]?.messageId ?? ''}>`).toBe(entry.message_id);
    }
  });

  test('author, subject and reply structure are those of the manifest', () => {
    const tidy = (text: string): string => text.replaceAll('"', '').replace(/\s+/g, ' ');
    const differ = read.filter(({ entry, doc }) => {
      const [m] = doc.messages;
      const from =
        m?.from.name === '' ? m.from.address : `${m?.from.name ?? ''} <${m?.from.address ?? ''}>`;
      const parent = m?.inReplyTo === undefined ? '' : `<${m.inReplyTo}>`;
      return (
        tidy(from ?? '') !== tidy(entry.from) ||
        tidy(m?.subject ?? '') !== tidy(entry.subject) ||
        parent !== entry.in_reply_to
      );
    });
    // headers in a Chinese character set are not decoded
    expect(
      differ.map(({ doc }) =>
        /=\?(gb\w+)/i.exec(doc.messages[0]?.from.name ?? '')?.[1]?.toLowerCase(),
      ),
    ).toEqual(['gbk', 'gb2312', 'gb2312']);
  });

  test('hunks, damage, files and quoted diffs are those of the manifest', () => {
    const differ = new Set<string>();
    const plain = read.filter(({ entry }) => /^(?:7bit|8bit|)$/i.test(entry.transfer_encoding));
    for (const { entry, diffs } of plain) {
      const own = diffs.filter((f) => f.depth === 0);
      const hunks = own.flatMap((f) => f.hunks);
      const bad = hunks.filter((h) => h.damaged ?? h.countsOff).length;
      const same =
        hunks.length === entry.hunks &&
        bad === entry.hunks_damaged &&
        [...new Set(own.map((f) => f.path))].sort().join() === [...entry.files].sort().join() &&
        diffs.some((f) => f.depth > 0) === entry.has_quoted_diff;
      if (!same) differ.add(entry.file.slice(4, 7));
    }
    process.stdout.write(
      `${plain.length} mails compared, ${differ.size} differ for known reasons\n`,
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

  test('why there is nothing: only userspace series, encoded mails and mails without a diff', () => {
    const why = new Map<string, number>();
    for (const { doc, diffs } of read) {
      const line = whyNothing(doc, diffs)?.replace(/ \(\d of.*/, ' (encoded)') ?? 'C';
      why.set(line, (why.get(line) ?? 0) + 1);
    }
    expect(Object.fromEntries(why)).toEqual({
      C: 211,
      'no patch found in 1 message': 52,
      'no patch found in 1 message (encoded)': 17,
      'userspace series (btrfs-progs)': 1,
      'userspace series (e2fsprogs)': 1,
      'userspace series (erofs-utils)': 1,
      'userspace series (xfsprogs)': 1,
    });
  });
});
