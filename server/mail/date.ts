import type { MailDate } from './types.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Minutes east of UTC of the zone names of RFC 5322, 4.3. Other names are unknown, as there. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ['UT', 0],
  ['UTC', 0],
  ['GMT', 0],
  ['Z', 0],
  ['EST', -300],
  ['EDT', -240],
  ['CST', -360],
  ['CDT', -300],
  ['MST', -420],
  ['MDT', -360],
  ['PST', -480],
  ['PDT', -420],
]);

function zoneMinutes(zone: string): number | undefined {
  const m = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (!m) return ZONES.get(zone.toUpperCase());
  const minutes = Number(m[2]) * 60 + Number(m[3]);
  return m[1] === '-' ? -minutes : minutes;
}

function iso(
  day: readonly [number, number, number],
  clock: string,
  zone: string,
): string | undefined {
  const [year, month, date] = day;
  const [h = 0, m = 0, s = 0] = clock.split(':').map(Number);
  const east = zoneMinutes(zone);
  if (east === undefined || month < 0 || date < 1 || date > 31 || h > 24 || m > 59 || s > 60)
    return undefined;
  const time = new Date(Date.UTC(year, month, date, h, m - east, s));
  return Number.isNaN(time.getTime()) ? undefined : `${time.toISOString().slice(0, 19)}Z`;
}

const RFC5322 =
  /(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4}|\d\d) (\d\d?:\d\d(?::\d\d)?) ?([+-]\d\d:?\d\d|[A-Za-z]{1,4})?/;
const CTIME = /([A-Za-z]{3}) (\d{1,2}) (\d{4}) - (\d\d?:\d\d:\d\d) ?([+-]\d{4}|[A-Za-z]{1,4})?/;
/** As date(1) writes it. */
const UNIX =
  /([A-Za-z]{3}) {1,2}(\d{1,2}) (\d\d?):(\d\d:\d\d) (?:(AM|PM) )?(?:([+-]\d{4}|[A-Z]{1,4}) )?(\d{4})/;
const PLAIN = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d?:\d\d(?::\d\d)?) ?([+-]\d\d:?\d\d|[A-Za-z]{1,4})?/;

/** Two digits are of this century up to 49 (RFC 5322, 4.3). */
function yearOf(digits: string): number {
  const year = Number(digits);
  return digits.length === 4 ? year : year + (year < 50 ? 2000 : 1900);
}

function readUnix(text: string): string | undefined {
  const u = UNIX.exec(text);
  if (!u) return undefined;
  const [, month = '', day, hour, rest = '', half, zone, year] = u;
  const h = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  const date = [Number(year), MONTHS.indexOf(month.toLowerCase()), Number(day)] as const;
  return iso(date, `${h}:${rest}`, zone ?? 'UTC');
}

function readIso(text: string): string | undefined {
  const p = PLAIN.exec(text);
  if (p) return iso([Number(p[1]), Number(p[2]) - 1, Number(p[3])], p[4] ?? '', p[5] ?? 'UTC');
  const r = RFC5322.exec(text);
  if (r)
    return iso(
      [yearOf(r[3] ?? ''), MONTHS.indexOf((r[2] ?? '').toLowerCase()), Number(r[1])],
      r[4] ?? '',
      r[5] ?? 'UTC',
    );
  const c = CTIME.exec(text);
  if (c)
    return iso(
      [Number(c[3]), MONTHS.indexOf((c[1] ?? '').toLowerCase()), Number(c[2])],
      c[4] ?? '',
      c[5] ?? 'UTC',
    );
  return readUnix(text);
}

/** A date as mails, public-inbox (`2025-07-18 11:30 UTC`) and MHonArc (`Thu Jun 25 2026 - 05:46:23 EST`) write it. */
export function readDate(raw: string): MailDate {
  const tidy = raw.slice(0, 200).replace(/\s+/g, ' ').trim();
  const found = readIso(tidy);
  return found === undefined ? { raw } : { iso: found, raw };
}
