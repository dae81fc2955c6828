/**
 * Race × fix. The verdicts are those of the discussion that each scenario names; they were written
 * down before the model was run.
 */
import { describe, expect, it } from 'vitest';
import { modelKernel, run, traces } from './support.js';

const DEADLOCK = 'found deadlock';
/** Zero does not mean zero: an assertion that is checked when all threads have finished. */
const SKIPPED = 'found final';
/** Stored states that every run of the table stays below. */
const CHECK_BOUND = 200_000;
type Row = readonly [fix: string, verdict: string];

const TABLE: Readonly<Record<string, readonly Row[]>> = {
  R1: [
    ['', DEADLOCK],
    ['enomem', 'none'],
    ['batch', 'none'],
    ['ed61378b4dc6', 'none'],
    ['a35bb0dec955', DEADLOCK],
    ['ed61378b4dc6 a35bb0dec955', 'none'],
    ['iomap-valid', 'none'],
    ['reserved-ioend', 'none'],
    ['reserved-nested', DEADLOCK],
    ['c4602a1d09ec', 'none'],
  ],
  R1b: [
    ['', DEADLOCK],
    ['enomem', DEADLOCK],
    ['batch', DEADLOCK],
    ['ed61378b4dc6', DEADLOCK],
    ['a35bb0dec955', DEADLOCK],
    ['ed61378b4dc6 a35bb0dec955', DEADLOCK],
    ['iomap-valid', DEADLOCK],
    ['reserved-ioend', DEADLOCK],
    ['handle-first', 'none'],
    ['c4602a1d09ec', 'none'],
  ],
  R2: [
    ['', DEADLOCK],
    ['ed61378b4dc6', 'none'],
    ['enomem', 'none'],
    ['a35bb0dec955', DEADLOCK],
    ['batch-holes', DEADLOCK],
    ['iomap-valid', 'none'],
    ['c4602a1d09ec', 'none'],
  ],
  R3: [
    ['', DEADLOCK],
    ['a35bb0dec955', 'none'],
    ['batch-holes', 'none'],
    ['iomap-valid', 'none'],
    ['ed61378b4dc6', DEADLOCK],
    ['enomem', DEADLOCK],
    ['c4602a1d09ec', 'none'],
  ],
  R5: [
    ['', SKIPPED],
    ['pre-zeroed', 'none'],
    ['lookup-lock', 'none'],
    ['seq-check', 'none'],
    ['dirty-per-mapping', SKIPPED],
    ['iomap-valid', SKIPPED],
  ],
  R5b: [['', 'none']],
};

/** The circle of each deadlock. */
const FLUSH = ['jbd2 waits handle', 'kworker waits commit', 'punch_hole waits writeback'];
const LOCK = ['flusher waits commit', 'jbd2 waits handle', 'punch_hole waits folio lock'];
const CYCLES = [
  ['R1', FLUSH],
  ['R1b', LOCK],
  ['R2', FLUSH],
  ['R3', FLUSH],
] as const;

const words = (fix: string): string[] => fix.split(' ').filter((w) => w !== '');

describe.each(Object.entries(TABLE))('%s', (race, rows) => {
  it.each(rows)('with "%s": %s', async (fix, verdict) => {
    const found = run(await modelKernel(), race, { on: words(fix) });
    expect(found.verdict).toBe(verdict);
    expect(found.complete).toBe(true);
    expect(found.assumptions).toEqual([]);
    expect(found.states).toBeLessThanOrEqual(CHECK_BOUND);
  });

  it('has a verdict here for every fix that it offers', async () => {
    const offered = (await modelKernel()).scenario(race)?.fixes.map((f) => f.id);
    const tried = rows.map(([fix]) => fix).filter((fix) => words(fix).length === 1);
    expect([...tried].sort()).toEqual([...(offered ?? [])].sort());
  });
});

describe('what the races depend on', () => {
  it.each(CYCLES)('%s is one deadlock: %j', async (race, cycle) => {
    const found = run(await modelKernel(), race);
    expect(found.witnesses).toHaveLength(1);
    expect([...found.waits].sort()).toEqual(cycle);
  });

  it.each(CYCLES)('%s is told in at most 12 steps and 5 switches', async (race) => {
    const [trace] = traces(await modelKernel(), race);
    expect(trace?.end).toHaveLength(3);
    expect(trace?.steps.length).toBeLessThanOrEqual(12);
    expect(trace?.switches).toBeLessThanOrEqual(5);
  });

  it.each(['R1', 'R1b', 'R2', 'R3'])('%s is gone in 7.1', async (race) => {
    expect(run(await modelKernel(), race, { profile: '7.1' }).verdict).toBe('none');
  });

  it('R2 needs the failed allocation', async () => {
    expect(run(await modelKernel(), 'R2', { faults: 0 }).verdict).toBe('none');
  });

  it('R1, R3 and R5 need zeroing through iomap; R1b has it through buffer_heads too', async () => {
    const kernel = await modelKernel();
    const off = ['ext4-iomap-zero'];
    expect(run(kernel, 'R1', { off }).verdict).toBe('none');
    expect(run(kernel, 'R3', { off }).verdict).toBe('none');
    expect(run(kernel, 'R5', { off }).verdict).toBe('none');
    expect(run(kernel, 'R1b', { off }).verdict).toBe(DEADLOCK);
  });

  it('R1b is the shortest; R2 is R1 with one failed allocation', async () => {
    const kernel = await modelKernel();
    const length = (id: string): number => run(kernel, id).shortest;
    expect(length('R1b')).toBeLessThan(length('R1'));
    expect(length('R1')).toBeLessThan(length('R2'));
    expect(length('R1')).toBeLessThanOrEqual(length('R3'));
  });
});
