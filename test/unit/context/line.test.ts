/** What the command line tells about a line of kernel C. */
import { describe, expect, it } from 'vitest';
import { context, findings } from './kernel-c.js';

describe('the context of a line', () => {
  it('tells mode, certainty and origin, also for a line without code', () => {
    const text = `
static int peek(struct inode *inode, bool more)
{
	/* nobody else may change it */
	down_read(&EXT4_I(inode)->i_data_sem);
	if (more)
		spin_lock(&inode->i_lock);

	look(inode);
	if (more)
		spin_unlock(&inode->i_lock);
	up_read(&EXT4_I(inode)->i_data_sem);
	return 0;
}
`;
    expect(context(text, 3)[0]).toBe('  nothing is known to be held');
    expect(context(text, 8).slice(0, 2)).toEqual([
      '  EXT4_I(inode)->i_data_sem, shared, must: taken at line 5',
      '  inode->i_lock, exclusive, may: taken at line 7 on some path',
    ]);
  });

  it('takes the locks of a mode that is a constant', () => {
    const text = `
void f(struct xfs_inode *ip)
{
	xfs_ilock(ip, XFS_IOLOCK_SHARED | XFS_ILOCK_EXCL);
	touch(ip);
	xfs_iunlock(ip, XFS_ILOCK_EXCL);
	look(ip);
	xfs_iunlock(ip, XFS_IOLOCK_SHARED);
}
`;
    expect(context(text, 4).slice(0, 2)).toEqual([
      '  VFS_I(ip)->i_rwsem, shared, must: taken at line 4',
      '  ip->i_lock, exclusive, must: taken at line 4',
    ]);
    expect(context(text, 6)[0]).toBe('  VFS_I(ip)->i_rwsem, shared, must: taken at line 4');
  });

  it('knows what a function declares of its caller, and what it gives back without having taken it', () => {
    const text = `
static void told(struct thing *t)
	__must_hold(&t->lock)
{
	t->n++;
}
void unsaid(struct thing *t)
{
	t->n++;
	mutex_unlock(&t->lock);
}
`;
    expect(context(text, 4)[0]).toContain('t->lock, exclusive, must: held by the caller');
    expect(context(text, 8)[0]).toContain('t->lock, exclusive, must: held by the caller');
  });

  it('knows constants that a local has when it decides what is locked', () => {
    const text = `
int f(struct xfs_inode *ip, int quick)
{
	unsigned int mode = XFS_ILOCK_SHARED;

	if (!quick)
		mode = XFS_ILOCK_EXCL | XFS_IOLOCK_EXCL;
	if (quick) {
		xfs_ilock(ip, mode);
		touch(ip);
		xfs_iunlock(ip, mode);
		return 0;
	}
	xfs_ilock(ip, mode);
	touch(ip);
	xfs_iunlock(ip, mode);
	return 1;
}
`;
    expect(context(text, 9).slice(0, 1)).toEqual(['  ip->i_lock, shared, must: taken at line 9']);
    expect(context(text, 14).slice(0, 2)).toEqual([
      '  VFS_I(ip)->i_rwsem, exclusive, must: taken at line 14',
      '  ip->i_lock, exclusive, must: taken at line 14',
    ]);
  });

  it('ends what was given to a transaction with the transaction', () => {
    const text = `
int f(struct xfs_mount *mp, struct xfs_inode *ip)
{
	struct xfs_trans *tp;
	int error = xfs_trans_alloc(mp, NULL, 0, 0, 0, &tp);

	if (error)
		return error;
	xfs_ilock(ip, XFS_ILOCK_EXCL);
	xfs_trans_ijoin(tp, ip, XFS_ILOCK_EXCL);
	touch(ip);
	error = xfs_trans_commit(tp);
	look(ip);
	return error;
}
`;
    expect(context(text, 10).join()).toContain('ip->i_lock, exclusive, must');
    expect(context(text, 12).join()).not.toContain('i_lock');
    expect(findings(text)).toEqual([]);
  });

  it('does not take a function of the model for one that cannot fail', () => {
    const text = `
int f(struct inode *inode)
{
	handle_t *handle;
	int err = 0;

	inode_lock(inode);
	handle = ext4_journal_start(inode, 1, 2);
	if (IS_ERR(handle)) {
		err = PTR_ERR(handle);
		goto out;
	}
	ext4_journal_stop(handle);
	inode_unlock(inode);
out:
	return err;
}
`;
    expect(context(text, 9).join()).toContain('inode->i_rwsem, exclusive, must');
    expect(findings(text)).toEqual([
      '15: RL-LEFT-HELD inode->i_rwsem is still held at this return, in f',
    ]);
  });

  it('follows a lock that comes back into an array or a member', () => {
    const text = `
int f(struct address_space *mapping, struct page *page[2])
{
	page[0] = grab_cache_page_write_begin(mapping, 1);
	if (!page[0])
		return -ENOMEM;
	page[1] = grab_cache_page_write_begin(mapping, 2);
	if (!page[1]) {
		unlock_page(page[0]);
		return -ENOMEM;
	}
	swap(page[0], page[1]);
	return 0;
}
`;
    expect(context(text, 11).slice(0, 2)).toEqual([
      '  folio lock of page[0], must: taken at line 4',
      '  folio lock of page[1], must: taken at line 7',
    ]);
    expect(findings(text)).toEqual([]);
  });
});
