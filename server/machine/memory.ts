/** Places of a program's globals: what stands where in the array of cells, and what it is called. */
import type { IrGlobal, Part, ProgramTypes } from '../csource/ir.js';
import { placeOf } from './lifetime.js';
import { CALLER, FP, SP, THREAD_HEADER } from './cpu.js';
import type { MemoryMap } from './cpu.js';
import { placeName, sameObjectType } from './names.js';
import type { PlaceName } from './names.js';
import { BASE, Objects } from './objects.js';
import type { MemObject, PoolInfo } from './objects.js';
import type { CompiledFunction, MicroOp } from './ops.js';
import type { CType } from '../csource/ir.js';
import { storageOf } from '../csource/layout.js';
import { LOST, STAYS, storageCells } from './storage.js';

/** Cells for the stack of one thread. */
const REGION = 1024;

export type PoolObject = MemObject & { readonly pool: PoolInfo };

export interface PoolElement {
  readonly start: number;
  readonly stride: number;
  /** State index of its hidden cell. */
  readonly hidden: number;
  readonly pool: PoolInfo;
}

/** What is needed to find the frames of a thread in a state. */
export interface Frames {
  readonly code: readonly MicroOp[];
  /** Function of each frame of a thread, outermost first, with its frame pointer. */
  frames(
    state: Int32Array,
    thread: number,
  ): readonly { readonly fn: CompiledFunction; readonly fp: number }[];
}

export class Memory {
  readonly types: ProgramTypes;
  readonly objects: Objects;
  readonly map: MemoryMap;
  readonly #globals = new Map<string, MemObject>();
  /** Pools whose objects must all be freed in the end. */
  readonly #leaks: ReadonlySet<string>;
  readonly #ranges = new Map<string, readonly [number, number]>();
  /** Object of each global cell. */
  readonly #owner: readonly MemObject[];

  /** `crashes`: only then the media behind write caches have cells. */
  constructor(program: Part, threadCount: number, crashes = 0) {
    this.types = program.types;
    this.objects = new Objects(program.types);
    const owner: MemObject[] = [];
    const pools: { readonly name: string; readonly type: CType }[] = [];
    this.#leaks = leakingPools(program);
    const place = (name: string, type: CType): void => {
      const object = this.objects.add(name, type, owner.length);
      this.#globals.set(name, object);
      for (let i = 0; i < object.size; i++) owner.push(object);
    };
    for (const g of program.globals.values()) {
      const type = program.types.resolve(g.type);
      if (isPool(g) && type.kind === 'array') pools.push({ name: g.name, type });
      else place(g.name, type);
      this.#range(g);
    }
    const medium = crashes > 0 ? this.#placeMedia(program, owner.length, place) : [];
    const guards = this.#placePools(pools, owner);
    this.#owner = owner;
    const hidden = pools.reduce((n, p) => n + (p.type.kind === 'array' ? p.type.length : 0), 0);
    const globals = owner.length;
    const threads = globals + hidden + 1;
    this.map = {
      globals,
      threads,
      region: REGION,
      threadCount,
      faults: threads - 1,
      medium: Int32Array.from({ length: globals }, (_, i) => medium[i] ?? LOST),
      guard: Int32Array.from(guards, (g) => (g < 0 ? -1 : globals + g)),
      size: threads + (threadCount + 1) * REGION,
    };
  }

  /**
   * What a crash does to each cell of the objects so far. An object with cells in a write cache gets a
   * second object: the medium behind it, with what was flushed.
   */
  #placeMedia(
    program: Part,
    end: number,
    place: (name: string, type: CType) => void,
  ): readonly number[] {
    const medium = Array.from({ length: end }, () => LOST);
    for (const { name, attrs } of program.globals.values()) {
      const object = this.#globals.get(name);
      if (!object) continue;
      const storage = storageCells(this.types, object.type, storageOf(attrs));
      const behind = `medium of ${name}`;
      if (storage.includes('wcache')) place(behind, object.type);
      const at = this.#globals.get(behind)?.at ?? 0;
      storage.forEach((s, i) => {
        if (s === 'media') medium[object.at + i] = STAYS;
        if (s === 'wcache') medium[(medium[object.at + i] = at + i)] = STAYS;
      });
    }
    return medium;
  }

  /** Pools come last; their hidden cells start right after all globals. Returns a guard per cell. */
  #placePools(
    pools: readonly { readonly name: string; readonly type: CType }[],
    owner: MemObject[],
  ): number[] {
    const guards = owner.map(() => -1);
    const sizes = pools.map((p) => Math.max(1, this.types.sizeOf(p.type)));
    const end = owner.length + sizes.reduce((a, b) => a + b, 0);
    let hidden = 0;
    pools.forEach(({ name, type }, n) => {
      if (type.kind !== 'array') return;
      const stride = Math.max(1, this.types.sizeOf(type.of));
      const object = this.objects.add(name, type, owner.length, {
        hidden: end + hidden,
        stride,
        count: type.length,
        leaks: this.#leaks.has(name),
      });
      this.#globals.set(name, object);
      for (let i = 0; i < (sizes[n] ?? 0); i++) {
        owner.push(object);
        guards.push(hidden + Math.floor(i / stride));
      }
      hidden += type.length;
    });
    return guards;
  }

  #range(g: IrGlobal): void {
    const range = this.types.rangeOf(g.attrs);
    if (range) this.#ranges.set(g.name, range);
  }

  global(name: string): MemObject | undefined {
    return this.#globals.get(name);
  }

  range(name: string): readonly [number, number] | undefined {
    return this.#ranges.get(name);
  }

  /** The pool element that contains a cell. */
  poolElement(index: number): PoolElement | undefined {
    const object = this.#owner[index];
    const pool = object?.pool;
    if (!object || !pool) return undefined;
    const n = Math.floor((index - object.at) / pool.stride);
    return {
      start: object.at + n * pool.stride,
      stride: pool.stride,
      hidden: pool.hidden + n,
      pool,
    };
  }

  /** Pools in the order in which they were declared. */
  get pools(): readonly PoolObject[] {
    return this.objects.list.filter((o): o is PoolObject => o.pool !== undefined);
  }

  /** The pool, and the element in it, whose hidden cell this is. */
  poolOf(hidden: number): { readonly pool: PoolObject; readonly element: number } | undefined {
    for (const pool of this.pools) {
      const element = hidden - pool.pool.hidden;
      if (element >= 0 && element < pool.pool.count) return { pool, element };
    }
    return undefined;
  }

  threadBase(thread: number): number {
    return this.map.threads + thread * this.map.region;
  }

  /** Object and offset of a state index; stack cells need the state to know what stands there. */
  locate(
    index: number,
    frames: Frames,
    state: Int32Array | undefined,
  ): { readonly object: MemObject; readonly offset: number } | undefined {
    const object = index < this.map.globals ? this.#owner[index] : undefined;
    if (object) return { object, offset: index - object.at };
    if (!state || index < this.map.threads || index >= this.map.size) return undefined;
    const thread = Math.floor((index - this.map.threads) / this.map.region);
    for (const { fn, fp } of frames.frames(state, thread)) {
      for (const local of fn.objects) {
        const offset = index - fp - local.slot;
        if (offset >= 0 && offset < local.object.size) return { object: local.object, offset };
      }
    }
    return undefined;
  }

  /** Class of a state index, -1 when it has none. */
  classOf(index: number, frames: Frames, state: Int32Array | undefined): number {
    const at = this.locate(index, frames, state);
    if (at) return this.objects.classAt(at.object, at.offset);
    const { globals, faults } = this.map;
    if (index === faults) return this.faultClass;
    if (index < globals || index >= faults) return -1;
    return this.poolOf(index)?.pool.pool.class ?? -1;
  }

  /** Classes of write caches with those of the media behind them. */
  mediaClasses(frames: Frames): readonly (readonly [cached: number, medium: number])[] {
    const pairs = new Map<number, number>();
    this.map.medium.forEach((behind, i) => {
      if (behind < 0) return;
      pairs.set(this.classOf(i, frames, undefined), this.classOf(behind, frames, undefined));
    });
    return [...pairs];
  }

  /** Class of the fault budget: the first after all classes of objects. */
  get faultClass(): number {
    return this.objects.classCount;
  }

  /** Name of the object at an address that a pointer to `type` points to; without type of the cell. */
  nameOf(address: number, frames: Frames, state: Int32Array | undefined, type?: CType): PlaceName {
    const index = placeOf(address) - BASE;
    const at = this.locate(index, frames, state);
    if (at)
      return placeName(at.object, at.offset, this.types, type ? sameObjectType(type) : undefined);
    const hidden = this.#hiddenName(index);
    const path = hidden ?? (address === 0 ? 'NULL' : `cell ${String(address)}`);
    return {
      path,
      parent: path,
      member: path,
      type: { kind: 'int', bits: 32, signed: true, bool: false },
    };
  }

  #hiddenName(index: number): string | undefined {
    if (index === this.map.faults) return 'fault budget';
    const at = this.poolOf(index);
    return at && `${at.pool.name}[${String(at.element)}]`;
  }

  /** What a hidden cell is, undefined for ordinary cells. */
  isHidden(address: number): 'pool' | 'faults' | undefined {
    const index = address - BASE;
    if (index === this.map.faults) return 'faults';
    return index >= this.map.globals && index < this.map.threads ? 'pool' : undefined;
  }

  /** Frame pointers of a thread, outermost first. */
  framePointers(state: Int32Array, thread: number): number[] {
    const base = this.threadBase(thread);
    if ((state[base + SP] ?? 0) === 0) return [];
    const result: number[] = [];
    for (let fp = state[base + FP] ?? 0; fp >= base + THREAD_HEADER; fp = state[fp + CALLER] ?? 0)
      result.push(fp);
    return result.reverse();
  }
}

/** Pools named in `__leaks(pool);` of file scope. */
function leakingPools(program: Part): ReadonlySet<string> {
  const calls = program.declarations.filter((d) => d.name === '__leaks');
  return new Set(calls.flatMap((d) => d.args.flatMap((a) => (a.kind === 'ident' ? [a.name] : []))));
}

function isPool(g: IrGlobal): boolean {
  return g.attrs.some((a) => a.name === '__pool');
}
