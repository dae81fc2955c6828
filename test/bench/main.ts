/**
 * `npm run bench -- [--check]`: prints the table and keeps it in test/output/bench.md, then the search
 * against Spin (search/main.ts); `--search` does only that.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';
import { readAssets } from '../../server/assets.js';
import { ROOT } from '../support/tools.mjs';
import { measureAll, table, timed } from './harness.js';
import { ROWS } from './rows.js';
import { searchBench } from './search/main.js';

const FUNCTION = `
static int take_and_wait(struct thing *t, unsigned long start, unsigned long end)
{
	int ret = 0;

	for (unsigned long i = start; i < end && !ret; i++) {
		if (t->slots[i].state & (BUSY | LOCKED))
			ret = wait_for_slot(t, &t->slots[i], i == end - 1);
		else
			t->slots[i].count += end - i;
	}
	return ret ? ret : finish(t);
}
`;

/** A raw parse, without anything of ours, of a text that never changes. */
async function reference(): Promise<() => number> {
  const { core, grammar } = readAssets();
  await Parser.init({ wasmBinary: core });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  const text = FUNCTION.repeat(800);
  return () => timed(() => parser.parse(text)?.delete());
}

async function waits(check: boolean): Promise<number> {
  const results = await measureAll(await reference(), ROWS);
  const text = table(results);
  process.stdout.write(text);
  mkdirSync(join(ROOT, 'test/output'), { recursive: true });
  writeFileSync(join(ROOT, 'test/output/bench.md'), text);
  const late = results.filter(({ median, limit }) => !(median <= limit));
  return check && late.length > 0 ? 1 : 0;
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const late = args.includes('--search') ? 0 : await waits(args.includes('--check'));
  return Math.max(late, await searchBench(args));
}

void main().then((status) => {
  process.exitCode = status;
});
