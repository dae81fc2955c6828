/** switch: one dispatch in the order of the cases, then the body with its falls through. */
import type { Case, Expr, Stmt, Switch } from './ast.js';
import type { IrExpr } from './ir.js';
import { Label } from './lower-builder.js';
import type { Lowering } from './lower-context.js';
import { valueOf } from './lower-expr.js';
import { lowerBody } from './lower-stmt.js';

export function lowerSwitch(L: Lowering, s: Switch): void {
  L.open(s.header ?? s.loc);
  const end = new Label();
  const cases = casesOf(s.body);
  for (const c of cases) L.cases.set(c, new Label());
  if (!L.fragment) checkCases(L, cases);
  const fallback = cases.find((c) => !c.value);
  const otherwise = (fallback && L.cases.get(fallback)) ?? end;
  const known = L.constant(s.value);
  if (known !== undefined && cases.every((c) => !c.value || L.constant(c.value) !== undefined)) {
    const hit = cases.find((c) => c.value && contains(L, c, c.value, known));
    L.builder.jump(s.value.loc, (hit && L.cases.get(hit)) ?? otherwise);
  } else dispatch(L, s, cases, otherwise);
  L.scopes.within({ breakTo: end }, s.loc, () => {
    lowerBody(L, s.body, s.loc);
  });
  L.builder.bind(end);
}

function checkCases(L: Lowering, cases: readonly Case[]): void {
  const seen = new Set<bigint>();
  let fallback = false;
  for (const c of cases) {
    const low = c.value && L.constant(c.value);
    if (c.value && low === undefined) L.builder.problem(c.loc, 'case is not constant');
    else if (low === undefined ? fallback : seen.has(low))
      L.builder.problem(c.loc, 'case stands twice in one switch');
    if (low === undefined) fallback ||= !c.value;
    else seen.add(low);
  }
}

function contains(L: Lowering, c: Case, value: Expr, known: bigint): boolean {
  const low = L.constant(value);
  const high = c.high ? L.constant(c.high) : low;
  return low !== undefined && high !== undefined && low <= known && known <= high;
}

function dispatch(L: Lowering, s: Switch, cases: readonly Case[], otherwise: Label): void {
  const { builder } = L;
  const value = valueOf(L, s.value);
  const subject = value.kind === 'local' ? value : builder.capture(value);
  for (const c of cases) {
    const hit = L.cases.get(c);
    if (!c.value || !hit) continue;
    const miss = new Label();
    const low = valueOf(L, c.value);
    const compare = (op: '==' | '>=' | '<=', right: IrExpr): IrExpr => ({
      kind: 'binary',
      op,
      left: subject,
      right,
      loc: c.loc,
    });
    if (c.high) {
      const above = new Label();
      builder.branch(c.loc, compare('>=', low), above, miss);
      builder.bind(above);
      builder.branch(c.loc, compare('<=', valueOf(L, c.high)), hit, miss);
    } else builder.branch(c.loc, compare('==', low), hit, miss);
    builder.bind(miss);
  }
  builder.jump(s.value.loc, otherwise);
}

/** A case of a switch that is not in the text is a way into the fragment. */
export function lowerCase(L: Lowering, c: Case): void {
  let label = L.cases.get(c);
  if (!label) {
    label = new Label();
    L.entries.push(label);
    if (!L.fragment) L.builder.problem(c.loc, 'case outside a switch');
  }
  L.builder.bind(label);
}

/** Cases that belong to this switch, not to one inside it. */
function casesOf(stmt: Stmt): Case[] {
  switch (stmt.kind) {
    case 'case':
      return [stmt];
    case 'block':
      return stmt.body.flatMap(casesOf);
    case 'if':
      return [...casesOf(stmt.then), ...(stmt.else ? casesOf(stmt.else) : [])];
    case 'while':
    case 'doWhile':
    case 'for':
    case 'macroLoop':
    case 'atomic':
      return casesOf(stmt.body);
    case 'expr':
    case 'decl':
    case 'switch':
    case 'label':
    case 'goto':
    case 'break':
    case 'continue':
    case 'empty':
    case 'return':
    case 'errorStmt':
      return [];
  }
}
