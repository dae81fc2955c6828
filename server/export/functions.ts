/** All functions that threads, final and invariant functions may reach, as operations. */
import type { IrFunction, Loc, Part, ProgramTypes } from '../csource/ir.js';
import type { SourceTable } from '../csource/source.js';
import type { Memory } from '../machine/memory.js';
import { BASE } from '../machine/objects.js';
import { FunctionWriter } from './function.js';
import type { Names, PoolShape } from './function.js';
import type { MemPlace } from './expr.js';
import type { FunctionText } from './op.js';

export class Functions implements Names {
  readonly types: ProgramTypes;
  /** By name, in the order in which they were reached. */
  readonly texts = new Map<string, FunctionText>();
  /** Functions whose number is used as a value. */
  readonly taken = new Set<string>();
  readonly #program: Part;
  readonly #memory: Memory;
  readonly #table: SourceTable;
  readonly #numbers: readonly string[];
  readonly #strings: string[] = [];
  readonly #pending: IrFunction[] = [];
  readonly #required = new Set<string>();

  constructor(program: Part, memory: Memory, table: SourceTable) {
    this.types = program.types;
    this.#program = program;
    this.#memory = memory;
    this.#table = table;
    this.#numbers = [...program.functions.keys()];
  }

  global(name: string): MemPlace | undefined {
    const object = this.#memory.global(name);
    if (!object) return undefined;
    const range = this.#memory.range(name);
    return { k: 'mem', addr: `${object.at + BASE}LL`, uses: [], type: object.type, range };
  }

  pool(name: string): PoolShape | undefined {
    const index = this.#memory.pools.findIndex((o) => o.name === name);
    const object = this.#memory.pools[index];
    if (!object) return undefined;
    const element = object.type.kind === 'array' ? object.type.of : object.type;
    return { index, element };
  }

  requires(name: string): boolean {
    const fn = this.#program.functions.get(name);
    if (!fn) return false;
    if (!this.#required.has(name)) this.#pending.push(fn);
    this.#required.add(name);
    return true;
  }

  functionNumber(name: string): number | undefined {
    if (!this.requires(name)) return undefined;
    this.taken.add(name);
    return this.#numbers.indexOf(name);
  }

  /** Name of the function that has a number. */
  functionName(number: number): string | undefined {
    return this.#numbers[number];
  }

  numberOf(name: string): number {
    return this.#numbers.indexOf(name);
  }

  stringNumber(text: string): number {
    const known = this.#strings.indexOf(text);
    return known >= 0 ? known : this.#strings.push(text) - 1;
  }

  textOf(loc: Loc): string {
    return loc.src < this.#table.size ? this.#table.slice(loc) : '';
  }

  /** Writes everything that was required, and what that requires. */
  writeAll(): void {
    for (let fn = this.#pending.shift(); fn; fn = this.#pending.shift())
      this.texts.set(fn.name, new FunctionWriter(this, fn).write());
  }
}
