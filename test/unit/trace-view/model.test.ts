import { describe, expect, test } from 'vitest';
import { currentTrace, nextSide, open, restored, update } from '../../../media/trace/model.js';
import type { Action, ViewState } from '../../../media/trace/model.js';
import { VIEW_SCHEMA } from '../../../shared/protocol.js';
import type { TraceSide } from '../../../shared/protocol.js';
import { TRACE, VIEW } from './sample.js';

function after(...actions: readonly Action[]): ViewState {
  return actions.reduce(update, open(VIEW));
}

const own: TraceSide = {
  verdict: TRACE.verdict,
  traces: [{ ...TRACE, steps: TRACE.steps.slice(0, 2), token: 'T1:0.1' }],
  texts: ['own'],
};

describe('state of the view', () => {
  test('opens at the first step of what was found', () => {
    const state = after();
    expect([state.side, state.at, currentTrace(state)?.token]).toEqual([
      'after',
      { step: 0 },
      'T1:0.1.2.0',
    ]);
  });

  test('before the patch there may be no trace; moving then changes nothing', () => {
    const state = after({ type: 'side', side: 'before' }, { type: 'move', motion: 'nextStep' });
    expect(currentTrace(state)).toBeUndefined();
    expect(state.at).toEqual({ step: 0 });
  });

  test('a side that the view does not have cannot be chosen', () => {
    expect(after({ type: 'side', side: 'own' }).side).toBe('after');
  });

  test('b goes round the sides', () => {
    expect(nextSide(after())).toBe('before');
    const three = after({ type: 'own', side: own, at: { step: 1 } });
    expect([three.side, nextSide(three)]).toEqual(['own', 'before']);
  });

  test('the own schedule opens where the thread was chosen, or at its last row', () => {
    expect(after({ type: 'own', side: own, at: { step: 1 } }).at).toEqual({ step: 1 });
    expect(after({ type: 'own', side: own, at: { step: 4 } }).at).toEqual({ step: 2 });
  });

  test('expanding shows the operations, collapsing returns to the step', () => {
    const opened = after({ type: 'expand' }, { type: 'move', motion: 'next' });
    expect([opened.expanded, opened.at]).toEqual([[0], { step: 0, micro: 0 }]);
    const closed = update(opened, { type: 'collapse' });
    expect([closed.expanded, closed.at]).toEqual([[], { step: 0 }]);
  });

  test('hiding steps without changes moves a hidden selection to the step above', () => {
    const state = after({ type: 'select', at: { step: 2 } }, { type: 'changesOnly' });
    expect(state.at).toEqual({ step: 1 });
  });
});

describe('after a reload', () => {
  test('what was stored comes back as it was', () => {
    const state = after(
      { type: 'select', at: { step: 3 } },
      { type: 'expand' },
      { type: 'changesOnly' },
    );
    expect(restored(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test('state of another version, or none, is not taken', () => {
    const other = { ...after(), view: { ...VIEW, schema: `${VIEW_SCHEMA}9` } };
    expect([restored(undefined), restored(null), restored('x'), restored(other)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('a selection outside the trace is put back into it', () => {
    expect(restored({ ...after(), at: { step: 99 } })?.at).toEqual({ step: 5 });
  });
});
