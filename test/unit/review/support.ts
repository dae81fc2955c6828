/** Mailboxes of our own for the tests of threads and series. */
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import {
  lettersOf,
  seriesIn,
  threadsOf,
  type Letter,
  type Series,
  type Thread,
} from '../../../server/review/index.js';

export interface Mail {
  readonly id?: string;
  readonly from?: string;
  readonly subject: string;
  /** Minutes after 10:00. */
  readonly at?: number;
  readonly to?: string;
  readonly refs?: readonly string[];
  readonly body?: string;
}

function headers(mail: Mail): string[] {
  const { id, to, refs } = mail;
  const date = new Date(Date.UTC(2026, 5, 1, 10, mail.at ?? 0)).toUTCString();
  return [
    `From: ${mail.from ?? 'Ann Author <ann@example.org>'}`,
    `Date: ${date.replace('GMT', '+0000')}`,
    `Subject: ${mail.subject}`,
    ...(id === undefined ? [] : [`Message-ID: <${id}>`]),
    ...(to === undefined ? [] : [`In-Reply-To: <${to}>`]),
    ...(refs === undefined ? [] : [`References: ${refs.map((r) => `<${r}>`).join(' ')}`]),
  ];
}

/** The mails as an mbox. */
export function box(...mails: readonly Mail[]): string {
  return mails
    .map((m) =>
      [
        'From mboxrd@z Thu Jan  1 00:00:00 1970',
        ...headers(m),
        '',
        m.body ?? 'Hello.',
        '',
        '',
      ].join('\n'),
    )
    .join('');
}

/** A diff of one file that adds one line. */
export function diff(path: string, added: string, blobs = '1111111..2222222'): string {
  return [
    '---',
    `diff --git a/${path} b/${path}`,
    `index ${blobs} 100644`,
    `--- a/${path}`,
    `+++ b/${path}`,
    '@@ -10,3 +10,4 @@ int demo(void)',
    ' {',
    ' \tint n;',
    `+\t${added}`,
    ' \treturn n;',
    '',
  ].join('\n');
}

export interface Box {
  readonly letters: readonly Letter[];
  readonly threads: readonly Thread[];
  readonly series: readonly Series[];
}

export function read(...mails: readonly Mail[]): Box {
  const doc = readMailDocument(box(...mails), 'file:///box');
  const letters = lettersOf(doc, readDiffs(doc));
  const threads = threadsOf(letters);
  return { letters, threads, series: seriesIn(letters, threads) };
}

/** One line a series: version, letters by number, and how its patches stand to the version before. */
export function show({ series }: Box): string[] {
  return series.map((s) => {
    const cover = s.cover === undefined ? '' : `0=${s.cover} `;
    const patches = s.patches.map((p) => {
      const since = p.earlier ? ` ${p.earlier.change} as ${p.earlier.patch}` : '';
      return `${p.number}=${p.letter}${since}`;
    });
    const links = [
      s.previous === undefined ? '' : ` after ${s.previous}`,
      s.missing.length === 0 ? '' : ` missing ${s.missing.join()}`,
      s.dropped.length === 0 ? '' : ` dropped ${s.dropped.join()}`,
      s.needs.length === 0 ? '' : ` needs ${s.needs.join()}`,
    ];
    return `v${s.version} ${cover}${patches.join(', ')}${links.join('')}`;
  });
}
