/** Types, declarators and declarations of plain C. */
import { isName, readExpr, readInit } from './plain-expr.js';
import { as, giveUp, node, type Part, type Tokens } from './plain-tokens.js';

const PRIMITIVE: ReadonlySet<string> = new Set(
  (
    'bool char int float double void size_t ssize_t ptrdiff_t intptr_t uintptr_t ' +
    'int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t'
  ).split(' '),
);
const SIZES: ReadonlySet<string> = new Set(['signed', 'unsigned', 'long', 'short']);
const TAGS: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);
const STORAGE: ReadonlySet<string> = new Set(['static', 'extern', 'inline']);
const QUALIFIERS: ReadonlySet<string> = new Set(['const', 'volatile']);

/** What a declared name is to the grammar. */
type NameKind = 'identifier' | 'field_identifier' | 'type_identifier';

export function isPrimitive(word: string): boolean {
  return PRIMITIVE.has(word);
}

function isTypeWord(word: string): boolean {
  return PRIMITIVE.has(word) || SIZES.has(word) || TAGS.has(word) || QUALIFIERS.has(word);
}

/** Whether a type stands `ahead` in parentheses: by its words, or `name *)` and `name) operand`. */
export function startsType(t: Tokens, ahead: number): boolean {
  const first = t.text(ahead);
  if (isTypeWord(first)) return true;
  if (!isName(first)) return false;
  let i = ahead + 1;
  while (t.text(i) === '*') i++;
  if (t.text(i) !== ')') return false;
  if (i > ahead + 1) return true;
  const { kind, text } = t.peek(i + 1);
  return kind !== 'op' || text === '!' || text === '~' || text === '{'
    ? kind !== 'op' || text !== '{' || giveUp()
    : false;
}

/** Whether a declaration begins here, and not an expression. */
export function startsDeclaration(t: Tokens): boolean {
  const first = t.text();
  if (isTypeWord(first) || STORAGE.has(first) || first === 'typedef') return true;
  if (!isName(first)) return false;
  let i = 1;
  while (t.text(i) === '*') i++;
  const { kind, text } = t.peek(i);
  if (kind !== 'id') return false;
  if (i === 1) return isName(text) || QUALIFIERS.has(text);
  if (t.text(i + 1) === '(') giveUp();
  return isName(text) && ['=', ';', ',', '['].includes(t.text(i + 1));
}

/** Specifiers of a declaration, its type in the field `type`. */
function readSpecifiers(t: Tokens, storage: boolean): Part[] {
  const parts: Part[] = [];
  let type = false;
  for (;;) {
    const word = t.text();
    if (storage && STORAGE.has(word)) parts.push(t.leaf('storage_class_specifier'));
    else if (QUALIFIERS.has(word)) parts.push(t.leaf('type_qualifier'));
    else if (type) return parts;
    else {
      parts.push(as('type', readType(t)));
      type = true;
    }
  }
}

function readType(t: Tokens): Part {
  const word = t.text();
  if (PRIMITIVE.has(word)) return t.leaf('primitive_type');
  if (SIZES.has(word)) return sized(t);
  if (word === 'enum') return enumType(t);
  if (TAGS.has(word)) return structType(t);
  return isName(word) ? t.leaf('type_identifier') : giveUp();
}

function sized(t: Tokens): Part {
  const parts: Part[] = [];
  while (SIZES.has(t.text())) parts.push(t.token());
  if (PRIMITIVE.has(t.text())) parts.push(as('type', t.leaf('primitive_type')));
  if (SIZES.has(t.text())) giveUp();
  return node('sized_type_specifier', parts);
}

function structType(t: Tokens): Part {
  const word = t.token();
  const name = isName(t.text()) ? [as('name', t.leaf('type_identifier'))] : [];
  const body = t.is('{') ? [as('body', members(t))] : [];
  if (name.length + body.length === 0) giveUp();
  return node(`${word.type}_specifier`, [word, ...name, ...body]);
}

function members(t: Tokens): Part {
  return t.deeper(() => {
    const list: Part[] = [t.expect('{')];
    while (!t.is('}')) list.push(member(t));
    list.push(t.expect('}'));
    return node('field_declaration_list', list);
  });
}

function member(t: Tokens): Part {
  const parts = readSpecifiers(t, false);
  while (!t.is(';')) {
    parts.push(as('declarator', readDeclarator(t, 'field_identifier')));
    if (t.is(':')) parts.push(node('bitfield_clause', [t.token(), readExpr(t)]));
    if (!t.is(',')) break;
    parts.push(t.token());
    if (t.is(';')) giveUp();
  }
  return node('field_declaration', [...parts, t.expect(';')]);
}

function enumType(t: Tokens): Part {
  const word = t.token();
  const name = isName(t.text()) ? [as('name', t.leaf('type_identifier'))] : [];
  const body = t.is('{') ? [as('body', enumerators(t))] : [];
  if (name.length + body.length === 0) giveUp();
  return node('enum_specifier', [word, ...name, ...body]);
}

function enumerators(t: Tokens): Part {
  const list: Part[] = [t.expect('{')];
  while (!t.is('}')) {
    if (!isName(t.text()) || PRIMITIVE.has(t.text())) giveUp();
    const name = as('name', t.leaf('identifier'));
    const value = t.is('=') ? [t.token(), as('value', readExpr(t))] : [];
    list.push(node('enumerator', [name, ...value]));
    if (!t.is(',')) break;
    list.push(t.token());
  }
  list.push(t.expect('}'));
  return node('enumerator_list', list);
}

/** A declarator with its name. */
function readDeclarator(t: Tokens, kind: NameKind): Part {
  return t.deeper(() => {
    if (!t.is('*')) return direct(t, kind);
    const star = t.token();
    const qualifiers: Part[] = [];
    while (QUALIFIERS.has(t.text())) qualifiers.push(t.leaf('type_qualifier'));
    return node('pointer_declarator', [
      star,
      ...qualifiers,
      as('declarator', readDeclarator(t, kind)),
    ]);
  });
}

function direct(t: Tokens, kind: NameKind): Part {
  let made: Part;
  if (t.is('(')) {
    const open = t.token();
    if (!t.is('*')) giveUp();
    made = node('parenthesized_declarator', [open, readDeclarator(t, kind), t.expect(')')]);
    if (!t.is('(')) giveUp();
  } else made = isName(t.text()) && !PRIMITIVE.has(t.text()) ? t.leaf(kind) : giveUp();
  for (;;) {
    if (t.is('['))
      made = node('array_declarator', [
        as('declarator', made),
        t.token(),
        ...(t.is(']') ? [] : [as('size', readExpr(t))]),
        t.expect(']'),
      ]);
    else if (t.is('('))
      made = node('function_declarator', [as('declarator', made), as('parameters', parameters(t))]);
    else return made;
  }
}

function parameters(t: Tokens): Part {
  const list: Part[] = [t.expect('(')];
  if (!t.is(')')) list.push(parameter(t));
  while (t.is(',')) list.push(t.token(), parameter(t));
  list.push(t.expect(')'));
  return node('parameter_list', list);
}

function parameter(t: Tokens): Part {
  if (t.is('...')) return node('variadic_parameter', [t.token()]);
  const parts = readSpecifiers(t, false);
  if (!t.is(',') && !t.is(')')) parts.push(as('declarator', anyDeclarator(t)));
  return node('parameter_declaration', parts);
}

/** With a name, or of pointers alone. */
function anyDeclarator(t: Tokens): Part {
  let i = 0;
  while (t.text(i) === '*' || QUALIFIERS.has(t.text(i))) i++;
  const end = t.text(i);
  return end === ',' || end === ')' ? abstractPointer(t) : readDeclarator(t, 'identifier');
}

function abstractPointer(t: Tokens): Part {
  const parts = [t.expect('*')];
  while (QUALIFIERS.has(t.text())) parts.push(t.leaf('type_qualifier'));
  if (t.is('*'))
    parts.push(
      as(
        'declarator',
        t.deeper(() => abstractPointer(t)),
      ),
    );
  return node('abstract_pointer_declarator', parts);
}

/** The type in a cast or `sizeof`. */
export function readTypeName(t: Tokens): Part {
  const parts = readSpecifiers(t, false);
  if (t.is('*')) parts.push(as('declarator', abstractPointer(t)));
  return node('type_descriptor', parts);
}

function typedefinition(t: Tokens): Part {
  const parts = [t.token(), ...readSpecifiers(t, false)];
  for (;;) {
    parts.push(as('declarator', readDeclarator(t, 'type_identifier')));
    if (!t.is(',')) break;
    parts.push(t.token());
  }
  return node('type_definition', [...parts, t.expect(';')]);
}

/** What begins a function, when `block` reads bodies; or a declaration to its semicolon. A type alone is two nodes. */
export function readDeclaration(t: Tokens, block?: (t: Tokens) => Part): Part[] {
  if (t.is('typedef')) return [typedefinition(t)];
  const parts = readSpecifiers(t, true);
  const [only] = parts;
  if (t.is(';'))
    return only && parts.length === 1 && only.type.endsWith('_specifier')
      ? [Object.assign(only, { field: undefined }), t.token()]
      : giveUp();
  for (let first = true; ; first = false) {
    const declarator = readDeclarator(t, 'identifier');
    if (first && block && t.is('{'))
      return [
        node('function_definition', [...parts, as('declarator', declarator), as('body', block(t))]),
      ];
    parts.push(as('declarator', initialised(t, declarator)));
    if (!t.is(',')) break;
    parts.push(t.token());
  }
  return [node('declaration', [...parts, t.expect(';')])];
}

function initialised(t: Tokens, declarator: Part): Part {
  if (!t.is('=')) return declarator;
  const equals = t.token();
  return node('init_declarator', [as('declarator', declarator), equals, as('value', readInit(t))]);
}
