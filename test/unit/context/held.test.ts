import { describe, expect, it } from 'vitest';
import { analyse } from './support.js';

describe('what is held', () => {
  it('follows locks through straight code, in acquisition order', () => {
    const a = analyse(`
void f(struct inode *inode)
{
	inode->size = 0; /* none */
	mutex_lock(&inode->lock);
	mutex_lock(&inode->other);
	inode->size = 1; /* both */
	mutex_unlock(&inode->lock);
	inode->size = 2; /* other */
	mutex_unlock(&inode->other);
	inode->size = 3; /* gone */
}`);
    expect(a.at('none')).toEqual([]);
    expect(a.at('both')).toEqual(['lock(inode->lock)!', 'other(inode->other)!']);
    expect(a.at('other')).toEqual(['other(inode->other)!']);
    expect(a.at('gone')).toEqual([]);
  });

  it('is uncertain after a branch that locks on one side', () => {
    const a = analyse(`
void f(struct inode *inode, int n)
{
	if (inode->size)
		mutex_lock(&inode->lock);
	inode->other.owner = n; /* maybe */
}`);
    expect(a.at('maybe')).toEqual(['lock(inode->lock)?']);
  });

  it('keeps lock and unlock under the same flag together', () => {
    const a = analyse(`
void f(struct inode *inode, bool nowait)
{
	if (!nowait)
		mutex_lock(&inode->lock);
	inode->size = 1; /* between */
	if (!nowait)
		mutex_unlock(&inode->lock);
	inode->size = 2; /* after */
}`);
    expect(a.at('between')).toEqual(['lock(inode->lock)?']);
    expect(a.at('after')).toEqual([]);
  });

  it('knows that a trylock which failed holds nothing', () => {
    const a = analyse(`
void f(struct inode *inode)
{
	if (!mutex_trylock(&inode->lock)) {
		inode->size = 1; /* failed */
		return;
	}
	inode->size = 2; /* taken */
	mutex_unlock(&inode->lock);
}`);
    expect(a.at('failed')).toEqual([]);
    expect(a.at('taken')).toEqual(['lock(inode->lock)!']);
  });

  it('knows that an error pointer is no handle, and the name of one that was started', () => {
    const a = analyse(`
int f(struct inode *inode)
{
	struct handle *handle;

	handle = start(inode);
	if (IS_ERR(handle))
		return inode->size; /* error */
	inode->size = 2; /* active */
	stop(handle);
	return inode->size; /* stopped */
}`);
    expect(a.at('error')).toEqual([]);
    expect(a.at('active')).toEqual(['handle(handle)!']);
    expect(a.at('stopped')).toEqual([]);
  });

  it('follows goto error paths and loops', () => {
    const a = analyse(`
int f(struct inode *inode, int n)
{
	int ret = 0;
	int i;

	mutex_lock(&inode->lock);
	for (i = 0; i < n; i++) {
		ret = inode->size;
		if (ret)
			goto out;
		inode->size = i; /* loop */
	}
out:
	mutex_unlock(&inode->lock);
	inode->size = 7; /* end */
	return ret;
}`);
    expect(a.at('loop')).toEqual(['lock(inode->lock)!']);
    expect(a.at('end')).toEqual([]);
  });

  it('sees through wrappers and renames the object for the caller', () => {
    const a = analyse(`
static void grab(struct inode *victim) { mutex_lock(&victim->lock); }
static void drop(struct inode *victim) { mutex_unlock(&victim->lock); }
void f(struct inode *inode)
{
	grab(inode);
	inode->size = 1; /* in */
	drop(inode);
	inode->size = 2; /* out */
}`);
    expect(a.at('in')).toEqual(['lock(inode->lock)!']);
    expect(a.at('out')).toEqual([]);
  });

  it('takes what all callers hold as certain, what some hold as possible', () => {
    const a = analyse(`
static void deep(struct inode *inode) { inode->size = 1; /* deep */ }
void one(struct inode *inode)
{
	mutex_lock(&inode->lock);
	mutex_lock(&inode->other);
	deep(inode);
	mutex_unlock(&inode->other);
	mutex_unlock(&inode->lock);
}
void two(struct inode *inode)
{
	mutex_lock(&inode->lock);
	deep(inode);
	mutex_unlock(&inode->lock);
}`);
    expect(a.at('deep')).toEqual(['lock(inode->lock)!', 'other(inode->other)?']);
  });

  it('a function that releases what its caller took', () => {
    const a = analyse(`
static void wait_and_drop(struct inode *inode) { mutex_unlock(&inode->lock); }
void f(struct inode *inode)
{
	mutex_lock(&inode->lock);
	wait_and_drop(inode);
	inode->size = 1; /* dropped */
}`);
    expect(a.at('dropped')).toEqual([]);
  });
});

describe('what a call may wait for while something is held', () => {
  const waits = (code: string, fn: string, held: string): readonly string[] =>
    analyse(code)
      .facts.waitsWhileHolding(fn, held)
      .map((w) => `${w.class} in ${w.chain.join(' > ')}`);

  it('finds the wait through calls and names locks as the caller writes them', () => {
    const code = `
static void flush(struct folio *folio) { wait_writeback(folio); }
void f(struct inode *inode, struct folio *folio) { mutex_lock(&inode->other); flush(folio); }`;
    expect(waits(code, 'f', 'handle')).toEqual([
      'other in f > mutex_lock',
      'writeback in f > flush > wait_writeback',
    ]);
  });

  it('stops where what is held is given up', () => {
    const code = `
void f(struct handle *handle, struct folio *folio) { stop(handle); wait_writeback(folio); }`;
    expect(waits(code, 'f', 'handle')).toEqual([]);
    expect(waits(code, 'f', 'lock')).toEqual(['writeback in f > wait_writeback']);
  });

  it('goes through function pointers by the member they are stored in', () => {
    const code = `
struct ops { void (*end)(struct folio *folio); };
static void slow(struct folio *folio) { wait_writeback(folio); }
static const struct ops ops = { .end = slow };
void f(const struct ops *o, struct folio *folio) { o->end(folio); }`;
    expect(waits(code, 'f', 'handle')).toEqual(['writeback in f > slow > wait_writeback']);
  });
});
