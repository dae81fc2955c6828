import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { image, isC, readDiffs } from '../../../server/patch/index.js';
import { readShared, shared } from '../patch/shared-data.js';
import { misplaced, parser, source } from './support.js';

interface Image {
  readonly path: string;
  readonly section: string;
  readonly text: string;
}

/** Both sides of every C hunk in the mails, each text once. */
function images(raw: string): Image[] {
  const seen = new Map<string, Image>();
  for (const name of readdirSync(raw).sort()) {
    for (const file of readDiffs(readMailDocument(readShared(`corpus/raw/${name}`), name))) {
      if (!isC(file.path)) continue;
      for (const i of [...image(file, 'pre'), ...image(file, 'post')]) {
        seen.set(`${i.section}\n${i.text}`, { path: file.path, section: i.section, text: i.text });
      }
    }
  }
  return [...seen.values()];
}

/** Bytes that were not decoded are the mail's affair. */
const isEncoded = (text: string): boolean => /=3D|=\n|\ufffd/.test(text);

const RAW = shared('corpus/raw');

describe.runIf(RAW !== undefined)('hunks of real mails', () => {
  test(
    'are read without an error, but for a few; every name stands where it says',
    { timeout: 120_000 },
    async () => {
      const p = await parser();
      const all = images(RAW ?? '').filter((i) => !isEncoded(i.text));
      const damaged: string[] = [];
      for (const i of all) {
        const unit = p.parseHunk(source(i.text), i.section);
        expect(misplaced(unit, i.text), i.text).toEqual([]);
        if (unit.problems.some((x) => x.severity !== 'note')) damaged.push(i.path);
      }
      process.stdout.write(
        `${all.length} images of hunks, ${damaged.length} with something that was not understood\n`,
      );
      expect(all.length).toBeGreaterThan(2_000);
      // Trace headers describe events in a language of their own.
      expect(damaged.filter((path) => !path.includes('/trace/')).length).toBeLessThanOrEqual(
        all.length / 200,
      );
    },
  );
});
