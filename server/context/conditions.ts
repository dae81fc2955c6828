/**
 * Conditions that correlate: a lock taken and released under the same flag, an error path that
 * exists only when a call failed. A condition is a test in a normal form, so that `if (!x)`,
 * `if (x == NULL)` and `if (x)` speak about the same fact.
 *
 * Soundness: a test of memory, or of what a function says, is taken to have the same outcome when it
 * is made again before the names in it change, but not in the next round of a loop. Another thread
 * may change it; code that locks and unlocks under such a test relies on it as well.
 */
import type { Instr, IrExpr, IrFunction } from '../csource/ir.js';
import type { Value, Values } from './values.js';
import { assignedLocal, passedByAddress } from './values.js';

/** A test and the outcome for which the branch is taken. */
export interface Test {
  readonly kind: 'nonzero' | 'negative' | 'positive' | 'equals' | 'other';
  /** What is tested: `x` of `x < 0`. */
  readonly subject: string;
  /** The fact itself. */
  readonly key: string;
  /** Of `equals`: the number. */
  readonly number?: number;
  readonly whenTrue: boolean;
}

/** What is known on a path: test key → outcome. */
export type Facts = ReadonlyMap<string, boolean>;

export function negativeKey(name: string): string {
  return `${name} < 0`;
}

function equalsKey(subject: string, right: string): string {
  return `${subject} == ${right}`;
}

function stripCasts(e: IrExpr): IrExpr {
  return e.kind === 'cast' ? stripCasts(e.operand) : e;
}

/** Value of a constant; NULL is 0. */
function numberOf(value: IrExpr): number | undefined {
  const e = stripCasts(value);
  if (e.kind === 'number') return e.value;
  if (e.kind === 'ident' && e.name === 'NULL') return 0;
  if (e.kind !== 'unary' || e.op !== '-') return undefined;
  const inner = numberOf(e.operand);
  return inner === undefined ? undefined : -inner;
}

interface Raw {
  readonly kind: Test['kind'];
  readonly left: IrExpr;
  readonly right?: IrExpr;
  readonly number?: number;
  readonly whenTrue: boolean;
}

const MIRRORED = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '==': '==', '!=': '!=' } as const;
type Comparison = keyof typeof MIRRORED;

function isComparison(op: string): op is Comparison {
  return Object.hasOwn(MIRRORED, op);
}

function compared(left: IrExpr, op: Comparison, right: IrExpr, whenTrue: boolean): Raw {
  const n = numberOf(right);
  if (op === '==' || op === '!=') {
    const yes = op === '==' ? whenTrue : !whenTrue;
    if (n === 0) return { kind: 'nonzero', left, whenTrue: !yes };
    return {
      kind: 'equals',
      left,
      right,
      whenTrue: yes,
      ...(n === undefined ? {} : { number: n }),
    };
  }
  if (
    n === 0 ||
    (n === 1 && (op === '<' || op === '>=')) ||
    (n === -1 && (op === '>' || op === '<='))
  ) {
    if ((op === '<' && n === 0) || (op === '<=' && n === -1))
      return { kind: 'negative', left, whenTrue };
    if ((op === '>=' && n === 0) || (op === '>' && n === -1))
      return { kind: 'negative', left, whenTrue: !whenTrue };
    return { kind: 'positive', left, whenTrue: op === '>' || op === '>=' ? whenTrue : !whenTrue };
  }
  const less = op === '<' || op === '<=';
  return { kind: 'other', left, right, whenTrue: less ? whenTrue : !whenTrue };
}

function rawTest(cond: IrExpr, whenTrue: boolean): Raw {
  const e = stripCasts(cond);
  if (e.kind === 'unary' && e.op === '!') return rawTest(e.operand, !whenTrue);
  if (e.kind !== 'binary' || !isComparison(e.op)) return { kind: 'nonzero', left: e, whenTrue };
  const zero = numberOf(e.right) === 0 && (e.op === '==' || e.op === '!=');
  // `(a == b) != 0`
  const inner = stripCasts(e.left);
  if (
    zero &&
    ((inner.kind === 'unary' && inner.op === '!') ||
      (inner.kind === 'binary' && isComparison(inner.op)))
  )
    return rawTest(inner, e.op === '!=' ? whenTrue : !whenTrue);
  if (numberOf(e.left) !== undefined && numberOf(e.right) === undefined)
    return compared(e.right, MIRRORED[e.op], e.left, whenTrue);
  return compared(e.left, e.op, e.right, whenTrue);
}

function merged(a: Value, b: Value | undefined): Value {
  if (!b) return a;
  return {
    key: a.key,
    locals: [...a.locals, ...b.locals],
    members: [...a.members, ...b.members],
    volatile: a.volatile || b.volatile,
  };
}

/** A test, and what it reads. */
interface Read {
  readonly test: Test;
  readonly value: Value;
}

/** Normal form of a branch condition; undefined when nothing lasting can be said of it. */
function testOf(cond: IrExpr, values: Values): Read | undefined {
  const raw = rawTest(cond, true);
  const left = values.value(raw.left);
  const right = raw.right && values.value(raw.right);
  if (!left || (raw.right && !right)) return undefined;
  const { kind, whenTrue } = raw;
  const subject = left.key;
  const value = merged(left, right);
  if (value.locals.length === 0 && value.members.length === 0 && !value.volatile) return undefined;
  const key =
    kind === 'negative'
      ? negativeKey(subject)
      : kind === 'equals'
        ? equalsKey(subject, right?.key ?? '')
        : kind === 'other'
          ? `${subject} < ${right?.key ?? ''}`
          : subject;
  const test = { kind, subject, key, whenTrue };
  return { test: raw.number === undefined ? test : { ...test, number: raw.number }, value };
}

/** The outcome of a test, as far as facts decide it: not yet turned by `whenTrue`. */
export function outcomeOf(test: Test, facts: Facts): boolean | undefined {
  const nonzero = facts.get(test.subject);
  const negative = facts.get(negativeKey(test.subject));
  switch (test.kind) {
    case 'nonzero':
      return nonzero ?? (negative === true ? true : undefined);
    case 'negative':
      return negative ?? (nonzero === false ? false : undefined);
    case 'positive':
      if (nonzero === false || negative === true) return false;
      return nonzero === true && negative === false ? true : undefined;
    case 'equals':
      return facts.get(test.key) ?? (isOther(test, facts) ? false : undefined);
    case 'other':
      return facts.get(test.key);
  }
}

function isOther({ subject, key, number }: Test, facts: Facts): boolean {
  if (number === undefined) return false;
  const nonzero = facts.get(subject);
  const negative = facts.get(negativeKey(subject));
  if (nonzero === false || (negative !== undefined && negative !== number < 0)) return true;
  const prefix = equalsKey(subject, '');
  for (const [k, v] of facts)
    if (v && k !== key && k.startsWith(prefix) && Number.isFinite(Number(k.slice(prefix.length))))
      return true;
  return false;
}

/** Facts after a test had an outcome. */
export function learn(facts: Facts, test: Test, outcome: boolean): Facts {
  const out = new Map(facts);
  switch (test.kind) {
    case 'nonzero':
      out.set(test.key, outcome);
      if (!outcome) out.set(negativeKey(test.subject), false);
      return out;
    case 'negative':
      out.set(test.key, outcome);
      if (outcome) out.set(test.subject, true);
      return out;
    case 'positive':
      if (outcome) out.set(test.subject, true).set(negativeKey(test.subject), false);
      else if (facts.get(test.subject) === true) out.set(negativeKey(test.subject), true);
      else if (facts.get(negativeKey(test.subject)) === false) out.set(test.subject, false);
      return out;
    case 'equals':
      out.set(test.key, outcome);
      if (outcome && test.number !== undefined)
        out.set(test.subject, true).set(negativeKey(test.subject), test.number < 0);
      return out;
    case 'other':
      out.set(test.key, outcome);
      return out;
  }
}

/** What an assigned constant says about `x` and `x < 0`. */
export function constantFacts(name: string, value: IrExpr): Facts {
  const n = numberOf(value);
  return n === undefined
    ? new Map()
    : new Map([
        [name, n !== 0],
        [negativeKey(name), n < 0],
      ]);
}

/** Which tests matter where: a fact is kept only while a later branch or return may ask for it. */
export interface LiveTests {
  readonly values: Values;
  /** Test of a branch at a pc. */
  readonly at: ReadonlyMap<number, Test>;
  /** What is behind each fact. */
  readonly behind: ReadonlyMap<string, Value>;
  /** Whether a fact is asked for at a pc or after it. */
  isLive(pc: number, key: string): boolean;
}

/** `x = y`: what is asked of x before is asked of y after. */
function copyOf(instr: Instr, values: Values): { to: string; from: Value } | undefined {
  if (instr.op !== 'assign' || instr.target.kind !== 'local') return undefined;
  const value = stripCasts(instr.value);
  if (value.kind !== 'local') return undefined;
  const from = values.value(value);
  return from && { to: values.localKey(instr.target.local), from };
}

export function liveTests(
  fn: IrFunction,
  values: Values,
  successors: (instr: Instr, pc: number) => readonly number[],
): LiveTests {
  const at = new Map<number, Test>();
  const behind = new Map<string, Value>();
  const live: Set<string>[] = fn.code.map(() => new Set());
  const asked = new Map<string, number>();
  const own = fn.code.map((instr, pc): readonly string[] => {
    if (instr.op === 'return' && instr.value) {
      const value = values.value(instr.value);
      if (!value || value.volatile) return [];
      behind.set(value.key, value);
      return [value.key];
    }
    const read = instr.op === 'branch' ? testOf(instr.cond, values) : undefined;
    if (!read) return [];
    const { test, value } = read;
    at.set(pc, test);
    behind.set(test.subject, value);
    behind.set(test.key, value);
    for (const k of new Set([test.subject, test.key])) asked.set(k, (asked.get(k) ?? 0) + 1);
    return test.key === test.subject ? [test.subject] : [test.subject, test.key];
  });
  // what is asked only once, and set nowhere, tells nothing
  const useful = own.map((keys) =>
    keys.filter((k) => (asked.get(k) ?? 2) > 1 || !behind.get(k)?.volatile),
  );
  for (let changed = true; changed;) {
    changed = false;
    for (let pc = fn.code.length - 1; pc >= 0; pc--) {
      const instr = fn.code[pc];
      const here = live[pc];
      if (!instr || !here) continue;
      const before = here.size;
      for (const s of successors(instr, pc))
        for (const k of live[s] ?? []) addUnlessSet(k, instr, here, behind, values);
      for (const k of useful[pc] ?? []) here.add(k);
      if (here.size !== before) changed = true;
    }
  }
  return {
    values,
    at,
    behind,
    isLive: (pc, key) => {
      const here = live[pc];
      if (!here) return false;
      return here.has(key) || (key.endsWith(' < 0') && here.has(key.slice(0, -4)));
    },
  };
}

function addUnlessSet(
  key: string,
  instr: Instr,
  here: Set<string>,
  behind: Map<string, Value>,
  values: Values,
): void {
  const target = assignedLocal(instr);
  if (target === undefined || !behind.get(key)?.locals.includes(target)) {
    here.add(key);
    return;
  }
  const copy = copyOf(instr, values);
  if (copy?.to !== key) return;
  here.add(copy.from.key);
  behind.set(copy.from.key, copy.from);
}

function memberSet(instr: Instr): string | undefined {
  return instr.op === 'assign' && instr.target.kind === 'member' ? instr.target.name : undefined;
}

/** Facts that survive an instruction, with what it says itself. */
export function factsAfter(facts: Facts, instr: Instr, tests: LiveTests): Facts {
  const target = assignedLocal(instr);
  const passed = passedByAddress(instr);
  const member = memberSet(instr);
  if (target === undefined && passed.length === 0 && member === undefined) return facts;
  const out = new Map<string, boolean>();
  for (const [key, known] of facts) {
    const base = key.endsWith(' < 0') ? key.slice(0, -4) : key;
    const value = tests.behind.get(key) ?? tests.behind.get(base);
    const ended =
      value !== undefined &&
      ((target !== undefined && value.locals.includes(target)) ||
        passed.some((l) => value.locals.includes(l)) ||
        (member !== undefined && value.members.includes(member)));
    if (!ended) out.set(key, known);
  }
  if (instr.op !== 'assign') return out;
  const name = tests.values.value(instr.target)?.key;
  if (name === undefined) return out;
  for (const [k, v] of constantFacts(name, instr.value)) out.set(k, v);
  const copy = copyOf(instr, tests.values);
  if (copy)
    for (const [to, from] of [
      [copy.to, copy.from.key],
      [negativeKey(copy.to), negativeKey(copy.from.key)],
    ] as const) {
      const known = facts.get(from);
      if (known !== undefined) out.set(to, known);
    }
  return out;
}

/** Facts that also hold in the next round of a loop. */
export function lastingFacts(facts: Facts, tests: LiveTests): Facts {
  const out = new Map<string, boolean>();
  for (const [key, known] of facts) {
    const base = key.endsWith(' < 0') ? key.slice(0, -4) : key;
    if (!(tests.behind.get(key) ?? tests.behind.get(base))?.volatile) out.set(key, known);
  }
  return out;
}
