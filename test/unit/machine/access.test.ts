import { describe, expect, it } from 'vitest';
import type { ModelMachine } from '../../../server/machine/index.js';
import { generated } from '../search/generated.js';
import { LOCKS, make } from './support.js';

/** Names of the classes a thread may write from the start on. */
function writes(machine: ModelMachine, thread: number): readonly string[] {
  const { writes: found } = machine.futureAccess(machine.initial, thread);
  const names = new Set<string>();
  for (let i = 0; i < machine.memory.map.globals; i++) {
    if (found.has(machine.cellClass(i + 4096))) names.add(machine.cellName(i + 4096));
  }
  return [...names].sort();
}

const TEXT = `${LOCKS}
struct node { int v; struct mutex lock; struct node *next; };
struct node a, b; struct node *head;
void work(struct node *n) { mutex_lock(&n->lock); n->v = 1; mutex_unlock(&n->lock); }
`;

describe('future accesses', () => {
  it('follow arguments into the functions that use them', () => {
    const { machine } = make(
      `${TEXT} __thread("a") void ta(void) { work(&a); } __thread("b") void tb(void) { mutex_lock(&b.lock); }`,
    );
    expect(writes(machine, 0)).toEqual(['a.lock.owner', 'a.v']);
    expect(writes(machine, 1)).toEqual(['b.lock.owner']);
  });

  it('know only the type of what is loaded from memory', () => {
    const { machine } = make(`${TEXT} __thread("t") void t(void) { work(head->next); }`);
    expect(writes(machine, 0)).toEqual(['a.lock.owner', 'a.v', 'b.lock.owner', 'b.v']);
  });

  it('find the container of a member of a known object', () => {
    const { machine } = make(`${TEXT}
      #define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
      struct node *of(struct mutex *m) { return container_of(m, struct node, lock); }
      __thread("t") void t(void) { of(&a.lock)->v = 1; }`);
    expect(writes(machine, 0)).toEqual(['a.v']);
  });

  it('call through a member what was stored in a member of that name', () => {
    const { machine } = make(`int x, y; struct ops { void (*on)(void); void (*off)(void); };
      void setx(void) { x = 1; } void sety(void) { y = 1; } struct ops ops = { .on = setx, .off = sety };
      __thread("t") void t(void) { ops.off(); }`);
    expect(writes(machine, 0)).toEqual(['y']);
  });

  it('shrink as the thread goes on', () => {
    const { machine } = make('int x, y; __thread("t") void t(void) { x = 1; y = 1; }');
    expect(writes(machine, 0)).toEqual(['x', 'y']);
    const [step] = machine.successors(machine.initial, 0);
    const after = step?.kind === 'moved' ? step.state : machine.initial;
    expect(machine.futureAccess(after, 0).writes.has(machine.cellClass(4096))).toBe(false);
  });

  it('cover every access of every step on random walks through generated programs', () => {
    let checked = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { machine } = make(generated(seed));
      let state = machine.initial;
      for (let n = 0; n < 200; n++) {
        const thread = (n * 7 + seed) % machine.threads.length;
        const [result] = machine.successors(state, thread);
        if (result?.kind !== 'moved') continue;
        const future = machine.futureAccess(state, thread);
        const { reads, writes: written } = machine.footprint(state, thread, result.choices);
        for (const cell of reads) expect(future.reads.has(machine.classOf(cell, state))).toBe(true);
        for (const cell of written)
          expect(future.writes.has(machine.classOf(cell, state))).toBe(true);
        checked += reads.length + written.length;
        if (result.violation) break;
        ({ state } = result);
      }
    }
    expect(checked).toBeGreaterThan(500);
  });
});

describe('visibility', () => {
  /** Number of steps that the only thread takes. */
  function steps(text: string): number {
    const { machine } = make(text);
    let state = machine.initial;
    for (let n = 0; n < 100; n++) {
      const [r] = machine.successors(state, 0);
      if (r?.kind !== 'moved') return n;
      ({ state } = r);
    }
    return -1;
  }

  it.each([
    ['int x; __thread("t") void t(void) { x++; }', 2],
    ['int x; __thread("t") void t(void) { int n = 3; n++; n = n * 2; x = n; }', 1],
    ['int limit = 4; int x; __thread("t") void t(void) { x = limit; }', 1],
    [
      'int limit; __setup void s(void) { limit = 4; } int x; __thread("t") void t(void) { x = limit; }',
      1,
    ],
    [
      'struct s { int a; }; int x; void set(struct s *p) { p->a = 7; } __thread("t") void t(void) { struct s l; set(&l); x = l.a; }',
      1,
    ],
    ['int *shared; __thread("t") void t(void) { int l = 1; l = 2; shared = &l; l = 3; }', 2],
    ['int x, y; __thread("t") void t(void) { __atomic { x = y; y = x + 1; x++; } }', 1],
    ['int x; __thread("t") void t(void) { if (__choose(1)) x = 1; }', 1],
    ['struct s { int a, b; }; struct s p, q; __thread("t") void t(void) { q.a = 1; p = q; }', 4],
  ])('%s takes %i steps', (text, expected) => expect(steps(text)).toBe(expected));

  it('zeroes dead locals and popped frames, so that equal situations are equal states', () => {
    const text = `int x; int twice(int n) { int r = n * 2; return r; }
      __thread("t") void t(void) { int a = twice(21); int b; x = a; b = x; if (b) x = 0; x = 5; }`;
    const { machine } = make(text);
    let state = machine.initial;
    for (let i = 0; i < 3; i++) {
      const [r] = machine.successors(state, 0);
      if (r?.kind === 'moved') ({ state } = r);
    }
    const base = machine.memory.threadBase(0);
    const locals = state.subarray(base + 5 + 3, base + machine.usedStack(state, 0));
    expect([...locals].every((v) => v === 0)).toBe(true);
    expect([...state.subarray(base + machine.usedStack(state, 0))].every((v) => v === 0)).toBe(
      true,
    );
  });

  it('zeroes what a caller does not need any more while it calls', () => {
    const text = `int x, z; void f(void) { x = 1; x = 2; }
      __thread("t") void t(void) { int a = z + 5; x = a; f(); }`;
    const { machine } = make(text);
    let state = machine.initial;
    for (let i = 0; i < 2; i++) {
      const [r] = machine.successors(state, 0);
      if (r?.kind === 'moved') ({ state } = r);
    }
    expect(machine.stack(state, 0).map((f) => f.function)).toEqual(['t', 'f']);
    const base = machine.memory.threadBase(0);
    expect([...state.subarray(base + 5, base + machine.usedStack(state, 0))]).not.toContain(5);
  });
});
