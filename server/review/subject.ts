import type { SubjectTag } from './types.js';

const REPLY = /^(?:re|aw|antw|sv|vs|fwd?|wg|答复|回复|转发)(?:\[\d+\])?\s*[:：]\s*/i;
/** What gateways put before the subject of a mail from outside. */
const GATEWAY = /^(?:【[^】]{0,30}】|\[EXTERNAL\])\s*/i;
const BRACKETS = /^\[([^[\]]*)\]\s*/;
const NUMBERS = /^(\d{1,4})(?:\.\d+)?\/(\d{1,4})$/;
const VERSION = /^-?v(\d{1,3}(?:\.\d{1,2})?)$/i;
const PATCH = /^-?patch(?:es)?(?:[-_]?v(\d{1,3}(?:\.\d{1,2})?))?$/i;
const RFC = /^-?rfc(?:[-_]?v(\d{1,3}(?:\.\d{1,2})?))?$/i;
/** David Howells' way: the version behind the title. */
const LATE_VERSION = /\[ver #(\d{1,3})\]\s*$/;
/** Longest subject that is looked at. */
const LONGEST = 2000;

interface Draft {
  patch: boolean;
  patchset: boolean;
  rfc: boolean;
  resend: boolean;
  version: number | undefined;
  number: number | undefined;
  total: number | undefined;
  readonly tags: string[];
}

function word(text: string, into: Draft): void {
  const numbers = NUMBERS.exec(text);
  const patch = PATCH.exec(text);
  const rfc = RFC.exec(text);
  const version = VERSION.exec(text)?.[1] ?? patch?.[1] ?? rfc?.[1];
  if (version !== undefined) into.version ??= Number(version);
  if (numbers && Number(numbers[1]) <= Number(numbers[2])) {
    into.number ??= Number(numbers[1]);
    into.total ??= Number(numbers[2]);
  } else if (patch) into.patch = true;
  else if (rfc) into.rfc = true;
  else if (/^patch(?:set|bomb)$/i.test(text)) into.patch = into.patchset = true;
  else if (/^-?(?:resend|repost)\d*$/i.test(text)) into.resend = true;
  else if (version === undefined && text !== '') into.tags.push(text);
}

/**
 * Reads the brackets of a subject, whatever their order: `[PATCH v6,19/24]`, `[PATCHv3 2/3]`,
 * `[e2fsprogs PATCH]`, `[f2fs-dev] [PATCH 1/2 v2]`, `[RFC 1/3]`, `[v3,2/5]` as patchwork writes.
 */
export function readSubject(subject: string): SubjectTag {
  let rest = subject.slice(0, LONGEST).replace(/\s+/g, ' ').trim().replace(GATEWAY, '');
  let reply = false;
  const draft: Draft = {
    patch: false,
    patchset: false,
    rfc: false,
    resend: false,
    version: undefined,
    number: undefined,
    total: undefined,
    tags: [],
  };
  for (;;) {
    const re = REPLY.exec(rest);
    const inside = re ? undefined : BRACKETS.exec(rest);
    if (!re && !inside) break;
    reply ||= re !== null;
    for (const text of (inside?.[1] ?? '').split(/[\s,()]+/)) word(text, draft);
    rest = rest.slice((re ?? inside)?.[0].length ?? 0).replace(GATEWAY, '');
  }
  const late = LATE_VERSION.exec(rest)?.[1];
  const { number, total, tags } = draft;
  const pull = tags.some((t) => /^pull$/i.test(t));
  return {
    reply,
    patch: (draft.patch || number !== undefined || draft.version !== undefined) && !pull,
    patchset: draft.patchset,
    pull,
    rfc: draft.rfc,
    resend: draft.resend,
    version: draft.version ?? (late === undefined ? 1 : Number(late)),
    ...(number === undefined || total === undefined ? {} : { number, total }),
    tags,
    title: rest,
  };
}

/** A title as it compares between versions. */
export function titleKey(title: string): string {
  return title
    .replace(LATE_VERSION, '')
    .toLowerCase()
    .replace(/[\s.]+/g, ' ')
    .trim();
}
