/**
 * Conditions that correlate: a lock taken and released under the same flag, an error path that
 * exists only when a call failed. A condition is a test of locals in a normal form, so that
 * `if (!x)`, `if (x == NULL)` and `if (x)` speak about the same fact.
 */
import type { Instr, IrExpr, IrFunction } from '../csource/ir.js';
import { pathText } from './paths.js';

/** A test and the outcome for which the branch is taken. */
export interface Test {
  /** `x` (is it non-zero) or `x < 0` (is it negative). */
  readonly key: string;
  readonly whenTrue: boolean;
  /** Locals whose assignment ends what was known. */
  readonly locals: readonly number[];
}

function stripCasts(e: IrExpr): IrExpr {
  return e.kind === 'cast' ? stripCasts(e.operand) : e;
}

function isZero(e: IrExpr): boolean {
  const s = stripCasts(e);
  return (s.kind === 'number' && s.value === 0) || (s.kind === 'ident' && s.name === 'NULL');
}

/** Locals of an expression; undefined when it reads memory or names that may change behind our back. */
function localsOf(e: IrExpr): readonly number[] | undefined {
  switch (e.kind) {
    case 'local':
      return [e.local];
    case 'number':
    case 'ident':
    case 'sizeof':
    case 'offsetof':
      return [];
    case 'unary':
      return e.op === '*' || e.op === '&' ? undefined : localsOf(e.operand);
    case 'cast':
      return localsOf(e.operand);
    case 'binary': {
      const left = localsOf(e.left);
      const right = localsOf(e.right);
      return left && right ? [...left, ...right] : undefined;
    }
    case 'member':
    case 'index':
    case 'string':
    case 'typeArg':
    case 'error':
      return undefined;
  }
}

function withoutCasts(e: IrExpr): IrExpr {
  if (e.kind === 'cast') return withoutCasts(e.operand);
  if (e.kind === 'unary') return { ...e, operand: withoutCasts(e.operand) };
  if (e.kind === 'binary')
    return { ...e, left: withoutCasts(e.left), right: withoutCasts(e.right) };
  return e;
}

/** Normal form of a branch condition; undefined when it is no stable test of locals. */
function testOf(cond: IrExpr, whenTrue = true): Test | undefined {
  const e = stripCasts(cond);
  if (e.kind === 'unary' && e.op === '!') return testOf(e.operand, !whenTrue);
  if (e.kind === 'binary' && (e.op === '==' || e.op === '!=')) {
    const flip = e.op === '==' ? !whenTrue : whenTrue;
    if (isZero(e.right)) return testOf(e.left, flip);
    if (isZero(e.left)) return testOf(e.right, flip);
  }
  const found = localsOf(e);
  if (!found || found.length === 0) return undefined;
  const plain = withoutCasts(e);
  if (plain.kind === 'binary' && (plain.op === '<' || plain.op === '>=') && isZero(plain.right))
    return {
      key: negativeKey(pathText(plain.left)),
      whenTrue: plain.op === '<' ? whenTrue : !whenTrue,
      locals: found,
    };
  return { key: pathText(plain), whenTrue, locals: found };
}

export function negativeKey(name: string): string {
  return `${name} < 0`;
}

/** What is known on a path: test key → outcome. */
export type Facts = ReadonlyMap<string, boolean>;

/** What an assigned constant says about `x` and `x < 0`. */
export function constantFacts(name: string, value: IrExpr): Facts {
  const e = withoutCasts(value);
  const n =
    e.kind === 'number'
      ? e.value
      : e.kind === 'unary' && e.op === '-' && e.operand.kind === 'number'
        ? -e.operand.value
        : undefined;
  if (e.kind === 'ident' && e.name === 'NULL')
    return new Map([
      [name, false],
      [negativeKey(name), false],
    ]);
  return n === undefined
    ? new Map()
    : new Map([
        [name, n !== 0],
        [negativeKey(name), n < 0],
      ]);
}

/** Which tests matter where: a fact is kept only while a later branch or return may ask for it. */
export interface LiveTests {
  /** Test of a branch at a pc. */
  readonly at: ReadonlyMap<number, Test>;
  /** Locals behind each key. */
  readonly locals: ReadonlyMap<string, readonly number[]>;
  live(pc: number): ReadonlySet<string>;
}

function returnedKeys(
  instr: Instr,
  fn: IrFunction,
): readonly { key: string; locals: readonly number[] }[] {
  if (instr.op !== 'return' || !instr.value) return [];
  const v = withoutCasts(instr.value);
  if (v.kind !== 'local' || fn.locals[v.local] === undefined) return [];
  const name = pathText(v);
  return [name, negativeKey(name)].map((key) => ({ key, locals: [v.local] }));
}

function assignedLocal(instr: Instr): number | undefined {
  if (instr.op === 'assign' || instr.op === 'zero')
    return instr.target.kind === 'local' ? instr.target.local : undefined;
  return instr.op === 'call' || instr.op === 'intrinsic' ? instr.result : undefined;
}

/** `x = y`: what is asked of x before is asked of y after. */
function copyOf(
  instr: Instr,
):
  | { readonly to: IrExpr & { kind: 'local' }; readonly from: IrExpr & { kind: 'local' } }
  | undefined {
  if (instr.op !== 'assign' || instr.target.kind !== 'local') return undefined;
  const from = withoutCasts(instr.value);
  return from.kind === 'local' ? { to: instr.target, from } : undefined;
}

export function liveTests(
  fn: IrFunction,
  successors: (instr: Instr, pc: number) => readonly number[],
): LiveTests {
  const at = new Map<number, Test>();
  const locals = new Map<string, readonly number[]>();
  const live: Set<string>[] = fn.code.map(() => new Set());
  fn.code.forEach((instr, pc) => {
    const test = instr.op === 'branch' ? testOf(instr.cond) : undefined;
    if (test) {
      at.set(pc, test);
      locals.set(test.key, test.locals);
    }
    for (const r of returnedKeys(instr, fn)) locals.set(r.key, r.locals);
  });
  for (let changed = true; changed;) {
    changed = false;
    for (let pc = fn.code.length - 1; pc >= 0; pc--) {
      const instr = fn.code[pc];
      const own = live[pc];
      if (!instr || !own) continue;
      const before = own.size;
      for (const s of successors(instr, pc))
        for (const k of live[s] ?? []) addUnlessAssigned(k, instr, own, locals);
      const test = at.get(pc);
      if (test) own.add(test.key);
      for (const r of returnedKeys(instr, fn)) own.add(r.key);
      if (own.size !== before) changed = true;
    }
  }
  return { at, locals, live: (pc) => live[pc] ?? new Set() };
}

function addUnlessAssigned(
  key: string,
  instr: Instr,
  own: Set<string>,
  locals: Map<string, readonly number[]>,
): void {
  const target = assignedLocal(instr);
  if (target === undefined || !(locals.get(key) ?? []).includes(target)) {
    own.add(key);
    return;
  }
  const copy = copyOf(instr);
  if (!copy) return;
  const [to, from] = [pathText(copy.to), pathText(copy.from)];
  for (const [asked, asks] of [
    [to, from],
    [negativeKey(to), negativeKey(from)],
  ] as const)
    if (key === asked) {
      own.add(asks);
      locals.set(asks, [copy.from.local]);
    }
}

/** Facts that survive an instruction. */
export function factsAfter(facts: Facts, instr: Instr, tests: LiveTests): Facts {
  const target = assignedLocal(instr);
  if (target === undefined) return facts;
  const out = new Map(
    [...facts].filter(([key]) => !(tests.locals.get(key) ?? []).includes(target)),
  );
  if (instr.op === 'assign' && instr.target.kind === 'local') {
    const name = pathText(instr.target);
    for (const [k, v] of constantFacts(name, instr.value)) out.set(k, v);
    const copy = copyOf(instr);
    const from = copy ? pathText(copy.from) : undefined;
    if (from !== undefined)
      for (const [a, b] of [
        [name, from],
        [negativeKey(name), negativeKey(from)],
      ] as const) {
        const known = facts.get(b);
        if (known !== undefined) out.set(a, known);
      }
  }
  return out;
}
