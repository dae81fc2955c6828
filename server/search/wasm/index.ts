/**
 * The search's inner loop as WebAssembly. In: the width of a row. Out: functions over a heap. Made of
 * numbers alone: no name and no text of a program is part of any instruction.
 */
import type { Loop } from '../control.js';
import type { Heap } from '../heap.js';
import { loopModule } from './loop.js';

/** Wider rows have more locals than pay. */
const MOST_WORDS = 64;

/** By words of a row and of a set of variables. */
const modules = new Map<string, WebAssembly.Module>();

function moduleFor(words: number, setWords: number): WebAssembly.Module {
  const key = `${words} ${setWords}`;
  const known = modules.get(key);
  if (known) return known;
  const made = new WebAssembly.Module(loopModule(words, setWords));
  modules.set(key, made);
  return made;
}

function isLoop(exports: object): exports is Loop {
  return ['run', 'open', 'take', 'fill'].every((name) => name in exports);
}

/**
 * The loop for rows of so many words, choosing threads by itself when `setWords`, those of a set of
 * variables, are not zero; undefined where no code may be made.
 */
export function generatedLoop(heap: Heap, words: number, setWords = 0): Loop | undefined {
  if (words > MOST_WORDS) return undefined;
  try {
    const { memory } = heap;
    const { exports } = new WebAssembly.Instance(moduleFor(words, setWords), { heap: { memory } });
    return isLoop(exports) ? exports : undefined;
  } catch {
    return undefined;
  }
}
