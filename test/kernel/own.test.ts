/**
 * Scenarios that somebody writes beside the model kernel, from its functions alone: `own/*.c`. They are run
 * as `racelore run FILE.c` does, and are short.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FilesRun, runFiles } from '../../server/analysis/files.js';
import { modelKernel, parser } from './support.js';

const OWN = join(import.meta.dirname, 'own');

async function runOwn(name: string, on: string): Promise<FilesRun> {
  const kernel = await modelKernel();
  const files = [
    { name, uri: `file:///own/${name}.c`, text: readFileSync(join(OWN, `${name}.c`), 'utf8') },
  ];
  const how = { with: on === '' ? [] : [on], without: [], kernel: () => kernel };
  const budget = { states: 500_000, expired: () => false, first: true };
  const found = runFiles(await parser(), files, how, budget);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

const TABLE: readonly (readonly [file: string, on: string, finds: readonly string[]])[] = [
  ['evict-in-handle', '', ['deadlock']],
  ['evict-in-handle', 'reserved-ioend', []],
  ['evict-in-handle', 'after-stop', []],
  ['evict-journalled', '', ['RL-WAIT-HANDLE']],
  ['evict-journalled', '81378da64de6', []],
  ['third-writer', '', ['invariant']],
  ['third-writer', '15cdefd0c052', []],
];

describe('a scenario of a user', { timeout: 120_000 }, () => {
  it.each(TABLE)('%s with "%s" finds %j', async (file, on, finds) => {
    const { problems, ran } = await runOwn(file, on);
    expect(problems.filter((p) => p.severity === 'error')).toEqual([]);
    if (finds.length === 0) expect(ran?.verdict.complete).toBe(true);
    expect(ran?.traces.map((t) => t.key.rule ?? t.key.property)).toEqual(finds);
  });

  it('has at most 60 lines, and is one of those above', () => {
    const names = readdirSync(OWN).map((f) => f.replace(/\.c$/, ''));
    expect([...new Set(TABLE.map(([file]) => file))].sort()).toEqual(names.sort());
    for (const name of names)
      expect(readFileSync(join(OWN, `${name}.c`), 'utf8').split('\n').length).toBeLessThanOrEqual(
        61,
      );
  });
});
