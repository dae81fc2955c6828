/** `racelore conform TREE`: the model's functions against those of a kernel tree that they name. */
import { readFileSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { conform as compare, profileOfTree } from '../conform/index.js';
import type { ConformRow } from '../conform/index.js';
import { safeJson } from '../report/json.js';
import { oneLine, plain, wrap } from '../report/plain.js';
import { analyzer } from './analyzer.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError } from './input.js';

export interface ConformOptions {
  readonly format: 'text' | 'json';
  readonly profile?: string;
}

/** Paths come from the model's C; none leads out of the tree. */
function reader(tree: string): (path: string) => string | undefined {
  return (path) => {
    const inside = normalize(path);
    if (inside.startsWith('..') || inside.startsWith('/')) return undefined;
    try {
      return readFileSync(join(tree, inside), 'utf8');
    } catch {
      return undefined;
    }
  };
}

function rowText(row: ConformRow): string {
  const head = `${row.outcome.padEnd(17)} ${row.source}`;
  const more = row.differences.flatMap((d) => wrap(oneLine(d), 64, '  ').map((l) => `      ${l}`));
  const why = row.reason === undefined ? [] : wrap(oneLine(row.reason), 62, '  ');
  return [head, ...more, ...why.map((l, i) => `      ${i === 0 ? '= ' : '  '}${l.trim()}`)].join(
    '\n',
  );
}

export async function conform(tree: string, options: ConformOptions): Promise<number> {
  if (!statSync(tree, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(`${plain(tree)}: not a directory`);
  const a = await analyzer();
  const read = reader(tree);
  const profile =
    options.profile === undefined
      ? profileOfTree(a.kernel, read)
      : a.kernel.profile(options.profile);
  if (!profile) throw new InputError(`no profile is called ${plain(options.profile ?? '')}`);
  const rows = compare(a.kernel, profile, a.parser, read);
  if (options.format === 'json') {
    print(`${safeJson({ schema: 'racelore/conform@1', profile: profile.name, rows })}\n`);
    return EXIT_CLEAN;
  }
  for (const row of rows) print(`${rowText(row)}\n`);
  const count = (outcome: ConformRow['outcome']): string =>
    `${rows.filter((r) => r.outcome === outcome).length} ${outcome}`;
  const counts = (
    ['conforms', 'differs', 'primitive', 'no events', 'not in this tree'] as const
  ).map(count);
  print(`\nprofile ${profile.name}: ${counts.join(', ')}\n`);
  return EXIT_CLEAN;
}
