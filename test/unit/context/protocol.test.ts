/**
 * Mistakes in the use of locks, and what looks like one and is none: the shapes for which checkers
 * of kernel C are known to give false reports are here, in C of our own.
 */
import { describe, expect, it } from 'vitest';
import { findings, witness } from './kernel-c.js';

describe('left held at a return', () => {
  const LEFT = `
static int grow(struct inode *inode, loff_t size)
{
	int err;

	down_write(&EXT4_I(inode)->i_data_sem);
	err = check_size(inode, size);
	if (err)
		return err;
	err = really_grow(inode, size);
	up_write(&EXT4_I(inode)->i_data_sem);
	return err;
}
`;

  it('is found on an error path', () => {
    expect(findings(LEFT)).toEqual([
      '8: RL-LEFT-HELD EXT4_I(inode)->i_data_sem is still held at this return, in grow',
    ]);
  });

  it('is shown by the two paths', () => {
    expect(witness(LEFT)).toEqual([
      '5: EXT4_I(inode)->i_data_sem taken here',
      '7: true here',
      '8: returns with it',
      '10: given back here on another path',
    ]);
  });

  it('is found for a spinlock behind a local that stands for its owner', () => {
    const text = `
static int claim(struct inode *inode, int n)
{
	struct info *ei = EXT4_I(inode);

	spin_lock(&ei->i_block_reservation_lock);
	if (n > ei->free) {
		n = -ENOSPC;
		goto out;
	}
	ei->free -= n;
	spin_unlock(&ei->i_block_reservation_lock);
out:
	return n;
}
`;
    expect(findings(text)).toEqual([
      '13: RL-LEFT-HELD ei->i_block_reservation_lock is still held at this return, in claim',
    ]);
  });

  it('is found before another error path that gives it back', () => {
    const text = `
static int reserve(struct thing *t)
{
	spin_lock(&t->lock);
	if (t->broken)
		return -EIO;
	if (claim(t)) {
		spin_unlock(&t->lock);
		return -ENOSPC;
	}
	t->n++;
	spin_unlock(&t->lock);
	return 0;
}
`;
    expect(findings(text)).toEqual([
      '5: RL-LEFT-HELD t->lock is still held at this return, in reserve',
    ]);
  });

  it('is found for a journal handle', () => {
    const text = `
static int mark(struct inode *inode)
{
	handle_t *handle;
	int err;

	handle = ext4_journal_start(inode, EXT4_HT_INODE, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	err = reserve_write(handle, inode);
	if (err < 0)
		return err;
	write_mark(handle, inode);
	ext4_journal_stop(handle);
	return 0;
}
`;
    expect(findings(text)).toEqual([
      '11: RL-LEFT-HELD handle is still held at this return, in mark',
    ]);
  });
});

describe('what is no leak', () => {
  it('a callee releases the lock, as its declaration says or as its body does', () => {
    const text = `
int declared(struct thing *t) __releases(&t->lock);
static int bare(struct thing *t)
{
	t->n++;
	spin_unlock(&t->lock);
	return 0;
}
int f(struct thing *t, int how)
{
	spin_lock(&t->lock);
	if (how == 1)
		return declared(t);
	if (how == 2)
		return bare(t);
	spin_unlock(&t->lock);
	return 0;
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('lock and unlock under the same flag, as a local, a member or a question', () => {
    const text = `
int f(struct thing *t, int nowait)
{
	int err;

	if (!nowait)
		mutex_lock(&t->lock);
	if (t->flags & NEEDS_SEM)
		down_read(&t->sem);
	if (is_special(t))
		spin_lock(&t->special);
	t->n++;
	if (is_special(t))
		spin_unlock(&t->special);
	err = use(t);
	if (t->flags & NEEDS_SEM)
		up_read(&t->sem);
	if (!nowait)
		mutex_unlock(&t->lock);
	return err;
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('a function returns true with the lock', () => {
    const text = `
static bool start(struct thing *t)
{
	spin_lock(&t->lock);
	if (t->busy) {
		spin_unlock(&t->lock);
		return false;
	}
	return true;
}
void f(struct thing *t)
{
	if (!start(t))
		return;
	t->n++;
	spin_unlock(&t->lock);
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('a lock of the caller is given back for a while, as only a comment says', () => {
    const text = `
void wait_for_space(struct journal *j)
{
	while (j->used > j->size) {
		write_unlock(&j->state);
		mutex_lock(&j->checkpoint);
		write_lock(&j->state);
		if (j->aborted) {
			mutex_unlock(&j->checkpoint);
			return;
		}
		mutex_unlock(&j->checkpoint);
	}
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('a loop tries again, once, with the lock', () => {
    const text = `
int f(struct thing *t)
{
	bool locked = false;
	int err;

again:
	err = try_it(t);
	if (err == -EAGAIN && !locked) {
		mutex_lock(&t->lock);
		locked = true;
		goto again;
	}
	if (locked)
		mutex_unlock(&t->lock);
	return err;
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('the lock of an object that is returned or stored', () => {
    const text = `
struct node *first(struct root *root)
{
	struct node *n = root_node(root);

	down_write(&n->lock);
	if (n->stale) {
		up_write(&n->lock);
		return NULL;
	}
	return n;
}
int push(struct path *path, struct root *root)
{
	struct node *n = root_node(root);

	btrfs_tree_lock(n);
	if (n->stale) {
		btrfs_tree_unlock(n);
		return 0;
	}
	path->nodes[0] = n;
	return 0;
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('a buffer that is locked for its I/O', () => {
    const text = `
static int read_it(struct buffer_head *bh)
{
	lock_buffer(bh);
	if (buffer_uptodate(bh)) {
		unlock_buffer(bh);
		return 0;
	}
	return start_read(bh);
}
`;
    expect(findings(text)).toEqual([]);
  });
});

describe('taken twice', () => {
  it('is found on one branch', () => {
    const text = `
static int f(struct inode *inode, int flags)
{
	inode_lock(inode);
	if (flags & MOVE)
		inode_lock(inode);
	change(inode);
	inode_unlock(inode);
	return 0;
}
`;
    expect(findings(text)).toEqual([
      '5: RL-TAKEN-TWICE inode->i_rwsem is taken again while it is held, in f',
    ]);
  });

  it('is not said of two objects of a kind, nor of the next one in a loop', () => {
    const text = `
void f(struct inode *a, struct inode *b)
{
	inode_lock(a);
	inode_lock(b);
	change(a, b);
	inode_unlock(b);
	inode_unlock(a);
}
void g(struct list *list)
{
	struct thing *t;

	for (t = list->first; t; t = t->next)
		mutex_lock(&t->lock);
}
`;
    expect(findings(text)).toEqual([]);
  });
});

describe('sleep in atomic context', () => {
  it('is found for an allocation that may reclaim, and for a flush', () => {
    const text = `
static int f(struct inode *inode)
{
	void *p;

	spin_lock(&inode->i_lock);
	p = kmalloc(64, GFP_KERNEL);
	filemap_write_and_wait(inode->i_mapping);
	spin_unlock(&inode->i_lock);
	return keep(p);
}
`;
    expect(findings(text)).toEqual([
      '6: RL-SLEEP-ATOMIC kmalloc sleeps (kmalloc > might_alloc > might_sleep) while inode->i_lock is held, in f',
      '7: RL-SLEEP-ATOMIC filemap_write_and_wait waits for writeback while inode->i_lock is held, in f',
    ]);
  });

  it('is not said of an atomic allocation, a trylock, or a sleep behind the unlock', () => {
    const text = `
static int f(struct inode *inode, gfp_t gfp)
{
	void *p, *q;

	spin_lock(&inode->i_lock);
	p = kmalloc(64, GFP_ATOMIC | __GFP_NOWARN);
	q = kmalloc(64, gfp);
	if (mutex_trylock(&inode->mutex))
		mutex_unlock(&inode->mutex);
	spin_unlock(&inode->i_lock);
	filemap_write_and_wait(inode->i_mapping);
	return keep(p, q);
}
static void drops(struct tree *tree)
{
	spin_unlock(&tree->lock);
	msleep(1);
	spin_lock(&tree->lock);
}
void g(struct tree *tree)
{
	spin_lock(&tree->lock);
	drops(tree);
	spin_unlock(&tree->lock);
}
`;
    expect(findings(text)).toEqual([]);
  });
});

describe('lock order', () => {
  it('is found where two locks of one inode are taken against it', () => {
    const text = `
static void f(struct inode *inode)
{
	down_write(&EXT4_I(inode)->i_data_sem);
	inode_lock(inode);
	change(inode);
	inode_unlock(inode);
	up_write(&EXT4_I(inode)->i_data_sem);
}
`;
    expect(findings(text)).toEqual([
      '4: RL-LOCK-ORDER inode->i_rwsem is taken under EXT4_I(inode)->i_data_sem; the order is i_rwsem, invalidate_lock, folio lock, i_data_sem, in f',
    ]);
  });

  it('is found where two functions of a file disagree', () => {
    const text = `
static void f(struct thing *t)
{
	mutex_lock(&t->first);
	mutex_lock(&t->second);
	mutex_unlock(&t->second);
	mutex_unlock(&t->first);
}
static void g(struct thing *t)
{
	mutex_lock(&t->second);
	mutex_lock(&t->first);
	mutex_unlock(&t->first);
	mutex_unlock(&t->second);
}
`;
    expect(findings(text)).toEqual([
      '11: RL-LOCK-ORDER t->first is taken under t->second; f takes them the other way round, in g',
    ]);
  });

  it('is not said of a trylock, nor of locks of two objects', () => {
    const text = `
static void f(struct thing *t, struct thing *u)
{
	mutex_lock(&t->first);
	mutex_lock(&t->second);
	mutex_unlock(&t->second);
	mutex_unlock(&t->first);
	mutex_lock(&u->second);
	mutex_lock(&t->first);
	mutex_unlock(&t->first);
	mutex_unlock(&u->second);
}
static void g(struct thing *t)
{
	mutex_lock(&t->second);
	if (mutex_trylock(&t->first))
		mutex_unlock(&t->first);
	mutex_unlock(&t->second);
}
`;
    expect(findings(text)).toEqual([]);
  });
});
