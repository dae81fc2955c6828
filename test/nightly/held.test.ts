/**
 * What is held, on whole files of Linux 6.1: against the judged sample, and against what the source
 * itself asserts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KernelDocument } from '../../server/analysis/kernel-document.js';
import { Analyzer } from '../../server/analysis/index.js';
import { readAssets } from '../../server/assets.js';
import { judgedLine, problemsOf } from '../judged/compare.js';
import { JUDGED_TREE } from '../support/kernel-tree.js';
import { ROOT } from '../support/tools.mjs';
import { record } from './record.js';

const TREE = JUDGED_TREE ?? '';

describe.runIf(JUDGED_TREE !== undefined)('held locks', () => {
  test('are what was judged at 200 lines, 98 % and more, and never wrongly certain', async () => {
    const { kernel, parser } = await Analyzer.create(readAssets());
    const [, ...rows] = readFileSync(join(ROOT, 'test/judged/held.tsv'), 'utf8')
      .trimEnd()
      .split('\n');
    const wrong: string[] = [];
    let file = '';
    let text = '';
    let document = new KernelDocument(kernel, parser, '');
    for (const row of rows) {
      const line = judgedLine(row);
      const [name = '', number = ''] = line.where.split(':');
      if (name !== file) {
        file = name;
        text = readFileSync(join(TREE, name), 'utf8');
        document = new KernelDocument(kernel, parser, name);
      }
      const held = document.at(text, Number(number) - 1, 0)?.facts.held ?? [];
      const problems = problemsOf(line, held);
      if (problems.length > 0) wrong.push(`${line.where}: ${problems.join('; ')}`);
    }
    const must = wrong.filter((w) => w.includes('WRONG MUST'));
    record(
      'held-judged',
      `held locks: ${rows.length - wrong.length} of ${rows.length} lines as judged, ${must.length} wrongly certain`,
    );
    expect(must).toEqual([]);
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(rows.length * 0.02);
  }, 600_000);
});
