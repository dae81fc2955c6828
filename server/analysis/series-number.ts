/** Which patch of which series a mail is, as its subject says. */

export interface SeriesNumber {
  /** 1-based; 0 is the cover letter. */
  readonly n: number;
  readonly m: number;
  readonly version: number;
}

const NUMBERED = /^\s*\[([^\]]*?)\b(\d{1,4})\/(\d{1,4})[^\]]*\]/;

/** `[PATCH v2 03/22] …`; undefined for replies and for patches that stand alone. */
export function seriesNumber(subject: string): SeriesNumber | undefined {
  const found = NUMBERED.exec(subject);
  if (!found) return undefined;
  const version = /v(\d{1,3})\b/i.exec(found[1] ?? '')?.[1];
  return { n: Number(found[2]), m: Number(found[3]), version: Number(version ?? 1) };
}

/** The same for all patches of one series. */
export function seriesKey({ m, version }: SeriesNumber): string {
  return `v${version}/${m}`;
}

/** `1-4, 7` of ascending numbers. */
export function numberRanges(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const n of numbers) {
    const last = ranges.at(-1);
    if (last && last.to + 1 === n) last.to = n;
    else ranges.push({ from: n, to: n });
  }
  return ranges.map((r) => (r.from === r.to ? `${r.from}` : `${r.from}-${r.to}`)).join(', ');
}
