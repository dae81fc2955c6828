/** Statement macros, atomic blocks, case ranges, and the few declaration macros that are known. */
import { KEYWORDS } from './lexer-brackets.js';
import { ARRAY_DECLARERS } from './mask-words.js';
import type { MaskState } from './mask-state.js';

const BEFORE_STATEMENT = new Set([';', '{', '}', ':', 'else', 'do']);
const HEADERS = new Set(['if', 'while', 'for', 'switch']);

function inBody(m: MaskState, i: number): boolean {
  const open = m.parent(i);
  return open >= 0 && m.brackets.kind[open] === 'body';
}

/** Whether a statement may begin at token `i`. */
function isStatementStart(m: MaskState, i: number): boolean {
  if (!inBody(m, i)) return false;
  const prev = m.at(i - 1);
  if (BEFORE_STATEMENT.has(prev)) return true;
  if (prev !== ')') return false;
  const open = m.match(i - 1);
  return (
    open > 0 &&
    (HEADERS.has(m.at(open - 1)) || (isLoopName(m, open - 1) && isStatementStart(m, open - 1)))
  );
}

function isLoopName(m: MaskState, i: number): boolean {
  return m.isId(i) && !KEYWORDS.has(m.at(i)) && m.at(i + 1) === '(';
}

/** `list_for_each_entry(…) statement` → `while (…) statement`. */
export function maskLoop(m: MaskState, i: number): boolean {
  if (!isLoopName(m, i)) return false;
  const close = m.match(i + 1);
  const next = close + 1;
  if (close < 0 || m.roles.has(next) || !isStatementStart(m, i)) return false;
  const nextIsBlock = m.at(next) === '{';
  if (
    !nextIsBlock &&
    (!m.isId(next) || m.at(next) === 'else' || m.at(next).startsWith('__attribute'))
  )
    return false;
  const start = m.start(i);
  const room = m.end(i) - start;
  if (close === i + 2) {
    if (m.end(close) - start < 8) return false;
    m.blank(start, m.end(close));
    m.put(start, 'while(1)');
  } else {
    m.blank(start, m.end(i));
    m.put(start, room < 5 ? 'if' : 'while');
  }
  m.loops.set(start, close > i + 2);
  return true;
}

/** `__atomic {` → `while(1){`. */
export function maskAtomic(m: MaskState, i: number): boolean {
  if (m.at(i) !== '__atomic' || m.at(i + 1) !== '{') return false;
  m.put(m.start(i), 'while(1)');
  m.atomics.add(m.start(i));
  return true;
}

/** `case 1 ... 3:` → `case 1      :`. */
export function maskCaseRange(m: MaskState, i: number): boolean {
  if (m.at(i) !== 'case') return false;
  let dots = -1;
  for (let k = i + 1; k < m.tokens.length; k++) {
    const text = m.at(k);
    if (text === '...' && dots < 0) dots = k;
    if (text === ';' || text === '{' || text === '}') return false;
    if (text !== ':') continue;
    if (dots < 0) return false;
    m.caseHighs.set(m.start(i), m.extract(m.start(dots + 1), m.end(k - 1)));
    m.blank(m.start(dots), m.end(k - 1));
    return true;
  }
  return false;
}

/** `DECLARE_BITMAP(name, n);` → `long name[n];`; other calls among members are left out. */
export function maskMemberMacro(m: MaskState, i: number): boolean {
  if (!isLoopName(m, i)) return false;
  const close = m.match(i + 1);
  const after = m.at(close + 1);
  if (close < 0 || (after !== ';' && after !== '=')) return false;
  const prev = m.at(i - 1);
  if (prev !== ';' && prev !== '{' && prev !== '}' && prev !== 'static') return false;
  if (ARRAY_DECLARERS.has(m.at(i)) && m.isId(i + 2) && m.at(i + 3) === ',') {
    m.blank(m.start(i), m.end(i + 1));
    m.put(m.start(i), 'long');
    m.put(m.start(i + 3), '[');
    m.put(m.start(close), ']');
    return true;
  }
  const open = m.parent(i);
  if (after !== ';' || open < 0 || m.brackets.kind[open] !== 'record') return false;
  m.blank(m.start(i), m.end(close + 1));
  m.dropped.push({ start: m.start(i), end: m.end(close + 1) });
  return true;
}

/** `static DEFINE_RATELIMIT_STATE(…);` among statements: a call, and no declaration the grammar knows. */
export function maskStaticCall(m: MaskState, i: number): boolean {
  if (
    m.at(i) !== 'static' ||
    !inBody(m, i) ||
    !isLoopName(m, i + 1) ||
    ARRAY_DECLARERS.has(m.at(i + 1))
  )
    return false;
  if (m.at(m.match(i + 2) + 1) !== ';') return false;
  m.blank(m.start(i), m.end(i));
  return true;
}

/** `SYSCALL_DEFINE2(name, type, a, type, b)` → `long            name( type  a, type  b)`. */
export function maskSyscall(m: MaskState, i: number): boolean {
  if (m.roles.get(i) !== 'syscall') return false;
  const open = i + 1;
  const close = m.match(open);
  if (close < 0 || !m.isId(i + 2)) return false;
  m.blank(m.start(i), m.end(open));
  m.put(m.start(i), 'long');
  if (i + 3 === close) {
    // No room for `()` behind the name: it moves left.
    const name = m.at(i + 2);
    m.blank(m.start(i + 2), m.end(close));
    m.put(m.start(i) + 5, `${name}()`);
    m.moved.set(m.start(i) + 5, { start: m.start(i + 2), end: m.end(i + 2) });
    return true;
  }
  let comma = 0;
  for (let k = i + 3; k < close; k++) {
    if (m.at(k) !== ',' || m.parent(k) !== open) continue;
    if (comma === 0) m.put(m.start(k), '(');
    else if (comma % 2 === 1) m.put(m.start(k), ' ');
    comma++;
  }
  return true;
}
