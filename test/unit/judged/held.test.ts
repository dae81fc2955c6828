/** The judged sample of held locks: well-formed, and of the lines that were drawn. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JUDGED_TREE } from '../../support/kernel-tree.js';
import { ROOT } from '../../support/tools.mjs';

const JUDGED = join(ROOT, 'test/judged');
const [header, ...rows] = readFileSync(join(JUDGED, 'held.tsv'), 'utf8').trimEnd().split('\n');
const columns = rows.map((row) => row.split('\t'));
const ENTRY = /^(?:(?:caller|also|open):)?[\w*>(),.&[\] -]+ (?:r|w|x|r\/w) (?:must|may)$/;

describe('the judged sample of held locks', () => {
  it('has 200 lines of code, each once', () => {
    expect(header).toBe('where\texpected\thandle\twhy');
    expect(rows).toHaveLength(200);
    expect(new Set(columns.map(([where]) => where)).size).toBe(200);
  });

  it('says of each what is held, the handle and why', () => {
    const unclear = columns.filter(([where = '', held = '', handle = '', why = '', ...more]) => {
      const entries = held === '-' || held.split('; ').every((entry) => ENTRY.test(entry));
      const known = /^(?:handle|caller:handle|none|\?|-)$/.test(handle);
      const place = /^fs\/(?:iomap|ext4|jbd2|xfs|btrfs)\/[\w/-]+\.c:\d+$/.test(where);
      return !(place && entries && known && why !== '' && more.length === 0);
    });
    expect(unclear).toEqual([]);
  });

  it.runIf(JUDGED_TREE !== undefined)('judges the lines that the seed draws, no others', () => {
    const args = [join(JUDGED, 'draw-held.mjs'), JUDGED_TREE ?? ''];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const drawn = stdout.trimEnd().split('\n');
    expect(columns.map(([where]) => where)).toEqual(drawn.map((line) => line.split('\t')[0]));
  });
});
