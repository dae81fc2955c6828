import { describe, expect, test } from 'vitest';
import { alternatives, keptMicroSteps } from '../../../media/trace/alternatives.js';
import { move, nearest, shownRows, shownSteps } from '../../../media/trace/navigation.js';
import type { Motion, Position, Shown } from '../../../media/trace/navigation.js';
import { TRACE } from './sample.js';

const ALL: Shown = { changesOnly: false, expanded: [] };
const END = TRACE.steps.length;

function go(from: Position, motion: Motion, shown: Shown = ALL): Position {
  return move(TRACE, shown, from, motion);
}

describe('stepping', () => {
  test('goes step by step to the end row and stays there', () => {
    const seen: number[] = [];
    let at: Position = { step: 0 };
    for (let i = 0; i < END + 2; i++) {
      at = go(at, 'nextStep');
      seen.push(at.step);
    }
    expect(seen).toEqual([1, 2, 3, 4, END, END, END]);
  });

  test('goes back and stays at the first step', () => {
    expect(go({ step: 2 }, 'previousStep')).toEqual({ step: 1 });
    expect(go({ step: 0 }, 'previousStep')).toEqual({ step: 0 });
  });

  test('Home and End', () => {
    expect(go({ step: 3 }, 'first')).toEqual({ step: 0 });
    expect(go({ step: 1 }, 'last')).toEqual({ step: END });
  });

  test('stays with the thread of the selected step: writer moves in steps 1, 4 and 5', () => {
    expect(go({ step: 0 }, 'nextSame')).toEqual({ step: 3 });
    expect(go({ step: 3 }, 'nextSame')).toEqual({ step: 4 });
    expect(go({ step: 4 }, 'nextSame')).toEqual({ step: 4 });
    expect(go({ step: 3 }, 'previousSame')).toEqual({ step: 0 });
    expect(go({ step: 1 }, 'nextSame')).toEqual({ step: 1 });
    expect(go({ step: END }, 'previousSame')).toEqual({ step: END });
  });
});

describe('operations of an expanded step', () => {
  const open: Shown = { changesOnly: false, expanded: [0, 3] };

  test('stand below their step', () => {
    expect(shownRows(TRACE, open).slice(0, 4)).toEqual([
      { step: 0 },
      { step: 0, micro: 0 },
      { step: 0, micro: 1 },
      { step: 1 },
    ]);
  });

  test('arrows visit them, j and k jump over them', () => {
    expect(go({ step: 0 }, 'next', open)).toEqual({ step: 0, micro: 0 });
    expect(go({ step: 0, micro: 1 }, 'next', open)).toEqual({ step: 1 });
    expect(go({ step: 1 }, 'previous', open)).toEqual({ step: 0, micro: 1 });
    expect(go({ step: 0, micro: 0 }, 'nextStep', open)).toEqual({ step: 1 });
    expect(go({ step: 3, micro: 2 }, 'previousStep', open)).toEqual({ step: 3 });
  });
});

describe('changes only', () => {
  const changes: Shown = { changesOnly: true, expanded: [] };

  test('keeps steps 1, 2 and 4 and the end', () => {
    expect(shownSteps(TRACE, changes)).toEqual([0, 1, 3, END]);
  });

  test('stepping passes over hidden steps, and a hidden selection moves up', () => {
    expect(go({ step: 1 }, 'nextStep', changes)).toEqual({ step: 3 });
    expect(nearest(shownRows(TRACE, changes), { step: 2 })).toEqual({ step: 1 });
  });
});

describe('choosing another thread', () => {
  test('says who moves here, who could, who waits for what, and who is done', () => {
    expect(alternatives(TRACE, { step: 3 }).map((a) => [a.name, a.state])).toEqual([
      ['writer', 'taken'],
      ['worker', 'blocked'],
      ['disk', 'finished'],
      ['timer', 'finished'],
    ]);
    expect(alternatives(TRACE, { step: 2 }).map((a) => a.state)).toEqual([
      'possible',
      'blocked',
      'taken',
      'finished',
    ]);
    expect(alternatives(TRACE, { step: 3 })[1]?.reason).toContain('held by writer since step 1');
  });

  test('before the first step the trace does not say who can move', () => {
    expect(alternatives(TRACE, { step: 0 }).map((a) => a.state)).toEqual([
      'taken',
      'unknown',
      'unknown',
      'unknown',
    ]);
  });

  test('keeps the operations of all steps before the row', () => {
    expect([0, 1, 2, 3, 4, END].map((step) => keptMicroSteps(TRACE, { step }))).toEqual([
      0, 2, 3, 4, 7, 8,
    ]);
  });
});
