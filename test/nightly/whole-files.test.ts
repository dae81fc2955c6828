/**
 * Whole files of Linux 6.1: nothing is found where nothing is wrong, and what is held agrees with
 * what the source asserts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Assets } from '../../server/assets.js';
import { readAssets } from '../../server/assets.js';
import { Analyzer } from '../../server/analysis/index.js';
import { KernelDocument } from '../../server/analysis/kernel-document.js';
import type { HeldSet } from '../../server/context/held.js';
import { classOfPath } from '../../server/context/held.js';
import { objectOf } from '../../server/context/paths.js';
import type { IrExpr } from '../../server/csource/ir.js';
import { JUDGED_TREE, sourcesOf } from '../support/kernel-tree.js';
import { record } from './record.js';

const TREE = JUDGED_TREE ?? '';
const QUIET = ['fs/ext4', 'fs/jbd2', 'fs/iomap'];
const OTHERS = ['fs/xfs', 'fs/btrfs'];
/** Read and judged by nobody before: these were not looked at while the analysis was made quiet. */
const MORE = ['fs/f2fs', 'fs/gfs2', 'fs/ocfs2', 'fs/nfs', 'fs/fuse', 'fs/overlayfs', 'mm'];

const ASSERTS = new Map([
  ['lockdep_assert_held', 'any'],
  ['lockdep_assert_held_write', 'w'],
  ['lockdep_assert_held_read', 'r'],
  ['lockdep_assert_held_once', 'any'],
  ['assert_spin_locked', 'any'],
  ['rwsem_is_locked', 'any'],
]);

/** The contracts without what the asserts say: then they are a witness of their own. */
function withoutAsserts(assets: Assets): Assets {
  const kernel = assets.kernel.map(({ name, text }) => ({
    name,
    text: text.replace(/^void (?:lockdep_assert_\w+|assert_\w*spin_locked)\(.*\n/gm, ''),
  }));
  return { ...assets, kernel };
}

type Outcome = 'held' | 'perhaps' | 'not known' | 'other mode';

function outcomeOf(held: HeldSet, arg: IrExpr, mode: string): Outcome {
  const cls = classOfPath(objectOf(arg));
  const same = held.filter((h) => h.class === cls);
  const sure = same.filter((h) => h.certain);
  if (sure.some((h) => mode === 'any' || h.shared === (mode === 'r'))) return 'held';
  if (sure.length > 0) return 'other mode';
  return same.length > 0 ? 'perhaps' : 'not known';
}

describe.runIf(JUDGED_TREE !== undefined)('whole files', { timeout: 1_200_000 }, () => {
  test('are silent where nothing is wrong', async () => {
    const { kernel, parser } = await Analyzer.create(readAssets());
    const found = (folders: readonly string[]): readonly string[] =>
      folders
        .flatMap((f) => sourcesOf(TREE, f))
        .flatMap((name) =>
          new KernelDocument(kernel, parser, name)
            .check(readFileSync(join(TREE, name), 'latin1'))
            .findings.map((x) => `${name}:${x.at.line + 1} ${x.rule}`),
        );
    const [quiet, others, more] = [found(QUIET), found(OTHERS), found(MORE)];
    record(
      'whole-silence',
      `findings on unmodified files: ${quiet.length} in ${QUIET.join(', ')}; ${others.length} in ${OTHERS.join(', ')}; ${more.length} in ${MORE.join(', ')}`,
    );
    expect(quiet).toEqual([]);
    expect(others.length, others.join('\n')).toBeLessThanOrEqual(3);
    expect(more.length, more.join('\n')).toBeLessThanOrEqual(6);
  });

  test('hold what they assert to hold', async () => {
    const { kernel, parser } = await Analyzer.create(withoutAsserts(readAssets()));
    const counts = new Map<Outcome, number>();
    const wrong: string[] = [];
    for (const name of [...QUIET, ...OTHERS].flatMap((f) => sourcesOf(TREE, f))) {
      const text = readFileSync(join(TREE, name), 'latin1');
      if (![...ASSERTS.keys()].some((a) => text.includes(a))) continue;
      const { facts, functions, table } = new KernelDocument(kernel, parser, name).read(text);
      for (const fn of functions)
        fn.code.forEach((instr, pc) => {
          if (instr.op !== 'call' || instr.callee.kind !== 'ident') return;
          const mode = ASSERTS.get(instr.callee.name);
          const [arg] = instr.args;
          const held = facts.flowOf(fn).before[pc];
          if (mode === undefined || !arg || !held) return;
          const outcome = outcomeOf(held, arg, mode);
          counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
          if (outcome === 'other mode')
            wrong.push(`${name}:${table.lineOf(instr.loc) + 1} ${fn.name}`);
        });
    }
    const told = [...counts].sort().map(([what, n]) => `${n} ${what}`);
    record('whole-asserts', `asserts in the source: ${told.join(', ')}`);
    expect(wrong).toEqual([]);
  });
});
