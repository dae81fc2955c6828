/**
 * The diffs of a document as patches (all files of one message), and which earlier ones each
 * stacks on: an earlier diff of the thread that it does not compete with.
 */
import type { MailDocument } from '../mail/index.js';
import type { Change, FilePatch } from '../patch/index.js';
import type { SeriesNumber } from './series-number.js';
import { seriesKey, seriesNumbers } from './series-number.js';
import { image, isC } from '../patch/index.js';

export interface Patch {
  /** `(a)`, `(b)` … in document order. */
  readonly label: string;
  readonly message: number;
  readonly changes: readonly Change[];
  /** Content of all its files: the key of caches. */
  readonly id: string;
  /** Labels of the patches it stands on, in the order in which they are applied. */
  readonly on: readonly string[];
  /** Absent for a patch outside of a numbered series. */
  readonly series?: SeriesNumber;
}

function letters(n: number): string {
  const low = String.fromCharCode(97 + (n % 26));
  return n < 26 ? low : letters(Math.floor(n / 26) - 1) + low;
}

function normal(line: string): string {
  return line.replace(/\s+/g, ' ').trim();
}

/** Neighbouring lines of one side, each with what follows it: order is what tells versions apart. */
function sideLines(file: FilePatch, side: 'pre' | 'post'): readonly string[] {
  return image(file, side).flatMap((i) => {
    const lines = i.text
      .split('\n')
      .map(normal)
      .filter((l) => l !== '');
    return lines.slice(1).map((l, n) => `${lines[n] ?? ''}\n${l}`);
  });
}

function matches(lines: readonly string[], other: readonly string[]): number {
  const pool = new Map<string, number>();
  for (const l of other) pool.set(l, (pool.get(l) ?? 0) + 1);
  let n = 0;
  for (const l of lines) {
    const left = pool.get(l) ?? 0;
    if (left > 0) {
      pool.set(l, left - 1);
      n++;
    }
  }
  return n;
}

/** Two changes of one file that cannot both be applied: alternatives, or versions of each other. */
function compete(later: FilePatch, earlier: FilePatch): boolean {
  if (later.path !== earlier.path) return false;
  if (
    later.preBlob !== undefined &&
    earlier.postBlob !== undefined &&
    later.preBlob === earlier.postBlob
  )
    return false;
  if (later.preBlob !== undefined && later.preBlob === earlier.preBlob) return true;
  const pre = sideLines(later, 'pre');
  return matches(pre, sideLines(earlier, 'pre')) > matches(pre, sideLines(earlier, 'post'));
}

/** Patch n of a series stands on 1..n-1 of it; any other on what it can be applied with. */
function stacksOn(later: Patch, earlier: Patch): boolean {
  const { series } = later;
  if (series) return isBelow(earlier, series);
  return !later.changes.some((l) => earlier.changes.some((e) => compete(l.primary, e.primary)));
}

function isBelow({ series }: Patch, above: SeriesNumber): boolean {
  return series !== undefined && seriesKey(series) === seriesKey(above) && series.n < above.n;
}

/** Patches of a series by their number, on the places that they have in the document; others stay. */
function byNumber(patches: readonly Patch[]): readonly Patch[] {
  const queues = new Map<number, Patch[]>();
  for (const p of patches) {
    if (!p.series) continue;
    const key = seriesKey(p.series);
    queues.set(key, [...(queues.get(key) ?? []), p]);
  }
  for (const q of queues.values()) q.sort((a, b) => (a.series?.n ?? 0) - (b.series?.n ?? 0));
  return patches.map((p) => (p.series && queues.get(seriesKey(p.series))?.shift()) ?? p);
}

/**
 * Patches whose C stands unquoted in the document; in a document that only quotes, what it quotes.
 * In the order in which they are applied; their labels follow the document.
 */
export function patchesOf(doc: MailDocument, changes: readonly Change[]): readonly Patch[] {
  const own = changes.filter((c) => c.primary.depth === 0 && isC(c.primary.path));
  const byMessage = new Map<number, Change[]>();
  for (const c of own.length > 0 ? own : changes) {
    if (!isC(c.primary.path)) continue;
    const list = byMessage.get(c.primary.message) ?? [];
    list.push(c);
    byMessage.set(c.primary.message, list);
  }
  const numbers = seriesNumbers(
    doc,
    changes.flatMap((c) => [c.primary, ...c.copies]),
  );
  const alone: Patch[] = [];
  for (const m of doc.messages) {
    const list = byMessage.get(m.index);
    if (!list) continue;
    const series = numbers.get(m.index);
    alone.push({
      label: `(${letters(alone.length)})`,
      message: m.index,
      changes: list,
      id: list.map((c) => c.id).join('+'),
      on: [],
      ...(series ? { series } : {}),
    });
  }
  const out: Patch[] = [];
  for (const p of byNumber(alone))
    out.push({ ...p, on: out.filter((e) => stacksOn(p, e)).map((e) => e.label) });
  return out;
}
