/** Patches of mails, grafted onto the project's own model kernel. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Unit } from '../../../server/csource/ast.js';
import type { CParser } from '../../../server/csource/parser.js';
import type { SourceTable } from '../../../server/csource/source.js';
import type { StackedPatch, Switches } from '../../../server/graft/index.js';
import { image } from '../../../server/patch/index.js';
import type { FilePatch } from '../../../server/patch/index.js';

const KERNEL = new URL('../../../server/kernel/', import.meta.url).pathname;

export function kernelUnits(parser: CParser, table: SourceTable): readonly Unit[] {
  return readdirSync(KERNEL)
    .filter((f) => f.endsWith('.c'))
    .sort()
    .map((name) =>
      parser.parseFile(
        table.add({ name, uri: `kernel:${name}`, text: readFileSync(join(KERNEL, name), 'utf8') }),
      ),
    );
}

/** Both images of every hunk, parsed. */
export function imagesOf(
  file: FilePatch,
  uri: string,
  parser: CParser,
  table: SourceTable,
): StackedPatch {
  const parse = (side: 'pre' | 'post'): readonly Unit[] =>
    image(file, side).map(({ text, lines, section }) =>
      parser.parseHunk(table.add({ name: file.path, uri, text, lines }), section),
    );
  return { pre: parse('pre'), post: parse('post') };
}

/** The kernel of a date: every change up to it, no proposed fix. */
export function kernelOf(date: string): Switches {
  return { since: (_id, since) => since <= date, fix: () => false };
}
