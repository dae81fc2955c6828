/** Threads and series of a mailbox as text of at most 72 columns, safe to print. */
import type { Letter, Series, Thread } from '../review/index.js';
import { COLUMNS } from './change-text.js';
import { clip, plain, wrap } from './plain.js';

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function indented(text: string, by: number): string[] {
  return wrap(plain(text), COLUMNS - by).map((line) => ' '.repeat(by) + line);
}

function whose(series: Series): string {
  const { destination, tree } = series;
  if (destination === 'kernel' || destination === 'unknown') return '';
  if (destination === 'userspace') return `, for ${tree ?? 'userspace'}: left alone`;
  return `, for ${destination}${tree === undefined ? '' : ` ${tree}`}`;
}

function since(series: Series, all: readonly Series[]): string {
  const older = series.previous === undefined ? undefined : all[series.previous];
  if (!older) return '';
  const of = (change: string): number =>
    series.patches.filter((p) => p.earlier?.change === change).length;
  const fresh = series.patches.filter((p) => !p.earlier).length;
  const parts = [
    `${of('same')} unchanged`,
    `${of('changed')} changed`,
    `${fresh} new`,
    `${series.dropped.length} dropped`,
  ];
  return `; since v${older.version}: ${parts.filter((p) => !p.startsWith('0 ')).join(', ')}`;
}

/** What it stands on; the same series is named once. */
function ground(series: Series, all: readonly Series[]): string {
  const titles = series.needs.map((at) => all[at]?.title ?? '').filter((title) => title !== '');
  const named = [...new Set(titles)].map((title) => `"${clip(title, 60)}"`);
  const lost = series.needsMissing.length;
  const more = named.length > 3 ? ` and ${named.length - 3} more` : '';
  const parts = [
    ...(named.length === 0 ? [] : [`${named.slice(0, 3).join(', ')}${more}`]),
    ...(lost === 0 ? [] : [`${counted(lost, 'prerequisite')} not here`]),
  ];
  return parts.length === 0 ? '' : `; on ${parts.join(', and ')}`;
}

function seriesLines(series: Series, all: readonly Series[]): string[] {
  const { patches, total, version, missing } = series;
  const marks = [series.rfc ? 'RFC ' : '', series.resend ? 'RESEND ' : ''].join('');
  const have =
    patches.length === total
      ? counted(total, 'patch').replace('patchs', 'patches')
      : `${patches.length} of ${total} patches`;
  const lost =
    missing.length === 0 || patches.length === 0
      ? ''
      : ` (not here: ${missing.slice(0, 8).join(', ')}${missing.length > 8 ? ' …' : ''})`;
  const given = new Set(patches.flatMap((p) => p.given.map((t) => `${t.name} ${t.value}`))).size;
  const tags = given === 0 ? '' : `, ${counted(given, 'trailer')} given`;
  return indented(
    `${marks}v${version}: ${have}${lost}${whose(series)}${tags}${since(series, all)}${ground(series, all)}`,
    4,
  );
}

/** One block a thread, oldest first: day, title, how many mails, id of the first, and its series. */
export function threadsText(
  letters: readonly Letter[],
  threads: readonly Thread[],
  series: readonly Series[],
): string {
  const bySeries = new Map<number, Series[]>();
  for (const s of series) bySeries.set(s.thread, [...(bySeries.get(s.thread) ?? []), s]);
  const dayOf = (t: Thread): string =>
    letters[t.entries[0]?.letter ?? -1]?.date.iso?.slice(0, 10) ?? '????-??-??';
  const blocks = threads.map((t) => ({ t, day: dayOf(t) }));
  blocks.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.t.index - b.t.index));
  const lines = blocks.flatMap(({ t, day }) => {
    const first = letters[t.entries[0]?.letter ?? -1];
    const lost = t.missing.length === 0 ? '' : `, ${t.missing.length} not here`;
    const [title = '', ...more] = wrap(
      plain(t.title === '' ? '(no subject)' : t.title),
      COLUMNS - 12,
    );
    return [
      `${day}  ${title}`,
      ...more.map((line) => `            ${line}`),
      ...indented(`${counted(t.entries.length, 'mail')}${lost}`, 4),
      ...(first?.messageId === undefined ? [] : [plain(`    <${first.messageId}>`)]),
      ...(bySeries.get(t.index) ?? []).flatMap((s) => seriesLines(s, series)),
    ];
  });
  return `${lines.join('\n')}\n`;
}
