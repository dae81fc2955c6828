/** The analysis with this installation's assets, made once a process. */
import { Analyzer } from '../analysis/index.js';
import { readAssets } from '../assets.js';

let made: Promise<Analyzer> | undefined;

export function analyzer(): Promise<Analyzer> {
  made ??= Analyzer.create(readAssets());
  return made;
}
