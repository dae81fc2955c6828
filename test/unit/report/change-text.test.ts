import { describe, expect, it } from 'vitest';
import type { RaceResult } from '../../../server/analysis/races.js';
import { NOTHING_MODELLED } from '../../../server/analysis/coverage.js';
import type { ChangeReport } from '../../../server/analysis/types.js';
import { changeLines, lineRanges } from '../../../server/report/change-text.js';
import { checkJson } from '../../../server/report/json.js';
import type { Verdict, VerdictKind } from '../../../shared/trace.js';

function at(line: number): ChangeReport['coverage']['notPlaced'][number]['at'] {
  return { uri: 'file:///a.eml', line, character: 1, endLine: line, endCharacter: 9 };
}

function change(parts: Partial<ChangeReport>): ChangeReport {
  return {
    label: '(a)',
    path: 'fs/demo.c',
    message: 0,
    from: '',
    date: '',
    subject: '',
    line: 9,
    copies: [],
    status: 'analysed',
    base: '2025-07',
    coverage: { onModel: 1, noEffect: 0, notPlaced: [], repaired: 0, modelled: NOTHING_MODELLED },
    touched: [],
    notModelled: [],
    repairs: [],
    races: [],
    left: [],
    ...parts,
  };
}

function verdict(kind: VerdictKind, text: string): Verdict {
  return {
    kind,
    text,
    states: 1,
    complete: true,
    bounds: { threads: 1, items: [] },
    assumptions: [],
    profile: '2025-07',
    base: '2025-07',
  };
}

const unrunnable: RaceResult = {
  scenario: 'R1',
  title: 'a race',
  outcome: 'appears',
  before: verdict('none', 'none within bounds'),
  after: verdict('error', 'model error: recursion without end'),
  keys: [],
  uncovered: [],
  apart: false,
  tracesBefore: [],
};

describe('a change as text', () => {
  it('says of a run that ended in an error of the model that it decided nothing', () => {
    expect(changeLines(change({ races: [unrunnable] }))).toEqual([
      '(a) line 10: fs/demo.c, on: 2025-07',
      '    R1 incomplete: a race',
      '          could not be run: model error: recursion without end',
      '    changed lines: 1 on the model, 0 no effect, 0 not placed',
    ]);
    const json: unknown = JSON.parse(
      checkJson({
        uri: 'file:///a.eml',
        form: 'mail',
        messages: 1,
        changes: [change({ races: [unrunnable] })],
        findings: [],
        traces: [],
        notes: [],
        complete: true,
      }),
    );
    expect(json).toMatchObject({ changes: [{ races: [{ outcome: 'incomplete' }] }] });
  });

  it('does not say that nothing reaches the change while a part of it was not placed', () => {
    const notPlaced = [{ at: at(4), why: 'it is in another form' }];
    const coverage = {
      onModel: 1,
      noEffect: 0,
      notPlaced,
      repaired: 0,
      modelled: NOTHING_MODELLED,
    };
    expect(changeLines(change({ coverage }))[1]).toBe(
      '    no race was run: no scenario of the model reaches what was placed',
    );
    expect(changeLines(change({}))[1]).toBe('    no scenario of the model reaches it');
  });

  it('does not say that nothing reaches the change when the time ended before', () => {
    expect(changeLines(change({ left: ['R1', 'R3'] }))[1]).toBe(
      '    not decided, the time ended before: R1, R3',
    );
  });

  it('gives a reason once, with its lines in order', () => {
    const inside = 'inside a statement that was not placed: it is in another form';
    const notPlaced = [
      { at: at(12), why: 'it is in another form' },
      { at: at(4), why: 'it is in another form' },
      { at: at(5), why: inside },
      { at: at(7), why: 'demo() is not in the model' },
      { at: at(8), why: 'is not in the model' },
    ];
    const coverage = {
      onModel: 0,
      noEffect: 0,
      notPlaced,
      repaired: 0,
      modelled: NOTHING_MODELLED,
    };
    expect(changeLines(change({ coverage })).slice(3)).toEqual([
      '      lines 5-6, 13 not placed: it is in another form',
      '      line 8 not placed: demo() is not in the model',
      '      line 9 not placed: not in the model',
    ]);
  });

  it('counts quotations as people do', () => {
    expect(changeLines(change({ copies: [41] })).at(-1)).toContain('quoted once, at line 42');
    expect(changeLines(change({ copies: [1, 2] })).at(-1)).toContain(
      'quoted 2 times, at line 2, 3',
    );
  });

  it('writes lines as ranges', () => {
    expect(lineRanges([0])).toBe('line 1');
    expect(lineRanges([0, 1])).toBe('lines 1-2');
    expect(lineRanges([8, 2, 3, 2])).toBe('lines 3-4, 9');
  });

  it('names races that end outside of the change in one line', () => {
    const open = verdict('found', 'race found');
    const there: RaceResult = { ...unrunnable, outcome: 'still there', before: open, after: open };
    const races = [there, { ...there, scenario: 'R2', apart: true }];
    expect(changeLines(change({ races })).slice(1, 4)).toEqual([
      '    R1 still there: a race',
      '          after: race found',
      '    as before, ending outside of the changed functions: R2',
    ]);
  });
});
