/** Rows of the review view for small mailboxes. */
import { expect, it } from 'vitest';
import { reviewOf } from '../../../server/lsp/review.js';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import type { ReviewNode } from '../../../shared/review.js';
import type { Finding } from '../../../shared/trace.js';
import type { Mail } from '../review/support.js';
import { box, diff } from '../review/support.js';

const URI = 'file:///box';

function drawn(nodes: readonly ReviewNode[], indent = ''): readonly string[] {
  return nodes.flatMap(({ kind, label, detail, children }) => [
    `${indent}${kind} ${label}${detail === '' ? '' : ` | ${detail}`}`,
    ...drawn(children, `${indent}  `),
  ]);
}

/** The rows of a mailbox; `found`: lines of it that a finding stands on. */
function rows(mails: readonly Mail[], found = /(?!)/): readonly string[] {
  const text = box(...mails);
  const mail = readMailDocument(text, URI);
  const findings = text.split('\n').flatMap((line, i): Finding[] => {
    if (!found.test(line)) return [];
    const at = { uri: URI, line: i, character: 0, endLine: i, endCharacter: 1 };
    const words = { rule: 'RL-1', severity: 'warning', message: 'waits' } as const;
    return [{ id: `f${String(i)}`, ...words, at, related: [], copies: [] }];
  });
  const parts = { mail, files: readDiffs(mail), functionsOf: () => [] };
  return drawn(reviewOf(URI, 1, parts, findings).nodes);
}

it('says which patches are not there, and which a version dropped', () => {
  expect(
    rows([
      { id: 'a1', subject: '[PATCH 1/3] one', body: diff('fs/a.c', 'one();') },
      { id: 'a2', subject: '[PATCH 2/3] two', to: 'a1', body: diff('fs/b.c', 'two();') },
      { id: 'b1', subject: '[PATCH v2] one', at: 60, body: diff('fs/a.c', 'one();') },
    ]),
  ).toMatchInlineSnapshot(`
    [
      "series one | v1, v2",
      "  version v2 | Ann Author, 2026-06-01 · 1 patch",
      "    patch one | unchanged",
      "      file fs/a.c | +1 −0",
      "    missing two | no longer in this version",
      "  version v1 | Ann Author, 2026-06-01 · 2 patches",
      "    patch 1/3 one",
      "      file fs/a.c | +1 −0",
      "    patch 2/3 two",
      "      file fs/b.c | +1 −0",
      "    missing not here: 3 of 3",
    ]
  `);
});

it('shows diffs that people put into answers, with what was found in them', () => {
  expect(
    rows(
      [
        { id: 'q', subject: 'a hang', from: 'Quinn <q@example.org>' },
        {
          id: 'r',
          subject: 'Re: a hang',
          to: 'q',
          at: 5,
          body: `Try this:\n\n${diff('fs/a.c', 'bad();')}`,
        },
      ],
      /^\+\tbad/,
    ),
  ).toMatchInlineSnapshot(`
    [
      "thread a hang | 1 diff · 2 messages · 1 finding",
      "  patch Ann Author, 2026-06-01 | 1 finding",
      "    file fs/a.c | +1 −0",
      "      finding waits | RL-1",
    ]
  `);
});

it('shows what was found in a quotation of a mail that is not there', () => {
  const quoted = diff('fs/a.c', 'bad();').replace(/^/gm, '> ');
  expect(rows([{ id: 'r', subject: 'Re: [PATCH] one', to: 'gone', body: quoted }], /^> \+\tbad/))
    .toMatchInlineSnapshot(`
    [
      "finding waits | RL-1",
    ]
  `);
});

it('says which series are not for the kernel', () => {
  const [first] = rows([
    { id: 'x', subject: '[PATCH] generic/999: test it', body: diff('tests/generic/999', 'x') },
  ]);
  expect(first).toBe('series generic/999: test it | v1 · not for the kernel: xfstests');
});
