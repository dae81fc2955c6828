import { describe, expect, it } from 'vitest';
import type { State } from '../../../server/machine/types.js';
import { LOCKS, make } from './support.js';

const TEXT = `${LOCKS}
struct page { int data[2]; struct mutex lock; };
struct file { struct page *page; struct page inner; };
struct obj { int a; };
struct page page[2]; struct file file; int *shared; int done;
struct obj pool[2] __pool;
void wait_for(int *cell) { shared = cell; __wait(done, "signal"); }
__thread("t") void t(void)
{
	int result = 3;
	mutex_lock(&page[1].lock);
	mutex_lock(&file.inner.lock);
	struct obj *o = __alloc(pool);
	file.page = &page[1];
	o->a = -1;
	wait_for(&result);
}
`;

/** State in which the only thread is blocked, with the stores on the way. */
function end(): {
  readonly state: State;
  readonly stores: readonly string[];
  readonly holds: readonly string[];
  readonly made: ReturnType<typeof make>;
} {
  const made = make(TEXT);
  const { machine } = made;
  let state = machine.initial;
  const stores: string[] = [];
  const holds: string[] = [];
  for (;;) {
    const { result, events } = machine.replay(state, 0, []);
    if (result.kind !== 'moved') return { state, stores, holds, made };
    ({ state } = result);
    for (const e of events) {
      if (e.kind === 'store')
        stores.push(
          `${machine.cellName(e.cell, state)}: ${machine.cellValue(e.cell, e.from, state)} → ${machine.cellValue(e.cell, e.to, state)}`,
        );
      if (e.kind === 'acquire')
        holds.push(`${e.class} of ${machine.objectName(e.cell, e.class, state)}`);
    }
  }
}

describe('names', () => {
  it('of cells and values are what the source would write', () => {
    expect(end().stores).toEqual([
      'page[1].lock.owner: 0 → 1',
      'file.inner.lock.owner: 0 → 1',
      'pool[0]: never used → allocated',
      'file.page: NULL → &page[1]',
      'pool[0].a: 0 → -1',
      'shared: NULL → &result (in t)',
    ]);
  });

  it('of what is held are class and owner', () => {
    expect(end().holds).toEqual(['lock of page[1]', 'lock of file.inner']);
  });

  it('of wait points are those that the C gives', () => {
    const { state, made } = end();
    const [result] = made.machine.successors(state, 0);
    expect(result).toMatchObject({
      kind: 'blocked',
      wait: { what: 'signal', function: 'wait_for', kind: 'state', idle: false, object: '' },
    });
    expect(
      made.machine.stack(state, 0).map((f) => `${f.function}: ${made.table.slice(f.stmt)}`),
    ).toEqual(['t: wait_for(&result);', 'wait_for: __wait(done, "signal");']);
  });

  it('refuses choices where no search could try them', () => {
    const { machine } = make(
      'int x; __setup void s(void) { x = __choose(2); } __thread("t") void t(void) { }',
    );
    expect(machine.problem?.text).toBe('choice in code that runs alone');
  });
});
