import { expect, test } from 'vitest';
import { DEFAULTS, settingsFrom } from '../../../shared/settings.js';

test('settings are read from the section as clients send it', () => {
  const section = {
    run: { auto: false },
    budget: { seconds: 3, states: 50 },
    trace: { columns: 80 },
  };
  expect(settingsFrom(section)).toEqual({
    ...DEFAULTS,
    runAuto: false,
    budgetSeconds: 3,
    budgetStates: 50,
    traceColumns: 80,
  });
});

test('what is missing or of the wrong kind is the default', () => {
  const section = { run: { auto: 'yes' }, budget: { seconds: -1 }, codeLens: false };
  expect(settingsFrom(section)).toEqual({ ...DEFAULTS, codeLens: false });
  expect(settingsFrom(undefined)).toEqual(DEFAULTS);
  expect(settingsFrom({ trace: { columns: 3 } }).traceColumns).toBe(40);
});
