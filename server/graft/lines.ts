/** The account of a hunk: exactly one placement for every changed line. */
import type { SourceTable } from '../csource/source.js';
import type { Loc } from '../csource/source.js';
import type { Outcome } from './outcome.js';
import type { Atom, Tree } from './tree.js';
import type { Placement } from './types.js';
import { withoutComments } from './comments.js';
import { worse } from './outcome.js';

/** A stretch of an image with what became of it: one answer for all, or one for each statement. */
export interface Region {
  readonly loc: Loc;
  readonly function?: string;
  /** The model has the function. */
  readonly modelled?: boolean;
  /** For lines of the stretch that no statement claims. */
  readonly rest: Outcome;
  readonly tree?: Tree;
  /** As it is written, where `tree` is in a form for comparing. */
  readonly written?: Tree;
  /** Text that the model never comes to. */
  readonly dropped?: readonly Loc[];
  of(a: Atom): Outcome | undefined;
  /** Whether a statement is one that counts. */
  isEvent?(a: Atom): boolean;
}

export interface Line {
  readonly loc: Loc;
  /** Text without comments, trimmed. */
  readonly code: string;
  readonly mark: string;
}

/** All lines of an image with their code. */
export function linesOf(src: number, table: SourceTable): readonly Line[] {
  const { text, lines } = table.get(src);
  const code = withoutComments(text).split('\n');
  let start = 0;
  return text.split('\n').map((t, i) => {
    const loc = { src, start, end: start + t.length };
    start += t.length + 1;
    const own = code[i] ?? '';
    const inComment = /^\s*\*(\s|\/|$)/.test(own) && !/[;={}]/.test(own);
    return { loc, code: inComment ? '' : own.trim(), mark: lines?.[i]?.mark ?? '=' };
  });
}

/** True when code of the line lies in the range. */
export function touches(line: Line, loc: Loc, table: SourceTable): boolean {
  if (loc.src !== line.loc.src) return false;
  const start = Math.max(line.loc.start, loc.start);
  const end = Math.min(line.loc.end, loc.end);
  return start < end && withoutCommentsTrim(table.get(loc.src).text.slice(start, end));
}

function withoutCommentsTrim(s: string): boolean {
  return s.trim() !== '';
}

function covers(loc: Loc, line: Line): boolean {
  return loc.src === line.loc.src && loc.start < line.loc.end && loc.end > line.loc.start;
}

/** Innermost statement whose braces the line may hold. */
function innermost(line: Line, tree: Tree): Atom | undefined {
  return tree.atoms
    .filter((a) => a.lists.length > 0 && a.stmt.kind !== 'block' && covers(a.stmt.loc, line))
    .at(-1);
}

const BRACES = /^[{}\s;]*(else|do)?[{}\s;]*$/;

function inTree(line: Line, region: Region, tree: Tree, table: SourceTable): Outcome {
  const claimed = tree.atoms.filter((a) => a.head && touches(line, a.head, table));
  let outcome: Outcome | undefined;
  for (const a of claimed) {
    const o = region.of(a);
    if (o) outcome = worse(outcome, o);
  }
  if (outcome) return outcome;
  if (claimed.length > 0) return { class: 'no-effect', why: 'same code' };
  if (region.dropped?.some((gone) => touches(line, gone, table)))
    return { class: 'no-effect', why: 'the model never comes here' };
  if (!BRACES.test(line.code)) return region.rest;
  const owner = innermost(line, tree);
  const own = owner ? region.of(owner) : undefined;
  if (own) return own;
  const branch = /else/.test(line.code)
    ? owner?.lists.find((l) => l.branch === 'else')?.items[0]
    : undefined;
  const told = branch && region.of(branch);
  if (told) return told;
  // The braces of a function that comes in come with it.
  return !owner && region.rest.class === 'on-model'
    ? region.rest
    : { class: 'no-effect', why: 'braces' };
}

function regionOf(line: Line, regions: readonly Region[], table: SourceTable): Region | undefined {
  return (
    regions.find((r) => covers(r.loc, line) && touches(line, r.loc, table)) ??
    regions.find((r) => covers(r.loc, line))
  );
}

function outcomeOf(line: Line, region: Region | undefined, table: SourceTable): Outcome {
  if (line.code === '') return { class: 'no-effect', why: 'comment or blank line' };
  if (!region) return unread(line, table.get(line.loc.src).name);
  return region.tree ? inTree(line, region, region.tree, table) : region.rest;
}

function hasEvent(line: Line, region: Region, table: SourceTable): boolean {
  if (line.code === '') return false;
  const { atoms } = region.written ?? region.tree ?? { atoms: [] };
  return atoms.some((a) => a.head && region.isEvent?.(a) && touches(line, a.head, table));
}

/** A member or a constant: `int count;`, `struct list_head list;`, `NAME,`, `NAME = 1,`. */
const DECLARED = /^(?:[A-Za-z_][\w\s*]*[\s*]\w+(?:\[\w*\]|:\s*\d+)?;|[A-Z]\w*(?:\s*=\s*\w+)?,)$/;

function unread(line: Line, path: string): Outcome {
  // The head of the struct or enum is not shown; what uses the name says what becomes of it.
  if (path.endsWith('.h') && DECLARED.test(line.code) && !/^(?:return|goto)\b/.test(line.code))
    return { class: 'no-effect', why: 'declares a member or a constant' };
  if (/^#\s*(include|if|ifdef|ifndef|else|elif|endif)\b/.test(line.code))
    return { class: 'no-effect', why: 'preprocessor line' };
  return { class: 'not-placed', why: 'outside of what could be read' };
}

/** Not placed, but on lines that did not change: a brace around them moved. Told at the nearest changed line. */
function hidden(
  regions: readonly Region[],
  lines: readonly Line[],
  told: readonly Placement[],
  table: SourceTable,
): ReadonlyMap<Placement, Outcome> {
  const extra = new Map<Placement, Outcome>();
  for (const r of regions) {
    if (
      told.some(
        (p) => p.class === 'not-placed' && covers(r.loc, { loc: p.loc, code: '', mark: '' }),
      )
    )
      continue;
    for (const a of r.tree?.atoms ?? []) {
      const o = r.of(a);
      if (
        a.head?.src !== r.loc.src ||
        o?.class !== 'not-placed' ||
        lines.some((l) => a.head && touches(l, a.head, table))
      )
        continue;
      const from = table.lineOf(a.head);
      const near = [...told].sort(
        (p, q) => Math.abs(table.lineOf(p.loc) - from) - Math.abs(table.lineOf(q.loc) - from),
      )[0];
      if (near) extra.set(near, { ...o, why: `line ${table.docRange(a.head).line + 1}: ${o.why}` });
    }
  }
  return extra;
}

function placement(line: Line, region: Region | undefined, table: SourceTable): Placement {
  const outcome = outcomeOf(line, region, table);
  const told = line.code === '' ? undefined : region?.function;
  return {
    loc: line.loc,
    class: outcome.class,
    why: outcome.why,
    ...(outcome.at ? { at: outcome.at } : {}),
    ...(told === undefined ? {} : { function: told }),
    modelled: region?.modelled === true,
    event: region !== undefined && hasEvent(line, region, table),
  };
}

/** Placements of the changed lines of one image. */
export function account(src: number, regions: readonly Region[], table: SourceTable): Placement[] {
  const lines = linesOf(src, table).filter((l) => l.mark === '+' || l.mark === '-');
  const told = lines.map((line) => placement(line, regionOf(line, regions, table), table));
  const extra = hidden(regions, lines, told, table);
  return told.map((p) => ({ ...p, ...extra.get(p) }));
}
