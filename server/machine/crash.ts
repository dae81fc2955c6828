/**
 * Crashes: in any state the threads may end, memory falls back to its first values, each dirty cell of
 * a write cache is lost or written, and recovery and then one check run alone. That is a question to a
 * state, like an invariant, and no step: what comes after it is never searched further.
 *
 * Soundness of asking only after steps that write what recovery and checks read of a state (`Access`
 * in model-machine.ts): the answer is a function of those cells, so other steps do not change it.
 */
import type { Cpu } from './cpu.js';
import { SP } from './cpu.js';
import type { Linkage } from './linkage.js';
import type { CompiledFunction } from './ops.js';
import { runCrashed } from './run.js';
import { LOST } from './storage.js';
import type { StepEvent, Violation } from './types.js';

/** Ways in which one crash may go, for one check, before the model is said to have too many. */
const MOST_WAYS = 4096;

export interface CrashCode {
  readonly recoveries: readonly CompiledFunction[];
  readonly checks: readonly { readonly id: string; readonly fn: CompiledFunction }[];
}

export class Crash {
  readonly #cpu: Cpu;
  readonly #link: Linkage;
  readonly #code: CrashCode;
  /** Cells of memory as they are before any code has run. */
  readonly #boot: Int32Array;

  constructor(cpu: Cpu, link: Linkage, code: CrashCode, boot: Int32Array) {
    this.#cpu = cpu;
    this.#link = link;
    this.#code = code;
    this.#boot = boot;
  }

  /** Number of things that are looked at after a crash, each on its own: the checks, or recovery alone. */
  get #count(): number {
    const { recoveries, checks } = this.#code;
    return checks.length > 0 ? checks.length : Math.min(1, recoveries.length);
  }

  /**
   * What can fail after a crash in the state of the cpu's cells, each thing once, by the first way of
   * the crash that shows it. Cells and undo log are left unchanged. `seen` is called after each
   * function, with what it read of the state.
   */
  check(seen?: (m: Cpu) => void): readonly Violation[] {
    const found = new Map<string, Violation>();
    for (let check = 0; check < this.#count; check++) {
      let choices: readonly number[] | undefined = [];
      for (let n = 0; choices; n++) {
        const v: Violation | undefined =
          n < MOST_WAYS ? this.#once(check, choices, seen) : this.#tooMany(check);
        if (v) {
          const id = `${v.property}: ${v.function}: ${v.text}`;
          if (!found.has(id)) found.set(id, v);
        }
        choices = n < MOST_WAYS ? this.#next() : undefined;
      }
    }
    return [...found.values()];
  }

  /** The next way of a crash that made choices; undefined when all were tried. */
  #next(): readonly number[] | undefined {
    const { choices, arity, chosen } = this.#cpu;
    for (let i = chosen - 1; i >= 0; i--)
      if ((choices[i] ?? 0) + 1 < (arity[i] ?? 0))
        return [...choices.slice(0, i), (choices[i] ?? 0) + 1];
    return undefined;
  }

  #once(
    check: number,
    choices: readonly number[],
    seen: ((m: Cpu) => void) | undefined,
  ): Violation | undefined {
    const m = this.#cpu;
    const mark = m.logCount;
    m.tracking = seen !== undefined;
    m.events = undefined;
    try {
      return this.run(check, choices, seen);
    } finally {
      m.tracking = false;
      m.undo(mark);
    }
  }

  /**
   * A crash, recovery and one check on the cpu's cells; the caller undoes. Events go to `cpu.events`.
   * What fails, with its decision: the number of the check and the choices.
   */
  run(check: number, choices: readonly number[], seen?: (m: Cpu) => void): Violation | undefined {
    const m = this.#cpu;
    const last = this.#code.checks[check];
    m.crashed = true;
    try {
      this.#reset();
      m.chosen = 0;
      for (const fn of [...this.#code.recoveries, ...(last ? [last.fn] : [])]) {
        m.events?.push({ kind: 'alone', fn: fn.name, check: fn === last?.fn });
        runCrashed(m, this.#link, fn, choices, m.chosen);
        seen?.(m);
        const { violation } = m;
        if (violation) return this.#worded(violation, check);
      }
      if (!last || m.result !== 0 || this.#isVoid(last.fn)) return undefined;
      const { name, ir } = last.fn;
      return this.#worded(
        { property: 'crash', function: name, text: last.id, loc: ir.def.nameLoc },
        check,
      );
    } finally {
      m.crashed = false;
    }
  }

  #isVoid(fn: CompiledFunction): boolean {
    return this.#link.types.resolve(fn.ir.def.result).kind === 'void';
  }

  #worded(v: Violation, check: number): Violation {
    const property = v.property === 'assert' ? 'crash' : v.property;
    return { ...v, property, crash: [check, ...this.#cpu.choices.slice(0, this.#cpu.chosen)] };
  }

  /** Whether a crash can go in more ways than are tried, in the state of the cpu's cells. */
  exceeds(check: number): Violation | undefined {
    let choices: readonly number[] | undefined = [];
    for (let n = 0; choices; n++) {
      if (n === MOST_WAYS) return this.#tooMany(check);
      this.#once(check, choices, undefined);
      choices = this.#next();
    }
    return undefined;
  }

  #tooMany(check: number): Violation {
    const fn = this.#code.checks[check]?.fn ?? this.#code.recoveries[0];
    return {
      property: 'model-error',
      function: fn?.name ?? '',
      text: `a crash can go in more than ${String(MOST_WAYS)} ways`,
      loc: fn?.ir.def.nameLoc ?? { src: 0, start: 0, end: 0 },
      crash: [check],
    };
  }

  /** Ends the threads and sets memory to its first values; devices stay as they are. */
  #reset(): void {
    const m = this.#cpu;
    const { medium, threads, threadCount, region } = m.map;
    for (let i = 0; i < threads; i++)
      if ((medium[i] ?? LOST) === LOST) m.put(i, this.#boot[i] ?? 0);
    for (let t = 0; t < threadCount; t++) m.put(threads + t * region + SP, 0);
  }
}

/** What happens in a replayed crash up to its end. */
export function replayCrash(
  crash: Crash,
  m: Cpu,
  choices: readonly number[],
): { readonly violation: Violation | undefined; readonly events: readonly StepEvent[] } {
  const events: StepEvent[] = [];
  const [check = 0, ...ways] = choices;
  // A crash of which no way was chosen: none was, where there are too many.
  const tooMany = ways.length === 0 ? crash.exceeds(check) : undefined;
  if (tooMany) {
    m.chosen = 0;
    return { violation: tooMany, events };
  }
  m.events = events;
  const violation = crash.run(check, ways);
  m.events = undefined;
  return { violation, events };
}
