/** `racelore check FILE.c` and `racelore check DIR`: whole files of kernel C, one after the other. */
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isKernelFile } from '../../shared/sniff.js';
import type { CheckResult } from '../analysis/types.js';
import { checkText } from '../report/check-text.js';
import { checkJson } from '../report/json.js';
import { plain } from '../report/plain.js';
import { analyzer } from './analyzer.js';
import type { CheckOptions } from './check.js';
import { EXIT_CLEAN, EXIT_FINDINGS, print } from './exit.js';
import { readInput } from './input.js';

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Whether a name is a whole file of C, or a folder with such files in it. */
export function isSource(name: string): boolean {
  if (name === '-') return false;
  return isFolder(name) ? sourcesIn(name).next().done !== true : isKernelFile(name);
}

/** The .c files below a folder, in order of their names; links and hidden folders are not followed. */
function* sourcesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder).sort()) {
    const path = join(folder, entry);
    const stat = lstatSync(path);
    if (stat.isDirectory() && !entry.startsWith('.')) yield* sourcesIn(path);
    else if (stat.isFile() && entry.endsWith('.c')) yield path;
  }
}

function show(result: CheckResult, name: string, options: CheckOptions, alone: boolean): void {
  if (options.format === 'json') print(checkJson({ ...result, uri: name }));
  else if (alone || result.findings.length > 0)
    print(checkText(result, { name: plain(name), traces: options.traces }));
}

export async function checkFiles(name: string, options: CheckOptions): Promise<number> {
  const a = await analyzer();
  const files = isFolder(name) ? [...sourcesIn(name)] : [name];
  let found = 0;
  for (const file of files) {
    const text = readInput(file);
    const result = a.checkFile({ uri: pathToFileURL(file).href, text });
    found += result.findings.length;
    show(result, file, options, files.length === 1);
  }
  if (options.format === 'text' && files.length !== 1)
    print(`${plain(name)}: ${found} found in ${files.length} files\n`);
  return found > 0 && options.failOn === 'hint' ? EXIT_FINDINGS : EXIT_CLEAN;
}
