import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CParser } from '../../server/csource/parser.js';
import { SourceTable } from '../../server/csource/source.js';
import { graft, ungraft } from '../../server/graft/index.js';
import { readMailDocument } from '../../server/mail/index.js';
import { isC, readDiffs } from '../../server/patch/index.js';
import type { FilePatch } from '../../server/patch/index.js';
import { readShared, shared } from '../unit/patch/shared-data.js';
import { imagesOf, kernelOf, kernelUnits } from '../unit/graft/files.js';
import { loadParser } from '../unit/graft/support.js';

const RAW = shared('corpus/raw');

let parser: CParser;
beforeAll(async () => {
  parser = await loadParser();
});

/** Places of the changed lines of a file patch: `- 12`, `+ 14`. */
function changedLines(file: FilePatch): string[] {
  return file.hunks
    .flatMap((h) => h.lines)
    .filter((l) => l.mark !== ' ')
    .map((l) => `${l.mark} ${l.line}`)
    .sort();
}

describe.runIf(RAW !== undefined)('hunks of real mails', () => {
  const mails = RAW
    ? readdirSync(RAW)
        .filter((f) => f.endsWith('.eml'))
        .sort()
    : [];

  it(
    'have exactly one placement for every changed line, forth and back',
    { timeout: 300_000 },
    () => {
      const base = new SourceTable();
      const model = kernelUnits(parser, base);
      let hunks = 0;
      for (const name of mails) {
        const uri = `mail:${name}`;
        for (const file of readDiffs(readMailDocument(readShared(`corpus/raw/${name}`), uri))) {
          if (!isC(file.path)) continue;
          hunks += file.hunks.length;
          const images = imagesOf(file, uri, parser, base);
          for (const apply of [graft, ungraft]) {
            const { placements } = apply({
              model,
              ...images,
              table: base,
              switches: kernelOf('2026-02-09'),
            });
            const got = placements
              .map((p) => `${base.markOf(p.loc)} ${base.docRange(p.loc).line}`)
              .sort();
            expect(got, `${name} line ${file.headerLine + 1}`).toEqual(changedLines(file));
          }
        }
      }
      expect(hunks).toBeGreaterThan(500);
    },
  );
});
