/**
 * Run by the build, with the name of a bundle and a command: runs the command as users do, from a start as they have
 * it, and keeps what V8 compiled for that beside the bundle.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBundle } from './bundle.js';

const HERE = import.meta.dirname;

interface Model {
  runPlain(args: readonly string[]): Promise<number | undefined>;
}

async function main([name = '', ...command]: readonly string[]): Promise<void> {
  // Some commands end the process.
  process.argv.splice(2, process.argv.length, ...command);
  const { exports, script } = loadBundle(HERE, name);
  process.on('exit', (code) => {
    const file = join(HERE, `${name}.cache`);
    writeFileSync(`${file}.new`, script.createCachedData());
    renameSync(`${file}.new`, file);
    // 1: there were findings.
    if (code === 1) process.exitCode = 0;
  });
  if (isModel(exports)) await exports.runPlain(command);
}

function isModel(exports: unknown): exports is Model {
  return typeof exports === 'object' && exports !== null && 'runPlain' in exports;
}

void main(process.argv.slice(2));
