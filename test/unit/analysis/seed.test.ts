import { describe, expect, it } from 'vitest';
import { checkJson } from '../../../server/report/json.js';
import { checkText } from '../../../server/report/check-text.js';
import { apart, check, checkAgain, outcomes, places, seed } from './support.js';

const text = seed('004_96d5ec619a9424d3.txt');

/** The table of the acceptance cases: what each diff of the thread must show. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  '(a)': [
    'R1 absent',
    'R12 absent',
    'R1b still there',
    'R2 appears',
    'R3 appears',
    'R5 appears',
    'R5b absent',
  ],
  '(b)': [
    'R1 absent',
    'R12 absent',
    'R1b still there',
    'R2 fixed',
    'R3 fixed',
    'R5 still there',
    'R5b absent',
    'X1 appears',
  ],
  '(c)': [
    'R1 absent',
    'R12 absent',
    'R1b still there',
    'R2 fixed',
    'R3 fixed',
    'R5 still there',
    'R5b absent',
    'X1 absent',
  ],
  '(d)': [
    'R1 absent',
    'R12 absent',
    'R1b still there',
    'R2 still there',
    'R3 fixed',
    'R5 still there',
    'R5b absent',
    'X1 absent',
  ],
};

/** The WARN of the base fires for xfs on (b), as a reply says. */
const WARN = '850:16 RL-WARN X1';

describe.skipIf(text === undefined)(
  'the thread of July and August 2025',
  { timeout: 120_000 },
  () => {
    it('has its error on line 447, with its related places and a short witness', async () => {
      const result = await check(text ?? '');
      expect(places(result)).toEqual(['447:11 RL-WB-HANDLE R3', WARN]);
      const finding = result.findings.find((f) => f.severity === 'error');
      const related = finding?.related.map(
        (r) => `${r.at.uri === 'test:mail' ? r.at.line + 1 : r.at.uri} ${r.message}`,
      );
      expect(related).toContain('434 then here, in ext4_iomap_zero_range');
      expect(
        related?.some((r) => /^racelore:\/kernel\/.* handle taken here, still held$/.test(r)),
      ).toBe(true);
      expect(finding?.copies.length).toBe(10);
      const witness = result.traces.find((t) => t.token === finding?.token);
      expect(witness?.steps.length).toBeLessThanOrEqual(12);
      expect(witness?.switches).toBeLessThanOrEqual(5);
      expect(witness?.verdict.profile).toBe('2025-07');
      expect(witness?.verdict.bounds.items.length).toBeGreaterThan(0);
    });

    it('counts lines and columns from 1 in JSON', async () => {
      const json = JSON.parse(checkJson(await check(text ?? ''))) as {
        findings: {
          line: number;
          column: number;
          severity: string;
          related: { line: number; uri: string }[];
        }[];
      };
      const [first] = json.findings;
      expect([first?.severity, first?.line, first?.column]).toEqual(['error', 447, 11]);
      expect(first?.related.filter((r) => r.uri === 'test:mail').map((r) => r.line)).toContain(434);
      expect((text ?? '').split('\n')[446]?.slice(10)).toBe(
        'ext4_iomap_zero_range(inode, from, length);',
      );
    });

    it.each(Object.keys(TABLE))('%s changes the races as the table says', async (label) => {
      const result = await check(text ?? '');
      expect(outcomes(result.changes.find((c) => c.label === label))).toEqual(TABLE[label]);
    });

    it('has the deadlocks and the leak that stay in the functions that it changes', async () => {
      const { changes } = await check(text ?? '');
      // What goes wrong in the other one is seen when writeback comes by, long after.
      expect(changes.map((c) => apart(c))).toEqual(
        changes.map((c) => (/[bcd]/u.test(c.label) ? ['R5'] : [])),
      );
    });

    it('places every changed line of the four diffs', async () => {
      const result = await check(text ?? '');
      const own = result.changes.filter((c) => c.label !== '');
      expect(own.map((c) => [c.label, c.line + 1, c.base])).toEqual([
        ['(a)', 366, '2025-07'],
        ['(b)', 840, '2025-07 + (a)'],
        ['(c)', 1211, '2025-07 + (a)'],
        ['(d)', 2382, '2025-07 + (a)'],
      ]);
      expect(own.flatMap((c) => c.coverage.notPlaced)).toEqual([]);
    });

    it('is without the finding when line 447 is deleted, and has it back when it returns', async () => {
      const lines = (text ?? '').split('\n');
      const without = [...lines.slice(0, 446), ...lines.slice(447)].join('\n');
      // One line up.
      expect(places(await check(without))).toEqual([WARN.replace('850', '849')]);
      expect(places(await check(text ?? ''))).toEqual(['447:11 RL-WB-HANDLE R3', WARN]);
    });

    it('shows R1 when the fill is taken out of (a)', async () => {
      const lines = (text ?? '').split('\n');
      const first = lines.findIndex((l) =>
        l.startsWith('+	if ((map.m_flags & EXT4_MAP_UNWRITTEN) &&'),
      );
      const last = lines.findIndex((l, i) => i > first && l === '+	}');
      const without = [...lines.slice(0, first), ...lines.slice(last + 1)].join('\n');
      const a = (await check(without)).changes.find((c) => c.label === '(a)');
      expect(outcomes(a)).toContain('R1 appears');
    });

    it('gives the same bytes twice, no line of the text wider than 72 columns', async () => {
      const [one, two] = [await check(text ?? ''), await checkAgain(text ?? '')];
      expect(checkJson(two)).toBe(checkJson(one));
      const options = { name: 'thread.txt', traces: true };
      expect(checkText(two, options)).toBe(checkText(one, options));
      expect(
        checkText(one, options)
          .split('\n')
          .filter((l) => l.length > 72),
      ).toEqual([]);
    });
  },
);
