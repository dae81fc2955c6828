/** The bundled example mail over stdio, as any editor sees it. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { Diagnostic } from 'vscode-languageserver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRaceResult } from '../../shared/protocol.js';
import type { Trace, Verdict } from '../../shared/trace.js';
import { TestClient } from './client.js';
import type { Published } from './client.js';
import { EXAMPLE, EXAMPLE_URI, deleteLine, insertAt, lineOf } from './texts.js';

const CALL = lineOf('ret = ext4_punch_flush(');
const STOP = lineOf('ext4_journal_stop(handle);');
const START = lineOf('handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 1);');

function words({ message }: Diagnostic): string {
  return typeof message === 'string' ? message : message.value;
}

/** The confirmed finding of the rule that the example breaks. */
function raced(p: Published): Diagnostic | undefined {
  return p.diagnostics.find(
    (d) =>
      d.code === 'RL-WB-HANDLE' &&
      d.severity === DiagnosticSeverity.Error &&
      !words(d).includes('(checking)'),
  );
}

const isFound = (p: Published): boolean => raced(p) !== undefined;
const isClear = (p: Published): boolean => p.diagnostics.length === 0;

let client: TestClient;
let found: Diagnostic;

beforeAll(async () => {
  client = await TestClient.start({
    window: { showDocument: { support: true }, workDoneProgress: true },
  });
  await client.open(EXAMPLE_URI, EXAMPLE, 'mail');
  const published = await client.until(EXAMPLE_URI, isFound, 'the race of the example is found');
  const diagnostic = raced(published);
  if (!diagnostic) throw new Error('nothing found');
  found = diagnostic;
});
afterAll(async () => {
  expect(client.logged).toEqual([]);
  expect(await client.stop()).toBe(0);
});

describe('the finding', () => {
  it('stands on the call under the handle', () => {
    expect(found.range.start).toEqual({
      line: CALL,
      character: EXAMPLE.split('\n')[CALL]?.indexOf('ext4_punch_flush'),
    });
    expect(words(found)).toMatch(/writeback/);
  });

  it('names the start of the handle and the place in the model that waits', () => {
    const related = (found.relatedInformation ?? []).map(
      ({ location, message }) =>
        [location.uri.split('/').at(-1), location.range.start.line, message] as const,
    );
    expect(related).toContainEqual([
      'zeroing.eml',
      START,
      expect.stringMatching(/handle taken here/),
    ]);
    expect(
      related.some(([file, , message]) => file?.endsWith('.c') === true && /waits/.test(message)),
    ).toBe(true);
  });

  it('leads to files that exist, for a client without our documents', () => {
    for (const { location } of found.relatedInformation ?? [])
      if (location.uri !== EXAMPLE_URI)
        expect(existsSync(fileURLToPath(location.uri)), location.uri).toBe(true);
    const page = found.codeDescription?.href ?? '';
    expect(readFileSync(fileURLToPath(page), 'utf8')).toContain(String(found.code));
  });

  it('has actions: its schedule, its race, its rule, a reply', async () => {
    const titles = (await client.actions(EXAMPLE_URI, found)).map((a) => a.title);
    expect(titles).toEqual([
      'Show the schedule',
      expect.stringMatching(/^Run race R/),
      `Explain ${String(found.code)}`,
      'Draft a reply quoting this hunk',
    ]);
  });
});

it('a hover on the call says what is held there', async () => {
  const hover = await client.hover(EXAMPLE_URI, CALL, found.range.start.character + 2);
  expect(JSON.stringify(hover?.contents)).toContain(`**handle**`);
  expect(hover?.range?.start.line).toBe(CALL);
});

it('a hover outside of the diff says nothing', async () => {
  expect(await client.hover(EXAMPLE_URI, 0, 3)).toBeNull();
});

describe('running', () => {
  it('lenses stand above the functions of the diff and carry the verdict', async () => {
    const lenses = await client.lenses(EXAMPLE_URI);
    expect(lenses.length).toBeGreaterThan(0);
    for (const { command } of lenses)
      expect(command?.title).toMatch(/race found|none within bounds|incomplete/);
  });

  it('runRace returns verdict, text, token and a file that the client shows', async () => {
    const result = await client.execute<RunRaceResult>('racelore.runRace', {
      uri: EXAMPLE_URI,
      line: CALL,
    });
    expect(result.verdict).toMatch(/^race found/);
    expect(result.text.split('\n').filter((l) => l.length > 72)).toEqual([]);
    expect(result.token).not.toBe('');
    expect(client.shown).toEqual([result.uri]);
    expect(client.progress).toEqual(['Racelore: running']);
    const file = fileURLToPath(result.uri);
    expect(readFileSync(file, 'utf8')).toBe(result.text);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('the token replays to the same text', async () => {
    const ran = await client.execute<RunRaceResult>('racelore.runRace', {
      uri: EXAMPLE_URI,
      line: CALL,
    });
    const again = await client.execute<RunRaceResult>('racelore.replay', {
      uri: EXAMPLE_URI,
      token: ran.token,
    });
    expect(again.token).toBe(ran.token);
    expect(ran.text).toContain(again.text.split('\n').slice(3).join('\n').trim().slice(0, 200));
  });

  it('refuses what it cannot do, in words', async () => {
    await expect(client.execute('racelore.runRace', { uri: 'file:///not/open' })).rejects.toThrow(
      'not analysed',
    );
    await expect(client.execute('racelore.runRace', 7)).rejects.toThrow('expected one argument');
    await expect(client.execute('racelore.replay', { token: 'nonsense' })).rejects.toThrow();
    await expect(client.execute('racelore.explainRule', { rule: 'RL-NONE' })).rejects.toThrow(
      'no such rule',
    );
  });
});

describe('editing', () => {
  it('without the call the finding is gone within a second, undone it is back', async () => {
    const call = `${EXAMPLE.split('\n')[CALL] ?? ''}\n`;
    const took: number[] = [];
    // The best of three: the machine may be busy with other things.
    for (let i = 0; i < 3; i++) {
      const began = performance.now();
      await client.change(EXAMPLE_URI, [deleteLine(CALL)]);
      await client.until(EXAMPLE_URI, isClear, 'the deletion clears the finding');
      took.push(performance.now() - began);
      await client.change(EXAMPLE_URI, [insertAt(CALL, call)]);
      const back = await client.until(EXAMPLE_URI, isFound, 'undo restores the finding');
      expect(raced(back)).toEqual(found);
    }
    expect(Math.min(...took)).toBeLessThan(1000);
  });

  it('the call behind the end of the handle is no finding', async () => {
    const call = `${EXAMPLE.split('\n')[CALL] ?? ''}\n`;
    await client.change(EXAMPLE_URI, [deleteLine(CALL), insertAt(STOP, call)]);
    await client.until(EXAMPLE_URI, isClear, 'the moved call clears the finding');
    await client.change(EXAMPLE_URI, [deleteLine(STOP), insertAt(CALL, call)]);
    await client.until(EXAMPLE_URI, isFound, 'the finding is back');
  });

  it('fifty keys in the text of the mail publish nothing that differs', async () => {
    const before = client.published(EXAMPLE_URI).length;
    const rows = await client.lenses(EXAMPLE_URI);
    const line = lineOf('The last sentence is the mistake');
    for (let i = 0; i < 50; i++) {
      const at = { line, character: i };
      await client.change(EXAMPLE_URI, [{ range: { start: at, end: at }, text: 'x' }]);
      expect((await client.lenses(EXAMPLE_URI)).map((l) => l.range)).toEqual(
        rows.map((l) => l.range),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(client.published(EXAMPLE_URI).slice(before)).toEqual([]);
    const all = { start: { line, character: 0 }, end: { line, character: 50 } };
    await client.change(EXAMPLE_URI, [{ range: all, text: '' }]);
  });
});

describe('other documents', () => {
  it('a text without a patch has no diagnostics and no lenses', async () => {
    const uri = 'file:///diary.txt';
    await client.open(uri, 'Dear diary,\n', 'plaintext');
    expect(await client.lenses(uri)).toEqual([]);
    expect(client.published(uri)).toEqual([]);
  });

  it('closing takes the diagnostics back', async () => {
    const uri = 'file:///copy.eml';
    await client.open(uri, EXAMPLE, 'mail');
    await client.until(uri, isFound, 'the copy is analysed too');
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await client.until(uri, isClear, 'closing clears');
  });
});

describe('choosing another thread', () => {
  interface View {
    readonly after: { readonly traces: readonly Trace[]; readonly verdict: Verdict };
  }

  it('goes on from the middle of the schedule to its own end', async () => {
    const race = await client.connection.sendRequest<View>('racelore/trace', {
      uri: EXAMPLE_URI,
      line: CALL,
    });
    const [trace] = race.after.traces;
    const steps = trace?.steps ?? [];
    // The last step before which two threads could move.
    const at = steps.findLastIndex((s, i) => steps[i - 1]?.enabled.some((id) => id !== s.thread));
    const kept = steps.slice(0, at);
    const other = kept.at(-1)?.enabled.find((id) => id !== steps[at]?.thread);
    const keep = kept.reduce((n, s) => n + s.micro.length, 0);
    const params = {
      uri: EXAMPLE_URI,
      scenario: trace?.scenario,
      side: 'after',
      token: trace?.token,
      keep,
    };
    const own = await client.connection.sendRequest<View>('racelore/continue', {
      ...params,
      thread: other ?? -1,
    });
    const ownSteps = own.after.traces[0]?.steps ?? [];
    expect(kept.length).toBeGreaterThan(0);
    expect(ownSteps.slice(0, kept.length).map((s) => s.text)).toEqual(kept.map((s) => s.text));
    expect(ownSteps[kept.length]?.thread).toBe(other);
    expect(own.after.verdict.text).toMatch(/on the way you chose/);
  });

  it('refuses a thread that waits there', async () => {
    const race = await client.connection.sendRequest<View>('racelore/trace', {
      uri: EXAMPLE_URI,
      line: CALL,
    });
    const [trace] = race.after.traces;
    const keep = trace?.steps.reduce((n, s) => n + s.micro.length, 0);
    const params = {
      uri: EXAMPLE_URI,
      scenario: trace?.scenario,
      side: 'after',
      token: trace?.token,
      keep,
    };
    const going = client.connection.sendRequest('racelore/continue', {
      ...params,
      thread: trace?.end[0]?.thread,
    });
    await expect(going).rejects.toThrow('cannot move here');
  });
});
