/** Expressions of plain C. */
import { readBlock } from './plain-stmt.js';
import { as, giveUp, node, type Part, type Tokens } from './plain-tokens.js';
import { isPrimitive, readTypeName, startsType } from './plain-type.js';

const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['||', 1],
  ['&&', 2],
  ['|', 3],
  ['^', 4],
  ['&', 5],
  ['==', 6],
  ['!=', 6],
  ['<', 7],
  ['>', 7],
  ['<=', 7],
  ['>=', 7],
  ['<<', 8],
  ['>>', 8],
  ['+', 9],
  ['-', 9],
  ['*', 10],
  ['/', 10],
  ['%', 10],
]);

const ASSIGN: ReadonlySet<string> = new Set('= += -= *= /= %= <<= >>= &= |= ^='.split(' '));
const ASSIGNABLE: ReadonlySet<string> = new Set([
  'identifier',
  'call_expression',
  'field_expression',
  'pointer_expression',
  'subscript_expression',
  'parenthesized_expression',
]);

/** Words that the grammar reads in ways of their own. */
const SPECIAL: ReadonlySet<string> = new Set(
  (
    'offsetof _Generic _Alignof alignof __alignof __alignof__ _alignof asm __asm __asm__ ' +
    'defined __extension__ __attribute __attribute__ __declspec typeof __typeof__ ' +
    'case default do else enum extern for goto if return static struct switch typedef union ' +
    'while break continue const volatile inline sizeof unsigned signed long short auto register ' +
    'restrict nullptr alignas _Alignas _Atomic _Noreturn noreturn constexpr thread_local __thread'
  ).split(' '),
);

const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['TRUE', 'true'],
  ['false', 'false'],
  ['FALSE', 'false'],
  ['NULL', 'null'],
]);

/** Operators in a row nest to the left, as deep as there are. */
const MOST_IN_A_ROW = 100;

const NUMBER = /^(?:0[xX][\da-fA-F]+|\d+)[uUlL]{0,3}$/;

/** A word that names something. */
export function isName(word: string): boolean {
  return /^[A-Za-z_]\w*$/.test(word) && !SPECIAL.has(word) && !CONSTANTS.has(word);
}

/** An expression without commas at its top. */
export function readExpr(t: Tokens): Part {
  return t.deeper(() => assignment(t));
}

/** With commas, which group to the right. */
export function readComma(t: Tokens): Part {
  const left = readExpr(t);
  if (!t.is(',')) return left;
  const comma = t.token();
  return node('comma_expression', [
    as('left', left),
    comma,
    as(
      'right',
      t.deeper(() => readComma(t)),
    ),
  ]);
}

function assignment(t: Tokens): Part {
  const left = conditional(t);
  if (!ASSIGN.has(t.text())) return left;
  if (!ASSIGNABLE.has(left.type)) giveUp();
  const op = t.token();
  return node('assignment_expression', [as('left', left), op, as('right', readExpr(t))]);
}

function conditional(t: Tokens): Part {
  const condition = binary(t, 1);
  if (!t.is('?')) return condition;
  const mark = t.token();
  const then = t.is(':') ? [] : [as('consequence', readComma(t))];
  const colon = t.expect(':');
  const otherwise = t.deeper(() => conditional(t));
  if (ASSIGN.has(t.text())) giveUp();
  return node('conditional_expression', [
    as('condition', condition),
    mark,
    ...then,
    colon,
    as('alternative', otherwise),
  ]);
}

function binary(t: Tokens, least: number): Part {
  let left = unary(t);
  for (let n = 0; ; n++) {
    if (n > MOST_IN_A_ROW) giveUp();
    const level = t.peek().kind === 'op' ? (PRECEDENCE.get(t.text()) ?? 0) : 0;
    if (level < least || level === 0) return left;
    const op = t.token();
    left = node('binary_expression', [as('left', left), op, as('right', binary(t, level + 1))]);
  }
}

function unary(t: Tokens): Part {
  return t.deeper(() => {
    const { kind, text, end } = t.peek();
    if (kind === 'op') {
      if (text === '(' && startsType(t, 1)) return castOrLiteral(t);
      const next = t.peek(1);
      if ((text === '-' || text === '+') && next.kind === 'num' && next.start === end)
        return signed(t);
      if (text === '!' || text === '~' || text === '-' || text === '+')
        return prefix(t, 'unary_expression');
      if (text === '*' || text === '&') return prefix(t, 'pointer_expression');
      if (text === '++' || text === '--') return prefix(t, 'update_expression');
    }
    if (text === 'sizeof') return sizeOf(t);
    return postfix(t, primary(t));
  });
}

function prefix(t: Tokens, type: string): Part {
  return node(type, [t.token(), as('argument', unary(t))]);
}

/** The grammar takes the sign into the number. */
function signed(t: Tokens): Part {
  const sign = t.token();
  const number = primary(t);
  if (t.is('[') || t.is('(') || t.is('.') || t.is('->')) giveUp();
  return { ...number, start: sign.start };
}

function castOrLiteral(t: Tokens): Part {
  const open = t.token();
  const type = as('type', readTypeName(t));
  const close = t.expect(')');
  if (t.is('{'))
    return postfix(
      t,
      node('compound_literal_expression', [open, type, close, as('value', readInitList(t))]),
    );
  return node('cast_expression', [open, type, close, as('value', unary(t))]);
}

function sizeOf(t: Tokens): Part {
  const word = t.token();
  if (!t.is('(') || !startsType(t, 1)) {
    // A name in parentheses may be a type to the grammar.
    if (t.is('(')) giveUp();
    return node('sizeof_expression', [word, as('value', unary(t))]);
  }
  const open = t.token();
  const type = as('type', readTypeName(t));
  const close = t.expect(')');
  if (t.is('{')) giveUp();
  return node('sizeof_expression', [word, open, type, close]);
}

function primary(t: Tokens): Part {
  const { kind, text } = t.peek();
  switch (kind) {
    case 'num':
      return NUMBER.test(text) ? t.leaf('number_literal') : giveUp();
    case 'str':
      return strings(t);
    case 'chr':
      return /^'(?:[^'\\\n]|\\.)'$/.test(text) ? t.leaf('char_literal') : giveUp();
    case 'id': {
      const constant = CONSTANTS.get(text);
      if (constant !== undefined) return t.leaf(constant);
      return isName(text) && !isPrimitive(text) ? t.leaf('identifier') : giveUp();
    }
    case 'op':
      return text === '(' ? parenthesised(t) : giveUp();
  }
}

function strings(t: Tokens): Part {
  const all: Part[] = [];
  while (t.peek().kind === 'str') {
    if (!/^"(?:[^"\\\n]|\\["\\nt0])*"$/.test(t.text())) giveUp();
    all.push(t.leaf('string_literal'));
  }
  const [first] = all;
  if (t.peek().kind === 'id' || !first) giveUp();
  return all.length === 1 ? first : node('concatenated_string', all);
}

function parenthesised(t: Tokens): Part {
  const open = t.token();
  const inner = t.is('{') ? readBlock(t) : readComma(t);
  const made = node('parenthesized_expression', [open, inner, t.expect(')')]);
  // `(name) x` is a cast when the name is a type, which the grammar guesses.
  const guessed = inner.type === 'identifier' || inner.type === 'call_expression';
  if (guessed && !CLEAR.has(t.text())) giveUp();
  return made;
}

/** What may stand behind `(name)` and leaves no doubt that it is a value. */
const CLEAR: ReadonlySet<string> = new Set(
  ') ] } , ; : ? = . -> ++ -- [ == != < > <= >= << >> | ^ || && / % += -= *= /= %= <<= >>= &= |= ^='.split(
    ' ',
  ),
);

function postfix(t: Tokens, first: Part): Part {
  let made = first;
  for (let n = 0; ; n++) {
    if (n > MOST_IN_A_ROW) giveUp();
    const text = t.text();
    if (text === '(') made = call(t, made);
    else if (text === '[') {
      const open = t.token();
      const index = as('index', readExpr(t));
      made = node('subscript_expression', [as('argument', made), open, index, t.expect(']')]);
    } else if (text === '.' || text === '->') {
      const op = t.token();
      if (!isName(t.text())) giveUp();
      const field = as('field', t.leaf('field_identifier'));
      made = node('field_expression', [as('argument', made), op, field]);
    } else if (text === '++' || text === '--')
      made = node('update_expression', [as('argument', made), t.token()]);
    else return made;
  }
}

function call(t: Tokens, callee: Part): Part {
  if (callee.type === 'parenthesized_expression' || callee.type.endsWith('_literal')) giveUp();
  const list: Part[] = [t.token()];
  if (!t.is(')')) list.push(t.is('{') ? giveUp() : readExpr(t));
  while (t.is(',')) list.push(t.token(), readExpr(t));
  list.push(t.expect(')'));
  return node('call_expression', [
    as('function', callee),
    as('arguments', node('argument_list', list)),
  ]);
}

/** `{ … }` as a value. */
function readInitList(t: Tokens): Part {
  return t.deeper(() => {
    const list: Part[] = [t.expect('{')];
    while (!t.is('}')) {
      list.push(initItem(t));
      if (!t.is(',')) break;
      list.push(t.token());
    }
    list.push(t.expect('}'));
    return node('initializer_list', list);
  });
}

/** A value of a declaration or a list. */
export function readInit(t: Tokens): Part {
  return t.is('{') ? readInitList(t) : readExpr(t);
}

function initItem(t: Tokens): Part {
  const designators: Part[] = [];
  while (t.is('.') || t.is('[')) designators.push(as('designator', designator(t)));
  if (designators.length === 0) return readInit(t);
  return node('initializer_pair', [...designators, t.expect('='), as('value', readInit(t))]);
}

function designator(t: Tokens): Part {
  const open = t.token();
  if (open.type === '.')
    return isName(t.text())
      ? node('field_designator', [open, t.leaf('field_identifier')])
      : giveUp();
  return node('subscript_designator', [open, readExpr(t), t.expect(']')]);
}
