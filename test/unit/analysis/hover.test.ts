import { expect, it } from 'vitest';
import { hoverMarkdown } from '../../../server/report/hover.js';
import { EXAMPLE, analyzer } from './support.js';

async function hover(line: string, word: string): Promise<string> {
  const lines = EXAMPLE.split('\n');
  const at = lines.findIndex((l) => l.includes(line));
  const open = (await analyzer()).open('test:hover', EXAMPLE);
  const found = open.hover(at, (lines[at]?.indexOf(word) ?? 0) + 1);
  return found ? hoverMarkdown(found.facts, found.table, found.watched) : '';
}

it('says what is held at a call, since where, and what the call may wait for', async () => {
  const text = await hover('ret = ext4_punch_flush(', 'ext4_punch_flush');
  expect(text).toContain('**Held in `ext4_punch_sync_edges`**');
  expect(text).toContain(
    '- **i_rwsem** of `inode`: exclusive, by the caller (`ext4_fallocate`, ext4-zero.c:',
  );
  expect(text).toMatch(/- \*\*handle\*\*: taken at line 40, always/);
  expect(text).toMatch(/may wait for \*\*writeback\*\* in `folio_wait_writeback`/);
  expect(text).toContain('Context: process');
});

it('says that no handle is open where none is', async () => {
  expect(
    await hover('handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 1);', 'ext4_journal_start'),
  ).toContain('- handle: none');
});

it('knows that the handle is gone behind its stop and on the error path', async () => {
  const behind = await hover('ext4_journal_stop(handle);', 'ext4_journal_stop');
  expect(behind).toContain('**handle**');
  const error = await hover('		return PTR_ERR(handle);', 'PTR_ERR');
  expect(error).toContain('- handle: none');
});
