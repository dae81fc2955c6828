import { describe, expect, test } from 'vitest';
import { diff, read, show, type Mail } from './support.js';

const patch = (
  id: string,
  subject: string,
  more: { to?: string; at?: number; body?: string; from?: string } = {},
): Mail => ({
  id,
  subject,
  body: `Text.\n\nSigned-off-by: Ann Author <ann@example.org>\n${diff('fs/demo/a.c', `n = f_${subject.replaceAll(/\W/g, '')}();`)}`,
  ...more,
});

const V1: readonly Mail[] = [
  { id: 'c1@x', subject: '[PATCH 0/2] demo: lock it', at: 0 },
  patch('p1', '[PATCH 1/2] demo: one', { to: 'c1@x', at: 1 }),
  patch('p2', '[PATCH 2/2] demo: two', { to: 'c1@x', at: 2 }),
];

describe('a series is put together', () => {
  test('from cover and patches that answer it, in any order', () => {
    const [cover, one, two] = V1;
    if (!cover || !one || !two) throw new Error('three mails');
    expect(show(read(cover, one, two))).toEqual(['v1 0=0 1=1, 2=2']);
    expect(show(read(two, cover, one))).toEqual(['v1 0=1 1=2, 2=0']);
  });

  test('when the cover letter is not there, and when a patch is not', () => {
    expect(show(read(...V1.slice(1)))).toEqual(['v1 1=0, 2=1']);
    expect(show(read(...V1.slice(2)))).toEqual(['v1 2=0 missing 1']);
  });

  test('when each mail answers the one before', () => {
    const chain = [
      V1[0],
      patch('p1', '[PATCH 1/2] demo: one', { to: 'c1@x' }),
      patch('p2', '[PATCH 2/2] demo: two', { to: 'p1' }),
    ].filter((m) => m !== undefined);
    expect(show(read(...chain))).toEqual(['v1 0=0 1=1, 2=2']);
  });

  test('when nothing is threaded, by sender and time', () => {
    const loose = [
      patch('p1', '[PATCH 1/2] demo: one', { at: 0 }),
      patch('x1', '[PATCH 1/2] other: one', { at: 0, from: 'Bob <bob@example.org>' }),
      patch('p2', '[PATCH 2/2] demo: two', { at: 2 }),
      patch('late', '[PATCH 2/2] demo: much later', { at: 600 }),
    ];
    expect(show(read(...loose))).toEqual(['v1 1=0, 2=2', 'v1 1=1 missing 2', 'v1 2=3 missing 1']);
  });

  test('files of git format-patch that were never sent, of several authors and days', () => {
    const unsent = (subject: string, at: number, from: string): Mail => {
      const { body = '' } = patch('', subject);
      return { subject, at, from, body };
    };
    const files = [
      unsent('[PATCH 1/3] demo: one', 0, 'Ann <ann@example.org>'),
      unsent('[PATCH 2/3] demo: two', 5000, 'Bob <bob@example.org>'),
      unsent('[PATCH 3/3] demo: three', 90, 'Ann <ann@example.org>'),
    ];
    expect(show(read(...files))).toEqual(['v1 1=0, 2=1, 3=2']);
    expect(show(read(...files, ...files))).toEqual(['v1 1=0, 2=1, 3=2', 'v1 1=3, 2=4, 3=5']);
  });

  test('a mail that came twice counts once', () => {
    expect(show(read(...V1, ...V1))).toEqual(['v1 0=0 1=1, 2=2']);
  });

  test('a cover over several series counts for the patches that answer it', () => {
    const set = [
      { id: 's', subject: '[PATCHSET v2 3/5] demo: online repair' },
      patch('a', '[PATCH 1/2] demo: one', { to: 's' }),
      patch('b', '[PATCH 2/2] demo: two', { to: 's' }),
    ];
    expect(show(read(...set))).toEqual(['v1 0=0 1=1, 2=2']);
  });

  test('a diff in a reply is no patch of a series', () => {
    const reply = patch('r', 'Re: [PATCH 1/2] demo: one', { to: 'p1', at: 9 });
    const found = read(...V1, reply);
    expect(show(found)).toEqual(['v1 0=0 1=1, 2=2']);
    expect(found.letters[3]?.kind).toBe('reply');
    expect(found.letters[3]?.files.map((f) => f.path)).toEqual(['fs/demo/a.c']);
  });
});

describe('versions are linked', () => {
  const v2 = (more: string): readonly Mail[] => [
    { id: 'c2', subject: '[PATCH v2 0/3] demo: lock it', at: 100, body: more },
    { ...patch('q1', '[PATCH v2 1/3] demo: one', { to: 'c2', at: 101 }), body: V1[1]?.body ?? '' },
    patch('q2', '[PATCH v2 2/3] demo: two', { to: 'c2', at: 102 }),
    patch('q3', '[PATCH v2 3/3] demo: three', { to: 'c2', at: 103 }),
  ];

  test('by title; patches are the same, changed or new', () => {
    expect(show(read(...V1, ...v2('')))).toEqual([
      'v1 0=0 1=1, 2=2',
      'v2 0=3 1=4 same as 0, 2=5 changed as 1, 3=6 after 0',
    ]);
    expect(read(...V1, ...v2('')).series.map((s) => s.next)).toEqual([1, undefined]);
  });

  test('by change-id, and by a link to the earlier version, also from another sender', () => {
    const from = 'Bob <bob@example.org>';
    const titled = (before: string, after: string, title = 'x: y'): string => {
      const [c1, ...old] = V1;
      if (!c1) throw new Error('cover');
      const now = v2(after).map((m) => ({
        ...m,
        from,
        subject: m.subject.replace(/demo: .*/, title),
      }));
      return show(read({ ...c1, body: before }, ...old, ...now)).join();
    };
    const id = 'change-id: 20260101-lock-0123456789ab';
    expect(titled(id, id)).toContain('after 0');
    expect(titled('Text.', id)).not.toContain('after 0');
    const link = 'v1: https://lore.kernel.org/r/c1@x';
    expect(titled('Text.', link, 'demo: one')).toContain('after 0');
    expect(titled('Text.', 'Text.', 'demo: one')).not.toContain('after 0');
  });

  test('a patch that is gone is named; a renamed one is known by its lines', () => {
    const next = {
      ...patch('q1', '[PATCH v2] demo: other words', { at: 50 }),
      body: `change-id: 20260101-lock-0123456789ab\n${V1[1]?.body ?? ''}`,
    };
    const [cover, ...old] = V1;
    if (!cover) throw new Error('cover');
    const first = { ...cover, body: 'change-id: 20260101-lock-0123456789ab' };
    expect(show(read(first, ...old, next))).toEqual([
      'v1 0=0 1=1, 2=2',
      'v2 1=3 same as 0 after 0 dropped 1',
    ]);
  });

  test('a resend comes after what it repeats; RFC comes before the patch', () => {
    const again = patch('r1', '[PATCH RESEND] demo: one', { at: 500 });
    const rfc = patch('r0', '[RFC PATCH] demo: one', { at: 0 });
    const first = patch('r2', '[PATCH] demo: one', { at: 100 });
    expect(show(read(rfc, first, again)).map((s) => s.replace(/(same|changed) as 0 /, ''))).toEqual(
      ['v1 1=0', 'v1 1=1 after 0', 'v1 1=2 after 1'],
    );
  });

  test('two patches of one title by different people are no versions of each other', () => {
    const a = patch('a', '[PATCH 1/2] demo: fix typo', { at: 0 });
    const b = patch('b', '[PATCH v2 1/2] demo: fix typo', { at: 9, from: 'Bob <bob@example.org>' });
    expect(show(read(a, b)).join()).not.toContain('after');
  });

  test('what it stands on: by prerequisites and by the blobs it begins with', () => {
    const other = {
      id: 'o1',
      subject: '[PATCH] demo: on top',
      at: 300,
      body: diff('fs/demo/a.c', 'x();', '2222222..3333333'),
    };
    const [, one] = V1;
    if (!one) throw new Error('patch');
    expect(show(read(one, other))).toEqual(['v1 1=0 missing 2', 'v1 1=1 needs 0']);
    const named = {
      id: 'o2',
      subject: '[PATCH] demo: elsewhere',
      body: `base-commit: 0123456789abcdef0123456789abcdef01234567\nprerequisite-message-id: <c1@x>\n${diff('fs/demo/b.c', 'x();', '4444444..3333333')}`,
    };
    const found = read(...V1, named);
    expect(show(found)[1]).toBe('v1 1=3 needs 0');
    expect(found.series[1]?.base.baseCommit).toBe('0123456789abcdef0123456789abcdef01234567');
  });
});

describe('trailers', () => {
  const given = (...replies: readonly Mail[]): string[] =>
    read(...V1, ...replies).series[0]?.patches.map((p) =>
      p.given.map((t) => `${t.name}: ${t.value}${t.toAll ? ' (all)' : ''}`).join('; '),
    ) ?? [];
  const bob = 'Bob <bob@example.org>';

  test('given to a patch, to the cover, and deeper in the thread', () => {
    const body = '> Signed-off-by: Ann\n\nReviewed-by: Bob <bob@example.org>';
    const tag = 'Reviewed-by: Bob <bob@example.org>';
    expect(given({ id: 'r', subject: 'Re: x', to: 'p2', from: bob, body })).toEqual(['', tag]);
    expect(given({ id: 'r', subject: 'Re: x', to: 'c1@x', from: bob, body })).toEqual([
      `${tag} (all)`,
      `${tag} (all)`,
    ]);
    const first = { id: 'r', subject: 'Re: x', to: 'p1', from: bob };
    expect(given(first, { id: 's', subject: 'Re: x', to: 'r', from: bob, body })).toEqual([
      tag,
      '',
    ]);
  });

  test('an address on the next line belongs to the name; prose with a colon is none', () => {
    const body =
      'Tested-by: A Person With A Very Long Name\n <p@example.org>\n\nHint-by: the way: no';
    expect(given({ id: 'r', subject: 'Re: x', to: 'p1', from: bob, body })[0]).toBe(
      'Tested-by: A Person With A Very Long Name <p@example.org>; Hint-by: the way: no',
    );
  });

  test('those of the commit message are the patch’s own', () => {
    const { letters } = read(...V1);
    expect(letters[1]?.trailers.map((t) => [t.name, t.value])).toEqual([
      ['Signed-off-by', 'Ann Author <ann@example.org>'],
    ]);
  });
});

describe('for whom', () => {
  test.each([
    ['[PATCH AUTOSEL 6.1 01/16] demo: one', 'fs/demo/a.c', 'autosel 6.1'],
    ['[PATCH 6.1 01/24] demo: one', 'fs/demo/a.c', 'stable 6.1'],
    ['[PATCH 5.10.y 1/2] demo: one', 'fs/demo/a.c', 'stable 5.10'],
    ['[PATCH e2fsprogs 1/2] demo: one', 'lib/ext2fs/a.c', 'userspace e2fsprogs'],
    ['[PATCH 1/2] generic/123: one', 'tests/generic/123', 'userspace xfstests'],
    ['[PATCH 1/2] mkfs: one', 'mkfs/a.c', 'userspace xfsprogs'],
    ['[PATCH 1/2] demo: one', 'fs/demo/a.c', 'kernel'],
  ])('%s', (subject, path, expected) => {
    const [series] = read({ id: 'a', subject, body: diff(path, 'x();') }).series;
    expect(`${series?.destination ?? ''} ${series?.tree ?? ''}`.trim()).toBe(expected);
  });

  test('what the keepers of the stable trees send is a notice', () => {
    const kinds = read(
      {
        subject: 'Patch "demo: one" has been added to the 6.1-stable tree',
        body: diff('a.c', 'x'),
      },
      { subject: 'FAILED: patch "[PATCH] demo: one" failed to apply to 6.1-stable tree' },
    ).letters.map((l) => l.kind);
    expect(kinds).toEqual(['notice', 'notice']);
  });

  test('a review patch of a stable release says so in its first line', () => {
    const body = `6.1-stable review patch.  If anyone has any objections, please let me know.\n\n---\n${diff('fs/demo/a.c', 'x')}`;
    const [series] = read({ subject: '[PATCH 6.1 007/120] demo: one', body }).series;
    expect([series?.destination, series?.tree]).toEqual(['stable', '6.1']);
  });
});
