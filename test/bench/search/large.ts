/** Many states, and wide ones: what a state costs, and whether the search slows down. */
import { join } from 'node:path';
import { ROOT } from '../../support/tools.mjs';
import type { Rate } from './protocol.js';
import type { Ours } from './subjects.js';

export interface Large {
  readonly many: Rate;
  readonly narrow: Rate;
  readonly wide: Rate;
}

const MANY = 20_000_000;
const SOME = 3_000_000;
const SECONDS = 120;
const MODELS = join(ROOT, 'test/bench/models');

/** Every schedule of a program with 24 million states, to 20 million; an anchor and a wide model to three. */
export function measureLarge(ours: Ours): Large {
  const run = (states: number, ...names: readonly string[]): Rate =>
    ours.rate({ kind: 'files', files: names.map((n) => join(MODELS, n)) }, states, SECONDS);
  return {
    many: run(MANY, 'many.c'),
    narrow: run(SOME, 'model-a.c', 'A2.c'),
    wide: run(SOME, 'wide.c'),
  };
}
