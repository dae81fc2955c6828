import { ProgramFacts } from '../../../server/context/program.js';
import type { HeldSet } from '../../../server/context/held.js';
import { link } from '../../../server/csource/link.js';
import { CParser } from '../../../server/csource/parser.js';
import { SourceTable } from '../../../server/csource/source.js';
import { readAssets } from '../../../server/assets.js';

const assets = readAssets();
const parser = await CParser.load(assets.core, assets.grammar);

/** Locks of the smallest kind: enough to see what the analysis makes of their use. */
const LOCKS = `
typedef unsigned long size_t;
struct mutex { int owner; };
struct folio { int locked; bool writeback; };
struct handle { int ref; };
struct inode { struct mutex lock; struct mutex other; int size; };
#define NULL 0
#define IS_ERR(p) ((long)(p) < 0)
#define ERR_PTR(e) ((void *)(long)(e))
static struct handle the_handle;
void mutex_lock(struct mutex *lock) { __atomic { __wait(!lock->owner); lock->owner = 1; __acquire(lock); } }
void mutex_unlock(struct mutex *lock) { __atomic { lock->owner = 0; __release(lock); } }
bool mutex_trylock(struct mutex *lock)
{
	__atomic {
		if (lock->owner)
			return false;
		lock->owner = 1;
		__acquire(lock);
	}
	return true;
}
void wait_writeback(struct folio *folio) { __wait(!folio->writeback, "writeback", folio); }
struct handle *start(struct inode *inode)
{
	if (inode->size < 0)
		return ERR_PTR(-5);
	__acquire(&the_handle, "handle");
	return &the_handle;
}
void stop(struct handle *handle) { __release(handle, "handle"); }
`;

export interface Analysed {
  /** What is held before the line that ends in the comment: `lock(inode->lock)!`, `?` when not certain. */
  at(marker: string): readonly string[];
  readonly facts: ProgramFacts;
  readonly table: SourceTable;
}

function show(held: HeldSet): readonly string[] {
  return held.map(
    (h) => `${h.class}${h.object === '' ? '' : `(${h.object})`}${h.certain ? '!' : '?'}`,
  );
}

/** Functions under test, with `/* name *\/` at the end of the lines that a test asks about. */
export function analyse(functions: string): Analysed {
  const table = new SourceTable();
  const src = table.add({ name: 't.c', uri: 't.c', text: LOCKS + functions });
  const program = link([parser.parseFile(src)], { since: () => true, fix: () => false });
  const facts = new ProgramFacts(program);
  return {
    facts,
    table,
    at(marker) {
      const offset = src.text.indexOf(`/* ${marker} */`);
      if (offset < 0) throw new Error(`no marker ${marker}`);
      const line = table.lineOf({ src: src.id, start: offset, end: offset });
      for (const fn of program.functions.values()) {
        const pc = fn.code.findIndex((i) => table.lineOf(i.loc) === line);
        if (pc >= 0) return show(facts.flow(fn.name)?.before[pc] ?? []);
      }
      throw new Error(`no code at ${marker}`);
    },
  };
}
