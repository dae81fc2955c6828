/** The anchor models: the same two races in Model C and in hand-written Promela. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/tools.mjs';
import { promelaA, promelaB } from './promela.js';

export interface Anchor {
  readonly name: string;
  /** Texts of Model C: the model, then what the variant sets. */
  readonly texts: readonly string[];
  /** Where the texts are. */
  readonly files: readonly string[];
  readonly promela: string;
  /** What is found, and in how many steps of the Promela; undefined: nothing. */
  readonly found: { readonly property: 'assert' | 'deadlock'; readonly steps: number } | undefined;
  /** All states of the Promela without reduction, where they were counted. */
  readonly states: number | undefined;
}

const MODELS = join(ROOT, 'test/bench/models');

/** What an anchor is made of: the model, then the variant. */
function sources(...names: readonly string[]): Pick<Anchor, 'files' | 'texts'> {
  const files = names.map((name) => join(MODELS, name));
  return { files, texts: files.map((file) => readFileSync(file, 'utf8')) };
}

type Found = Anchor['found'];

function modelA(
  name: string,
  [blocks, writers]: readonly [number, number],
  states: number | undefined,
  found?: Found,
): Anchor {
  const early = name === 'A1e';
  const promela = promelaA({ blocks, writers, fixed: !found, early });
  return { name, ...sources('model-a.c', `${name}.c`), promela, found, states };
}

function modelB(name: string, tasks: number, states: number | undefined, found?: Found): Anchor {
  const promela = promelaB({ blocks: 3, tasks, fixed: !found });
  return { name, ...sources('model-b.c', `${name}.c`), promela, found, states };
}

const assertion = (steps: number): Found => ({ property: 'assert', steps });

/** In the order of their size. */
export const ANCHORS: readonly Anchor[] = [
  modelA('A1e', [3, 1], undefined, assertion(30)),
  modelB('B3b', 3, undefined, { property: 'deadlock', steps: 23 }),
  modelA('A1', [3, 1], 681_461),
  modelA('A1b', [3, 1], 1_054_181, assertion(80)),
  modelB('B3', 3, 1_930_594),
  modelA('A2', [3, 2], 6_188_821),
  modelA('A2b', [3, 2], undefined, assertion(111)),
  modelB('B4', 4, 14_121_712),
  modelA('A4w2', [4, 2], 36_153_413),
  modelB('B5', 5, 101_060_649),
];
