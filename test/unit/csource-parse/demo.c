#include "demo.h"
#include <linux/fs.h>

/* Sizes — kept “tiny” 😀. */
#define BLOCKS 4
#define PAGES (1UL << 2)
#define WARN(cond) do { if (cond) __warn(cond); } while (0)
#define pick(type, x, y) ({ type __x = (x); type __y = (y); __x < __y ? __x : __y; })
#define outer_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define each_item(pos, head, member) \
	for (pos = first_item(head, typeof(*pos), member); \
	     !is_end(pos, head); \
	     pos = next_item(pos, member))
#define u64 unsigned long long
#define GLUE(a, b) a##b
#define BOTH(a) first(a), second(a)
#define EMPTY

typedef unsigned long pageno_t;
typedef int (*hook_fn)(struct page *page, pageno_t at);
typedef struct { int counter; } count_t;

enum page_state { CLEAN, DIRTY = 2, WRITEBACK };

struct page;

struct page {
	int state __range(0, 2), refs : 3;
	struct {
		int low;
		union { int a; long b; };
	};
	int (*hook)(struct page *, int);
	struct page *next[BLOCKS];
	DECLARE_BITMAP(bits, 8);
} __packed;

static struct page pages[2] __pool = {
	[0] = { .state = DIRTY, .next = { NULL, } },
	[1].hook = NULL,
}, *spare;
extern int generation;

static const struct page_ops ops = {
	.read = read_page,
	.write = write_page,
};

int __page_hold(struct page *page) __must_hold(&page->lock);
struct page *find_page(struct list_head *list, pageno_t at);

/**
 * take_page - take it
 * @page: which
 *
 * Returns a page — “really”.
 */
__source("mm/demo.c:take_page@0123") __since("take", "2025-01-01")
static noinline int take_page(struct page *page, loff_t pos, const char __user *buf)
	__must_hold(&page->lock)
{
	struct page *copy __free(kfree) = NULL, *other;
	int ret = pick(loff_t, pos, sizeof(struct page));
	unsigned int len = min_t(unsigned int, pos, 0x10UL);
	typeof(*page) *up = container_of(page, struct page, next[0].bits);
	char c = '\n', *text = "one " /* é */ "two\t";

	__atomic {
		__wait(page->state == CLEAN);
		page->state = DIRTY;
	}
	list_for_each_entry(other, &page->list, link) {
		if (other->state != DIRTY)
			continue;
		else
			break;
	}
	for_each_page(other)
		scoped_guard(mutex, &other->mutex)
			put(other, (loff_t)(pos), (u64)-1 * 2, (u32)*up, (struct page *)up);
	switch (ret) {
	case 1 ... 3:
	case 4:
		ret++;
		fallthrough;
	default:
		goto out;
	}
	guard(mutex)(&page->mutex);
	for (int i = 0; i < 3; i++, ret--)
		;
	do {
		ret -= len << 1 | 2;
	} while (ret && !c);
again:
	while (--ret > 0)
		if (try_page(page))
			goto again;
	return ret ?: offsetof(struct page, next[1].low);
out:
	if (__since("take", "2025-01-01"))
		*other = (struct page){ .state = WRITEBACK };
	return ({ int last = text[0]; last; }) + (copy ? 1 : ~2);
}

void __thread("Z") zero_pages(void) { take_page(&pages[0], 0, NULL); }

static void __init
start_pages(void)
{
#ifdef CONFIG_A
	if (a) {
		one();
#else
	if (b) {
		two();
#endif
	}
#if 0
	never();
#endif
}

/* The page of the scenario. */
__scenario("D1", "two tasks");
static DEFINE_MUTEX(page_mutex);
EXPORT_SYMBOL_GPL(take_page);
module_init(start_pages)

SYSCALL_DEFINE3(demo, int, fd, struct page __user *, page, unsigned long, flags)
{
	return fd + flags;
}

SYSCALL_DEFINE0(demo_sync)
{
	return 0;
}
