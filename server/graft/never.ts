/**
 * Branches that the model never enters: behind a test with one answer in it, or behind the value that such a
 * test just gave.
 */
import type { Block, Call, Expr, FunctionDef, Stmt } from '../csource/ast.js';
import type { Loc } from '../csource/source.js';
import type { World } from './world.js';
import { answerOf } from './beside.js';
import { calleeName } from './effects.js';
import { foldBy } from './fold.js';
import { inStmt } from './walk.js';

/** The call that gives a variable its value, alone. */
function givenBy(s: Stmt | undefined): { readonly name: string; readonly call: Call } | undefined {
  if (s?.kind === 'expr' && s.expr.kind === 'assign' && s.expr.op === '=') {
    const { target, value } = s.expr;
    return target.kind === 'ident' && value.kind === 'call'
      ? { name: target.name, call: value }
      : undefined;
  }
  const [v, ...more] = s?.kind === 'decl' ? s.vars : [];
  return v?.init?.kind === 'call' && more.length === 0 ? { name: v.name, call: v.init } : undefined;
}

/** The variable that is asked whether it is other than 0: `ret`, `unlikely(ret)`, `ret < 0`, `ret != 0`. */
function asked(e: Expr): string | undefined {
  if (e.kind === 'ident') return e.name;
  if (e.kind === 'call' && /^(?:un)?likely$/.test(calleeName(e)))
    return e.args[0] && asked(e.args[0]);
  const zero = e.kind === 'binary' && e.right.kind === 'number' && e.right.value === 0;
  return zero && /^(?:<|>|!=)$/.test(e.op) && e.left.kind === 'ident' ? e.left.name : undefined;
}

/** A test of a value that the statement before it got from a call, as a test of that call. */
function direct(b: Block, decides: (call: Call) => boolean): Block {
  const body = b.body.map((s, i): Stmt => {
    if (s.kind === 'block') return direct(s, decides);
    if (s.kind !== 'if') return s;
    const given = givenBy(b.body[i - 1]);
    const known = given && asked(s.test) === given.name && decides(given.call);
    return {
      ...s,
      ...(known ? { test: given.call } : {}),
      then: s.then.kind === 'block' ? direct(s.then, decides) : s.then,
    };
  });
  return { ...b, body };
}

/** The function without them, and where their text stands; `own`: tests that the model's function has stay. */
export function withoutNever(
  fn: FunctionDef,
  own: ReadonlySet<string>,
  world: World,
): { readonly fn: FunctionDef; readonly dropped: readonly Loc[] } {
  const answers = new Map<string, boolean>();
  for (const e of inStmt(fn.body)) {
    const name = e.kind === 'call' ? calleeName(e) : '';
    const answer = name === '' || own.has(name) ? undefined : answerOf(name, world);
    if (answer !== undefined) answers.set(name, answer);
  }
  if (answers.size === 0) return { fn, dropped: [] };
  const body = direct(fn.body, (call) => answers.get(calleeName(call)) === false);
  return foldBy({ ...fn, body }, (name) => answers.get(name));
}
