/** while, do, for. The instructions of a header belong to the header's statement. */
import type { For, Loc, Stmt, While } from './ast.js';
import { Label } from './lower-builder.js';
import { branchOn } from './lower-cond.js';
import type { Lowering } from './lower-context.js';
import { effectOf } from './lower-expr.js';
import { lowerBody, lowerStmt } from './lower-stmt.js';

export function lowerWhile(L: Lowering, s: While): void {
  const header = L.open(s.header ?? s.loc);
  const [test, body, end] = [new Label(), new Label(), new Label()];
  L.builder.bind(test);
  branchOn(L, s.test, body, end);
  L.builder.bind(body);
  L.scopes.within({ breakTo: end, continueTo: test }, s.loc, () => {
    lowerBody(L, s.body, s.loc);
  });
  L.builder.resumeStmt(header);
  L.builder.jump(s.test.loc, test);
  L.builder.bind(end);
}

export function lowerDoWhile(L: Lowering, s: While): void {
  const [body, test, end] = [new Label(), new Label(), new Label()];
  L.builder.bind(body);
  L.scopes.within({ breakTo: end, continueTo: test }, s.loc, () => {
    lowerBody(L, s.body, s.loc);
  });
  L.builder.bind(test);
  if (L.constant(s.test) !== 0n) {
    L.open(s.header ?? s.loc);
  }
  branchOn(L, s.test, body, end);
  L.builder.bind(end);
}

export function lowerFor(L: Lowering, s: For): void {
  L.scopes.within({}, s.loc, () => {
    const header = L.open(s.header ?? s.loc);
    const [test, body, step, end] = [new Label(), new Label(), new Label(), new Label()];
    if (s.init) lowerInit(L, s.init, s.header ?? s.loc);
    L.builder.bind(test);
    if (s.test) branchOn(L, s.test, body, end);
    L.builder.bind(body);
    L.scopes.within({ breakTo: end, continueTo: step }, s.loc, () => {
      lowerBody(L, s.body, s.loc);
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
