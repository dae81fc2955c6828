/** Shapes of right code that look like mistakes, in C of our own. */
import { describe, expect, it } from 'vitest';
import { findings } from './kernel-c.js';

describe('silence of code that is right', () => {
  it('a lock that only some rounds of a loop take', () => {
    const text = `
int f(struct thing *t, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		if (current->journal_info == NULL) {
			begin(t);
			down_write(&t->sem);
		}
		step(t);
	}
	up_write(&t->sem);
	return 0;
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('but a lock that every round takes and one leaves held is found', () => {
    const text = `
int f(struct thing *t, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		mutex_lock(&t->lock);
		if (skip(i))
			continue;
		step(i);
		mutex_unlock(&t->lock);
	}
	return 0;
}
`;
    expect(findings(text)[0]).toContain('RL-TAKEN-TWICE t->lock is taken again while it is held');
  });

  it('a lock that is given back, and taken again before the return', () => {
    const text = `
int f(struct thing *t)
{
	down_read(&t->sem);
	if (reserve(t))
		goto reserved;
	up_read(&t->sem);
	wait(t);
	down_read(&t->sem);
reserved:
	if (broken(t)) {
		up_read(&t->sem);
		return -EROFS;
	}
	return 0;
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('a lock behind a pointer that is only set while it is held', () => {
    const text = `
int f(struct list *all, int n)
{
	struct thing *locked = NULL;
	struct thing *t;
	int i;

	for (i = 0; i < n; i++) {
		if (locked) {
			spin_unlock(&locked->lock);
			locked = NULL;
		}
		cond_resched();
		t = next(all);
		spin_lock(&t->lock);
		locked = t;
		touch(t);
	}
	if (locked)
		spin_unlock(&locked->lock);
	return 0;
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('a callback that gives the lock back when the last reference goes', () => {
    const text = `
static void last_put(struct kref *ref)
{
	free_thing(container_of(ref, struct thing, refs));
}
void f(struct thing *t)
{
	spin_lock(&t->lock);
	if (kref_put(&t->refs, last_put))
		return;
	spin_unlock(&t->lock);
}
`;
    expect(findings(text)).toEqual([]);
  });

  it('locks whose kind an enumerator remembers', () => {
    const text = `
int f(struct node *n, int full)
{
	enum mode mode;

	if (full) {
		mode = M_FULL;
		spin_lock(&n->list_lock);
	} else {
		mode = M_FREE;
	}
	if (mode == M_PARTIAL || mode == M_FULL)
		spin_unlock(&n->list_lock);
	return 0;
}
`;
    expect(findings(text)).toEqual([]);
  });

  const RETRY = `
static int lock_and_fill(struct thing *t)
{
	int ret;

	down_write(&t->sem);
	ret = fill(t);
	if (ret)
		goto failed;
	return 0;
failed:
	up_write(&t->sem);
	return ret;
}

int f(struct thing *t)
{
again:
	err = lock_and_fill(t);
	if (err == -ENOSPC && room(t))
		goto again;
	return err;
}
`;

  it('a retry after a failure that left nothing held, where no line shows what err is', () => {
    expect(findings(RETRY)).toEqual([]);
  });

  it('but the retry that also follows success is found', () => {
    const text = RETRY.replace('err == -ENOSPC && ', '');
    expect(findings(text)[0]).toContain('RL-TAKEN-TWICE t->sem is taken again while it is held');
  });
});
