import type { ThreadEntry } from './thread-text.js';
import type { LooseMessage, Message } from './types.js';

function numbered(message: LooseMessage, index: number, parent: number | undefined): Message {
  return { ...message, index, ...(parent === undefined ? {} : { parent }) };
}

/** Reply structure by ids: In-Reply-To first, then the nearest of References that is in the document. */
export function linkByIds(messages: readonly LooseMessage[]): Message[] {
  const byId = new Map<string, number>();
  messages.forEach((m, index) => {
    if (m.messageId !== undefined && !byId.has(m.messageId)) byId.set(m.messageId, index);
  });
  return messages.map((m, index) => {
    const ids = [
      ...(m.inReplyTo === undefined ? [] : [m.inReplyTo]),
      ...[...m.references].reverse(),
    ];
    const parent = ids.map((id) => byId.get(id)).find((p) => p !== undefined && p !== index);
    return numbered(m, index, parent);
  });
}

/** Tree rows show minutes and an author; a subject only where it changes. */
function minuteOf(message: LooseMessage): string {
  return (message.date.iso ?? '').slice(0, 16).replace('T', ' ');
}

function bare(subject: string): string {
  return subject.replace(/^(?:re: *)+/i, '').trim();
}

/** The entries that the parent row of `entry` may speak of. */
function candidates(
  entry: ThreadEntry,
  byMinute: ReadonlyMap<string, readonly number[]>,
  all: readonly ThreadEntry[],
): number[] {
  const row = entry.parent;
  if (!row || row.isId) return [];
  const [day = '', clock = ''] = row.key.split(' ');
  const found = (byMinute.get(`${day} ${clock.padStart(5, '0')}`) ?? []).filter((i) => {
    const other = all[i];
    return other !== undefined && other !== entry && row.label.endsWith(other.message.from.name);
  });
  if (found.length < 2) return found;
  const named = found.filter((i) => {
    const other = all[i];
    const shown = other
      ? bare(row.label.slice(0, row.label.length - other.message.from.name.length))
      : '';
    return (
      other !== undefined &&
      shown !== '' &&
      bare(other.message.subject).startsWith(shown.replace(/\.\.$/, ''))
    );
  });
  const narrowed = named.length > 0 ? named : found;
  const level = narrowed.filter((i) => all[i]?.self?.column === row.column);
  return level.length > 0 ? level : narrowed;
}

/** Reply structure by the tree rows of a thread page; left open where two messages fit equally. */
export function linkByTree(entries: readonly ThreadEntry[]): Message[] {
  const byMinute = new Map<string, number[]>();
  entries.forEach((entry, index) => {
    const key = minuteOf(entry.message);
    const same = byMinute.get(key);
    if (same) same.push(index);
    else byMinute.set(key, [index]);
  });
  return entries.map((entry, index) => {
    const fits = candidates(entry, byMinute, entries);
    return numbered(entry.message, index, fits.length === 1 ? fits[0] : undefined);
  });
}
