/** What the conversion from tree to AST needs to know about the text that was parsed. */
import type { Attr, Expr, Loc, ParamDecl, Problem, TypeExpr } from './ast.js';
import { looksLikeType } from './mask-words.js';
import type { Masked, Segment } from './mask-state.js';
import type { SNode } from './to-ast-tree.js';

/** Maps offsets of a text that was composed for parsing to the source text. */
export interface Placement {
  readonly src: number;
  /** Offset of the source's piece in the composed text minus its offset in the source. */
  readonly shift: number;
  /** The piece, in the source text. */
  readonly from: number;
  readonly to: number;
  /** The text is not in the source: everything in it stands at `from`. */
  readonly pinned?: true;
}

/** A function cut by a hunk: what the @@ line says about it. */
export interface Fragment {
  readonly name: string;
  readonly result: TypeExpr;
  readonly params: readonly ParamDecl[];
  readonly isStatic: boolean;
}

export interface Context {
  readonly masked: Masked;
  readonly place: Placement;
  /** Parsed extracts by their start. */
  readonly extracted: ReadonlyMap<number, SNode>;
  readonly typeNames: ReadonlySet<string>;
  readonly fragment: Fragment | undefined;
  readonly problems: Problem[];
}

const clamp = (v: number, lo: number, hi: number): number => Math.max(lo, Math.min(hi, v));

/** Place in the source text of a range of the composed text. */
export function locate(place: Placement, start: number, end: number): Loc {
  if (place.pinned) return { src: place.src, start: place.from, end: place.from };
  const from = clamp(start - place.shift, place.from, place.to);
  return {
    src: place.src,
    start: from,
    end: Math.max(from, clamp(end - place.shift, place.from, place.to)),
  };
}

export function locOf(cx: Context, n: { readonly start: number; readonly end: number }): Loc {
  return locate(cx.place, n.start, n.end);
}

/** Whether an offset lies in text that was put around the source. */
export function isSynthetic(cx: Context, offset: number): boolean {
  if (cx.place.pinned) return false;
  return offset - cx.place.shift < cx.place.from || offset - cx.place.shift >= cx.place.to;
}

/** Original text of a node. */
export function textOf(cx: Context, n: { readonly start: number; readonly end: number }): string {
  return cx.masked.original.slice(n.start, n.end);
}

export function isTypeName(cx: Context, name: string): boolean {
  return looksLikeType(name) || cx.typeNames.has(name);
}

/** Segment of file scope that contains `offset`. */
export function segmentAt(cx: Context, offset: number): Segment | undefined {
  const all = cx.masked.segments;
  let lo = 0;
  let hi = all.length - 1;
  while (lo <= hi) {
    const mid = (lo + hi) >> 1;
    const s = all[mid];
    if (!s) return undefined;
    if (offset < s.start) hi = mid - 1;
    else if (offset >= s.end) lo = mid + 1;
    else return s;
  }
  return undefined;
}

/** Attributes that stand in `lo` … `hi`, those inside brackets of that range left out. */
export function attributesIn(
  cx: Context,
  lo: number,
  hi: number,
  args: (call: SNode) => readonly Expr[],
): Attr[] {
  const out: Attr[] = [];
  const all = cx.masked.attrs;
  for (let i = firstFrom(all, lo); i < all.length; i++) {
    const a = all[i];
    if (!a || a.start >= hi) break;
    if (a.open >= lo) continue;
    const call = a.hasArgs ? cx.extracted.get(a.start) : undefined;
    out.push({ name: a.name, args: call ? args(call) : [], loc: locOf(cx, a) });
  }
  return out;
}

function firstFrom(all: readonly { readonly start: number }[], offset: number): number {
  let lo = 0;
  let hi = all.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if ((all[mid]?.start ?? 0) < offset) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** Text of the block comment directly above `offset`, without its stars. */
export function docAbove(cx: Context, offset: number): string {
  const comments = cx.masked.lexed.comments;
  const text = cx.masked.original;
  const i = lastEndingBefore(comments, offset);
  const c = comments[i];
  if (
    !c ||
    !text.startsWith('/*', c.start) ||
    !/^[ \t\r]*\n?[ \t]*$/.test(text.slice(c.end, offset))
  )
    return '';
  return text
    .slice(c.start, c.end)
    .replace(/^\/\*+/, '')
    .replace(/\*+\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*(?: |$)?/, '').trimEnd())
    .join('\n')
    .trim();
}

function lastEndingBefore(comments: readonly { readonly end: number }[], offset: number): number {
  let lo = 0;
  let hi = comments.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if ((comments[mid]?.end ?? 0) <= offset) lo = mid + 1;
    else hi = mid;
  }
  return lo - 1;
}
