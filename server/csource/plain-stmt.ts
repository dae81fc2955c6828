/** Statements of plain C. */
import { isName, readComma } from './plain-expr.js';
import { as, giveUp, node, type Part, type Tokens } from './plain-tokens.js';
import { readDeclaration, startsDeclaration } from './plain-type.js';

/** `{ … }` as a statement. */
export function readBlock(t: Tokens): Part {
  return t.deeper(() => {
    const list: Part[] = [t.expect('{')];
    while (!t.is('}')) list.push(...item(t, true));
    list.push(t.expect('}'));
    return node('compound_statement', list);
  });
}

/** A statement or declaration of a block. */
function item(t: Tokens, cases: boolean): Part[] {
  const isLabel = t.text(1) === ':' && isName(t.text());
  if (!isLabel && startsDeclaration(t)) return readDeclaration(t);
  return [statement(t, cases)];
}

function statement(t: Tokens, cases = false): Part {
  return t.deeper(() => {
    switch (t.text()) {
      case '{':
        return readBlock(t);
      case 'if':
        return ifStatement(t);
      case 'while':
        return node('while_statement', [t.token(), condition(t), as('body', statement(t))]);
      case 'do':
        return doStatement(t);
      case 'for':
        return forStatement(t);
      case 'switch':
        return node('switch_statement', [t.token(), condition(t), as('body', readBlock(t))]);
      case 'case':
      case 'default':
        return cases ? caseStatement(t) : giveUp();
      case 'return':
        return node('return_statement', [
          t.token(),
          ...(t.is(';') ? [] : [readComma(t)]),
          t.expect(';'),
        ]);
      case 'goto':
        return gotoStatement(t);
      case 'break':
        return node('break_statement', [t.token(), t.expect(';')]);
      case 'continue':
        return node('continue_statement', [t.token(), t.expect(';')]);
      case ';':
        return node('expression_statement', [t.token()]);
      default:
        return t.text(1) === ':' && isName(t.text()) ? labelled(t) : expressionStatement(t);
    }
  });
}

function expressionStatement(t: Tokens): Part {
  // `name (*x)…` may declare something.
  if (t.text(1) === '(' && t.text(2) === '*') giveUp();
  return node('expression_statement', [readComma(t), t.expect(';')]);
}

function condition(t: Tokens): Part {
  const open = t.expect('(');
  const inner = readComma(t);
  return as('condition', node('parenthesized_expression', [open, inner, t.expect(')')]));
}

function ifStatement(t: Tokens): Part {
  const parts = [t.token(), condition(t), as('consequence', statement(t))];
  if (t.is('else')) parts.push(as('alternative', node('else_clause', [t.token(), statement(t)])));
  return node('if_statement', parts);
}

function doStatement(t: Tokens): Part {
  const word = t.token();
  const body = as('body', statement(t));
  return node('do_statement', [word, body, t.expect('while'), condition(t), t.expect(';')]);
}

function forStatement(t: Tokens): Part {
  const parts = [t.token(), t.expect('(')];
  if (startsDeclaration(t)) {
    const [declaration] = readDeclaration(t);
    if (declaration?.type !== 'declaration') giveUp();
    else parts.push(as('initializer', declaration));
  } else {
    if (!t.is(';')) parts.push(as('initializer', readComma(t)));
    parts.push(t.expect(';'));
  }
  if (!t.is(';')) parts.push(as('condition', readComma(t)));
  parts.push(t.expect(';'));
  if (!t.is(')')) parts.push(as('update', readComma(t)));
  parts.push(t.expect(')'), as('body', statement(t)));
  return node('for_statement', parts);
}

function gotoStatement(t: Tokens): Part {
  const word = t.token();
  if (!isName(t.text())) giveUp();
  const label = as('label', t.leaf('statement_identifier'));
  return node('goto_statement', [word, label, t.expect(';')]);
}

function labelled(t: Tokens): Part {
  const label = as('label', t.leaf('statement_identifier'));
  const colon = t.token();
  if (t.is('}') || startsDeclaration(t)) giveUp();
  return node('labeled_statement', [label, colon, statement(t)]);
}

/** A case has the statements up to the next one. */
function caseStatement(t: Tokens): Part {
  const word = t.token();
  const value = word.type === 'case' ? [as('value', readComma(t))] : [];
  const parts = [word, ...value, t.expect(':')];
  while (!t.is('}') && !t.is('case') && !t.is('default')) {
    const [made, ...more] = item(t, false);
    // A type alone is a declaration of nothing here.
    if (!made || more.length > 0) giveUp();
    parts.push(made);
  }
  return node('case_statement', parts);
}
