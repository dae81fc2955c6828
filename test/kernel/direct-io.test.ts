/** Direct I/O beside the page cache (R11, R13): verdicts, traces, and what the verdicts depend on. */
import { describe, expect, it } from 'vitest';
import { modelKernel, mutant, run, traces } from './support.js';
import { testTable } from './table.js';

const FALSE_ERROR = 'found invariant';
const EOF_MOVED_BACK = 'found final';
/** The worker takes i_rwsem, and somebody waits for it with that held. */
const NEEDS_RWSEM = 'found assert, deadlock';

testTable({
  R11: [
    ['', FALSE_ERROR],
    ['15cdefd0c052', 'none'],
    ['exclusive-dio', 'none'],
    ['no-dio', 'none'],
    // The buffered write takes i_rwsem inside it.
    ['fallback-invalidate-lock', 'found invariant, lock-order'],
  ],
  R13: [
    ['', EOF_MOVED_BACK],
    ['force-wait', 'none'],
    ['size-at-submission', 'none'],
    ['15cdefd0c052', 'none'],
    ['rwsem-in-worker', NEEDS_RWSEM],
    ['rwsem-in-worker 15cdefd0c052', NEEDS_RWSEM],
  ],
});

describe('R11', { timeout: 120_000 }, () => {
  it('is told like the diagram of its thread', async () => {
    const [trace] = traces(await modelKernel(), 'R11');
    const lane = (name: string): readonly string[] =>
      (trace?.steps ?? [])
        .filter((s) => trace?.threads[s.thread]?.name === name)
        .flatMap((s) => s.text.match(/\b(\w+)\(/)?.[1] ?? []);
    expect(lane('A').slice(1)).toEqual([
      'inode_lock_shared',
      'ext4_dio_write_checks',
      'iomap_dio_rw',
      'inode_unlock_shared',
    ]);
    expect(lane('B').slice(1)).toEqual([
      'inode_lock_shared',
      'ext4_dio_write_checks',
      'iomap_dio_rw',
      'inode_unlock_shared',
      'ext4_buffered_write_iter',
    ]);
    expect(
      trace?.steps
        .at(-1)
        ?.stack.map((f) => f.function)
        .slice(-5),
    ).toEqual([
      'iomap_dio_complete_work',
      'iomap_dio_complete',
      'kiocb_invalidate_post_direct_write',
      'dio_warn_stale_pagecache',
      'errseq_set',
    ]);
  });

  it('needs neither the shared lock of B nor a large folio: the older kernels have it too', async () => {
    const kernel = await modelKernel();
    const off = ['07961ebb09c9'];
    expect(run(kernel, 'R11', { off }).verdict).toBe(FALSE_ERROR);
  });

  it('is there when the page is invalidated after the direct I/O has ended', async () => {
    const kernel = await mutant({
      file: 'iomap-dio.c',
      from: `	if (!error && size && (flags & IOMAP_DIO_WRITE) &&
	    !(flags & IOMAP_DIO_BUF_WRITETHROUGH))
		kiocb_invalidate_post_direct_write(iocb, size);

	inode_dio_end(file_inode(iocb->ki_filp));
`,
      to: `	inode_dio_end(file_inode(iocb->ki_filp));
	if (!error && size && (flags & IOMAP_DIO_WRITE))
		kiocb_invalidate_post_direct_write(iocb, size);
`,
    });
    expect(run(kernel, 'R11', { on: ['15cdefd0c052'] }).verdict).toBe(FALSE_ERROR);
  });

  it('is there when the wait stands before the lock', async () => {
    const kernel = await mutant({
      file: 'ext4-file.c',
      from: `	inode_lock(inode);
	/* Direct I/O that is in flight would find our dirty pages when it completes. */
	if (__since("15cdefd0c052", "2026-08-17"))
		inode_dio_wait(inode);
`,
      to: `	if (__since("15cdefd0c052", "2026-08-17"))
		inode_dio_wait(inode);
	inode_lock(inode);
`,
    });
    expect(run(kernel, 'R11', { on: ['15cdefd0c052'] }).verdict).toBe(FALSE_ERROR);
  });

  it('is there when direct I/O holds the lock but does not wait', async () => {
    const kernel = await mutant({
      file: 'ext4-file.c',
      from: `	if (__fix("exclusive-dio") && !ext4_test_inode_flag(inode, EXT4_INODE_EXTENTS))
		*dio_flags = IOMAP_DIO_FORCE_WAIT;
`,
      to: '',
    });
    expect(run(kernel, 'R11', { on: ['exclusive-dio'] }).verdict).toBe(FALSE_ERROR);
  });
});

describe('R13', () => {
  it('needs the read and the write of i_size to be two steps', async () => {
    const kernel = await mutant({
      file: 'iomap-writethrough.c',
      from: `	if (end > i_size_read(inode))
		i_size_write(inode, end);
`,
      to: `	__atomic {
		if (end > i_size_read(inode))
			i_size_write(inode, end);
	}
`,
    });
    expect(run(kernel, 'R13').verdict).toBe('none');
  });

  it('is there when the write that extends the file is not waited for', async () => {
    const kernel = await mutant({
      file: 'iomap-writethrough.c',
      from: `	if (__fix("force-wait") && pos + len > old_size)
		dio_flags`,
      to: `	if (__fix("force-wait") && pos + len < old_size)
		dio_flags`,
    });
    expect(run(kernel, 'R13', { on: ['force-wait'] }).verdict).toBe(EOF_MOVED_BACK);
  });
});
