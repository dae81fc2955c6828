import { describe, expect, it } from 'vitest';
import type { Trace, TraceStep } from '../../../shared/trace.js';
import { ReplayError, explore, makeTrace } from '../../../server/search/index.js';
import { LOCKS, TRACE_INFO, make } from './support.js';

const KERNEL = `${LOCKS}
enum state { CLEAN, DIRTY };
struct folio { int locked; bool writeback; enum state state; };
struct inode { struct mutex lock; };
struct folio folio[2]; struct inode inode;
void folio_lock(struct folio *folio)
{
	__atomic {
		__wait(!folio->locked, "folio lock", folio);
		folio->locked = 1;
		__acquire(folio, "folio lock");
	}
}
void folio_unlock(struct folio *folio)
{
	__atomic {
		folio->locked = 0;
		__release(folio, "folio lock");
	}
}
void folio_wait(struct folio *folio)
{
	__wait(!folio->writeback, "writeback", folio);
}
void punch(struct inode *inode)
{
	mutex_lock(&inode->lock);
	__note("about to lock");
	folio_lock(&folio[0]);
	folio_unlock(&folio[0]);
	mutex_unlock(&inode->lock);
}
void flush(void)
{
	folio_lock(&folio[0]);
	folio[0].state = DIRTY;
	folio[0].state = CLEAN;
	if (folio[0].locked) {
		folio[1].state = DIRTY;
	}
	mutex_lock(&inode.lock);
	mutex_unlock(&inode.lock);
	folio_unlock(&folio[0]);
}
void write_out(void)
{
	folio[1].writeback = true;
	folio_wait(&folio[1]);
}
`;
const SCENARIO = `
__thread("punch") void t_punch(void)
{
	punch(&inode);
}
__thread("flusher") void t_flush(void)
{
	flush();
}
`;

function traces(scenario: string): {
  readonly all: readonly Trace[];
  readonly text: (step: TraceStep) => string;
} {
  const { machine, table } = make([scenario, KERNEL]);
  const { witnesses } = explore(machine, { states: 10_000, expired: () => false });
  return {
    all: witnesses.map((w) => makeTrace(machine, table, w, TRACE_INFO)),
    text: (s) => `${machine.threads[s.thread]?.name ?? ''}: ${s.text}`,
  };
}

function only(scenario: string): Trace {
  const [trace, ...rest] = traces(scenario).all;
  if (!trace || rest.length > 0) throw new Error(`${rest.length + (trace ? 1 : 0)} traces`);
  return trace;
}

describe('a trace of a deadlock', () => {
  const trace = only(SCENARIO);
  const name = (thread: number): string => trace.threads[thread]?.name ?? '';

  it('has one step a statement of the outermost displayed function', () => {
    expect(
      trace.steps.map((s) => `${s.index} ${name(s.thread)}: ${s.text} (${s.micro.length})`),
    ).toEqual([
      '1 punch: mutex_lock(&inode->lock); (1)',
      '2 flusher: folio_lock(&folio[0]); (1)',
      '3 flusher: folio[0].state = DIRTY; (1)',
      '4 flusher: folio[0].state = CLEAN; (1)',
      '5 flusher: if (folio[0].locked) (1)',
      '6 flusher: folio[1].state = DIRTY; (1)',
    ]);
    expect(trace.switches).toBe(1);
  });

  it('says where each step stands, what it called and changed', () => {
    const [first, second] = trace.steps;
    expect(first?.at.uri).toBe('t:1');
    expect(KERNEL.split('\n')[first?.at.line ?? -1]?.trim()).toBe('mutex_lock(&inode->lock);');
    expect(first?.stack.map((f) => f.function)).toEqual(['t_punch', 'punch', 'mutex_lock']);
    expect(first?.calls).toEqual(['mutex_lock']);
    expect(first?.changes).toEqual([{ name: 'inode.lock.owner', from: '0', to: '1' }]);
    expect(first?.notes).toEqual(['about to lock']);
    expect(second?.changes).toEqual([{ name: 'folio[0].locked', from: '0', to: '1' }]);
    expect(trace.steps[2]?.changes).toEqual([
      { name: 'folio[0].state', from: 'CLEAN', to: 'DIRTY' },
    ]);
  });

  it('says who holds what since when', () => {
    const holds = trace.steps
      .at(-1)
      ?.holds.map((h) => h.map((x) => `${x.class} of ${x.object} (${x.mode}) since ${x.since}`));
    expect(holds).toEqual([
      ['lock of inode (exclusive) since 1'],
      ['folio lock of folio[0] (exclusive) since 2'],
    ]);
    const [hold] = trace.steps.at(-1)?.holds[1] ?? [];
    expect(KERNEL.split('\n')[hold?.at.line ?? -1]?.trim()).toBe('folio_lock(&folio[0]);');
  });

  it('says why who waits, at each step and at the end in the order of the cycle', () => {
    expect(trace.steps[1]?.enabled).toEqual([1]);
    expect(trace.steps[1]?.blocked.map((b) => b.reason)).toEqual([
      'waits for folio lock of folio[0], held by flusher since step 2',
    ]);
    expect(trace.end.map((b) => `${name(b.thread)} ${b.reason} in ${b.function}`)).toEqual([
      'punch waits for folio lock of folio[0], held by flusher since step 2 in folio_lock',
      'flusher waits for lock of inode, held by punch since step 1 in mutex_lock',
    ]);
    expect(trace.end.map((b) => b.by)).toEqual([[1], [0]]);
  });
});

describe('reasons', () => {
  it('name who would end a state that nobody holds', () => {
    const trace = only(`__thread("writer") void w(void) { write_out(); folio[1].locked = 1; }
      __daemon("kworker") void k(void) { for (;;) { __idle(folio[1].locked); folio[1].writeback = false; } }`);
    expect(trace.steps.at(-1)?.blocked.map((b) => b.reason)).toEqual([
      'waits for writeback of folio[1] to end; kworker would end it',
      'is idle',
    ]);
  });

  it('say when nobody is left', () => {
    expect(
      only('__thread("writer") void w(void) { write_out(); }').end.map((b) => b.reason),
    ).toEqual(['waits for writeback of folio[1] to end; nobody is left to end it']);
  });
});

describe('what a step is called', () => {
  it('comes with the function it is in', () => {
    const trace = only(SCENARIO);
    expect(trace.steps.map((s) => s.function)).toEqual([
      'punch',
      'flush',
      'flush',
      'flush',
      'flush',
      'flush',
    ]);
  });

  it('is a statement of what the thread of a scenario calls there', () => {
    const trace = only(`int x;
      static void twice(void) { x++; __assert(x == 1, "one"); }
      __thread("t") void t(void) { twice(); twice(); }`);
    expect(trace.steps.map((s) => `${s.function}: ${s.text}`)).toEqual([
      'twice: x++;',
      'twice: __assert(x == 1, "one");',
      'twice: x++;',
      'twice: __assert(x == 1, "one");',
    ]);
  });

  it('of an atomic region is how it begins', () => {
    const trace = only(`int x, y; __thread("t") void t(void) {
      __atomic { x = 1; /* both } */ y = 1; }
      __atomic { x = 2; y = 2; if (x == y) { x = 3; y = 3; } x = 4; y = 4; }
      __assert(x == 1, "one");
    }`);
    expect(trace.steps.map((s) => s.text)).toEqual([
      '__atomic { x = 1; y = 1; }',
      '__atomic { x = 2; y = 2; if (x == y) { x = 3; y = 3; } x = 4; y…',
      '__assert(x == 1, "one");',
    ]);
  });
});

describe('steps in scenario code alone', () => {
  it('show the statement of the scenario', () => {
    const trace = only(
      'int x; __thread("t") void t(void)\n{\n\tx = 1;\n\tx = 2;\n\t__assert(x == 1, "one");\n}',
    );
    expect(trace.steps.map((s) => s.text)).toEqual([
      'x = 1;',
      'x = 2;',
      '__assert(x == 1, "one");',
    ]);
    expect(trace.key.id).toBe('assert: t: one');
  });
});

describe('witnesses', () => {
  it('leave out what a failing step does not need, and switch no more than they must', () => {
    const text = `int a, b, c; __thread("noise") void n(void) { c = 1; c = 2; }
      __thread("t") void t(void) { a = 1; a = 2; __assert(b == 0, "b stays"); } __thread("u") void u(void) { b = 1; b = 2; }`;
    const { machine } = make(text);
    const raw = explore(
      machine,
      { states: 10_000, expired: () => false },
      { raw: true, reduce: false },
    ).witnesses[0];
    const shown = explore(machine, { states: 10_000, expired: () => false }).witnesses[0];
    expect(raw?.key.id).toBe(shown?.key.id);
    expect(shown?.schedule.map((d) => d.thread)).toEqual([2, 1, 1, 1]);
  });

  it('of a deadlock run each thread as far as they can', () => {
    const { machine } = make(`${LOCKS} struct mutex a, b; int x, y;
      __thread("p") void p(void) { x = 1; mutex_lock(&a); x = 2; mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
      __thread("q") void q(void) { y = 1; mutex_lock(&b); y = 2; mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }`);
    const shown = explore(machine, { states: 10_000, expired: () => false }).witnesses[0];
    expect(shown?.schedule.map((d) => d.thread)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('that do not run are an error, not a trace', () => {
    const { machine, table } = make('int x; __thread("t") void t(void) { __wait(x); }');
    const wrong = {
      key: { property: 'deadlock' as const, id: 'x' },
      schedule: [{ thread: 0, choices: [] }],
    };
    expect(() => makeTrace(machine, table, wrong, TRACE_INFO)).toThrow(ReplayError);
  });
});
