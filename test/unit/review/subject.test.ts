import { expect, test } from 'vitest';
import { readSubject } from '../../../server/review/index.js';

/** `patch v3 2/5 rfc resend [tags] title`, only what is there. */
function show(subject: string): string {
  const s = readSubject(subject);
  const numbers = s.number === undefined ? '' : `${s.number}/${s.total ?? '?'}`;
  const words = [
    s.reply ? 're' : '',
    s.pull ? 'pull' : '',
    s.patch ? 'patch' : '',
    s.patchset ? 'set' : '',
    `v${s.version}`,
    numbers,
    s.rfc ? 'rfc' : '',
    s.resend ? 'resend' : '',
    s.tags.length > 0 ? `[${s.tags.join(' ')}]` : '',
    s.title,
  ];
  return words.filter((w) => w !== '').join(' ');
}

test.each([
  ['[PATCH v4 09/23] ext4: demo', 'patch v4 9/23 ext4: demo'],
  ['[PATCH v6,19/24] demo', 'patch v6 19/24 demo'],
  ['[PATCH -next v2 00/22] demo', 'patch v2 0/22 [-next] demo'],
  ['[PATCHv3 2/3] demo', 'patch v3 2/3 demo'],
  ['[PATCH -V10 1/3] demo', 'patch v10 1/3 demo'],
  ['[RFC PATCH V2 1/3] demo', 'patch v2 1/3 rfc demo'],
  ['[RFCv2 1/3] demo', 'patch v2 1/3 rfc demo'],
  ['[RFC 1/3] demo', 'patch v1 1/3 rfc demo'],
  ['[RFC] what about it', 'v1 rfc what about it'],
  ['[PATCH 1/3 v2] demo', 'patch v2 1/3 demo'],
  ['[PATCH][RFC] demo', 'patch v1 rfc demo'],
  ['[RESEND PATCH v2 3/4] demo', 'patch v2 3/4 resend demo'],
  ['[f2fs-dev] [PATCH 1/2] demo', 'patch v1 1/2 [f2fs-dev] demo'],
  ['[PATCH AUTOSEL 6.1 03/10] demo', 'patch v1 3/10 [AUTOSEL 6.1] demo'],
  ['[e2fsprogs PATCH] demo', 'patch v1 [e2fsprogs] demo'],
  ['[PATCHSET v3 2/5] demo', 'patch set v3 2/5 demo'],
  ['[v3,2/5] demo', 'patch v3 2/5 demo'],
  ['[PATCH v2.1 3/5] demo', 'patch v2.1 3/5 demo'],
  ['[PATCH 02/31] demo [ver #3]', 'patch v3 2/31 demo [ver #3]'],
  ['[GIT PULL] demo fixes for 6.1', 'pull v1 [GIT PULL] demo fixes for 6.1'],
  ['[patch v2 for-next/fixes 1/2] demo', 'patch v2 1/2 [for-next/fixes] demo'],
  ['Re: [PATCH v3 3/7] demo', 're patch v3 3/7 demo'],
  ['回复: Re: AW: [PATCH] demo', 're patch v1 demo'],
  ['答复: 【外部邮件!】Re: [PATCH v2] demo', 're patch v2 demo'],
  ['Re[2]: [PATCH] demo', 're patch v1 demo'],
  ['[syzbot] [ext4?] demo', 'v1 [syzbot ext4?] demo'],
  ['no brackets, but 1/2', 'v1 no brackets, but 1/2'],
  ['[5/2] demo', 'v1 [5/2] demo'],
  ['', 'v1'],
])('%s', (subject, expected) => expect(show(subject)).toBe(expected));
