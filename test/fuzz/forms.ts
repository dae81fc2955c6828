/** The forms in which mails lie on disks, around mails that are made elsewhere. */
import type { Random } from './random.js';

const FROM = 'From mboxrd@z Thu Jan  1 00:00:00 1970';

/** mboxo and mboxrd escape lines, mboxcl counts bytes, and some writers do neither. */
function mbox(r: Random, mails: readonly string[]): string {
  const kind = r.pick(['o', 'rd', 'cl', 'raw']);
  return mails
    .map((mail) => {
      const escaped =
        kind === 'o'
          ? mail.replaceAll(/^From /gm, '>From ')
          : kind === 'rd'
            ? mail.replaceAll(/^(>*From )/gm, '>$1')
            : mail;
      const counted = kind === 'cl' ? `Content-Length: ${r.below(2 * mail.length)}\n` : '';
      return `${FROM}\n${counted}${escaped}\n`;
    })
    .join('');
}

function bodyOf(mail: string): string {
  return mail.slice(mail.indexOf('\n\n') + 2);
}

/** A thread page of a public-inbox server, as it is saved as text. */
function threadPage(r: Random, mails: readonly string[]): string {
  const minute = (n: number): string => `2025-07-18 11:${String(n % 60).padStart(2, '0')}`;
  const row = (self: number): string =>
    mails
      .map((_, i) => {
        const branch = i === 0 ? '' : `${' '.repeat(2 * r.below(3))}\` `;
        return `${i === self ? '@' : ' '} ${minute(i)} UTC ${branch}[PATCH ${i}] demo A${i}`;
      })
      .join('\n');
  return mails
    .map((mail, i) => {
      const tree = r.chance(80) ? `${row(i)}\n  0 siblings, 1 reply; 3+ messages in thread\n` : '';
      const cut = r.chance(90)
        ? '\n\n^ permalink raw reply\t[flat|nested] 3 messages in thread\n'
        : '';
      return `* [PATCH ${i}] demo\n${tree}From: A${i} @ ${minute(i)} UTC (permalink / raw)\n  To: b; +Cc: c\n\n${bodyOf(mail)}${cut}`;
    })
    .join('\n');
}

/** The text of a MHonArc page. */
function webText(mail: string): string {
  return `Re: [PATCH v2 1/2] demo\n\nFrom: A\nDate: Thu Jun 25 2026 - 05:46:23 EST\n\n\n${bodyOf(mail)}`;
}

/** A mail whose line ends became spaces. */
function lostLines(mail: string): string {
  return `${FROM} ${mail.replaceAll(/\s*\n/g, ' ')}\n`;
}

/** One input of mails. */
export function inForm(r: Random, mails: readonly string[]): string {
  const [first = ''] = mails;
  switch (r.below(12)) {
    case 0:
      return threadPage(r, mails);
    case 1:
      return webText(first);
    case 2:
      return lostLines(first);
    case 3:
      return bodyOf(first);
    case 4:
      return mails
        .map(
          (mail) =>
            `From ${'0123456789abcdef'.repeat(3).slice(0, 40)} Mon Sep 17 00:00:00 2001\n${mail}\n`,
        )
        .join('');
    case 5:
    case 6:
      return first;
    default:
      return mbox(r, mails);
  }
}
