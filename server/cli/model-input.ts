/** Files of Model C as the user names them. */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModelFile } from '../analysis/files.js';
import { readInput } from './input.js';

/** @throws {InputError} */
export function readModelFiles(names: readonly string[]): readonly ModelFile[] {
  return names.map((name) => {
    const text = readInput(name);
    return name === '-'
      ? { name: '<stdin>', uri: 'stdin:', text }
      : { name: basename(name), uri: pathToFileURL(name).href, text };
  });
}
