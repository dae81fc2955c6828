/** `#if` … `#else` … `#endif`: which branches to leave out so that the rest is one text of C. */
import type { Lexed, Range } from './lexer.js';

export interface Conditional extends Range {
  readonly branches: readonly Range[];
  /** `#if 0`. */
  readonly never: boolean;
}

/** All conditionals of a text, nested ones too, in order of their end. */
function conditionals(lexed: Lexed): Conditional[] {
  const out: Conditional[] = [];
  const stack: { start: number; from: number; never: boolean; branches: Range[] }[] = [];
  for (const d of lexed.directives) {
    const top = stack[stack.length - 1];
    if (d.word === 'if' || d.word === 'ifdef' || d.word === 'ifndef') {
      stack.push({
        start: d.start,
        from: d.end,
        never: /^#\s*if\s+0\s*$/.test(lexed.text.slice(d.start, d.end)),
        branches: [],
      });
    } else if (top && (d.word === 'else' || d.word === 'elif')) {
      top.branches.push({ start: top.from, end: d.start });
      top.from = d.end;
    } else if (top && d.word === 'endif') {
      stack.pop();
      out.push({
        start: top.start,
        end: d.end,
        never: top.never,
        branches: [...top.branches, { start: top.from, end: d.start }],
      });
    }
  }
  return out;
}

function isBalanced(lexed: Lexed, r: Range): boolean {
  let depth = 0;
  for (const t of lexed.tokens) {
    if (t.start < r.start || t.end > r.end || t.kind !== 'op') continue;
    if (t.text === '{' || t.text === '(') depth++;
    else if ((t.text === '}' || t.text === ')') && --depth < 0) return false;
  }
  return depth === 0;
}

/** Branches that would break the text: `#if 0`, and alternatives that each open or close a bracket. */
export function brokenBranches(lexed: Lexed): Range[] {
  return conditionals(lexed).flatMap((c) => {
    if (c.never) return c.branches.slice(0, 1);
    return c.branches.length > 1 && c.branches.some((b) => !isBalanced(lexed, b))
      ? c.branches.slice(1)
      : [];
  });
}

/**
 * Branches of a whole text that are not compiled: by the constants and `#define`s of the text where
 * those decide, else all but the first. A lone branch that nothing decides is kept.
 */
export function unchosenBranches(lexed: Lexed): Range[] {
  const known = new Map<string, string | undefined>();
  const out: Range[] = [];
  const stack: { taken: boolean; from: number; keep: boolean }[] = [];
  const dropped = (): boolean => stack.some((s) => !s.keep);
  for (const d of lexed.directives) {
    const text = lexed.text.slice(d.start, d.end).replace(/\\\r?\n|\/\*[^]*?\*\/|\/\/.*/g, ' ');
    const rest = text.replace(/^#\s*\w*\s*/, '').trim();
    const top = stack.at(-1);
    if (d.word === 'define' && !dropped()) {
      const m = /^(\w+)(\(|)\s*(.*)$/s.exec(rest);
      if (m?.[1] !== undefined) known.set(m[1], m[2] === '(' ? undefined : m[3]);
    } else if (d.word === 'undef') known.delete(rest);
    else if (d.word === 'if' || d.word === 'ifdef' || d.word === 'ifndef') {
      const yes = decide(d.word, rest, known);
      stack.push({ taken: yes !== false, from: d.end, keep: yes !== false });
    } else if (top && (d.word === 'else' || d.word === 'elif')) {
      if (!top.keep) out.push({ start: top.from, end: d.start });
      const yes = top.taken ? false : d.word === 'else' ? true : decide('if', rest, known);
      Object.assign(top, { from: d.end, keep: yes !== false, taken: top.taken || yes !== false });
    } else if (top && d.word === 'endif') {
      if (!top.keep) out.push({ start: top.from, end: d.start });
      stack.pop();
    }
  }
  return out;
}

/** Value of a condition; undefined when the text does not say. */
function decide(
  word: string,
  rest: string,
  known: ReadonlyMap<string, string | undefined>,
): boolean | undefined {
  const isDefined = (name: string): boolean | undefined => known.has(name) || undefined;
  const not = (v: boolean | undefined): boolean | undefined => (v === undefined ? v : !v);
  if (word === 'ifdef') return isDefined(rest);
  if (word === 'ifndef') return not(isDefined(rest));
  const any = rest.split('||').map((part) =>
    part
      .split('&&')
      .map((term): boolean | undefined => {
        const m = /^(!?)\s*(?:defined\s*\(?\s*(\w+)\s*\)?|(\d+)|(\w+))$/.exec(term.trim());
        const value = m?.[4] === undefined ? m?.[3] : known.get(m[4]);
        const yes =
          m?.[2] !== undefined
            ? isDefined(m[2])
            : value !== undefined && /^\d+$/.test(value)
              ? Number(value) !== 0
              : undefined;
        return m?.[1] === '!' ? not(yes) : yes;
      })
      .reduce((a, b) => (a === false || b === false ? false : both(a, b))),
  );
  return any.reduce((a, b) => (a === true || b === true ? true : both(a, b)));
}

/** Undefined unless both are known; then they are equal here. */
function both(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  return a === undefined || b === undefined ? undefined : a && b;
}

/** All but the first branch of the conditionals inside the given ranges. */
export function otherBranches(lexed: Lexed, within: readonly Range[]): Range[] {
  return conditionals(lexed)
    .filter((c) => !c.never && within.some((r) => c.start >= r.start && c.end <= r.end))
    .flatMap((c) => c.branches.slice(1));
}
