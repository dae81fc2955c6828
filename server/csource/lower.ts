/** One function: syntax → control-flow graph. Guarantees: see the top of ir.ts. Never throws. */
import type { FunctionDef } from './ast.js';
import type { IrFunction } from './ir.js';
import { Label } from './lower-builder.js';
import { Lowering, type StaticLocal } from './lower-context.js';
import type { LowerEnv } from './lower-env.js';
import { lowerStmts } from './lower-stmt.js';

export interface Lowered {
  readonly fn: IrFunction;
  /** Become globals `function.name`. */
  readonly statics: readonly StaticLocal[];
}

/** Lowers one function with the macros, names and switches of an environment. */
export function lowerFunction(def: FunctionDef, env: LowerEnv): IrFunction {
  return lowerWithStatics(def, env).fn;
}

export function lowerWithStatics(def: FunctionDef, env: LowerEnv): Lowered {
  const expander = env.expander((problem) => {
    L.builder.problem(problem.loc, problem.message, problem.severity);
  });
  const L = new Lowering(def, env, expander);
  const { builder } = L;
  const body = expander.block(def.body);
  const [start, dispatch] = [new Label(), new Label()];
  if (L.fragment) builder.jump(def.loc, dispatch);
  builder.bind(start);
  L.scopes.within({}, def.body.loc, () => {
    for (const param of def.params) {
      const name = param.name ?? '';
      const ref = builder.local(name, param.loc, L.bindType(param.type), 'param');
      if (name !== '') L.scopes.declare(name, ref);
    }
    lowerStmts(L, body.body);
    const end = { ...def.body.loc, start: Math.max(def.body.loc.start, def.body.loc.end - 1) };
    builder.openStmt(end, 0);
    L.scopes.leaveFunction(end);
    builder.emit(end, { op: 'return' });
  });
  const unused = L.scopes.resolveGotos((name, loc) => {
    L.leaveText(loc, `no label ${name} in ${def.name}`, `label ${name} is not in this text`);
  });
  L.entries.push(...unused);
  if (L.fragment) enterFragment(L, start, dispatch);
  const fn: IrFunction = {
    name: def.name,
    def,
    locals: builder.locals,
    paramCount: def.params.length,
    stmts: builder.stmts,
    code: builder.finish(),
    problems: builder.problems,
  };
  return { fn, statics: L.statics };
}

/** A fragment may also be entered at its labels and cases that nothing in it leads to. */
function enterFragment(L: Lowering, start: Label, dispatch: Label): void {
  const { builder, def } = L;
  builder.resumeStmt(0);
  dispatch.at = L.entries.length > 0 ? builder.size : start.at;
  for (const entry of L.entries) {
    const next = new Label();
    builder.branch(def.loc, { kind: 'error', calls: [], loc: def.loc }, entry, next);
    builder.bind(next);
  }
  if (L.entries.length > 0) builder.jump(def.loc, start);
}
