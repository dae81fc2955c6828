import { expect, test } from 'vitest';
import { readMailDocument, type MailDocument } from '../../../server/mail/index.js';

const read = (text: string): MailDocument => readMailDocument(text, 'file:///m');

/** One line per message: index, author, UTC date, subject, parent, body line. */
function brief(doc: MailDocument): string[] {
  return doc.messages.map(
    (m) =>
      `${m.index} ${m.from.name} <${m.from.address ?? ''}> ${m.date.iso ?? '?'} ${m.subject} ^${m.parent ?? '-'} @${m.bodyLine}`,
  );
}

const MAIL = `From: Ann Author <ann@example.org>
To: list@example.org
Subject: [PATCH v2 1/2] demo: hold the lock
 while counting
Date: Tue,  3 Feb 2026 14:25:00 +0800
Message-ID: <one@example.org>
MIME-Version: 1.0

Body.
`;

test('an RFC 5322 mail: folded subject, date in UTC, id without brackets', () => {
  const doc = read(MAIL);
  expect(doc.form).toBe('mail');
  expect(brief(doc)).toEqual([
    '0 Ann Author <ann@example.org> 2026-02-03T06:25:00Z [PATCH v2 1/2] demo: hold the lock while counting ^- @8',
  ]);
  expect(doc.messages[0]?.messageId).toBe('one@example.org');
  expect(doc.problems).toEqual([]);
});

test('encoded words in headers', () => {
  const doc = read(
    MAIL.replace('Ann Author', '=?UTF-8?q?Lu=C3=ADs_A=C3?= =?UTF-8?q?=A4?=').replace(
      '[PATCH v2 1/2] demo:',
      '=?utf-8?B?5bi4?= demo:',
    ),
  );
  expect(doc.messages[0]?.from).toEqual({ name: 'Luís Aä', address: 'ann@example.org' });
  expect(doc.messages[0]?.subject).toBe('常 demo: hold the lock while counting');
  const other = read(MAIL.replace('Ann Author', '=?gb2312?B?s6O37+mq?='));
  expect(other.messages[0]?.from.name).toBe('常凤楠');
  const wrong = read(MAIL.replace('Ann Author', '=?utf-8?q?a=zz?= =?no-such-set?q?J=F6rg?='));
  expect(wrong.messages[0]?.from.name).toBe('=?utf-8?q?a=zz?=Jörg');
});

test('a header without space behind its colon, and one that is empty', () => {
  const doc = read(`ARC-Seal:i=1; a=rsa\nX-Empty:\n${MAIL}`);
  expect(brief(doc)[0]).toContain('Ann Author <ann@example.org> 2026-02-03');
});

test('CRLF line ends belong to no line', () => {
  const doc = read(MAIL.replaceAll('\n', '\r\n'));
  expect(brief(doc)).toEqual(brief(read(MAIL)));
  expect(doc.lines.line(8)).toBe('Body.');
});

const MBOX = `From mboxrd@z Thu Jan  1 00:00:00 1970
From: Ann <ann@example.org>
Date: Mon, 1 Jun 2026 10:00:00 +0000
Subject: one
Message-ID: <1@x>

>From the start.
From here on it is text, not a separator.
From mboxrd@z Thu Jan  1 00:00:00 1970
From: neither
Subject: is this

From mboxrd@z Thu Jan  1 00:00:00 1970
From: bob@example.org (Bob)
Date: Mon, 1 Jun 2026 11:00:00 GMT
Subject: Re: one
Message-ID: <2@x>
In-Reply-To: <1@x>

> quoted

From mboxrd@z Thu Jan  1 00:00:00 1970
From: "Cy, Q." <cy@example.org>
Date: Mon, 1 Jun 2026 12:00:00 -0000
Subject: Re: one
Message-ID: <3@x>
References: <1@x> <2@x> <gone@x>

x
`;

test('an mbox: replies by In-Reply-To, else by the nearest reference that is there', () => {
  const doc = read(MBOX);
  expect(doc.form).toBe('mbox');
  expect(brief(doc)).toEqual([
    '0 Ann <ann@example.org> 2026-06-01T10:00:00Z one ^- @6',
    '1 Bob <bob@example.org> 2026-06-01T11:00:00Z Re: one ^0 @19',
    '2 Cy, Q. <cy@example.org> 2026-06-01T12:00:00Z Re: one ^1 @28',
  ]);
  expect(doc.messages.map((m) => [m.startLine, m.endLine])).toEqual([
    [0, 12],
    [12, 21],
    [21, 30],
  ]);
});

const FROM_PATCH = 'From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n';

test('git format-patch: one is a mail, several are an mbox', () => {
  expect(read(FROM_PATCH + MAIL).form).toBe('mail');
  const two = read(`${FROM_PATCH}${MAIL}\n${FROM_PATCH}${MAIL}`);
  expect([two.form, two.messages.length]).toEqual(['mbox', 2]);
});

const PAGE = `list archive mirror
 help / color
* [PATCH 1/2] demo: first
@ 2026-06-01  9:00 Ann Author
  2026-06-01  9:00 \` [PATCH 2/2] demo: second Ann Author
  2026-06-01 10:30 \` [PATCH 1/2] demo: first Bob Reviewer
  0 siblings, 2 replies; 4+ messages in thread
From: Ann Author @ 2026-06-01  9:00 UTC (permalink / raw)
  To: list; +Cc: bob

First.

^ permalink raw reply	[flat|nested] 4+ messages in thread

* [PATCH 2/2] demo: second
  2026-06-01  9:00 [PATCH 1/2] demo: first Ann Author
@ 2026-06-01  9:00 \` Ann Author
  2026-06-01 10:30 \` [PATCH 1/2] demo: first Bob Reviewer
  1 sibling, 0 replies; 4+ messages in thread
From: Ann Author @ 2026-06-01  9:00 UTC (permalink / raw)
  To: list

Second.

^ permalink raw reply	[flat|nested] 4+ messages in thread

* Re: [PATCH 1/2] demo: first
  2026-06-01  9:00 [PATCH 1/2] demo: first Ann Author
  2026-06-01  9:00 \` [PATCH 2/2] demo: second Ann Author
@ 2026-06-01 10:30 \` Bob Reviewer
  2026-06-02  8:05   \` Ann Author
  1 sibling, 1 reply; 4+ messages in thread
From: Bob Reviewer @ 2026-06-01 10:30 UTC (permalink / raw)
  To: Ann Author

> First.

^ permalink raw reply	[flat|nested] 4+ messages in thread

* Re: [PATCH 1/2] demo: first
  2026-06-01 10:30 \` Bob Reviewer
@ 2026-06-02  8:05   \` Ann Author
  0 siblings, 0 replies; 4+ messages in thread
From: Ann Author @ 2026-06-02  8:05 UTC (permalink / raw)
  To: Bob Reviewer

Thanks.

^ permalink raw reply	[flat|nested] 4+ messages in thread
`;

test('a saved thread page: replies by the tree, also among mails of one author in one minute', () => {
  const doc = read(PAGE);
  expect(doc.form).toBe('thread-text');
  expect(brief(doc)).toEqual([
    '0 Ann Author <> 2026-06-01T09:00:00Z [PATCH 1/2] demo: first ^- @10',
    '1 Ann Author <> 2026-06-01T09:00:00Z [PATCH 2/2] demo: second ^0 @22',
    '2 Bob Reviewer <> 2026-06-01T10:30:00Z Re: [PATCH 1/2] demo: first ^0 @35',
    '3 Ann Author <> 2026-06-02T08:05:00Z Re: [PATCH 1/2] demo: first ^2 @46',
  ]);
  expect(doc.lines.line(doc.messages[1]?.endLine ?? 0)).toMatch(/^\^ permalink/);
  expect(doc.lines.line(doc.messages[1]?.startLine ?? 0)).toBe('* [PATCH 2/2] demo: second');
});

test('a thread page that was cut inside a message keeps it, with a problem', () => {
  const cut = read(PAGE.slice(0, PAGE.indexOf('Second.') + 7));
  expect(cut.messages.length).toBe(2);
  expect(cut.problems).toEqual([
    { severity: 'warning', line: 19, message: 'the page ends inside this message' },
  ]);
});

test('a message that the archive does not have is known by its id', () => {
  const page = PAGE.replace(
    '@ 2026-06-01  9:00 Ann Author',
    '     [not found] <lost@example.org>\n@ 2026-06-01  9:00 ` Ann Author',
  );
  expect(read(page).messages[0]).toMatchObject({ inReplyTo: 'lost@example.org' });
});

test('the text of a MHonArc page, with and without empty lines between its headers', () => {
  const spaced =
    'Re: [PATCH] demo: x\n\nFrom: Jan Example\n\nDate: Thu Jun 25 2026 - 05:46:23 EST\n\n\nHello.\n';
  expect(brief(read(spaced))).toEqual([
    '0 Jan Example <> 2026-06-25T10:46:23Z Re: [PATCH] demo: x ^- @7',
  ]);
  const tight =
    'Re: [PATCH] demo: x\nFrom: Jan Example\nDate: Thu Jun 25 2026 - 05:46:23 EST\nHello.\n';
  expect(brief(read(tight))).toEqual([
    '0 Jan Example <> 2026-06-25T10:46:23Z Re: [PATCH] demo: x ^- @3',
  ]);
});

test('a mail whose line ends were lost says so', () => {
  const line = `${MBOX.replaceAll('\n', ' ')} ${'text '.repeat(200)}`;
  const doc = read(line);
  expect(doc.problems.map((p) => `${p.line} ${p.message}`)).toEqual([
    '0 the line ends of this mail were lost; of its diffs, only hunks whose counts fit are read',
  ]);
  expect(brief(doc)).toEqual(['0 Ann <ann@example.org> 2026-06-01T10:00:00Z one ^- @0']);
});

test.each(['base64', 'quoted-printable'])(
  'a %s body is not read, and that is said with its line',
  (encoding) => {
    const doc = read(
      MAIL.replace(
        'MIME-Version: 1.0',
        `MIME-Version: 1.0\nContent-Transfer-Encoding: ${encoding}`,
      ),
    );
    expect(doc.messages[0]?.text).toEqual([]);
    expect(doc.problems).toEqual([
      { severity: 'note', line: 7, message: `this text is ${encoding} and was not decoded` },
    ]);
  },
);

test('multipart: plain parts are text, encoded and HTML parts are not', () => {
  const doc = read(
    MAIL.replace('MIME-Version: 1.0', 'Content-Type: multipart/mixed;\n boundary="b1"').replace(
      'Body.',
      'preamble\n--b1\nContent-Type: text/plain\n\nHello\n--b1\nContent-Type: text/html\n\n<p>\n--b1\nContent-Transfer-Encoding: base64\n\nAAAA\n--b1--\nepilogue',
    ),
  );
  const lines = doc.messages[0]?.text.map((p) => doc.lines.line(p.startLine));
  expect(lines).toEqual(['Hello']);
  expect(doc.problems.map((p) => doc.lines.line(p.line))).toEqual([
    'Content-Transfer-Encoding: base64',
  ]);
});

test.each([
  ['diff --git a/x.c b/x.c\n', 'diff'],
  ['--- a/x.c\n+++ b/x.c\n', 'diff'],
  ['just: a remark\nand more\n', 'text'],
  ['', 'text'],
  ['\n\n', 'text'],
  ['int x;\n', 'text'],
])('%j is %s', (text, form) => {
  const doc = read(text);
  expect([doc.form, doc.messages.length]).toEqual([form, 1]);
});

test.each([
  ['Mon, 07 Oct 19 02:33:48 GMT', '2019-10-07T02:33:48Z'],
  ['7 Oct 99 02:33 -0100', '1999-10-07T03:33:00Z'],
  ['Fri Oct 21 08:05:49 PM PDT 2022', '2022-10-22T03:05:49Z'],
  ['Fri Oct  1 12:05:49 AM 2022', '2022-10-01T00:05:49Z'],
  ['Fri, 31 Foo 2022 08:05:49', undefined],
])('date %s', (raw, iso) => {
  expect(read(MAIL.replace(/^Date: .*/m, `Date: ${raw}`)).messages[0]?.date.iso).toBe(iso);
});
