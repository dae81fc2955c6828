import { describe, expect, it } from 'vitest';
import { fallbackLines, reliedOn } from '../../../server/analysis/beyond-text.js';
import { runFiles } from '../../../server/analysis/files.js';
import type { FilesRun } from '../../../server/analysis/files.js';
import { readGrammar } from '../../../server/assets.js';
import { CParser } from '../../../server/csource/parser.js';
import { traceText, verdictLines } from '../../../server/report/trace-text.js';
import { LOCKS } from '../machine/support.js';

const { core, grammar } = readGrammar();
const parser = await CParser.load(core, grammar);

const NOISE = [0, 1]
  .map(
    (t) =>
      `__thread("noise${t}") void noise${t}(void) { for (int i = 0; i < 5; i++) { sum = x[${t}]; x[${t}] = i; } }`,
  )
  .join('\n');
const ABBA = `${LOCKS}
struct mutex a, b; int done[2]; int x[2], sum;
void work(int me) { for (int i = 0; i < 8; i++) done[me]++; }
__thread("first") void first(void) { work(0); mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
__thread("second") void second(void) { work(1); mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }
${NOISE}`;
const ORDERED = ABBA.replace('mutex_lock(&b); mutex_lock(&a);', 'mutex_lock(&a); mutex_lock(&b);');

function run(text: string, states: number): Required<FilesRun>['ran'] {
  const kernel = (): never => {
    throw new Error('the file needs no kernel');
  };
  const files = [{ name: 'race.c', uri: 'file:race.c', text }];
  const budget = { states, expired: (): boolean => false };
  const result = runFiles(parser, files, { with: [], without: [], kernel }, budget);
  if (typeof result === 'string' || !result.ran) throw new Error('nothing was run');
  return result.ran;
}

/** The steps of one state are stored together: the last one may go a little over the budget. */
const STOPPED = /^race found \(deadlock; 50\d states\)$/;

describe('a run that its budget ended', () => {
  it('shows a race found with one preemption, and that it may not be a shortest one', () => {
    const { verdict, traces } = run(ABBA, 500);
    expect(verdict).toMatchObject({ kind: 'found', complete: false });
    expect(verdict.text).toMatch(STOPPED);
    expect(verdict.beyond).toEqual([
      expect.stringMatching(
        /^then found among the schedules with at most 1 preemption \([\d ]+ states\)$/,
      ),
    ]);
    expect(traces.map((t) => t.foundBy)).toEqual([
      'found among schedules with few preemptions: a shorter one may exist',
    ]);
    const [first] = traces;
    const text = (first ? traceText(first) : '').replace(/\n {2}/g, ' ');
    expect(text).toContain('then found among the schedules with at most 1 preemption');
    expect(text).toContain('a shorter one may exist');
  });

  it('says up to how many preemptions there is none, and is not complete', () => {
    const { verdict, traces } = run(ORDERED, 500);
    expect(verdict).toMatchObject({ kind: 'stopped', complete: false });
    expect(verdict.text).toMatch(/^stopped at 50\d states; none with at most 1 preemption$/);
    expect(traces).toEqual([]);
    const said = verdictLines(verdict).join(' ').replace(/ +/g, ' ');
    expect(said).toMatch(
      /then every schedule with at most 1 preemption \([\d ]+ states\): nothing/,
    );
    expect(said).toMatch(/then \d+ random schedules \([\d ]+ steps, seed 1\): nothing/);
  });

  it('says nothing of it when everything was seen', () => {
    const { verdict, traces } = run(ABBA, 200_000);
    expect(verdict).toMatchObject({ kind: 'found', complete: true });
    expect([verdict.beyond, traces.map((t) => t.foundBy)]).toEqual([undefined, [undefined]]);
  });
});

describe('the words', () => {
  const bound = { kind: 'context bound', states: 12_345, found: 0 } as const;

  it('never say more than was run', () => {
    const none = [{ ...bound, bound: 0, complete: false }];
    expect([fallbackLines(none, 0), reliedOn(none)]).toEqual([
      ['then the schedules with no preemption, not all of them (12 345 states): nothing'],
      '',
    ]);
    const two = [{ ...bound, bound: 3, complete: false }];
    expect([fallbackLines(two, 1), reliedOn(two)]).toEqual([
      ['then every schedule with at most 2 preemptions (12 345 states): nothing more'],
      '; none with at most 2 preemptions',
    ]);
    const whole = [{ ...bound, bound: 3, complete: true }];
    expect(reliedOn(whole)).toBe('; none with at most 3 preemptions');
    const walk = { kind: 'random walk', seed: 4, walks: 1, steps: 20, found: 1 } as const;
    expect(fallbackLines([walk], 0)).toEqual([
      'then found among 1 random schedule (20 steps, seed 4)',
    ]);
  });
});
