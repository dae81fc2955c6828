/** A scenario that a user writes, in the editor: errors at their line, lock context, a run, its schedule. */
import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../server/analysis/index.js';
import { readAssets } from '../../../server/assets.js';

const analyzer = await Analyzer.create(readAssets());
const URI = 'file:///w/.racelore/mine.c';
const BUDGET = { states: 1e6, expired: () => false };

/** Two tasks take the inode lock and a lock of their own in opposite orders. */
const MINE = `__scenario("mine", "inode lock against my lock");

struct mutex my_lock;

__thread("first") static void first(void)
{
	inode_lock(&inode);
	mutex_lock(&my_lock);
	mutex_unlock(&my_lock);
	inode_unlock(&inode);
}

__thread("second") static void second(void)
{
	mutex_lock(&my_lock);
	inode_lock(&inode);
	inode_unlock(&inode);
	mutex_unlock(&my_lock);
}
`;

/** 0-based line that has a text. */
function line(text: string, of = MINE): number {
  return of.split('\n').findIndex((l) => l.includes(text));
}

describe('a file of Model C in the workspace', () => {
  it('has a row to run it, and no error', () => {
    const a = analyzer.open(URI, MINE);
    expect(a.notes.filter((n) => n.severity === 'error')).toEqual([]);
    expect(a.lenses).toMatchObject([
      { scenario: 'mine', title: 'inode lock against my lock', threads: 2, at: { line: 0 } },
    ]);
  });

  it('says what is held', () => {
    const hover = analyzer.open(URI, MINE).hover(line('mutex_lock(&my_lock);'), 3);
    expect(hover?.facts.held.map((h) => h.class)).toEqual(['i_rwsem']);
  });

  it('runs, and the schedule can be replayed and continued', () => {
    const result = analyzer.runModel({ uri: URI, text: MINE }, BUDGET);
    if (typeof result === 'string' || !result.ran) throw new Error('did not run');
    const [trace] = result.ran.traces;
    expect(trace?.key.property).toBe('deadlock');
    expect(trace?.steps[0]?.at.uri).toBe(URI);
    const replayed = analyzer.replay(trace?.token ?? '', { uri: URI, text: MINE });
    expect(typeof replayed === 'string' ? replayed : replayed.steps).toEqual(trace?.steps);
    const other = MINE.replace('my_lock;', 'my_lock, another;');
    expect(analyzer.replay(trace?.token ?? '', { uri: URI, text: other })).toContain(
      'another text',
    );
  });

  it('has its errors at the C line', () => {
    const wrong = MINE.replace('mutex_unlock(&my_lock);', 'mutex_unlock(&my_lokc);');
    const { notes } = analyzer.open(URI, wrong);
    const errors = notes.filter((n) => n.severity === 'error');
    expect(errors.map((n) => n.line)).toEqual([line('my_lokc', wrong)]);
    expect(errors[0]?.message).toContain('my_lokc');
    const run = analyzer.runModel({ uri: URI, text: wrong }, BUDGET);
    expect(typeof run === 'string' ? run : run.ran).toBeUndefined();
  });

  it('says in one line what is missing', () => {
    const { notes } = analyzer.open(URI, 'int x;\n');
    expect(analyzer.runModel({ uri: URI, text: 'int x;\n' }, BUDGET)).toBe(
      'no function of the files is a __thread("name")',
    );
    expect(notes.filter((n) => n.severity === 'error')).toEqual([]);
  });

  it('keeps nothing of a text that was typed over', () => {
    for (let i = 0; i < 20; i++) analyzer.open(URI, `${MINE}/* ${i} */\n`);
    const before = analyzer.kernel.table.fork();
    analyzer.open(URI, MINE);
    expect(analyzer.kernel.table.fork()).toEqual(before);
  });
});
