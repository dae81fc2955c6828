/** Many states, and wide ones: what a state costs, and whether the search slows down. */
import { readFileSync } from 'node:fs';
import { ANCHORS } from '../models/anchors.js';
import type { Rate } from './protocol.js';
import type { Ours, Texts } from './subjects.js';

export interface Large {
  readonly many: Rate;
  readonly narrow: Rate;
  readonly wide: Rate;
}

const MANY = 20_000_000;
const SOME = 3_000_000;
const SECONDS = 120;
const WIDE = new URL('../models/wide.c', import.meta.url);

/** Every schedule of the largest anchor to 20 million states; a narrow and a wide model to three. */
export function measureLarge(ours: Ours, texts: Texts): Large {
  const files = (name: string): readonly string[] => {
    const anchor = ANCHORS.find((a) => a.name === name);
    return texts.write(`large-${name}`, anchor?.texts ?? []);
  };
  const run = (paths: readonly string[], states: number): Rate =>
    ours.rate({ kind: 'files', files: paths }, states, SECONDS);
  return {
    many: run(files('B5'), MANY),
    narrow: run(files('A2'), SOME),
    wide: run(texts.write('wide', [readFileSync(WIDE, 'utf8')]), SOME),
  };
}
