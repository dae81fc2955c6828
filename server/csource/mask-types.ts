/** Types where the grammar expects an expression: recognised by tokens and replaced by one identifier. */
import type { TypeExpr } from './ast.js';
import type { Range } from './lexer.js';
import { KEYWORDS } from './lexer-brackets.js';
import { ATTRIBUTE_WORDS, OFFSETOF_WORDS, TYPEOF_WORDS, TYPE_KEYWORDS } from './mask-words.js';
import type { MaskState } from './mask-state.js';

/** A type read from tokens `from` … `last`. */
export interface TokenType {
  readonly last: number;
  readonly base?: TypeExpr;
  /** Tokens of the operand of `typeof`. */
  readonly operand?: { readonly from: number; readonly last: number };
  readonly pointers: number;
  /** More than one plain identifier: cannot be an expression. */
  readonly certain: boolean;
}

const QUALIFIERS: ReadonlySet<string> = new Set(['const', 'volatile', 'restrict']);
const TAGS: Readonly<Record<string, 'struct' | 'union' | 'enum'>> = {
  struct: 'struct',
  union: 'union',
  enum: 'enum',
};

/** `long unsigned int` → `unsigned long`; one spelling per integer type. */
export function normaliseBasicType(words: readonly string[]): string {
  const has = (w: string): boolean => words.includes(w);
  const plain = words.filter(
    (w) => w !== 'signed' && w !== 'unsigned' && w !== 'int' && w !== 'long' && w !== 'short',
  );
  if (plain.length > 0) {
    const name = plain[0] === '_Bool' ? 'bool' : plain.join(' ');
    if (name === 'char')
      return has('unsigned') ? 'unsigned char' : has('signed') ? 'signed char' : 'char';
    return has('long') ? `long ${name}` : name;
  }
  const longs = words.filter((w) => w === 'long').length;
  const size = longs > 1 ? 'long long' : longs === 1 ? 'long' : has('short') ? 'short' : 'int';
  return has('unsigned') ? `unsigned ${size}` : size;
}

function isQualifier(m: MaskState, i: number): boolean {
  const text = m.at(i);
  return QUALIFIERS.has(text) || (ATTRIBUTE_WORDS.has(text) && m.at(i + 1) !== '(');
}

function skipQualifiers(m: MaskState, from: number): number {
  let i = from;
  while (isQualifier(m, i)) i++;
  return i;
}

interface Base {
  readonly next: number;
  readonly base?: TypeExpr;
  readonly operand?: { readonly from: number; readonly last: number };
  readonly certain: boolean;
}

/** `typeof` in `typeof`, deeper than anyone writes: left alone, so that no input makes much work. */
const MAX_TYPEOF = 8;

function isBuried(m: MaskState, i: number): boolean {
  let depth = 0;
  let steps = 0;
  for (
    let open = m.parent(i);
    open > 0 && steps < MAX_TYPEOF ** 2;
    open = m.parent(open), steps++
  ) {
    if (TYPEOF_WORDS.has(m.at(open - 1))) depth++;
  }
  return depth >= MAX_TYPEOF;
}

function readBase(m: MaskState, i: number): Base | undefined {
  const text = m.at(i);
  const tag = Object.hasOwn(TAGS, text) ? TAGS[text] : undefined;
  if (tag) {
    if (!m.isId(i + 1) || m.at(i + 2) === '{') return undefined;
    return {
      next: i + 2,
      base: { kind: tag, name: m.at(i + 1), loc: m.loc(m.start(i), m.end(i + 1)) },
      certain: true,
    };
  }
  if (TYPEOF_WORDS.has(text) && m.at(i + 1) === '(') {
    if (isBuried(m, i)) return undefined;
    const close = m.match(i + 1);
    if (close < 0) return undefined;
    const inner = readType(m, i + 2);
    if (inner?.certain && inner.last === close - 1 && inner.base) {
      return { next: close + 1, base: withPointers(inner.base, inner.pointers), certain: true };
    }
    return { next: close + 1, operand: { from: i + 2, last: close - 1 }, certain: true };
  }
  if (TYPE_KEYWORDS.has(text)) {
    const words: string[] = [];
    let k = i;
    for (; TYPE_KEYWORDS.has(m.at(k)) && !Object.hasOwn(TAGS, m.at(k)); k++)
      if (!QUALIFIERS.has(m.at(k))) words.push(m.at(k));
    return {
      next: k,
      base: { kind: 'name', name: normaliseBasicType(words), loc: m.loc(m.start(i), m.end(k - 1)) },
      certain: true,
    };
  }
  if (!m.isId(i) || KEYWORDS.has(text)) return undefined;
  return {
    next: i + 1,
    base: { kind: 'name', name: text, loc: m.loc(m.start(i), m.end(i)) },
    certain: false,
  };
}

/** The same type behind `count` pointers. */
export function withPointers(base: TypeExpr, count: number): TypeExpr {
  let type = base;
  for (let k = 0; k < count; k++) type = { kind: 'pointer', to: type, loc: base.loc };
  return type;
}

/** Reads a type name (no function or array declarators) at token `from`. */
function readType(m: MaskState, from: number): TokenType | undefined {
  const start = skipQualifiers(m, from);
  const base = readBase(m, start);
  if (!base) return undefined;
  let i = skipQualifiers(m, base.next);
  let pointers = 0;
  while (m.at(i) === '*') {
    pointers++;
    i = skipQualifiers(m, i + 1);
  }
  const last = i - 1;
  const certain =
    base.certain || start > from || m.at(last) === '*' || (pointers > 0 && isQualifier(m, last));
  return {
    last,
    pointers,
    certain,
    ...(base.base ? { base: base.base } : {}),
    ...(base.operand ? { operand: base.operand } : {}),
  };
}

/** Replaces the type at tokens `from` … `type.last` by one identifier. */
function makeHole(m: MaskState, from: number, type: TokenType): void {
  let operand: Range | undefined;
  // With its parentheses: an operand such as `a * b` would read as a declaration.
  if (type.operand)
    operand = m.extract(m.start(type.operand.from - 1), m.end(type.operand.last + 1));
  m.hole({
    start: m.start(from),
    end: m.end(type.last),
    pointers: type.pointers,
    ...(type.base ? { base: type.base } : {}),
    ...(operand ? { operand } : {}),
  });
}

/** Whether the parenthesis at token `open` holds arguments of a call, not parameters of a declarator. */
function isCallParen(m: MaskState, open: number): boolean {
  const callee = open - 1;
  if (!m.isId(callee) || KEYWORDS.has(m.at(callee))) return false;
  for (let i = open; i >= 0; i = m.parent(i)) {
    if (m.at(i) === '{') {
      const kind = m.brackets.kind[i];
      return kind === 'body' || kind === 'init';
    }
    if (m.parent(i) < 0) return m.inValue.has(i) || m.roles.has(i - 1);
  }
  return false;
}

/** An argument that is a type: `min_t(unsigned long, …)`, `container_of(p, struct x, m)`. */
export function maskTypeArgument(m: MaskState, i: number): boolean {
  const prev = m.at(i - 1);
  if (prev !== '(' && prev !== ',') return false;
  const open = m.parent(i);
  if (m.at(open) !== '(' || !isCallParen(m, open)) return false;
  const type = readType(m, i);
  if (!type?.certain) return false;
  const next = m.at(type.last + 1);
  if (next !== ',' && next !== ')') return false;
  if (m.at(i) === 'void' && type.pointers === 0 && prev === '(' && next === ')') return false;
  makeHole(m, i, type);
  return true;
}

/** `typeof (x)` anywhere else. */
export function maskTypeof(m: MaskState, i: number): boolean {
  if (!TYPEOF_WORDS.has(m.at(i)) || m.at(i + 1) !== '(') return false;
  const base = readBase(m, i);
  if (!base) return false;
  makeHole(m, i, { ...base, last: base.next - 1, pointers: 0 });
  return true;
}

/** `offsetof(type, a.b[0])` is read as a plain call. */
export function maskOffsetof(m: MaskState, i: number): boolean {
  if (!OFFSETOF_WORDS.has(m.at(i)) || m.at(i + 1) !== '(') return false;
  m.put(m.start(i), 'O');
  return true;
}
