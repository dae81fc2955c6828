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
  if (e.kind === 'binary' && e.op === '|') {
    const [left, right] = [numberOf(e.left), numberOf(e.right)];
    return left === undefined || right === undefined ? undefined : left | right;
  }
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

/** Enumerators with different names are different. */
function isOtherName(subject: string, key: string, facts: Facts): boolean {
  const prefix = equalsKey(subject, '');
  const isName = (k: string): boolean => /^[A-Z][A-Z0-9_]+$/.test(k.slice(prefix.length));
  if (!isName(key)) return false;
  for (const [k, v] of facts) if (v && k !== key && k.startsWith(prefix) && isName(k)) return true;
  return false;
}

function isOther({ subject, key, number }: Test, facts: Facts): boolean {
  if (number === undefined) return isOtherName(subject, key, facts);
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

/** What an assigned constant says about `x`, `x < 0` and `x == 4`. */
export function constantFacts(name: string, value: IrExpr): Facts {
  const n = numberOf(value);
  const constant = n === undefined ? namedConstant(value) : undefined;
  if (constant !== undefined) return new Map([[equalsKey(name, constant), true]]);
  return n === undefined
    ? new Map()
    : new Map([
        [name, n !== 0],
        [negativeKey(name), n < 0],
        [equalsKey(name, String(n)), true],
      ]);
}

/** An enumerator by its name: in capitals, as the kernel writes constants. */
function namedConstant(value: IrExpr): string | undefined {
  const e = stripCasts(value);
  return e.kind === 'ident' && /^[A-Z][A-Z0-9_]+$/.test(e.name) ? e.name : undefined;
}

/** Asked for where the number itself matters. */
const ANY_NUMBER = '#';

/** The number that something has, when the facts say it. */
export function knownNumber(name: string | undefined, facts: Facts): number | undefined {
  if (name === undefined) return undefined;
  const prefix = equalsKey(name, '');
  for (const [k, v] of facts)
    if (v && k.startsWith(prefix) && /^-?\d+$/.test(k.slice(prefix.length)))
      return Number(k.slice(prefix.length));
  return undefined;
}

/** The name that a fact is about: `x` of `x < 0`, and of `x == 4`. */
function baseOf(key: string): string {
  if (key.endsWith(' < 0')) return key.slice(0, -4);
  const at = key.lastIndexOf(' == ');
  return at < 0 ? key : key.slice(0, at);
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
  if (instr.op !== 'assign') return undefined;
  const value = stripCasts(instr.value);
  if (value.kind !== 'local') return undefined;
  const from = values.value(value);
  const to = values.value(instr.target);
  return from && to && { to: to.key, from };
}

export function liveTests(
  fn: IrFunction,
  values: Values,
  successors: (instr: Instr, pc: number) => readonly number[],
  folds: (call: Instr & { readonly op: 'call' }) => boolean,
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
    if (instr.op === 'call') {
      const keys = instr.args.flatMap((a) => askedNumber(a, values, behind));
      return keys.length > 0 && folds(instr) ? keys : [];
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
  const stored = new Set(
    fn.code.flatMap((i) =>
      i.op === 'assign' && i.target.kind !== 'local' ? (values.value(i.target)?.key ?? []) : [],
    ),
  );
  // what is asked only once, and set nowhere, tells nothing
  const useful = own.map((keys) =>
    keys.filter(
      (k) => (asked.get(k) ?? 2) > 1 || !behind.get(k)?.volatile || stored.has(baseOf(k)),
    ),
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
      if (here.has(key) || (key.endsWith(' < 0') && here.has(key.slice(0, -4)))) return true;
      const at = key.lastIndexOf(' == ');
      return at >= 0 && here.has(equalsKey(key.slice(0, at), ANY_NUMBER));
    },
  };
}

/** An argument whose number decides what the callee does. */
function askedNumber(arg: IrExpr, values: Values, behind: Map<string, Value>): readonly string[] {
  const e = stripCasts(arg);
  if (e.kind !== 'local' && e.kind !== 'member') return [];
  const value = values.value(e);
  if (!value) return [];
  const key = equalsKey(value.key, ANY_NUMBER);
  behind.set(key, value);
  return [key];
}

function addUnlessSet(
  key: string,
  instr: Instr,
  here: Set<string>,
  behind: Map<string, Value>,
  values: Values,
): void {
  const target = assignedLocal(instr);
  const ends = target !== undefined && behind.get(key)?.locals.includes(target) === true;
  if (!ends) here.add(key);
  if (!ends && (instr.op !== 'assign' || instr.target.kind === 'local')) return;
  const copy = copyOf(instr, values);
  const from =
    copy?.to === key
      ? copy.from.key
      : copy && equalsKey(copy.to, ANY_NUMBER) === key
        ? equalsKey(copy.from.key, ANY_NUMBER)
        : undefined;
  if (!copy || from === undefined) return;
  here.add(from);
  behind.set(from, copy.from);
}

function memberSet(instr: Instr): string | undefined {
  return instr.op === 'assign' && instr.target.kind === 'member' ? instr.target.name : undefined;
}

function behindOf(key: string, tests: LiveTests): Value | undefined {
  const base = baseOf(key);
  return (
    tests.behind.get(key) ?? tests.behind.get(base) ?? tests.behind.get(equalsKey(base, ANY_NUMBER))
  );
}

/** Facts that survive an instruction, with what it says itself. */
export function factsAfter(facts: Facts, instr: Instr, tests: LiveTests): Facts {
  const target = assignedLocal(instr);
  const passed = passedByAddress(instr);
  const member = memberSet(instr);
  if (target === undefined && passed.length === 0 && instr.op !== 'assign') return facts;
  const out = new Map<string, boolean>();
  for (const [key, known] of facts) {
    const value = behindOf(key, tests);
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
  for (const key of facts.keys()) if (baseOf(key) === name) out.delete(key);
  for (const [k, v] of constantFacts(name, instr.value)) out.set(k, v);
  const copy = copyOf(instr, tests.values);
  const number = copy && knownNumber(copy.from.key, facts);
  if (copy && number !== undefined) out.set(equalsKey(copy.to, String(number)), true);
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
    if (!behindOf(key, tests)?.volatile) out.set(key, known);
  }
  return out;
}
