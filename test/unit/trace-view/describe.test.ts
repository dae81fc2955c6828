import { describe, expect, test } from 'vitest';
import { announcement, endTitle, place, rowLabel } from '../../../media/trace/describe.js';
import { KEYS, keyAction, keyName } from '../../../media/trace/keys.js';
import { line, TRACE } from './sample.js';

describe('words', () => {
  test('a row says number, thread, statement, place and change', () => {
    expect(rowLabel(TRACE, { step: 3 })).toBe(
      'Step 4 of 5. writer: obj->count++;. two locks.eml:12. obj.count: 0 → 1',
    );
  });

  test('an operation says which one of which step', () => {
    expect(rowLabel(TRACE, { step: 0, micro: 1 })).toBe(
      'Operation 2 of 2 of step 1. inner: operation 2 of take_a(obj);. locks.c:41',
    );
  });

  test('the end names the property and every waiting thread', () => {
    expect(rowLabel(TRACE, { step: 5 })).toBe(
      'Deadlock. writer waits for lock B of obj, held by worker since step 2. ' +
        'worker waits for lock A of obj, held by writer since step 1',
    );
    expect(endTitle({ ...TRACE, key: { property: 'invariant', id: 'x' } })).toBe(
      'Invariant broken',
    );
  });

  test('a schedule of one’s own may end without a race', () => {
    const verdict = {
      ...TRACE.verdict,
      kind: 'none' as const,
      text: 'no race on the way you chose',
    };
    const trace = { ...TRACE, end: [], verdict, key: { property: 'final' as const, id: 'none' } };
    expect(rowLabel(trace, { step: 5 })).toBe('Ends without a race. no race on the way you chose');
  });

  test('what is announced adds locks, who can move and who waits', () => {
    expect(announcement(TRACE, { step: 3 })).toBe(
      'Step 4 of 5, writer. Holds lock A (obj); lock C (obj), shared. Can move: writer. ' +
        'worker waits for lock A of obj, held by writer since step 1',
    );
  });

  test('a place with a broken escape is shown as it is', () => {
    expect(place(line(3, 'file:///a/100%.patch'))).toBe('100%.patch:3');
  });
});

describe('keys', () => {
  const press = (key: string, ctrlKey = false) =>
    keyAction({ key, ctrlKey, metaKey: false, altKey: false });

  test('the documented keys work', () => {
    expect(
      ['j', 'k', ']', '[', 'Home', 'End', 'Enter', 'c', 'd', '?'].map((k) => press(k)),
    ).toEqual([
      'next',
      'previous',
      'nextSame',
      'previousSame',
      'first',
      'last',
      'source',
      'choose',
      'changes',
      'keys',
    ]);
    expect(press('ArrowDown')).toBe('nextRow');
  });

  test('keys of the editor stay the editor’s', () => {
    expect(press('c', true)).toBeUndefined();
    expect(press('x')).toBeUndefined();
  });

  test('no key stands twice in the table', () => {
    const keys = KEYS.flatMap((row) => row.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.map(keyName)).toContain('↓');
  });
});
