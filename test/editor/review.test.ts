/** A reviewer's way through VS Code: a mail, its finding, its race, the schedule step by step. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, sharedData } from '../support/tools.mjs';
import { EXAMPLE, lineOf } from '../lsp/texts.js';
import { type Editor, startEditor } from './host.js';
import {
  atLine,
  command,
  goTo,
  hoverAtCursor,
  keys,
  lens,
  offered,
  selectedRow,
  traceView,
} from './workbench.js';

const CALL = lineOf('ret = ext4_punch_flush(') + 1;
const COLUMN = (EXAMPLE.split('\n')[CALL - 1]?.indexOf('ext4_punch_flush') ?? 0) + 3;
const SEED = join(sharedData() ?? ROOT, 'seeds/004_96d5ec619a9424d3.txt');

let editor: Editor;

beforeAll(async () => {
  const files = new Map([
    ['example.eml', EXAMPLE],
    ['notes.txt', 'Dear diary,\n'],
  ]);
  if (existsSync(SEED)) files.set('thread.txt', readFileSync(SEED, 'utf8'));
  editor = await startEditor({ files });
});
afterAll(() => editor.close());

async function closeAll(): Promise<void> {
  await command(editor.page, 'View: Close All Editors');
  await editor.page.locator('.tab').first().waitFor({ state: 'detached' });
}

/** Steps with `j` until the end row; the labels on the way. */
async function stepToEnd(): Promise<readonly string[]> {
  const labels: string[] = [];
  for (let i = 0; i < 200; i++) {
    const label = (await selectedRow(editor.page)) ?? '';
    if (labels.at(-1) === label) return labels;
    labels.push(label);
    await keys(editor.page, 'j');
  }
  throw new Error('the trace has no end');
}

async function openTrace(file: string, line: number): Promise<void> {
  const { page } = editor;
  await editor.open(file);
  await goTo(page, line, 1);
  await lens(page, /race found/).click();
  await traceView(page).locator('#steps').waitFor();
}

describe('a mail', () => {
  it('has a squiggle, a verdict above the function, and a hover that says what is held', async () => {
    const { page } = editor;
    await editor.open('example.eml');
    await goTo(page, CALL, COLUMN);
    await lens(page, /race found/).waitFor();
    await page.locator('.squiggly-error').first().waitFor();
    await editor.screenshot('finding');
    const hover = await hoverAtCursor(page);
    expect(hover).toContain('writeback');
    expect(hover).toContain('Held in ext4_punch_sync_edges');
    expect(hover).toMatch(/handle/);
    await editor.screenshot('hover');
    await keys(page, 'Escape');
  });

  it('is counted in the status item, which leads to the finding', async () => {
    const { page } = editor;
    await goTo(page, 1, 1);
    await page.locator('.statusbar-item a', { hasText: 'Racelore: 1 finding' }).click();
    await atLine(page, CALL);
  });

  it('offers its actions at the finding', async () => {
    const { page } = editor;
    await goTo(page, CALL, COLUMN);
    await keys(page, 'Control+.');
    const menu = page.locator('.action-widget');
    await menu.getByText('Show the schedule').waitFor();
    await editor.screenshot('actions');
    await keys(page, 'Escape');
  });

  it('loses the finding without the line, undo brings it back', async () => {
    const { page } = editor;
    await goTo(page, CALL, 1);
    const squiggle = page.locator('.squiggly-error').first();
    await keys(page, 'Control+Shift+k');
    await squiggle.waitFor({ state: 'detached', timeout: 5000 });
    await keys(page, 'Control+z');
    await squiggle.waitFor();
  });
});

describe('the trace', () => {
  it('opens with a click on the lens and is stepped to its end by keyboard alone', async () => {
    await openTrace('example.eml', CALL);
    const labels = await stepToEnd();
    expect(labels[0]).toMatch(/^Step 1 of \d+\. /);
    expect(labels.at(-1)).toMatch(/^Deadlock\. .* waits /);
    expect(await traceView(editor.page).locator('#details li').count()).toBeGreaterThan(1);
    await editor.screenshot('trace-end');
  });

  it('Enter lands on the source line of the step', async () => {
    const { page } = editor;
    await keys(page, 'Home');
    const label = await selectedRow(page);
    const line = Number(/:(\d+)(?:\.|$)/.exec(label ?? '')?.[1]);
    await keys(page, 'Enter');
    await atLine(page, line);
    await editor.screenshot('source');
  });

  it('c lets another thread go first, and the view shows what comes of it', async () => {
    const { page } = editor;
    await traceView(page).locator('#steps').focus();
    await keys(page, 'End', 'k');
    const choices = traceView(page).locator('dialog button.choice');
    for (let row = 20; row > 0; row--) {
      await keys(page, 'c');
      if ((await choices.count()) > 0) break;
      await keys(page, 'Escape', 'k');
    }
    await keys(page, 'ArrowDown', 'Enter');
    const own = traceView(page).locator('[data-side=own][aria-pressed=true]');
    await own.waitFor();
    await traceView(page).locator('.verdict', { hasText: 'on the way you chose' }).waitFor();
    await editor.screenshot('own-schedule');
    await traceView(page).locator('[data-side=after]').click();
  });

  it('is where it was after a reload of the window', async () => {
    const { page } = editor;
    await traceView(page).locator('#row-2').click();
    const before = await selectedRow(page);
    await command(page, 'Developer: Reload Window');
    await page.locator('.monaco-workbench').waitFor({ state: 'detached' });
    await page.locator('.monaco-workbench').waitFor();
    await traceView(page).locator('#steps').waitFor();
    expect(await selectedRow(page)).toBe(before);
    await editor.screenshot('reloaded');
  });

  it('can be copied for a reply: at most 72 columns', async () => {
    const { page } = editor;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    expect(await offered(page, 'Racelore: Copy')).toEqual(
      expect.arrayContaining(['Racelore: Copy Trace for Reply']),
    );
    await command(page, 'Racelore: Copy Trace for Reply');
    await page.locator('.statusbar-item', { hasText: 'Trace copied' }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain('replay:');
    expect(text.split('\n').filter((l) => l.length > 72)).toEqual([]);
    await closeAll();
  });
});

describe('other texts', () => {
  it('a text that is no mail with C has no status item', async () => {
    const { page } = editor;
    await editor.open('notes.txt');
    await page.waitForTimeout(500);
    expect(await page.locator('.statusbar-item', { hasText: 'Racelore' }).count()).toBe(0);
    await closeAll();
  });

  it('the example opens from the palette', async () => {
    const { page } = editor;
    await command(page, 'Racelore: Open Example');
    await lens(page, /race found/).waitFor();
    await closeAll();
  });
});

describe.runIf(existsSync(SEED))('the thread of July 2025, saved as text', () => {
  it('shows the finding at line 447 and its schedule to the end', async () => {
    const { page } = editor;
    await editor.open('thread.txt');
    await goTo(page, 447, 14);
    await lens(page, /race found/).waitFor();
    await page.locator('.squiggly-error').first().waitFor();
    expect(await hoverAtCursor(page)).toMatch(/handle/);
    await editor.screenshot('thread');
    await keys(page, 'Escape');
    await lens(page, /race found/).click();
    await traceView(page).locator('#steps').waitFor();
    const labels = await stepToEnd();
    expect(labels.at(-1)).toMatch(/^Deadlock\. /);
    await editor.screenshot('thread-trace');
    const call = traceView(page).locator('#details button', { hasText: 'thread.txt:447' });
    for (let i = 0; i < labels.length && (await call.count()) === 0; i++) await keys(page, 'k');
    await call.first().click();
    await atLine(page, 447);
  });
});
