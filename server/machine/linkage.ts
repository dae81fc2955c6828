/** All functions of a program as compiled code: numbers, calls and returns. */
import type { CType, IrFunction, Loc, Part, ProgramTypes } from '../csource/ir.js';
import type { SourceTable } from '../csource/source.js';
import { FunctionCompiler } from './compile.js';
import { CALLER, ENDED, ESCAPED, RETURN, SHARED } from './cpu.js';
import type { Cpu, LifeNames } from './cpu.js';
import { LockRules, heldBy } from './held.js';
import { SITE_SHIFT, placeOf, siteIn } from './lifetime.js';
import { markDead } from './liveness.js';
import type { Frames, Memory, PoolElement } from './memory.js';
import type { PlaceName } from './names.js';
import { busyMember } from './lifetime.js';
import { BASE, FUNCTIONS } from './objects.js';
import type { MemObject } from './objects.js';
import type { CompiledFunction, Eval, MicroOp } from './ops.js';

export class Linkage implements Frames {
  readonly memory: Memory;
  readonly locks: LockRules;
  readonly types: ProgramTypes;
  /** All operations; a program counter is an index. */
  readonly code: MicroOp[] = [];
  readonly functions: CompiledFunction[] = [];
  /** Functions whose number is used as a value. */
  readonly taken = new Set<string>();
  readonly #program: Part;
  readonly #table: SourceTable;
  readonly #byName = new Map<string, CompiledFunction>();
  readonly #numbers: readonly string[];
  readonly #strings: string[] = [];
  readonly #pending: CompiledFunction[] = [];
  /** Classes of locks in globals, by address. */
  readonly #classes = new Map<number, string>();

  constructor(program: Part, table: SourceTable, memory: Memory) {
    this.memory = memory;
    this.locks = new LockRules(program);
    this.types = program.types;
    this.#program = program;
    this.#table = table;
    this.#numbers = [...program.functions.keys()];
  }

  // ---- compiling -----------------------------------------------------------------------------

  /** The function and everything it may reach. */
  require(fn: IrFunction): CompiledFunction {
    const known = this.#byName.get(fn.name);
    if (known) return known;
    const out: CompiledFunction = {
      name: fn.name,
      ir: fn,
      index: this.functions.length,
      entry: -1,
      frame: 0,
      params: [],
      ops: [],
      registers: [],
      objects: [],
      busy: [],
      resultSize: 0,
      ran: false,
    };
    this.#byName.set(fn.name, out);
    this.functions.push(out);
    this.#pending.push(out);
    return out;
  }

  compileAll(): void {
    for (let out = this.#pending.shift(); out; out = this.#pending.shift()) {
      new FunctionCompiler(this, out).compile();
      out.entry = this.code.length;
      for (const op of out.ops) {
        op.pc = this.code.length;
        this.code.push(op);
        op.next += out.entry;
        op.other += out.entry;
      }
      markDead(out);
    }
  }

  /** A function that is part of the program's code. */
  compiled(name: string): CompiledFunction | undefined {
    return this.#byName.get(name);
  }

  functionNamed(name: string): CompiledFunction | undefined {
    const fn = this.#program.functions.get(name);
    return fn ? this.require(fn) : undefined;
  }

  functionNumber(name: string): number | undefined {
    const fn = this.#program.functions.get(name);
    if (!fn) return undefined;
    this.require(fn);
    this.taken.add(name);
    return this.#numbers.indexOf(name);
  }

  functionName(number: number): string | undefined {
    return this.#numbers[number - FUNCTIONS];
  }

  stringNumber(text: string): number {
    const known = this.#strings.indexOf(text);
    return known >= 0 ? known : this.#strings.push(text) - 1;
  }

  stringText(number: number): string | undefined {
    return this.#strings[number];
  }

  global(name: string): MemObject | undefined {
    return this.memory.global(name);
  }
  range(name: string): readonly [number, number] | undefined {
    return this.memory.range(name);
  }
  addLocal(name: string, type: CType): MemObject {
    return this.memory.objects.add(name, type, -1);
  }
  textOf(loc: Loc): string {
    return loc.src < this.#table.size ? this.#table.slice(loc) : '';
  }
  /** Names that texts about the life of a pool's element use. */
  get lives(): LifeNames {
    return {
      element: (cell) => this.memory.poolOf(cell)?.pool.pool.element ?? 'an object',
      site: (value) => this.#numbers[siteIn(value) - 1] ?? '',
    };
  }
  /**
   * What a hidden cell records of who allocates or frees: the function that does, or its caller when
   * it is for objects of any type.
   */
  site(m: Cpu, anyType: boolean): number {
    const back = anyType ? (m.S[m.fp + RETURN] ?? 0) : 0;
    const fn = (back === 0 ? undefined : this.code[back - 1]?.fn) ?? m.op?.fn;
    return (fn ? this.#numbers.indexOf(fn.name) + 1 : 0) << SITE_SHIFT;
  }
  poolElement(index: number): PoolElement | undefined {
    return this.memory.poolElement(index);
  }
  /** Name of what an address points to, in the running cpu. */
  describe(m: Cpu, address: number, type: CType): PlaceName {
    return this.memory.nameOf(
      address,
      { code: this.code, frames: () => this.#liveFrames(m) },
      m.S,
      type,
    );
  }

  /** Class of a lock that the C gives none: the member that it is. */
  classAt(m: Cpu, address: number, type: CType): string {
    const index = placeOf(address) - BASE;
    const known = this.#classes.get(address);
    if (known !== undefined) return known;
    const { member } = this.describe(m, address, type);
    if (index >= 0 && index < m.map.globals) this.#classes.set(address, member);
    return member;
  }

  // ---- calls ---------------------------------------------------------------------------------

  functionAt(m: Cpu, value: number): CompiledFunction {
    const name = this.functionName(value);
    const fn = name === undefined ? undefined : this.#byName.get(name);
    if (fn) return fn;
    return value === 0
      ? m.failOnNull('call through a NULL pointer')
      : m.fail('model-error', 'call through a pointer to no function');
  }

  /** Pushes a frame and gives the program counter of the callee's entry. */
  enter(m: Cpu, op: MicroOp, callee: CompiledFunction, values: readonly Eval[]): number {
    const base = m.sp;
    if (base + callee.frame > m.base + m.map.region)
      return m.fail('model-error', `stack overflow in ${callee.name}`);
    m.sp = base + callee.frame;
    callee.params.forEach((p, i) => {
      const v = values[i]?.(m) ?? 0;
      if (p.size > 1) for (let c = 0; c < p.size; c++) m.put(base + p.slot + c, m.peek(v + c));
      else m.put(base + p.slot, p.cell(m, v));
    });
    for (const slot of op.dead) m.put(m.fp + slot, 0);
    callee.ran = true;
    m.put(base + RETURN, op.pc + 1);
    m.put(base + CALLER, m.fp);
    m.fp = base;
    if (m.events) m.events.push({ kind: 'call', fn: callee.name, at: op.loc, depth: ++m.depth });
    return callee.entry;
  }

  /** Pops the frame; ENDED when it was the outermost one. */
  leave(m: Cpu): number {
    const fp = m.fp;
    const callee = m.op?.fn;
    const back = m.S[fp + RETURN] ?? 0;
    const call = back === 0 ? undefined : this.code[back - 1];
    const caller = m.S[fp + CALLER] ?? 0;
    const size = callee?.resultSize ?? 0;
    m.fp = caller;
    if (size > 0) call?.keep?.(m, m.result, size);
    if (m.S[fp + SHARED] === 1) {
      // A copy that nobody can reach may have any value; the queue or the owner of a lock points here.
      const busy = busyMember(m, fp, callee?.busy ?? []);
      if (busy !== undefined) m.fail('free-in-use', `returns while on-stack ${busy}`);
      // Others may still point here: the end of these objects is a write to them.
      if (m.tracking) for (let i = fp; i < m.sp; i++) m.noteWrite(i);
      m.put(m.base + ESCAPED, (m.S[m.base + ESCAPED] ?? 0) - 1);
    }
    for (let i = fp; i < m.sp; i++) if (m.S[i] !== 0) m.put(i, 0);
    m.sp = fp;
    if (m.events && callee) m.events.push({ kind: 'return', fn: callee.name, depth: m.depth-- });
    if (!call) {
      if (!m.solo) this.#holdsNothing(m);
      return ENDED;
    }
    if (size === 0) call.keep?.(m, m.result, 0);
    return call.next;
  }

  /** A thread that ends has nothing in its hands, but what others may release for it. */
  #holdsNothing(m: Cpu): void {
    const kept = (heldBy(m) ?? [])
      .map((h) => this.stringText(h.cls) ?? '')
      .filter((cls) => !this.locks.handedOver.has(cls));
    if (kept.length > 0)
      m.notice('lock-held', `ends while ${[...new Set(kept)].sort().join(', ')} is held`);
  }

  // ---- frames --------------------------------------------------------------------------------

  frames(
    state: Int32Array,
    thread: number,
  ): readonly { readonly fn: CompiledFunction; readonly fp: number; readonly pc: number }[] {
    const fps = this.memory.framePointers(state, thread);
    const base = this.memory.threadBase(thread);
    return this.#frames(fps, state, state[base + 1] ?? 0);
  }

  #liveFrames(m: Cpu): readonly { readonly fn: CompiledFunction; readonly fp: number }[] {
    const fps: number[] = [];
    for (let fp = m.fp; fp > m.base; fp = m.S[fp + CALLER] ?? 0) fps.push(fp);
    return this.#frames(fps.reverse(), m.S, m.op?.pc ?? 0);
  }

  /** The program counter of an outer frame is that of its call. */
  #frames(
    fps: readonly number[],
    state: Int32Array,
    pc: number,
  ): readonly { fn: CompiledFunction; fp: number; pc: number }[] {
    return fps.flatMap((fp, i) => {
      const inner = fps[i + 1];
      const at = inner === undefined ? pc : (state[inner + RETURN] ?? 1) - 1;
      const fn = this.code[at]?.fn;
      return fn ? [{ fn, fp, pc: at }] : [];
    });
  }
}
