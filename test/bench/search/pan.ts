/** Spin, the compiler and the verifier, timed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from './protocol.js';
import { timed } from './timed.js';

/** How the verifier is built; `breadth first` finds shortest counterexamples. */
const MODES = {
  full: ['-DNOREDUCE'],
  reduced: [],
  'breadth first': ['-DNOREDUCE', '-DBFS'],
  'breadth first, reduced': ['-DBFS'],
} as const satisfies Record<string, readonly string[]>;

export type Mode = keyof typeof MODES;

export interface PanOptions {
  /** Seconds after which the verifier is ended. */
  readonly limit: number;
  /** Slots of its table, as a power of two; `pan` takes 24 by itself. */
  readonly slots: number;
  /** Ends at the first finding. */
  readonly first: boolean;
}

/** Seconds of the parts. */
export interface Built {
  readonly spin: number;
  readonly gcc: number;
}

export interface Ran {
  readonly seconds: number;
  /** As the verifier itself measures: without its start. */
  readonly elapsed: number;
  readonly states: number;
  /** Bytes that it used, table included. */
  readonly memory: number;
  readonly errors: number;
  readonly depth: number | undefined;
  /** Why it has no verdict. */
  readonly cut: 'time' | 'depth' | 'memory' | undefined;
}

const DEPTH = 100_000;

/** One Promela text in a folder of its own. */
export class Promela {
  readonly #dir = mkdtempSync(join(tmpdir(), 'racelore-bench-'));
  readonly #built = new Map<Mode, Built & { readonly round: number }>();

  readonly #clock: Clock;

  constructor(text: string, clock: Clock) {
    this.#clock = clock;
    writeFileSync(join(this.#dir, 'm.pml'), text);
  }

  /** Translates and compiles for a mode, once a round; throws when that fails. */
  build(mode: Mode, round: number): Built {
    const known = this.#built.get(mode);
    if (known?.round === round) return known;
    const spin = timed(this.#dir, 'spin', ['-a', 'm.pml']);
    if (spin.status !== 0) throw new Error(`spin: ${spin.output}`);
    const flags = ['-O2', '-w', '-DSAFETY', ...MODES[mode], '-o', fileOf(mode), 'pan.c'];
    const gcc = timed(this.#dir, 'gcc', flags);
    if (gcc.status !== 0) throw new Error(`gcc: ${gcc.output}`);
    const built = { round, spin: spin[this.#clock], gcc: gcc[this.#clock] };
    this.#built.set(mode, built);
    return built;
  }

  run(mode: Mode, { limit, slots, first }: PanOptions): Ran {
    const pan = [`./${fileOf(mode)}`, first ? '-c1' : '-c0', `-m${DEPTH}`, '-n', `-w${slots}`];
    const run = timed(this.#dir, 'timeout', [String(limit), ...pan]);
    const ran = { ...parsed(run.output), seconds: run[this.#clock] };
    return {
      ...ran,
      elapsed: this.#clock === 'wall' ? ran.elapsed : ran.seconds,
      ...(run.status === 124 ? { cut: 'time' } : {}),
    };
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

function fileOf(mode: Mode): string {
  return `pan-${mode.replace(/\W+/g, '-')}`;
}

/** Reads what `pan` prints at its end. */
export function parsed(output: string): Omit<Ran, 'seconds'> {
  const number = (pattern: RegExp): number | undefined => {
    const text = pattern.exec(output)?.[1];
    return text === undefined ? undefined : Number(text);
  };
  return {
    elapsed: number(/elapsed time (\S+) seconds/) ?? Number.NaN,
    states: number(/^\s*(\d+(?:\.\d+)?(?:e\+\d+)?) states, stored/m) ?? Number.NaN,
    memory: (number(/^\s*(\S+)\s+total actual memory usage/m) ?? Number.NaN) * 2 ** 20,
    errors: number(/errors: (\d+)/) ?? 0,
    depth: number(/\(at depth (\d+)\)/),
    cut: /max search depth too small/.test(output)
      ? 'depth'
      : /out of memory|aborted/.test(output)
        ? 'memory'
        : undefined,
  };
}
