import { expect, it } from 'vitest';
import { EXAMPLE, analyzer, check, outcomes, places } from './support.js';

function quoted(text: string): string {
  const [, body = ''] = text.split('\n---\n');
  const lines = body.split('\n').map((l) => (l === '' ? '>' : `> ${l}`));
  return `From: R <r@example.org>\nDate: Tue, 5 Aug 2025 10:00:00 +0000\nSubject: Re: [PATCH] ext4: demo\n\n${lines.join('\n')}\n\nLooks wrong to me.\n`;
}

it('reads the patch that a reply quotes, when the reply is all there is', async () => {
  const text = quoted(EXAMPLE);
  const at = text.split('\n').findIndex((l) => l.includes('ret = ext4_punch_flush('));
  expect(places(await check(text))).toEqual([`${at + 1}:11 RL-WB-HANDLE R1`]);
});

it('keeps a suspicion when the runs could not decide: an unknown condition', async () => {
  const text = EXAMPLE.replace(
    '+	ret = ext4_punch_flush(inode->i_mapping, start, end);',
    '+	ret = 0;\n+	if (unknown_option(inode))\n+		ret = ext4_punch_flush(inode->i_mapping, start, end);',
  ).replace('+4305,21', '+4305,23');
  const result = await check(text);
  expect(result.findings.map((f) => `${f.severity} ${f.rule}`)).toContain('hint RL-WB-HANDLE');
  expect(outcomes(result.changes[0])).toContain('R1 incomplete');
});

it('says incomplete where the model cannot run the code, and reports no race', async () => {
  const text = EXAMPLE.replace(
    '+	return filemap_write_and_wait_range(mapping, start, end - 1);',
    '+	return ext4_punch_flush(mapping, start, end);',
  );
  const result = await check(text);
  expect(places(result)).toEqual([]);
  expect(outcomes(result.changes[0])).toEqual(
    expect.arrayContaining(['R1 incomplete', 'R1b incomplete', 'R3 incomplete']),
  );
});

it('runs no race that lines without a place leave open whatever a run says', async () => {
  const text = EXAMPLE.replace(
    '+	ret = ext4_punch_sync_edges(inode, offset, end);',
    '+	ext4_demo_unknown(inode);\n+	ret = ext4_punch_sync_edges(inode, offset, end);',
  ).replace('+4384,11', '+4384,12');
  const { changes, complete } = await check(text);
  const race = changes[0]?.races.find((r) => r.scenario === 'R1');
  expect(race?.uncovered).toEqual(['ext4_punch_hole']);
  expect([race?.outcome, race?.before.states, race?.after.states]).toEqual(['incomplete', 0, 0]);
  expect(complete).toBe(true);
});

it('names what of a series is not in the document', async () => {
  const result = await check(EXAMPLE.replace('[PATCH]', '[PATCH v2 17/22]'));
  expect(result.changes[0]?.base).toBe('2025-07 without 1-16 of 22');
});

it('decides nothing on top of a patch that is only half placed', async () => {
  const first = EXAMPLE.replace('[PATCH]', '[PATCH 1/2]').replace(
    ' 	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, credits);\n',
    '+	ext4_demo_unknown(inode, &credits);\n 	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, credits);\n',
  );
  const half = first
    .replace('-4365,7 +4384,11', '-4365,7 +4384,12')
    .replace('+	if (ret)\n+		return ret;\n+\n+	ext4_demo', '+	goto somewhere;\n+	ext4_demo')
    .replace('+4384,12', '+4384,10');
  const second = EXAMPLE.replace('[PATCH]', '[PATCH 2/2]')
    .replaceAll('fs/ext4/inode.c', 'fs/ext4/file.c')
    .replaceAll('ext4_punch_flush', 'ext4_other_flush')
    .replaceAll('ext4_punch_sync_edges', 'ext4_other_sync')
    .replace('<20250804100000.1-1', '<20250804100000.1-2');
  const result = await check(`${half}\n${second}`);
  const [a, b] = result.changes;
  expect(a?.coverage.notPlaced.length).toBeGreaterThan(0);
  expect(outcomes(b).filter((o) => o.endsWith('appears') || o.endsWith('fixed'))).toEqual([]);
});

it('says what was not begun when the time has ended, and not that nothing reaches the change', async () => {
  const a = await analyzer();
  a.close('test:late');
  const result = a.check('test:late', EXAMPLE, { states: 100, expired: () => true });
  expect(result.changes[0]?.races).toEqual([]);
  expect(result.changes[0]?.left).toContain('R1');
  expect(result.complete).toBe(false);
  // The static suspicion stays: no run has refuted it.
  expect(result.findings.map((f) => `${f.severity} ${f.rule}`)).toContain('hint RL-WB-HANDLE');
});
