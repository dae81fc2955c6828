/** A reviewer's way through a series in VS Code, by keyboard: the tree, versions compared, a reply drafted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERIES } from '../lsp/series-mails.js';
import { EXAMPLE } from '../lsp/texts.js';
import { type Editor, startEditor } from './host.js';
import { atLine, command, goTo, keys } from './workbench.js';

/** An answer that would be a heading and bold if it were read as Markdown or HTML. */
const HOSTILE = '```\n# Big <b>bold</b> [a](command:racelore.showLog)\n```';
const MAILS = SERIES.replace('Right, will fix.', `Right, will fix.\n${HOSTILE}`);

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({ files: new Map([['series.mbox', MAILS + EXAMPLE]]) });
});
afterAll(() => editor.close());

/** 1-based line of the n-th line with this text. */
function nth(text: string, n: number): number {
  const found = MAILS.split('\n').flatMap((line, i) => (line === text ? [i + 1] : []));
  return found[n] ?? 0;
}

/** Rows of the review view: what a screen reader says of them. */
async function rows(): Promise<readonly string[]> {
  const items = editor.page.locator(
    '[role=treeitem][aria-label^="Series"], .pane-body [role=treeitem]',
  );
  return items.evaluateAll((all) => all.map((e) => e.getAttribute('aria-label') ?? ''));
}

/** Goes down the view, row by row, to the first row with this text. */
async function walkTo(text: string): Promise<void> {
  const { page } = editor;
  await command(page, 'Kernel Review: Focus on Series View');
  const row = page.locator('.pane-body [role=treeitem].focused', { hasText: text });
  await keys(page, 'Home');
  for (let tries = 0; tries < 40; tries++) {
    if (await row.isVisible()) return;
    await keys(page, 'ArrowDown');
    await page.waitForTimeout(100);
  }
  throw new Error(`no row ${text}`);
}

describe('the review view', () => {
  it('shows the series of the open mailbox with the newest version open', async () => {
    const { page } = editor;
    await editor.open('series.mbox');
    await page.locator('.activitybar [aria-label^="Kernel Review"]').first().waitFor();
    await command(page, 'Kernel Review: Focus on Series View');
    await page.getByRole('treeitem', { name: /^Series, demo: lock the log/ }).waitFor();
    await editor.screenshot('review-tree');
    expect(await rows()).toEqual(
      expect.arrayContaining([
        'Series, demo: lock the log, v1, v2',
        'Version, v2, Ada Writer, 2025-08-05 · 2 patches',
        'Patch, 1/2 demo: lock the counter, changed',
      ]),
    );
  });

  it('goes to the line of a row by keyboard', async () => {
    const { page } = editor;
    await walkTo('1/2 demo: lock the counter');
    await keys(page, 'ArrowRight');
    await page.locator('.pane-body [role=treeitem]', { hasText: 'log_add()' }).waitFor();
    await walkTo('log_add()');
    await keys(page, 'Enter');
    await atLine(page, nth(' int log_add(struct log *log, int n)', 1));
  });

  it('has the finding once it is confirmed', async () => {
    const { page } = editor;
    const series = page.getByRole('treeitem', { name: /^Series, ext4: keep the edges/ });
    await series.filter({ hasText: /[1-9] finding/ }).waitFor();
  });
});

describe('comments', () => {
  it('stand on the lines of the patch that they are about, as they were written', async () => {
    const { page } = editor;
    await goTo(page, 1, 1);
    await command(page, 'Racelore: Next Comment');
    const comment = page.locator('.review-widget:visible').first();
    await comment.locator('.comment-body', { hasText: 'The lock is still held here' }).waitFor();
    expect(await comment.innerText()).toContain('See log_add() in <v1-0@example.org>.');
    expect(await comment.innerText()).toContain('Right, will fix.');
    expect(await comment.innerText()).toContain(HOSTILE);
    expect(await comment.locator('.comment-body :is(h1, b, strong, a)').count()).toBe(0);
    expect(await comment.innerText()).toMatch(/answered/i);
    await atLine(page, nth(' \tlog_count += n;', 0) - 1);
    await editor.screenshot('comment');
    await keys(page, 'Escape');
  });
});

describe('commands', () => {
  it('compare the version at the cursor with the one before it, in colours of a diff', async () => {
    const { page } = editor;
    await page.locator('.tab', { hasText: 'series.mbox' }).click();
    await goTo(page, nth('Subject: [PATCH v2 1/2] demo: lock the counter', 0), 1);
    await command(page, 'Racelore: Compare with Previous Version');
    await page.locator('.tab.active', { hasText: 'v1-v2.diff' }).waitFor();
    await page.locator('.statusbar-item-label', { hasText: /^Diff$/ }).waitFor();
    await page.locator('.view-line', { hasText: 'v1 against v2' }).waitFor();
    await editor.screenshot('compare');
  });

  it('draft a reply that quotes the hunk at the cursor', async () => {
    const { page } = editor;
    await page.locator('.tab', { hasText: 'series.mbox' }).click();
    await goTo(page, nth(' int log_read(struct log *log)', 0), 1);
    await command(page, 'Racelore: Draft Reply Quoting the Selection');
    await editor.screenshot('draft');
    await page.locator('.view-line', { hasText: /Re:.\[PATCH.2\/2\]/ }).waitFor();
    await atLine(page, 18);
    await page.locator('.statusbar-item-label', { hasText: /^Kernel Mail$/ }).waitFor();
  });
});
