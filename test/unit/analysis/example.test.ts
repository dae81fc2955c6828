import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../server/analysis/index.js';
import { ASSETS, EXAMPLE, UNLIMITED, analyzer, check, outcomes, places } from './support.js';

function lineOf(text: string, part: string): number {
  const at = text.split('\n').findIndex((l) => l.includes(part));
  if (at < 0) throw new Error(`no line with ${part}`);
  return at + 1;
}

/** Moves one line behind another. */
function moveBehind(text: string, line: string, anchor: string): string {
  const lines = text.split('\n');
  const from = lines.findIndex((l) => l.includes(line));
  const [moved] = lines.splice(from, 1);
  const to = lines.findIndex((l) => l.includes(anchor));
  lines.splice(to + 1, 0, moved ?? '');
  return lines.join('\n');
}

const CALL = 'ret = ext4_punch_flush(inode->i_mapping, start, end);';
const STOP = 'ext4_journal_stop(handle);';

describe('the example mail', () => {
  it('has writeback under an active handle, at the call, with a witness', async () => {
    const result = await check(EXAMPLE);
    expect(places(result)).toContain(`${lineOf(EXAMPLE, CALL)}:9 RL-WB-HANDLE R1`);
    const finding = result.findings.find((f) => f.rule === 'RL-WB-HANDLE');
    const related = finding?.related.map((r) => `${r.at.line + 1} ${r.message}`);
    const start = lineOf(EXAMPLE, 'handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 1);');
    expect(related).toContain(`${start} handle taken here, still held`);
    const witness = result.traces.find((t) => t.token === finding?.token);
    expect(witness?.steps.length).toBeLessThanOrEqual(12);
    expect(outcomes(result.changes[0])).toEqual(
      expect.arrayContaining(['R1 appears', 'R3 appears', 'R5b absent']),
    );
  });

  it('is clean once the call stands behind the stop of the handle', async () => {
    const result = await check(moveBehind(EXAMPLE, CALL, STOP));
    expect(places(result)).toEqual([]);
    expect(outcomes(result.changes[0])).toContain('R1 absent');
  });

  it('does not depend on the names of locals and wrappers', async () => {
    const renamed = EXAMPLE.replaceAll('ext4_punch_flush', 'put_it_out')
      .replaceAll('ext4_punch_sync_edges', 'edges')
      .replaceAll(/\bstart\b/g, 'first_byte')
      .replaceAll(/^([+ ]\t.*?)\bret\b/gm, '$1error');
    expect(renamed).not.toBe(EXAMPLE);
    const [a, b] = [await check(EXAMPLE), await check(renamed)];
    const flat = (r: typeof a): readonly string[] =>
      r.findings.map((f) => `${f.at.line} ${f.rule} ${f.scenario ?? ''}`);
    expect(flat(b)).toEqual(flat(a));
    expect(outcomes(b.changes[0])).toEqual(outcomes(a.changes[0]));
  });

  it('does not depend on the names of kernel functions: renamed in kernel C and mail alike', async () => {
    const rename = (text: string): string =>
      text
        .replaceAll('ext4_journal_start', 'zz_begin')
        .replaceAll('filemap_write_and_wait_range', 'zz_sync')
        .replaceAll('folio_wait_writeback', 'zz_wait');
    const other = await Analyzer.create({
      ...ASSETS,
      kernel: ASSETS.kernel.map((f) => ({ ...f, text: rename(f.text) })),
    });
    const a = await check(EXAMPLE);
    const b = other.check('test:mail', rename(EXAMPLE), UNLIMITED);
    expect(b.findings.map((f) => `${f.at.line}:${f.at.character} ${f.rule}`)).toEqual(
      a.findings.map((f) => `${f.at.line}:${f.at.character} ${f.rule}`),
    );
    expect(b.findings.map((f) => f.message)).toEqual(a.findings.map((f) => f.message));
  });

  it('gives a token that replays on the mail and nowhere else', async () => {
    const a = await analyzer();
    const result = await check(EXAMPLE);
    const token = result.findings.find((f) => f.rule === 'RL-WB-HANDLE')?.token ?? '';
    const played = a.replay(token, { uri: 'test:mail', text: EXAMPLE });
    const witness = result.traces.find((t) => t.token === token);
    expect(typeof played === 'string' ? played : played.steps).toEqual(witness?.steps);
    expect(a.replay(token, undefined)).toMatch(/name the file/);
    expect(a.replay(`${token.slice(0, -2)}AA`, { uri: 'test:mail', text: EXAMPLE })).toMatch(
      /damaged/,
    );
  });

  it('goes on with another thread from the middle of a witness', async () => {
    const a = await analyzer();
    const result = await check(EXAMPLE);
    const finding = result.findings.find((f) => f.rule === 'RL-WB-HANDLE');
    const witness = result.traces.find((t) => t.token === finding?.token);
    const commit = witness?.steps.find((s) => s.changes.some((c) => c.to === 'T_LOCKED'));
    const keep =
      witness?.steps.slice(0, (commit?.index ?? 1) - 1).reduce((n, s) => n + s.micro.length, 0) ??
      0;
    const worker = witness?.threads.find((t) => t.name === 'kworker')?.id ?? -1;
    // the worker runs before the commit locks the transaction: nothing is stuck
    const trace = a.continueWith(
      { token: finding?.token ?? '', keep, thread: worker },
      { uri: 'test:mail', text: EXAMPLE },
    );
    expect(typeof trace === 'string' ? trace : trace.verdict.text).toBe(
      'no race on the way you chose',
    );
  });

  it('holds every location inside its document', async () => {
    const lines = EXAMPLE.split('\n');
    for (const f of (await check(EXAMPLE)).findings) {
      expect(lines[f.at.line]?.slice(f.at.character, f.at.endCharacter)).toMatch(/^\w+\(.*\)$/);
    }
  });
});

describe('typing above a finding', () => {
  it('moves the finding and its schedule with the text, without a new run', async () => {
    const a = await Analyzer.create(ASSETS);
    const first = a.check('test:typing', EXAMPLE, UNLIMITED);
    const moved = a.check(
      'test:typing',
      EXAMPLE.replace('\n\n', '\n\nOne more line.\n'),
      UNLIMITED,
    );
    const finding = (r: typeof first): (typeof r.findings)[number] | undefined =>
      r.findings.find((f) => f.rule === 'RL-WB-HANDLE');
    const [one, two] = [finding(first), finding(moved)];
    expect(two?.at.line).toBe((one?.at.line ?? 0) + 1);
    expect(two?.id).toBe(one?.id);
    const lines = (r: typeof first, token: string | undefined): readonly number[] =>
      r.traces
        .filter((t) => t.token === token)
        .flatMap((t) =>
          t.steps.flatMap((s) => s.stack.filter((f) => f.patched).map((f) => f.at.line)),
        );
    const was = lines(first, one?.token);
    expect(was.length).toBeGreaterThan(0);
    expect(lines(moved, two?.token)).toEqual(was.map((l) => l + 1));
  });
});
