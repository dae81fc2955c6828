/** Exact counts of work: an edit costs what it touches. */
import { beforeEach, expect, it } from 'vitest';
import { ModelKernel } from '../../../server/analysis/model.js';
import { RunCache, firstReaching, scenariosReaching } from '../../../server/analysis/races.js';
import type { StaticAnalysis } from '../../../server/analysis/static.js';
import { DocumentState } from '../../../server/analysis/static.js';
import { CParser } from '../../../server/csource/parser.js';
import { ASSETS, UNLIMITED } from './support.js';

/** A kernel of two counters under one lock. */
const KERNEL = `
__profile("1.0", "2020-01-01");
__profile("2.0", "2025-01-01");

int locked;
int apples;
int pears;

void take(void)
{
	__atomic {
		__wait(!locked);
		locked = 1;
	}
}

void drop(void)
{
	locked = 0;
}

void add_apple(void)
{
	take();
	apples = apples + 1;
	drop();
}

void add_pear(void)
{
	take();
	pears = pears + 1;
	drop();
}
`;

const SCENARIO = `
__scenario("APPLES", "two baskets of apples");
__thread("left") static void left(void) { add_apple(); }
__thread("right") static void right(void) { add_apple(); }
__finally static void all_there(void) { __assert(apples == 2, "no apple is lost"); }
`;

const LINES = [
  'From: A <a@example.org>', // 0
  'Date: Mon, 4 Aug 2025 10:00:00 +0000',
  'Subject: [PATCH] fruit: count faster',
  '',
  'The lock is not needed.', // 4
  '---',
  'diff --git a/fs/fruit.c b/fs/fruit.c',
  'index 1111111..2222222 100644',
  '--- a/fs/fruit.c',
  '+++ b/fs/fruit.c',
  '@@ -20,8 +20,6 @@ void drop(void)', // 10
  ' ',
  ' void add_apple(void)',
  ' {',
  '-\ttake();',
  ' \tapples = apples + 1;',
  '-\tdrop();', // 16
  ' }',
  ' ',
  ' void add_pear(void)',
  '@@ -31,5 +29,6 @@ void add_pear(void)', // 20
  ' \ttake();',
  ' \tpears = pears + 1;',
  '+\tpears = pears + 0;',
  ' \tdrop();',
  ' }',
  '-- ',
  '2.47.0',
  '',
];
const MAIL = LINES.join('\n');

function edited(line: number, text: string): string {
  return LINES.map((l, i) => (i === line ? text : l)).join('\n');
}

interface Work {
  /** Parses of C. */
  readonly parses: number;
  /** Patches placed on the model. */
  readonly placed: number;
  /** Programs linked. */
  readonly links: number;
  /** Functions lowered to the IR. */
  readonly lowered: number;
  /** Functions whose locks were followed. */
  readonly flows: number;
}

const NOTHING: Work = { parses: 0, placed: 0, links: 0, lowered: 0, flows: 0 };

const parser = await CParser.load(ASSETS.core, ASSETS.grammar);
let kernel: ModelKernel;
let document: DocumentState;
let seen: StaticAnalysis;

function counters(): Work {
  const { parses } = parser;
  const { links } = kernel;
  const [lowered, flows] = [kernel.lowered.count, kernel.flows.count];
  return { parses, placed: document.placed, links, lowered, flows };
}

/** What the next version of the document costs. */
function update(text: string): Work {
  const before = counters();
  seen = document.update(text);
  const after = counters();
  return {
    parses: after.parses - before.parses,
    placed: after.placed - before.placed,
    links: after.links - before.links,
    lowered: after.lowered - before.lowered,
    flows: after.flows - before.flows,
  };
}

beforeEach(() => {
  kernel = new ModelKernel(parser, [
    { name: 'fruit.c', text: KERNEL },
    { name: 'scenarios/apples.c', text: SCENARIO },
  ]);
  document = new DocumentState(kernel, parser, 'test:mail', kernel.rules());
});

it('parses each image of a hunk once and lowers each function once', () => {
  const work = update(MAIL);
  // two images without a section line to read, two with one
  expect(work).toMatchObject({ parses: 2 + 4, placed: 1, links: 1 });
  // what the model has after the patch, and the two functions of the first hunk, the one of the second
  expect(work.lowered).toBe(4 + 3);
  expect(seen.patches.map((p) => p.placed.stack.touched)).toEqual([['add_apple', 'add_pear']]);
});

it('does nothing at all for the same text', () => {
  update(MAIL);
  const first = seen;
  expect(update(MAIL)).toEqual(NOTHING);
  expect(seen).toBe(first);
});

it('parses, places and lowers nothing for typing in the text of the mail', () => {
  update(MAIL);
  expect(update(edited(4, 'The lock is not needed, I think.'))).toEqual(NOTHING);
});

it('parses, places and lowers nothing when the patch only moves', () => {
  update(MAIL);
  expect(update(edited(4, 'The lock\nis not\nneeded.'))).toEqual(NOTHING);
  const at = seen.patches[0]?.functions[0]?.def.nameLoc;
  expect(at && document.table.docRange(at).line).toBe(12 + 2);
});

it('parses the image that an edit is in, and lowers it and the function that it is grafted on', () => {
  update(MAIL);
  // the image and its section line; of the four images the others stay
  expect(update(edited(23, '+\tpears = pears - 0;'))).toMatchObject({
    parses: 2,
    placed: 1,
    links: 1,
    lowered: 2,
  });
});

it('parses both images for an edit of a context line', () => {
  update(MAIL);
  expect(update(edited(22, ' \tpears = 1 + pears;'))).toMatchObject({ parses: 4, placed: 1 });
});

it('runs a race once for each content, and again only when that changes', () => {
  const cache = new RunCache(kernel);
  const runs = (): number => {
    const before = cache.executed;
    for (const p of seen.patches)
      for (const s of scenariosReaching(kernel, p.placed.stack))
        for (const side of ['before', 'after'] as const)
          cache.run(document.table, s, p.placed.stack, side, UNLIMITED);
    return cache.executed - before;
  };
  update(MAIL);
  expect(runs()).toBe(2);
  expect(runs()).toBe(0);
  update(edited(4, 'The lock is in the way.'));
  expect(runs()).toBe(0);
  update(edited(16, ' \tdrop();'));
  expect(runs()).toBe(1);
});

it('asks once which scenarios reach a change', () => {
  update(MAIL);
  const stacks = seen.patches.map((p) => p.placed.stack);
  const reach = (): number => {
    const before = kernel.links;
    for (const s of stacks) {
      expect(scenariosReaching(kernel, s).map((x) => x.id)).toEqual(['APPLES']);
      expect(firstReaching(kernel, s)?.id).toBe('APPLES');
    }
    return kernel.links - before;
  };
  expect(reach()).toBe(1);
  expect(reach()).toBe(0);
});
