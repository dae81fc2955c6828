/** The intrinsics of Model C as operations; see docs/model-c.md. */
import type { CType, Instr, IrExpr } from '../csource/ir.js';
import { INT } from './arith.js';
import { compileAlloc, compileFree } from './alloc.js';
import type { Emitter } from './emit.js';
import { drop, heldBy, take } from './held.js';
import type { Way } from './held.js';
import { placeOf } from './lifetime.js';
import { BASE } from './objects.js';
import type { Cpu } from './cpu.js';
import type { Val } from './val.js';
import type { Eval, WaitInfo } from './ops.js';

export type Intrinsic = Extract<Instr, { op: 'intrinsic' }>;
const MAX_CHOICES = 64;

function textArg(e: IrExpr | undefined): string | undefined {
  return e?.kind === 'string' ? e.value : undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Gives a result to the local that receives it. */
function deliver(
  c: Emitter,
  instr: Intrinsic,
  type: CType,
  f: Eval,
  uses: readonly number[] = [],
): void {
  if (instr.result !== undefined) c.store(c.local(instr.result), { type, f, uses });
}

/** Runs `act`, whose result goes to the result local through a temporary, as a step of its own. */
function ownStep(c: Emitter, instr: Intrinsic, uses: readonly number[], act: Eval): void {
  const slot = c.temp();
  const op = c.op((m, self) => {
    m.acted++;
    m.put(m.fp + slot, act(m));
    return self.next;
  }, uses);
  op.kind = 2;
  op.sets = slot;
  deliver(c, instr, INT, (m) => m.S[m.fp + slot] ?? 0, [slot]);
}

export function compileIntrinsic(c: Emitter, instr: Intrinsic): void {
  switch (instr.name) {
    case '__wait':
      return compileWait(c, instr, 'sleep');
    case '__idle':
      return compileWait(c, instr, 'idle');
    case '__spin':
      return compileWait(c, instr, 'spin');
    case '__choose':
      return compileChoose(c, instr);
    case '__fault':
      return compileFault(c, instr);
    case '__assert':
      return compileAssert(c, instr);
    case '__warn':
      return compileWarn(c, instr);
    case '__note':
      return compileNote(c, instr);
    case '__acquire':
      return compileHold(c, instr, 'acquire', false);
    case '__acquire_shared':
      return compileHold(c, instr, 'acquire', true);
    case '__release':
      return compileHold(c, instr, 'release', false);
    case '__require':
    case '__forbid':
      return compileHolding(c, instr, instr.name === '__require');
    case '__alloc':
      return compileAlloc(c, instr);
    case '__free':
      return compileFree(c, instr);
    case '__current':
      return deliver(c, instr, INT, (m) => (m.solo ? 0 : m.thread + 1));
    case '__in_irq':
      return deliver(c, instr, INT, (m) => (m.irq ? 1 : 0));
    case '__zero':
      return compileZero(c, instr);
    case '__flush':
      return compileFlush(c, instr);
  }
}

function argument(c: Emitter, e: IrExpr | undefined): Val {
  return e ? c.expr.value(e) : { type: INT, f: () => 0, uses: [], constant: 0 };
}

/** The `__acquire` of the same atomic region: it names the lock that a bare wait is for. */
function regionAcquire(c: Emitter, instr: Intrinsic): Intrinsic | undefined {
  const { code } = c.fn;
  for (let i = code.indexOf(instr) + 1; i < code.length; i++) {
    const at = code[i];
    if (!at || (at.op === 'atomic' && !at.enter) || at.op === 'return') return undefined;
    if (at.op === 'intrinsic' && (at.name === '__acquire' || at.name === '__acquire_shared'))
      return at;
  }
  return undefined;
}

function waitInfo(c: Emitter, instr: Intrinsic, idle: boolean, object: Val | undefined): WaitInfo {
  const given = textArg(instr.args[1]);
  const acquire = regionAcquire(c, instr);
  const acquired = acquire ? textArg(acquire.args[1]) : undefined;
  const lock = acquire !== undefined && (given === undefined || given === acquired);
  const from = object ?? (lock && acquire.args[0] ? c.direct.value(acquire.args[0]) : undefined);
  const condition = instr.args[0];
  const fallback = lock || !condition ? '' : oneLine(c.link.textOf(condition.loc));
  const shared = lock && acquire.name === '__acquire_shared';
  return {
    idle,
    shared,
    what: given ?? acquired ?? fallback,
    kind: lock ? 'lock' : given === undefined ? 'condition' : 'state',
    object: from?.f,
    objectType: from?.type,
  };
}

/** Name of what a lock's wait is for: the member that the lock is. */
function objectOf(c: Emitter, m: Cpu, info: WaitInfo): string {
  const to: CType = info.objectType?.kind === 'pointer' ? info.objectType.to : INT;
  return info.object ? c.link.describe(m, info.object(m), to).member : 'something';
}

/** `sleep`: never in an interrupt, also where the condition holds; `spin`: anywhere. */
type WaitKind = 'sleep' | 'idle' | 'spin';

function compileWait(c: Emitter, instr: Intrinsic, kind: WaitKind): void {
  const idle = kind === 'idle';
  const cond = argument(c, instr.args[0]);
  const object = instr.args[2] ? c.expr.value(instr.args[2]) : undefined;
  const info = waitInfo(c, instr, idle, object);
  const { f } = cond;
  const op = c.op(
    (m, self) => {
      if (m.acted > 0 || m.waited)
        m.fail('model-error', 'wait is not the first thing in its atomic region');
      if (kind === 'sleep' && !m.solo) maySleep(c, m, info);
      if (f(m) === 0) {
        if (m.solo) m.fail('model-error', 'code that runs alone waits');
        return m.block();
      }
      m.waited = true;
      return self.next;
    },
    [...cond.uses, ...(object?.uses ?? [])],
  );
  op.wait = info;
}

/** Sleeping is an error where nobody may, also when there is nothing to wait for. */
function maySleep(c: Emitter, m: Cpu, info: WaitInfo): void {
  const spins = m.irq ? undefined : heldBy(m)?.find((h) => h.spins);
  if (!m.irq && !spins) return;
  const what = info.what === '' ? objectOf(c, m, info) : info.what;
  if (m.irq) m.fail('irq-wait', `sleeps in interrupt context: waits for ${what}`);
  const held = c.link.stringText(spins?.cls ?? -1) ?? '';
  m.notice('atomic-wait', `sleeps while ${held} is held: waits for ${what}`);
}

function compileChoose(c: Emitter, instr: Intrinsic): void {
  const n = argument(c, instr.args[0]);
  const { f } = n;
  ownStep(c, instr, n.uses, (m) => {
    const count = f(m);
    if (count < 1 || count > MAX_CHOICES) m.fail('model-error', `choice among ${String(count)}`);
    if (m.solo && count > 1) m.fail('model-error', 'choice in code that runs alone');
    return m.choose(count);
  });
}

function compileFault(c: Emitter, instr: Intrinsic): void {
  const slot = c.temp();
  const site = textArg(instr.args[0]) ?? '';
  const op = c.op(
    (m, self) => {
      const cell = m.map.faults;
      const left = m.S[cell] ?? 0;
      if (m.tracking) m.noteRead(cell);
      let fails = 0;
      if (left > 0 && !m.solo) {
        m.acted++;
        fails = m.choose(2);
        if (fails && m.tracking) m.noteWrite(cell);
        if (fails) m.put(cell, left - 1);
        if (fails && m.events)
          m.events.push({ kind: 'note', text: `${site} fails`, loc: instr.loc });
      }
      m.put(m.fp + slot, fails);
      return self.next;
    },
    [],
    { k: 'fault' },
  );
  op.kind = 1;
  op.isFault = true;
  op.sets = slot;
  deliver(c, instr, INT, (m) => m.S[m.fp + slot] ?? 0, [slot]);
}

function compileAssert(c: Emitter, instr: Intrinsic): void {
  const cond = argument(c, instr.args[0]);
  const { f } = cond;
  const text = oneLine(textArg(instr.args[1]) ?? c.link.textOf(instr.args[0]?.loc ?? instr.loc));
  // The last argument may be the text of the condition.
  const rule = instr.args
    .slice(2)
    .map(textArg)
    .find((t) => t?.startsWith('RL-'));
  c.op((m, self) => (f(m) === 0 ? m.fail('assert', text, instr.loc, rule) : self.next), cond.uses);
}

function compileWarn(c: Emitter, instr: Intrinsic): void {
  const cond = argument(c, instr.args[0]);
  const { f } = cond;
  const text = oneLine(textArg(instr.args[1]) ?? c.link.textOf(instr.args[0]?.loc ?? instr.loc));
  c.op((m, self) => {
    if (f(m) !== 0) m.warn(text, instr.loc);
    return self.next;
  }, cond.uses);
  deliver(c, instr, INT, (m) => (f(m) !== 0 ? 1 : 0), cond.uses);
}

function compileNote(c: Emitter, instr: Intrinsic): void {
  const text = textArg(instr.args[0]) ?? '';
  c.op((m, self) => {
    m.events?.push({ kind: 'note', text, loc: instr.loc });
    return self.next;
  });
}

/** Which of the two waits the region of an acquisition begins with; undefined: it only tries. */
function regionWait(c: Emitter, instr: Intrinsic): '__wait' | '__spin' | undefined {
  const { code } = c.fn;
  for (let i = code.indexOf(instr) - 1; i >= 0; i--) {
    const at = code[i];
    if (!at || (at.op === 'atomic' && at.enter)) return undefined;
    if (at.op === 'intrinsic' && (at.name === '__wait' || at.name === '__spin')) return at.name;
  }
  return undefined;
}

function compileHold(
  c: Emitter,
  instr: Intrinsic,
  kind: 'acquire' | 'release',
  shared: boolean,
): void {
  const object = argument(c, instr.args[0]);
  const given = textArg(instr.args[1]);
  const { f, type } = object;
  const { loc } = instr;
  const to: CType = type.kind === 'pointer' ? type.to : INT;
  const wait = regionWait(c, instr);
  c.op((m, self) => {
    const cell = f(m);
    const cls = given ?? c.link.classAt(m, cell, to);
    const fn = c.out.name;
    m.events?.push(
      kind === 'acquire'
        ? { kind, cell, class: cls, shared, fn, loc }
        : { kind, cell, class: cls, fn, loc },
    );
    if (m.solo) return self.next;
    if (kind === 'release') released(c, m, cell, cls);
    else taken(c, m, { cell, cls, shared, wait });
    return self.next;
  }, object.uses);
}

interface Taken {
  readonly cell: number;
  readonly cls: string;
  readonly shared: boolean;
  /** How it was waited for. */
  readonly wait: '__wait' | '__spin' | undefined;
}

/** A lock that is waited for must not come before one that is held; a trylock may. */
function taken(c: Emitter, m: Cpu, what: Taken): void {
  const { link } = c;
  const { cell, cls, shared, wait } = what;
  for (const held of wait === undefined ? [] : (heldBy(m) ?? [])) {
    const name = link.stringText(held.cls) ?? '';
    if (link.locks.precedes(cls, name))
      m.notice('lock-order', `takes ${cls} while ${name} is held: ${cls} comes first`);
  }
  take(m, { place: cell, cls: link.stringNumber(cls), spins: wait === '__spin', shared });
}

function released(c: Emitter, m: Cpu, cell: number, cls: string): void {
  if (drop(m, cell, c.link.stringNumber(cls)) || c.link.locks.handedOver.has(cls)) return;
  m.notice('unlock', `releases ${cls} without holding it`);
}

/**
 * What a thread must, or must not, hold here: a class of things, or one lock, and that not shared. With a
 * class as last argument, unless it holds something of that. With a number it is that which must not be 0;
 * like the condition of an assertion it reads what others write, and the step that it is in says so.
 */
function compileHolding(c: Emitter, instr: Intrinsic, must: boolean): void {
  const [what] = instr.args;
  const cls = textArg(what);
  const object = cls === undefined ? argument(c, what) : undefined;
  const text = oneLine(textArg(instr.args[1]) ?? '');
  const [rule, unless] = [textArg(instr.args[2]), textArg(instr.args[3])];
  if (object?.type.kind === 'int') {
    const { f, uses } = object;
    c.op((m, self) => {
      if (f(m) === 0 && !m.solo) m.notice('assert', text, rule);
      return self.next;
    }, uses);
    return;
  }
  const { link } = c;
  const isOf = (h: Way, name: string): boolean => link.stringText(h.cls) === name;
  c.op((m, self) => {
    const held = m.solo ? undefined : heldBy(m);
    if (!held || (unless !== undefined && held.some((h) => isOf(h, unless)))) return self.next;
    const place = object?.f(m);
    const found = held.some((h) =>
      cls === undefined ? h.place === place && !h.shared : isOf(h, cls),
    );
    if (found !== must) m.notice('assert', text, rule);
    return self.next;
  }, object?.uses ?? []);
}

/** All write caches, or those of one object, reach their media. Nothing to do in runs without a crash. */
function compileFlush(c: Emitter, instr: Intrinsic): void {
  const p = instr.args[0] ? c.expr.value(instr.args[0]) : undefined;
  const to: CType = p?.type.kind === 'pointer' ? p.type.to : INT;
  const size = c.types.sizeOf(to);
  const { medium } = c.link.memory.map;
  if (!medium.some((behind) => behind >= 0)) return;
  const op = c.op(
    (m, self) => {
      const from = p ? placeOf(p.f(m)) - BASE : 0;
      const end = p ? from + size : medium.length;
      if (p && (from < 0 || end > medium.length))
        m.fail('model-error', 'flush of something that is on no device');
      m.acted++;
      for (let i = from; i < end; i++) {
        const behind = medium[i] ?? -1;
        if (behind < 0) continue;
        const value = m.S[i] ?? 0;
        if (m.tracking) m.noteRead(i);
        if (m.S[behind] === value) {
          if (m.tracking) m.noteWrite(behind);
        } else m.putHidden(behind, value);
      }
      return self.next;
    },
    p?.uses ?? [],
    { k: 'flush' },
  );
  op.kind = 2;
}

function compileZero(c: Emitter, instr: Intrinsic): void {
  const [target, length] = instr.args;
  if (!target) return;
  const p = c.expr.value(target);
  const to: CType = p.type.kind === 'pointer' ? p.type.to : INT;
  const size = (length ? c.expr.value(length).constant : undefined) ?? c.types.sizeOf(to);
  c.zero(
    { k: 'mem', addr: p.f, uses: p.uses, abs: p.abs ?? { k: 'type', type: to }, type: to },
    size,
  );
}
