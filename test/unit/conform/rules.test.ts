/** What may look different in the model and still be the same, and where each of these rules ends. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ModelKernel } from '../../../server/analysis/model.js';
import { conform } from '../../../server/conform/index.js';
import type { ConformRow } from '../../../server/conform/index.js';
import { CParser } from '../../../server/csource/parser.js';

const require = createRequire(import.meta.url);
const parser = await CParser.load(
  readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm')),
);

const BASE = `
__profile("6.1", "2022-12-11");
__tracked("size");
__tracked("count");
struct thing { int lock; int spin; int size; int count; int cached; int ready; struct thing *next; };

__source("lock.c:take")
void take(struct thing *t) { __atomic { __wait(!t->lock); t->lock = 1; __acquire(t, "lock"); } }
__source("lock.c:give")
void give(struct thing *t) { __atomic { t->lock = 0; __release(t, "lock"); } }
__source("lock.c:spin_take")
void spin_take(struct thing *t) { __atomic { __spin(!t->spin); t->spin = 1; __acquire(&t->spin); } }
__source("lock.c:spin_give")
void spin_give(struct thing *t) { __atomic { t->spin = 0; __release(&t->spin); } }
__source("lock.c:sleep")
void sleep(struct thing *t) { __wait(t->ready); }
__source("a.c:flush")
void flush(struct thing *t) { t->cached = 0; }
__source("a.c:update")
void update(struct thing *t) { take(t); flush(t); give(t); }
__source("lock.c:find_and_take")
struct thing *find_and_take(struct thing *t)
{
	struct thing *found;
	__atomic { __wait(!t->lock); found = t->next; if (found) { t->lock = 1; __acquire(t, "lock"); } }
	return found;
}
__source("a.c:flush_v2")
__source("a.c:old_flush")
void flush_v2(struct thing *t) { t->ready = 0; }
`;

const LOCKS = `
void take(struct thing *t) { do_take(&t->l); }
void give(struct thing *t) { do_give(&t->l); }
void spin_take(struct thing *t) { do_take(&t->s); }
void spin_give(struct thing *t) { do_give(&t->s); }
void sleep(struct thing *t) { do_sleep(); }
struct thing *find_and_take(struct thing *t) { return do_find(t); }
`;

const A = `
void flush(struct thing *t) { out(t); }
void old_flush(struct thing *t) { out(t); }
void update(struct thing *t) { take(t); flush(t); give(t); }
`;

const WRAPPERS = 'void flush_page(struct page *page) { flush(thing_of(page)); }\n';

/** The row of `f`, for its body in the model and in the tree. */
function row(model: string, real: string, more = ''): ConformRow {
  const f = (body: string): string => `int f(struct thing *t, int n)\n{\n${body}\n}\n`;
  const text = `${BASE}${more}\n__source("a.c:f")\n${f(model)}`;
  const kernel = new ModelKernel(parser, [{ name: 'model.c', text }]);
  const files = new Map([
    ['lock.c', LOCKS],
    ['a.c', `${A}${f(real)}`],
    ['compat.c', WRAPPERS],
  ]);
  const [profile] = kernel.profiles;
  if (!profile) throw new Error('no profile');
  const found = conform(kernel, profile, parser, (path) => files.get(path)).find(
    (r) => r.function === 'f',
  );
  if (!found) throw new Error('no row');
  return found;
}

describe('names', () => {
  it('a function with several sources is the first that the tree has, under all their names', () => {
    const r = row('flush_v2(t); take(t); return 0;', 'old_flush(t); take(t); return 0;');
    expect(r).toMatchObject({ outcome: 'conforms', events: ['flush_v2', 'take'] });
  });

  it('a wrapper in another file is seen when that file is followed', () => {
    const real = 'take(t); flush_page(p); give(t); return 0;';
    const model = 'take(t); flush(t); give(t); return 0;';
    expect(row(model, real).differences).toEqual(['flush: only the model function does']);
    expect(row(model, real, '__followed("compat.c");').outcome).toBe('conforms');
  });

  it('what only one side calls is opened: what it does has to be done', () => {
    expect(row('update(t); return 0;', 'take(t); flush(t); give(t); return 0;').outcome).toBe(
      'conforms',
    );
    expect(row('take(t); flush(t); give(t); return 0;', 'update(t); return 0;').outcome).toBe(
      'conforms',
    );
    expect(row('update(t); return 0;', 'flush(t); take(t); give(t); return 0;')).toMatchObject({
      outcome: 'differs',
      differences: ['update: only the model function does'],
    });
  });

  it('a lock is a lock of its class, whoever takes it; a lookup that finds nothing takes none', () => {
    const model = 'find_and_take(t); flush(t); give(t); return 0;';
    expect(row(model, 'if (n) take(t); flush(t); give(t); return 0;').outcome).toBe('conforms');
    expect(row(model, 'take(t); flush(t); give(t); return 0;').outcome).toBe('differs');
    const tested = 't = find_and_take(t); if (!t) return 1; flush(t); give(t); return 0;';
    expect(row(tested, 'if (n) return 1; take(t); flush(t); give(t); return 0;').outcome).toBe(
      'conforms',
    );
    expect(row(tested, 'if (n) return 1; flush(t); take(t); give(t); return 0;').outcome).toBe(
      'differs',
    );
    expect(row(model, 'flush(t); if (n) take(t); give(t); return 0;').outcome).toBe('differs');
  });
});

describe('one step for a section', () => {
  const real = 'spin_take(t); t->size = n; t->count = n; spin_give(t); return 0;';

  it('a section under a spinlock may be one atomic region', () => {
    expect(row('__atomic { t->size = n; t->count = n; } return 0;', real).outcome).toBe('conforms');
  });

  it('not two regions, and not none', () => {
    const differences = [
      'spin_take: only the real function does',
      'spin_give: only the real function does',
    ];
    const two = '__atomic { t->size = n; } __atomic { t->count = n; } return 0;';
    expect(row(two, real)).toMatchObject({ outcome: 'differs', differences });
    const none = 't->size = n; t->count = n; return 0;';
    expect(row(none, real)).toMatchObject({ outcome: 'differs', differences });
  });

  it('not a section under a lock that is slept for', () => {
    const slept = 'take(t); t->size = n; t->count = n; give(t); return 0;';
    expect(row('__atomic { t->size = n; t->count = n; } return 0;', slept).outcome).toBe('differs');
  });
});

describe('waits and loops', () => {
  it('a wait of the function itself is where the kernel sleeps', () => {
    const model = 'take(t); __wait(t->ready); flush(t); give(t); return 0;';
    const real = 'take(t); while (!t->ready) sleep(t); flush(t); give(t); return 0;';
    expect(row(model, real).outcome).toBe('conforms');
    expect(row(model, 'take(t); flush(t); sleep(t); give(t); return 0;').outcome).toBe('differs');
    expect(row('take(t); flush(t); give(t); return 0;', real).differences).toEqual([
      'sleep: only the real function does',
    ]);
  });

  it('a function that never ends is compared as far as it goes', () => {
    const model = 'for (;;) { take(t); give(t); }';
    expect(row(model, 'while (1) { take(t); give(t); }').outcome).toBe('conforms');
    expect(row(model, 'for (;;) { take(t); flush(t); }').outcome).toBe('differs');
  });

  it('the body of a loop by a macro counts, none or many times', () => {
    const real = 'for_each_thing(t, n) { flush(t); }\nreturn 0;';
    expect(row('while (n--) flush(t); return 0;', real).outcome).toBe('conforms');
    expect(row('flush(t); return 0;', real).differences).toEqual([
      'only in the kernel: flush … flush',
    ]);
  });
});

describe('reasons', () => {
  it('a row that is not the same carries the reason that the model gives', () => {
    const why = '__differs("does not flush", "f");';
    expect(row('take(t); return 0;', 'give(t); return 0;', why).reason).toBe('does not flush');
    expect(row('take(t); return 0;', 'take(t); return 0;', why).reason).toBeUndefined();
  });
});
