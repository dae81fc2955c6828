/** What does not change the meaning of a patch does not change the model's functions that come out of it. */
import { describe, expect, it } from 'vitest';
import { printC } from '../../../server/csource/print.js';
import { DocumentState } from '../../../server/analysis/static.js';
import { analyzer } from '../analysis/support.js';
import * as P from './patches.js';
import type { Diff } from './support.js';
import { counted, mailsOf } from './support.js';

const PATCHES: Readonly<Record<string, readonly Diff[]>> = {
  'one lock': P.ONE_LOCK,
  'seq check': P.SEQ_CHECK,
  'map at once': P.MAP_AT_ONCE,
  recheck: P.RECHECK,
  'skip holes': P.SKIP_HOLES,
  'wait in worker': P.WAIT_IN_WORKER,
  'dio wait': P.DIO_WAIT,
  'no isize_extended': P.NO_ISIZE_EXTENDED,
  'force wait': P.FORCE_WAIT,
};

/** Names that somebody else may have given to locals that the context shows. */
const NAMES: Readonly<Record<string, string>> = {
  ret: 'rc',
  retval: 'res',
  end: 'last',
  handle: 'h',
  iov_wt: 'data',
  disksize: 'dsize',
};

function eachHunk(
  diffs: readonly Diff[],
  f: (lines: readonly string[]) => readonly string[],
): readonly Diff[] {
  return diffs.map((d) => ({
    ...d,
    hunks: counted(
      d.hunks
        .split(/^(?=@@ )/mu)
        .map((h) => {
          const [head = '', ...lines] = h.replace(/\n$/u, '').split('\n');
          return `${[head, ...f(lines)].join('\n')}\n`;
        })
        .join(''),
    ),
  }));
}

const isOwn = (l: string): boolean => l.startsWith('+') || l.startsWith('-');

const MUTANTS: Readonly<Record<string, (d: readonly Diff[]) => readonly Diff[]>> = {
  'other names of locals': (d) =>
    eachHunk(d, (lines) =>
      lines.map((l) => l.replace(/(?<![.>\w])[a-z_]\w*/gu, (w) => NAMES[w] ?? w)),
    ),
  'a comment and a tracepoint more': (d) =>
    eachHunk(d, (lines) => {
      const at = lines.findIndex((l) => l.startsWith('+\t') && !/^\+\t(?:\t|if|loff_t)/u.test(l));
      if (at < 0) return lines;
      const more = ['+\t/* Say more', '+\t * about it. */', '+\ttrace_ext4_demo(inode, 1);'];
      return [...lines.slice(0, at), ...more, ...lines.slice(at)];
    }),
  'less context behind': (d) =>
    eachHunk(d, (lines) => {
      const last = lines.findLastIndex(isOwn);
      return lines.slice(0, last + 3);
    }),
  'a local that only messages use': (d) =>
    eachHunk(d, (lines) => {
      const at = lines.findIndex(isOwn);
      const [, indent = ''] = /^.(\t+)/u.exec(lines[at] ?? '') ?? [];
      if (indent !== '\t') return lines;
      const more = [`+${indent}int debug_count = 0;`];
      const behind = lines.findLastIndex(isOwn);
      return [
        ...lines.slice(0, at),
        ...more,
        ...lines.slice(at, behind + 1),
        ...lines.slice(behind + 1),
      ];
    }),
};

async function functions(diffs: readonly Diff[]): Promise<string> {
  const { kernel, parser, rules } = await analyzer();
  const state = new DocumentState(kernel, parser, 'test:mutant', rules);
  const [patch] = state.update(mailsOf([diffs])).patches;
  return (patch?.placed.grafts ?? [])
    .flatMap((g) => g.result.units.flatMap((u) => u.items))
    .map((i) => (i.kind === 'function' ? printC(i) : ''))
    .join('\n');
}

describe.each(Object.keys(PATCHES))('%s', (name) => {
  it.each(Object.keys(MUTANTS))('with %s', async (mutant) => {
    const diffs = PATCHES[name] ?? [];
    const changed = MUTANTS[mutant]?.(diffs) ?? [];
    const before = await functions(diffs);
    expect(before).not.toBe('');
    const own = (text: string): string => text.replace(/\bdsize\b/gu, 'disksize');
    expect(own(await functions(changed))).toBe(before);
  });
});
