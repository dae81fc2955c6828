/** `__alloc` and `__free`: objects of pools and their lives (lifetime.ts). */
import type { CType, IrExpr, IrFunction } from '../csource/ir.js';
import type { Cpu } from './cpu.js';
import type { Emitter } from './emit.js';
import type { Intrinsic } from './intrinsics.js';
import {
  LIFE_SHIFT,
  LIVES,
  busyMember,
  isAlive,
  isAllocated,
  lifeIn,
  placeOf,
} from './lifetime.js';
import { BASE } from './objects.js';
import type { MemObject, PoolInfo } from './objects.js';
import type { Eval } from './ops.js';

const ANY: CType = { kind: 'void' };

function poolOf(c: Emitter, e: IrExpr | undefined): MemObject | undefined {
  const object = e?.kind === 'ident' ? c.global(e.name) : undefined;
  return object?.pool ? object : undefined;
}

/**
 * The first element from where the thread looks that was never used, else the first that was freed:
 * memory is given out again as late as possible. Only what decides is read.
 */
function pick(m: Cpu, pool: PoolInfo, name: string): number {
  const from = pool.first[m.thread] ?? 0;
  for (const again of [false, true]) {
    for (let n = 0; n < pool.count; n++) {
      const i = (from + n) % pool.count;
      const cell = pool.hidden + i;
      if (m.tracking && !again) m.noteRead(cell);
      const life = m.S[cell] ?? 0;
      if (lifeIn(life) === 0 || (again && !isAllocated(life))) return i;
    }
  }
  return m.fail(
    'model-error',
    `pool ${name} is exhausted: ${pool.count} of ${pool.element} in use`,
  );
}

/** Life in which an element is allocated next. */
function nextLife(m: Cpu, cell: number, name: string): number {
  const life = lifeIn(m.S[cell] ?? 0) >> 1;
  if (life < LIVES) return life;
  return m.fail('model-error', `pool ${name}: an object was allocated more than ${LIVES} times`);
}

/** Whether a function allocates for callers that know the type: then they are who does it. */
export function allocatesAnyType(fn: IrFunction): boolean {
  const { result } = fn.def;
  return result.kind === 'pointer' && result.to.kind === 'name' && result.to.name === 'void';
}

/** Whether a function frees what it knows no type of: then its caller is who frees. */
export function freesAnyType(fn: IrFunction, e: IrExpr | undefined): boolean {
  const local = e?.kind === 'local' ? fn.locals[e.local] : undefined;
  const { type } = local ?? {};
  if (local?.param !== true || type?.kind !== 'pointer') return false;
  return type.to.kind === 'name' && type.to.name === 'void';
}

export function compileAlloc(c: Emitter, instr: Intrinsic): void {
  const object = poolOf(c, instr.args[0]);
  const pool = object?.pool;
  if (!object || !pool) {
    c.op((m) => m.fail('model-error', '__alloc is not given a pool'));
    return;
  }
  const slot = c.temp();
  const anyType = allocatesAnyType(c.fn);
  const op = c.op(
    (m, self) => {
      m.acted++;
      const i = pick(m, pool, object.name);
      const cell = pool.hidden + i;
      const life = nextLife(m, cell, object.name);
      m.putHidden(cell, (pool.leaks ? c.link.site(m, anyType) : 0) + 2 * life + 1);
      m.put(m.fp + slot, (life << LIFE_SHIFT) + object.at + BASE + i * pool.stride);
      return self.next;
    },
    [],
    { k: 'alloc', slot, pool: object },
  );
  op.kind = 2;
  op.sets = slot;
  const type: CType = {
    kind: 'pointer',
    to: object.type.kind === 'array' ? object.type.of : object.type,
  };
  if (instr.result === undefined) return;
  c.store(c.local(instr.result), {
    type,
    f: (m) => m.S[m.fp + slot] ?? 0,
    uses: [slot],
    abs: { k: 'slot', slot },
  });
}

export function compileFree(c: Emitter, instr: Intrinsic): void {
  const [e] = instr.args;
  const p = e ? c.expr.value(e) : { f: (): number => 0, uses: [], abs: undefined };
  const f: Eval = p.f;
  const anyType = freesAnyType(c.fn, e);
  const op = c.op(
    (m, self) => {
      const address = f(m);
      if (address !== 0) free(c, m, address, anyType);
      return self.next;
    },
    p.uses,
    { k: 'free', object: p.abs ?? { k: 'type', type: ANY } },
  );
  op.kind = 2;
}

function free(c: Emitter, m: Cpu, address: number, anyType: boolean): void {
  m.acted++;
  const index = placeOf(address) - BASE;
  const found = c.link.poolElement(index);
  if (!found) return m.fail('lifetime', 'free of something that is not from a pool');
  const { start, stride, hidden, pool } = found;
  if (m.tracking) m.noteRead(hidden);
  const life = m.S[hidden] ?? 0;
  if (!isAlive(life, address)) {
    const before = lifeIn(life) === 0 ? 'never allocated' : `freed in ${m.lives.site(life)} before`;
    const why = isAllocated(life) ? 'freed and allocated again before' : before;
    m.fail('double-free', `double free of ${pool.element}: ${why}`);
  }
  if (index !== start) m.fail('lifetime', `free of a pointer into the middle of ${pool.element}`);
  const busy = busyMember(m, start, pool.busy);
  if (busy !== undefined) m.fail('free-in-use', `free of ${pool.element} while ${busy}`);
  if (m.tracking) for (let i = 0; i < stride; i++) m.noteWrite(start + i);
  for (let i = 0; i < stride; i++) m.put(start + i, 0);
  m.putHidden(hidden, c.link.site(m, anyType) + lifeIn(life) + 1);
}
