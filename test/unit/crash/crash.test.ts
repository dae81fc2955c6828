import { describe, expect, it } from 'vitest';
import { decodeToken, findingAfter, replayToken } from '../../../server/search/index.js';
import { make } from '../machine/support.js';
import { TRACE_INFO } from '../search/support.js';
import { crashKeys, crashTrace } from './support.js';

/** A file of one block: new data go to the device, then a commit record says that they are there. */
const JOURNAL = (preflush: string): string => `
enum data { STALE, NEW };
enum data disk_data __wcache;
struct journal_disk { int committed __media; int block_nr; } journal_disk;
int i_size;

static int mounted_size;

void write_block(void)
{
	disk_data = NEW;
}
void commit(void)
{
	${preflush}
	journal_disk.committed = 1;
}
__thread("writer") void t_writer(void)
{
	write_block();
	i_size = 1;
	commit();
}
__recovery void mount(void)
{
	if (journal_disk.committed)
		mounted_size = 1;
}
__after_crash("no stale data below i_size") bool no_stale_data(void)
{
	return mounted_size == 0 || disk_data == NEW;
}
`;

describe('a commit record after data', () => {
  it('shows stale data after a crash when the write cache was not flushed before it', () => {
    expect(crashKeys(JOURNAL(''))).toEqual(['crash: no stale data below i_size: commit']);
  });

  it('does not with a flush before it', () => {
    expect(crashKeys(JOURNAL('__flush();'))).toEqual(['none']);
    expect(crashKeys(JOURNAL('__flush(&disk_data);'))).toEqual(['none']);
  });

  it('does with a flush of something else before it', () => {
    const other = JOURNAL('__flush(&other_disk);').replace(
      'int i_size;',
      'int i_size; int other_disk __wcache;',
    );
    expect(crashKeys(other)).toEqual(['crash: no stale data below i_size: commit']);
  });

  it('is only asked about when the run may crash', () => {
    const { machine } = make(JOURNAL(''));
    expect(machine.canCrash).toBe(false);
    expect(machine.invariants(machine.initial)).toEqual([]);
  });
});

describe('the trace of a crash', () => {
  const { witness, trace } = crashTrace(JOURNAL(''));

  it('ends with the crash, recovery and the check', () => {
    expect(trace.key.property).toBe('crash');
    expect(trace.threads.map((t) => `${t.name} (${t.role})`)).toEqual([
      'writer (thread)',
      'crash (crash)',
    ]);
    expect(trace.steps.map((s) => `${trace.threads[s.thread]?.name ?? ''}: ${s.text}`)).toEqual([
      'writer: disk_data = NEW;',
      'writer: i_size = 1;',
      'writer: journal_disk.committed = 1;',
      'crash: crash',
      'crash: mounted_size = 1;',
      'crash: no_stale_data',
    ]);
  });

  it('says which cells of the write cache reached the medium', () => {
    const crash = trace.steps.find((s) => s.text === 'crash');
    expect(crash?.notes).toEqual([
      'the threads end and memory is lost',
      'lost from a write cache: disk_data',
    ]);
    expect(crash?.changes).toEqual([{ name: 'disk_data', from: 'NEW', to: 'STALE' }]);
    expect(trace.steps.at(-1)?.notes).toEqual([
      'fails after the crash: no stale data below i_size',
    ]);
  });

  it('is what its token replays', () => {
    const decoded = decodeToken(trace.token);
    if (decoded.kind !== 'token') throw new Error(decoded.reason);
    expect(decoded.token.schedule).toEqual(witness.schedule);
    const { machine, table } = make(JOURNAL(''), 0, false, 1);
    const replayed = replayToken(machine, table, decoded.token, TRACE_INFO);
    expect(replayed.kind === 'trace' && replayed.finding && replayed.trace).toEqual(trace);
  });

  it('is refused by a run without crash, and nothing runs behind it', () => {
    const plain = make(JOURNAL('')).machine;
    expect(() => findingAfter(plain, witness.schedule)).toThrow('there is no thread 1');
    const { machine } = make(JOURNAL(''), 0, false, 1);
    const [first] = witness.schedule;
    if (!first) throw new Error('empty schedule');
    expect(() => findingAfter(machine, [...witness.schedule, first])).toThrow(
      'nothing runs after a crash',
    );
    const other = [...witness.schedule.slice(0, -1), { thread: 1, choices: [0, 1] }];
    expect(findingAfter(machine, other)).toBeUndefined();
  });
});
