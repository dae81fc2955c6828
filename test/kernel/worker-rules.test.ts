/**
 * Rules over workers and over mappings (L4, L11, L12 and L13 of the facts): each is broken once, by the smallest
 * scenario that does, and kept by the same scenario done as it should be.
 */
import { describe, expect, it } from 'vitest';
import { ModelKernel } from '../../server/analysis/model.js';
import { changed, modelKernel, mutant, parser, run, type Mutation } from './support.js';

const HEAD = `__on("7.1");
#define COMMITS 0
#define NR_FOLIOS 2
#define PAGE_SHIFT 0
#define BLKBITS 0
`;

/** Rules and properties that a scenario of these lines finds, sorted; it must be searched to its end. */
async function found(lines: string, ...changes: readonly Mutation[]): Promise<readonly string[]> {
  const text = `/* A rule. */\n__scenario("T", "rules");\n${HEAD}${lines}`;
  const file = { name: 'scenarios/T.c', text };
  const kernel = new ModelKernel(await parser(), [...changed(changes), file]);
  const { witnesses, complete } = run(kernel, 'T');
  expect(complete).toBe(true);
  return [...new Set(witnesses.map((w) => w.key.rule ?? w.key.property))].sort();
}

/** An item of a queue, and one task that queues it. */
const item = (work: string, queue: string, body: string): string => `
static void function(struct work_struct *work)
{
	${body}
}
__setup
static void folios(void)
{
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_extent(1, EXTENT_STATUS_WRITTEN);
	start_folio(0);
	${work}.func = function;
}
struct workqueue_struct other_queue;
struct work_struct own_item;
__thread("task")
static void task_function(void)
{
	queue_work(&${queue}, &${work});
}
__daemon("other")
static void other(void)
{
	other_worker_thread(&${queue === 'workqueue' ? 'dio_workqueue' : queue});
}
`;

const IOEND = 'inode.ext4.i_iomap_ioend_work';
const WAIT = 'filemap_fdatawait_range(inode.i_mapping, 0, 0);';
const DROP = 'invalidate_inode_pages2_range(inode.i_mapping, 1, 1);';
const LOCK = 'inode_lock(&inode); inode_unlock(&inode);';

const WORKERS: readonly (readonly [what: string, lines: string, finds: readonly string[]])[] = [
  ['the ioend worker waits for writeback', item(IOEND, 'workqueue', WAIT), ['RL-WB-WORKER']],
  [
    'the worker of buffer_heads waits for writeback',
    item('inode.ext4.i_rsv_conversion_work', 'workqueue', WAIT),
    ['RL-WB-WORKER'],
  ],
  [
    'the ioend worker of xfs waits for writeback',
    item('inode.xfs.i_ioend_work', 'workqueue', WAIT),
    ['RL-WB-WORKER'],
  ],
  ['the ioend worker drops page cache', item(IOEND, 'workqueue', DROP), ['RL-WB-WORKER']],
  [
    'the ioend worker unlocks a folio and wakes others',
    item(IOEND, 'workqueue', 'folio_lock(&folio[0]); folio_unlock(&folio[0]);'),
    [],
  ],
  [
    'an item of its own waits for writeback, on the same queue',
    item('own_item', 'workqueue', WAIT),
    [],
  ],
  ['direct I/O drops page cache when it ends', item('own_item', 'dio_workqueue', DROP), []],
  ['an ioend takes i_rwsem', item(IOEND, 'workqueue', LOCK), ['RL-COMPLETION-LOCK']],
  ['direct I/O takes i_rwsem', item('own_item', 'dio_workqueue', LOCK), ['RL-COMPLETION-LOCK']],
  [
    'direct I/O takes i_rwsem shared',
    item('own_item', 'dio_workqueue', 'inode_lock_shared(&inode); inode_unlock_shared(&inode);'),
    ['RL-COMPLETION-LOCK'],
  ],
  [
    'direct I/O of xfs takes IOLOCK',
    item(
      'own_item',
      'dio_workqueue',
      'xfs_ilock(&inode.xfs, XFS_IOLOCK_EXCL); xfs_iunlock(&inode.xfs, XFS_IOLOCK_EXCL);',
    ),
    ['RL-COMPLETION-LOCK'],
  ],
  [
    'direct I/O of xfs takes ILOCK, and tries i_rwsem',
    item(
      'own_item',
      'dio_workqueue',
      `xfs_ilock(&inode.xfs, XFS_ILOCK_EXCL); xfs_iunlock(&inode.xfs, XFS_ILOCK_EXCL);
	if (down_read_trylock(&inode.i_rwsem)) inode_unlock_shared(&inode);`,
    ),
    [],
  ],
  ['an item that completes no I/O takes i_rwsem', item('own_item', 'other_queue', LOCK), []],
];

/** A task that looks a block up, does something with it, and one that punches it. */
const snapshot = (start: string, use: string): string => `
__setup
static void one_block(void)
{
	start_extent(0, ${start});
	start_extent(1, EXTENT_STATUS_HOLE);
	start_folio(0);
}
__thread("user")
static void user(void)
{
	struct ext4_map_blocks map = { .m_lblk = 0, .m_len = 1 };
	handle_t *handle;

	ext4_map_blocks(NULL, &inode, &map, 0);
	handle = ext4_journal_start(&inode, EXT4_HT_WRITE_PAGE, 1);
	down_write(&inode.ext4.i_data_sem);
	${use}
	up_write(&inode.ext4.i_data_sem);
	ext4_journal_stop(handle);
}
__thread("punch")
static void punch(void)
{
	handle_t *handle = ext4_journal_start(&inode, EXT4_HT_TRUNCATE, 1);

	ext4_punch_blocks(handle, &inode, 0, 1);
	ext4_journal_stop(handle);
}
`;
const ALLOCATE = 'ext4_map_create_blocks(handle, &inode, &map, EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT);';
const CONVERT = 'ext4_map_create_blocks(handle, &inode, &map, EXT4_GET_BLOCKS_IO_CONVERT_EXT);';

const MAPPINGS: readonly (readonly [what: string, lines: string, finds: readonly string[]])[] = [
  [
    'a delayed block is allocated after somebody has given it up',
    snapshot('EXTENT_STATUS_DELAYED', ALLOCATE),
    ['RL-STALE-MAP'],
  ],
  [
    'it is allocated only if nothing has changed',
    snapshot('EXTENT_STATUS_DELAYED', `if (map.m_seq == inode.ext4.i_es_seq) ${ALLOCATE}`),
    [],
  ],
  [
    'it is looked up again under the lock',
    snapshot(
      'EXTENT_STATUS_DELAYED',
      `ext4_map_query_blocks(handle, &inode, &map);
	if (inode.ext4.es[0] == EXTENT_STATUS_DELAYED) { map.m_flags = EXT4_MAP_DELAYED; ${ALLOCATE} }`,
    ),
    [],
  ],
  [
    'an unwritten block is converted that is not there any more',
    snapshot('EXTENT_STATUS_UNWRITTEN', CONVERT),
    ['RL-STALE-MAP'],
  ],
  [
    'it is converted if it is there',
    snapshot(
      'EXTENT_STATUS_UNWRITTEN',
      `if ((map.m_flags & EXT4_MAP_UNWRITTEN) && map.m_seq == inode.ext4.i_es_seq) ${CONVERT}`,
    ),
    [],
  ],
];

/** Two tasks find a hole and allocate it: one as unwritten, one as written. */
const TWO_ALLOCATE = `
static bool was_written;
__setup
static void hole(void)
{
	start_extent(0, EXTENT_STATUS_HOLE);
	start_extent(1, EXTENT_STATUS_HOLE);
}
static unsigned int allocate(int flags)
{
	struct ext4_map_blocks map = { .m_lblk = 0, .m_len = 1 };
	handle_t *handle = ext4_journal_start(&inode, EXT4_HT_MAP_BLOCKS, 1);

	ext4_map_blocks(handle, &inode, &map, flags);
	ext4_journal_stop(handle);
	return map.m_flags;
}
__thread("fallocate")
static void preallocate(void)
{
	allocate(EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT);
}
__thread("writer")
static void writer(void)
{
	was_written = (allocate(EXT4_GET_BLOCKS_CREATE) & EXT4_MAP_MAPPED) != 0;
}
__finally
static void stays(void)
{
	__assert(!was_written || inode.ext4.ext[0] == EXTENT_STATUS_WRITTEN, "it stays written");
	__assert(inode.i_blocks == 1, "one block is charged");
}
`;

/** Writes one block through iomap, beside a task that punches it without i_rwsem. */
const write = (lookup: string): string => `
static struct ext4_map_blocks map = { .m_lblk = 0, .m_len = 1 };
__setup
static void one_block(void)
{
	start_extent(0, EXTENT_STATUS_UNWRITTEN);
	start_extent(1, EXTENT_STATUS_HOLE);
	start_folio(0);
}
static void look_up(struct iomap_iter *iter)
{
	ext4_map_blocks(NULL, &inode, &map, 0);
	ext4_set_iomap(&inode, &iter->iomap, &map, 0, 1, 0);
}
__thread("writer")
static void writer(void)
{
	struct iomap_iter iter = { .inode = &inode, .pos = 0, .len = 1 };

	${lookup}
	iomap_write_end(&iter, 1, &folio[0]);
	folio_unlock(&folio[0]);
}
__thread("punch")
static void punch(void)
{
	handle_t *handle;

	filemap_invalidate_lock(inode.i_mapping);
	folio_lock(&folio[0]);
	handle = ext4_journal_start(&inode, EXT4_HT_TRUNCATE, 1);
	ext4_punch_blocks(handle, &inode, 0, 1);
	ext4_journal_stop(handle);
	folio_unlock(&folio[0]);
	filemap_invalidate_unlock(inode.i_mapping);
}
`;
const VALID =
  'look_up(&iter); folio_lock(&folio[0]); if (!ext4_iomap_valid(&inode, &iter.iomap)) { folio_unlock(&folio[0]); return; }';

const WRITES: readonly (readonly [what: string, lines: string, finds: readonly string[]])[] = [
  [
    'a folio is dirtied through a mapping from before its lock',
    write('look_up(&iter); folio_lock(&folio[0]);'),
    ['RL-STALE-MAP'],
  ],
  ['the mapping is compared under the folio lock', write(VALID), []],
];

describe('what was a hole when it was looked up', { timeout: 120_000 }, () => {
  it('is not allocated over what somebody else has allocated meanwhile', async () => {
    expect(await found(TWO_ALLOCATE)).toEqual([]);
  });

  it('would be, without the second lookup', async () => {
    const change = { file: 'ext4.c', from: '\t\tif (!map->m_flags)\n', to: '\t\tif (0)\n' };
    expect(await found(TWO_ALLOCATE, change)).toEqual(['final']);
  });
});

describe('a rule over workers', { timeout: 120_000 }, () => {
  it.each(WORKERS)('%s', async (_, lines, finds) => {
    expect(await found(lines)).toEqual(finds);
  });
});

describe('a rule over mappings', { timeout: 120_000 }, () => {
  it.each([...MAPPINGS, ...WRITES])('%s', async (_, lines, finds) => {
    expect(await found(lines)).toEqual(finds);
  });
});

/** Races in which a rule is broken on the way: the rule is found beside what comes of it, and goes with it. */
const RACES: readonly (readonly [race: string, on: string, rule: string, fix: string])[] = [
  ['R6', '', 'RL-STALE-MAP', '9a9ce46904bd'],
  ['R6', 'first-block', 'RL-STALE-MAP', 'lock-extent'],
  ['C10', '', 'RL-STALE-MAP', 'd9252d526ba6'],
  ['R8', '', 'RL-WB-WORKER', 'straddle'],
  ['R8', '', 'RL-WB-WORKER', 'work-per-ioend'],
  ['R13', 'rwsem-in-worker', 'RL-COMPLETION-LOCK', 'force-wait'],
];

describe('a race that breaks a rule', { timeout: 120_000 }, () => {
  it.each(RACES)('%s with "%s" breaks %s, and not with %s', async (race, on, rule, fix) => {
    const kernel = await modelKernel();
    const rules = (fixes: string): readonly (string | undefined)[] =>
      run(kernel, race, { on: fixes.split(' ').filter((f) => f !== '') }).witnesses.map(
        (w) => w.key.rule,
      );
    expect(rules(on)).toContain(rule);
    expect(rules(fix)).not.toContain(rule);
  });

  it('R8 breaks none where the tail is waited for by who submits', async () => {
    const kernel = await mutant({
      file: 'scenarios/R8.c',
      from: '__with("fdatawait-tail");\n',
      to: '',
    });
    expect(run(kernel, 'R8', { on: ['b9dc57ecc8a5'] }).verdict).toBe('none');
  });
});
