/** Pairs of versions made with git, and what git range-diff says of them. */
import { afterAll, describe, expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import { compareText } from '../../../server/report/range-diff.js';
import { lettersOf, seriesIn, threadsOf } from '../../../server/review/index.js';
import { Random } from '../../fuzz/random.js';
import { Repository } from '../../support/git.js';
import { which } from '../../support/tools.mjs';

/** A patch of a series: the file and line that it changes, and how. */
interface Change {
  readonly title: string;
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly added: readonly string[];
}

const FILES = ['alpha.c', 'beta.c', 'gamma.c'];
const LINES = 120;

function base(file: string, shift: number): string {
  const lines = Array.from({ length: LINES }, (_, i) =>
    i % 20 === 0 ? `int ${file.charAt(0)}_${i}(void)` : `\t${file.charAt(0)}_call(${i});`,
  );
  return [...Array.from({ length: shift }, (_, i) => `/* header ${i} */`), ...lines, ''].join('\n');
}

function change(r: Random, n: number): Change {
  return {
    title: `demo: ${r.pick(['lock', 'unlock', 'count', 'free', 'write'])} the thing ${n}`,
    text: `This is patch ${n}.\n\nIt has ${r.below(9)} reasons.`,
    file: FILES[n % FILES.length] ?? '',
    // Patches of a file stand far apart, so that any order applies.
    line: 10 + 20 * Math.floor(n / FILES.length) + r.below(5),
    added: Array.from(
      { length: 2 + r.below(5) },
      (_, i) => `\tadded_${n}(${i}, ${r.below(1000)});`,
    ),
  };
}

function edited(r: Random, c: Change): Change {
  switch (r.below(6)) {
    case 0:
      return { ...c, added: c.added.map((line, i) => (i === 0 ? `${line} /* v2 */` : line)) };
    case 1:
      return { ...c, text: `${c.text}\nAnd one more.` };
    case 2:
      return { ...c, title: `${c.title} again` };
    case 3:
      return { ...c, added: [...c.added, '\tone_more();'] };
    default:
      return c;
  }
}

function next(r: Random, before: readonly Change[]): Change[] {
  const kept = before.filter(() => !r.chance(12)).map((c) => edited(r, c));
  if (r.chance(40)) kept.push(change(r, before.length));
  if (r.chance(30)) kept.reverse();
  return kept;
}

/** A branch with one commit a change; gives the name of its last one. */
function branch(repository: Repository, name: string, from: string, all: readonly Change[]): void {
  repository.run('checkout', '-q', '-b', name, from);
  for (const { title, text, file, line, added } of all) {
    const lines = repository.run('show', `HEAD:${file}`).split('\n');
    const at = lines.findIndex((l) => l.includes(`_call(${line})`) || l.includes(`_${line}(`));
    lines.splice(at + 1, 1, ...added);
    repository.write(file, lines.join('\n'));
    repository.commit(`${title}\n\n${text}`);
  }
}

/** `2 ! 1 title`: old number, mark, new number. */
function headings(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const m = /^ *(\d+|-)(?::  ?\S+|\/\d+)? ([=!<>]) +(\d+|-)(?::  ?\S+|\/\d+)? +(.+)$/.exec(line);
    return m ? [`${m[1] ?? ''} ${m[2] ?? ''} ${m[3] ?? ''} ${m[4] ?? ''}`] : [];
  });
}

/** Lines that a diff of diffs adds or takes away, without those that tell the place. */
function rows(text: string, indent: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${indent}-`) || line.startsWith(`${indent}+`))
    .map((line) => line.slice(indent.length))
    .filter((line) => !/^[-+](?:@@| ##)/.test(line))
    .map((line) => line.replace(/^([-+]) {4}(?=\S)/, '$1'));
}

describe.runIf(which('git') !== undefined)('two versions as git range-diff sees them', () => {
  const repository = new Repository();
  afterAll(() => repository.remove());
  for (const file of FILES) repository.write(file, base(file, 0));
  const old = repository.commit('base');
  for (const file of FILES) repository.write(file, base(file, 3));
  const fresh = repository.commit('new base');

  test.each(Array.from({ length: 6 }, (_, i) => i + 1))('pair %i', (seed) => {
    const r = new Random(seed * 7919);
    const first = Array.from({ length: 3 + r.below(6) }, (_, n) => change(r, n));
    const second = next(r, first);
    const [a, b] = [`v1-${seed}`, `v2-${seed}`];
    branch(repository, a, old, first);
    branch(repository, b, fresh, second);
    const mails = ['v1', 'v2'].map((v, i) =>
      repository
        .run(
          'format-patch',
          '--stdout',
          '--thread',
          '--cover-letter',
          `-${v}`,
          i === 0 ? `${old}..${a}` : `${fresh}..${b}`,
        )
        .replaceAll('*** SUBJECT HERE ***', 'demo: everything')
        // Made within one second, both have one id.
        .replaceAll('cover.', `${v}.`),
    );
    const theirs = repository.run('range-diff', '--no-color', `${old}..${a}`, `${fresh}..${b}`);
    const doc = readMailDocument(mails.join(''), 'file:///box');
    const files = readDiffs(doc);
    const letters = lettersOf(doc, files);
    const series = seriesIn(letters, threadsOf(letters));
    const [v1, v2] = series;
    if (!v1 || !v2) throw new Error('no two versions');
    expect([v1.index, v2.previous]).toEqual([0, 0]);
    const ours = compareText({ doc, files, series }, v1, v2);
    expect([...new Set(headings(ours))].sort()).toEqual(headings(theirs).sort());
    expect(rows(ours, '').sort()).toEqual(rows(theirs, '    ').sort());
  });
});
