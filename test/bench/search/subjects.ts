/** What is measured: the anchor models and every scenario of the model kernel, as it is and fixed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analyzer } from '../../../server/analysis/index.js';
import { ROOT } from '../../support/tools.mjs';
import { ANCHORS } from '../models/anchors.js';
import type { Clock, Program, Rate, Searched, Work } from './protocol.js';

export interface Subject {
  readonly name: string;
  readonly kind: 'anchor' | 'scenario';
  readonly program: Program;
  readonly promela: string;
  /** States of the Promela without reduction, where they were counted. */
  readonly full: number | undefined;
  /** Slots of Spin's table as a power of two: 24 unless it needs more. */
  readonly slots: number;
}

const CHILD = join(ROOT, 'test/output/bench-search-child.cjs');
/** Anchors for which Spin gets a larger table. */
const LARGE: ReadonlySet<string> = new Set(['A4w2', 'B5']);
/** Small and fixed: between A1b and A2 in everything. */
const LEFT_OUT: ReadonlySet<string> = new Set(['A1']);

function child(work: Work, clock: Clock): string {
  const request = JSON.stringify({ ...work, clock });
  const args = ['--max-old-space-size=4096', CHILD, request];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${request}: ${stderr}`);
  return stdout;
}

export type Cold = Searched & {
  /** Seconds of the whole process, from its start to its exit. */
  readonly whole: number;
};

/** The processes in which this project is measured. */
export class Ours {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One search in a process of its own. */
  cold(program: Program, until: 'first' | 'end'): Cold {
    const start = performance.now();
    const answer = JSON.parse(child({ kind: 'cold', program, until }, this.#clock)) as Searched;
    const wall = performance.now() - start;
    return { ...answer, whole: (this.#clock === 'wall' ? wall : answer.cpu) / 1000 };
  }

  warm(program: Program, runs: number): Searched {
    return JSON.parse(child({ kind: 'warm', program, runs }, this.#clock)) as Searched;
  }

  /** Without reduction, until so many states or seconds. */
  rate(program: Program, states: number, seconds: number): Rate {
    return JSON.parse(child({ kind: 'rate', program, states, seconds }, this.#clock)) as Rate;
  }
}

/** A folder for texts that the processes read; `remove` when all is measured. */
export class Texts {
  readonly #dir = mkdtempSync(join(tmpdir(), 'racelore-bench-'));

  /** Paths of files with these texts. */
  write(name: string, texts: readonly string[]): readonly string[] {
    return texts.map((text, i) => {
      const path = join(this.#dir, `${name}-${String(i)}.c`);
      writeFileSync(path, text);
      return path;
    });
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

export function anchors(texts: Texts): readonly Subject[] {
  return ANCHORS.filter(({ name }) => !LEFT_OUT.has(name)).map((anchor) => ({
    name: anchor.name,
    kind: 'anchor',
    program: { kind: 'files', files: texts.write(anchor.name, anchor.texts) },
    promela: anchor.promela,
    full: anchor.states,
    slots: LARGE.has(anchor.name) ? 26 : 24,
  }));
}

/** Each scenario, and with the first of what fixes it. */
export function scenarios({ kernel }: Analyzer): readonly Subject[] {
  return kernel.scenarios.flatMap(({ id, fixes }) => {
    const [fix] = fixes;
    const variants = fix ? [[], [fix.id]] : [[]];
    return variants.map((on): Subject => {
      const program: Program = { kind: 'scenario', id, fixes: on };
      return {
        name: on.length === 0 ? id : `${id} fixed`,
        kind: 'scenario',
        program,
        promela: JSON.parse(child({ kind: 'promela', program }, 'wall')) as string,
        full: undefined,
        slots: 24,
      };
    });
  });
}
