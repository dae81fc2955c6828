import type { MailDocument } from '../mail/index.js';
import { userspaceTag } from '../patch/index.js';
import type { Destination, SubjectTag } from './types.js';

const RELEASE = /^v?(\d+\.\d+)(?:\.y|\.\d+)?$/;
const STABLE = /^(?:linux-|stable-?)?v?(\d+\.\d+)(?:\.y|-stable)$|^(?:linux-)?stable$/i;
const NOTICE =
  /^(?:patch "?.{1,300} has been added to the .{1,60} tree|failed: patch "?.{1,300} failed to apply|(?:\[[^\]]{1,60}\] )?[+-]? ?\S+\.patch (?:added to|removed from) )/i;
const REVIEW = /^(\d+\.\d+)-stable (?:review )?patch\./;

/** What the keepers of the stable trees and of -mm send when they take, drop or fail to apply a patch. */
export function isNotice(subject: string): boolean {
  return NOTICE.test(subject.slice(0, 600));
}

function releaseIn(tags: readonly string[]): string | undefined {
  return tags.map((tag) => RELEASE.exec(tag)?.[1]).find((tree) => tree !== undefined);
}

/**
 * Who a patch is for, by the words in its brackets, its first line and the paths of its files.
 * @param userspace the project that its paths belong to.
 * @param line first line of the commit message.
 */
export function destinationOf(
  subject: SubjectTag,
  userspace: string | undefined,
  hasDiff: boolean,
  line: number,
  doc: MailDocument,
): { destination: Destination; tree?: string } {
  const { tags, title } = subject;
  const release = releaseIn(tags);
  const tree = release === undefined ? {} : { tree: release };
  if (tags.some((t) => /^autosel$/i.test(t))) return { destination: 'autosel', ...tree };
  const named = tags.map((t) => STABLE.exec(t)).find((m) => m !== null);
  if (named) return { destination: 'stable', ...(named[1] ? { tree: named[1] } : tree) };
  const review = REVIEW.exec(doc.lines.head(line, 80))?.[1];
  if (review !== undefined) return { destination: 'stable', tree: review };
  const tool = userspaceTag(`[${tags.join(' ')}] ${title}`) ?? userspace;
  if (tool !== undefined) return { destination: 'userspace', tree: tool };
  if (release !== undefined && subject.patch && !subject.patchset)
    return { destination: 'stable', tree: release };
  return { destination: hasDiff ? 'kernel' : 'unknown' };
}
