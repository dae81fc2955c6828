/** Typing: what is shown between two decisions of the worker. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Session } from '../../../server/lsp/session.js';
import type { CheckOutcome } from '../../../server/lsp/session.js';
import type { Checked, LensVerdict } from '../../../server/lsp/engine.js';
import { FakeHost, URI, finding } from './fakes.js';

const TEXT = [
  '--- a/x.c',
  '+++ b/x.c',
  '@@ -1,2 +1,4 @@ f',
  ' start;',
  '+call one;',
  '+/* note */',
  ' stop;',
  '',
].join('\n');
const CALL = 4;
const NOTE = 5;

let host: FakeHost;

beforeEach(() => {
  vi.useFakeTimers();
  host = new FakeHost();
});
afterEach(() => {
  vi.useRealTimers();
});

function open(text = TEXT): Session {
  return new Session(URI, 'diff', 1, text, host);
}

function verdict(scenario: string, outcome: LensVerdict['outcome'], text: string): LensVerdict {
  const title = scenario === 'T1' ? 'two locks' : `race ${scenario}`;
  return { change: '(a)', scenario, title, outcome, text };
}

function confirmed(line = CALL): Checked {
  const found = finding('+call one;', line, { severity: 'error', message: 'deadlock in T1' });
  const verdicts = [verdict('T1', 'appears', 'race found (deadlock)')];
  return { kind: 'check', findings: [found], verdicts };
}

function type(session: Session, line: number, character: number, text: string, deleted = 0): void {
  const start = { line, character };
  const range = { start, end: { line, character: character + deleted } };
  session.change([{ range, text }], session.document.version + 1);
}

function answer(checked: CheckOutcome): void {
  host.checks.at(-1)?.done(checked);
}

describe('opening', () => {
  test('shows the suspicion at once, the decision when the worker has it', () => {
    open();
    expect(host.shown).toEqual(['4: suspect +call one;']);
    answer(confirmed());
    expect(host.shown).toEqual(['4: deadlock in T1']);
  });

  test('a refuted suspicion goes away', () => {
    open();
    answer({ kind: 'check', findings: [], verdicts: [] });
    expect(host.shown).toEqual([]);
  });

  test('a text that is not ours is not analysed', () => {
    open('Dear diary,\n');
    expect(host.engine.opened).toEqual([]);
    expect(host.published).toEqual([]);
  });

  test('a text that is too large has one report that says so', () => {
    open(`${TEXT}${'x'.repeat(4 * 1024 * 1024)}`);
    expect(host.engine.opened).toEqual([]);
    expect(host.shown).toEqual([
      '0: Not analysed while edited: larger than 4 MB. Use: racelore check FILE',
    ]);
  });
});

describe('typing', () => {
  test('fifty keys in a comment: one analysis, no publish that differs, lens rows stay', () => {
    const session = open();
    answer(confirmed());
    const before = host.published.length;
    const rows = session.lensRows();
    for (let i = 0; i < 50; i++) {
      type(session, NOTE, 4 + i, 'x');
      vi.advanceTimersByTime(50);
      expect(session.lensRows().map((r) => r.range)).toEqual(rows.map((r) => r.range));
    }
    vi.advanceTimersByTime(200);
    answer(confirmed());
    expect(host.engine.opened).toHaveLength(2);
    expect(host.published.slice(before)).toEqual([]);
    expect(session.lensRows()).toEqual(rows);
  });

  test('a line typed above moves a decided finding with its words, without a second look', () => {
    const session = open();
    answer(confirmed());
    type(session, 3, 0, ' more;\n');
    vi.advanceTimersByTime(200);
    expect(host.shown).toEqual(['5: deadlock in T1']);
  });

  test('a finding whose line is touched says that it is checked, until it is decided', () => {
    const session = open();
    answer(confirmed());
    type(session, CALL, 3, 'X');
    vi.advanceTimersByTime(200);
    expect(host.shown).toContain('4: deadlock in T1 (checking)');
    answer({ kind: 'check', findings: [], verdicts: [] });
    expect(host.shown).toEqual([]);
  });

  test('deleting the call clears the finding with the next decision', () => {
    const session = open();
    answer(confirmed());
    session.change(
      [
        {
          range: { start: { line: CALL, character: 0 }, end: { line: CALL + 1, character: 0 } },
          text: '',
        },
      ],
      2,
    );
    vi.advanceTimersByTime(200);
    answer({ kind: 'check', findings: [], verdicts: [] });
    expect(host.shown).toEqual([]);
  });

  test('a refuted suspicion does not come back while the worker is busy', () => {
    const session = open();
    answer({ kind: 'check', findings: [], verdicts: [] });
    type(session, NOTE, 4, 'x');
    vi.advanceTimersByTime(200);
    expect(host.shown).toEqual([]);
  });

  test('a new suspicion is shown at once', () => {
    const session = open();
    answer(confirmed());
    type(session, NOTE, 0, '+call two;\n');
    vi.advanceTimersByTime(200);
    expect(host.shown).toEqual(['4: deadlock in T1', '5: suspect +call two;']);
  });

  test('the answer to an older version is dropped, and its run cancelled', () => {
    const session = open();
    type(session, NOTE, 4, 'x');
    const first = host.checks[0];
    expect(first?.cancelled).toBe(true);
    first?.done(confirmed());
    expect(host.shown).toEqual(['4: suspect +call one;']);
  });
});

describe('lens rows', () => {
  test('change in place: what can be run, then the verdict, and while busy the old verdict', () => {
    const session = open();
    const title = (): string | undefined => session.lensRows()[0]?.command?.title;
    expect(title()).toBe('▶ Run race: two locks (3 threads)');
    answer(confirmed());
    expect(title()).toBe('✗ two locks: race found (deadlock)');
    type(session, NOTE, 4, 'x');
    expect(title()).toBe('✗ two locks: race found (deadlock) (checking)');
    session.ran(verdict('T1', 'absent', 'none within bounds'));
    vi.advanceTimersByTime(200);
    answer('cancelled');
    expect(title()).toBe('○ two locks: none within bounds');
  });

  test('of several races on a change the row shows what the patch brings in, and runs that', () => {
    const session = open();
    const verdicts = [
      verdict('T1', 'absent', 'none within bounds'),
      verdict('T2', 'still there', 'race found (final)'),
      verdict('T3', 'appears', 'race found (deadlock)'),
    ];
    answer({ kind: 'check', findings: [], verdicts });
    const [row] = session.lensRows();
    expect(row?.command?.title).toBe('✗ race T3: race found (deadlock)');
    expect(row?.command?.arguments).toEqual([{ uri: URI, scenario: 'T3', change: '(a)', line: 2 }]);
    answer({ kind: 'check', findings: [], verdicts: verdicts.slice(0, 2) });
    expect(session.lensRows()[0]?.command?.title).toBe(
      '○ as before the patch: race T2: race found (final)',
    );
  });

  test('without automatic runs the row waits for its user', () => {
    host.auto = false;
    expect(open().lensRows()[0]?.command?.title).toBe('▶ Run race: two locks (3 threads)');
  });
});

test('a mistake of ours goes to the log; the next edit is analysed again', () => {
  const session = open(TEXT.replace('note', 'defect'));
  expect([host.failures.length, session.silence]).toEqual([
    1,
    'the analysis failed; the log says why',
  ]);
  type(session, NOTE, 4, 'good', 6);
  vi.advanceTimersByTime(200);
  expect(host.shown).toEqual(['4: suspect +call one;']);
});

test('a worker that fails leaves the suspicion and says so', () => {
  const session = open();
  answer('failed');
  expect([host.shown, session.silence]).toEqual([
    ['4: suspect +call one;'],
    'the analysis failed; the log says why',
  ]);
});

test('closing takes the reports back', () => {
  const session = open();
  answer(confirmed());
  session.close();
  expect(host.shown).toEqual([]);
});
