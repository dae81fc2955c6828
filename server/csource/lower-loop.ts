/** while, do, for. The instructions of a header belong to the header's statement. */
import type { Expr, For, Loc, Stmt, While } from './ast.js';
import { Label } from './lower-builder.js';
import { branchOn } from './lower-cond.js';
import type { Lowering } from './lower-context.js';
import { effectOf } from './lower-expr.js';
import { lowerBody, lowerStmt } from './lower-stmt.js';

/** `if (test)` without what follows: up to the parenthesis behind its last expression. */
export function headerOf(loc: Loc, last: Expr | undefined, body: Stmt): Loc {
  // From a macro everything stands at the place of use.
  if (!last || last.loc.src !== loc.src || last.loc.start < loc.start || last.loc.end > loc.end) return loc;
  if (last.loc.start === loc.start && last.loc.end === loc.end) return loc;
  const limit = body.loc.src === loc.src && body.loc.start > last.loc.end ? body.loc.start : loc.end;
  return { ...loc, end: Math.min(last.loc.end + 1, limit) };
}

export function lowerWhile(L: Lowering, s: While): void {
  const header = L.builder.openStmt(headerOf(s.loc, s.test, s.body), L.depth);
  const [test, body, end] = [new Label(), new Label(), new Label()];
  L.builder.bind(test);
  branchOn(L, s.test, body, end);
  L.builder.bind(body);
  L.scoped({ breakTo: end, continueTo: test }, s.loc, () => {
    lowerBody(L, s.body);
  });
  L.builder.resumeStmt(header);
  L.builder.jump(s.test.loc, test);
  L.builder.bind(end);
}

export function lowerDoWhile(L: Lowering, s: While): void {
  const [body, test, end] = [new Label(), new Label(), new Label()];
  L.builder.bind(body);
  L.scoped({ breakTo: end, continueTo: test }, s.loc, () => {
    lowerBody(L, s.body);
  });
  L.builder.bind(test);
  if (L.constant(s.test) !== 0n) {
    const sameText = s.body.loc.src === s.loc.src && s.body.loc.end < s.loc.end;
    L.builder.openStmt(sameText ? { ...s.loc, start: s.body.loc.end } : s.loc, L.depth);
  }
  branchOn(L, s.test, body, end);
  L.builder.bind(end);
}

export function lowerFor(L: Lowering, s: For): void {
  L.scoped({}, s.loc, () => {
    const header = L.builder.openStmt(forHeader(s), L.depth);
    const [test, body, step, end] = [new Label(), new Label(), new Label(), new Label()];
    if (s.init) lowerInit(L, s.init, forHeader(s));
    L.builder.bind(test);
    if (s.test) branchOn(L, s.test, body, end);
    L.builder.bind(body);
    L.scoped({ breakTo: end, continueTo: step }, s.loc, () => {
      lowerBody(L, s.body);
    });
    L.builder.bind(step);
    L.builder.resumeStmt(header);
    if (s.step) effectOf(L, s.step);
    L.builder.jump(s.step?.loc ?? s.loc, test);
    L.builder.bind(end);
  });
}

/** The first part of a header is no statement of its own. */
function lowerInit(L: Lowering, init: Stmt, header: Loc): void {
  if (init.kind === 'expr') effectOf(L, init.expr);
  else lowerStmt(L, { ...init, loc: header });
}

function forHeader(s: For): Loc {
  const parts = [s.init, s.test, s.step].flatMap((p) => (p ? [p.loc] : []));
  const last = parts.at(-1);
  if (last && last.start === s.loc.start && last.end === s.loc.end) return s.loc;
  if (s.body.loc.src !== s.loc.src || s.body.loc.start <= s.loc.start || s.body.loc.start > s.loc.end) return s.loc;
  const end = last && last.src === s.loc.src ? last.end + 1 : s.body.loc.start;
  return { ...s.loc, end: Math.min(end, s.body.loc.start) };
}
