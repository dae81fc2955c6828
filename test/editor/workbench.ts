/** What a user does in the window, by keyboard where there is a way. */
import type { FrameLocator, Page } from 'playwright-core';

/** Puts the cursor; both 1-based. */
export async function goTo(page: Page, line: number, column: number): Promise<void> {
  await page.keyboard.press('Control+g');
  await page.locator('.quick-input-widget input').fill(`:${line}:${column}`);
  await page.keyboard.press('Enter');
  await atLine(page, line);
}

/** Waits until the status bar says that the cursor stands on the line. */
export async function atLine(page: Page, line: number): Promise<void> {
  await page.locator('.statusbar-item-label', { hasText: new RegExp(`Ln ${line}, `) }).waitFor();
}

export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${title}`);
  const first = page.locator('.quick-input-list .monaco-list-row').first();
  await first.filter({ hasText: title }).waitFor();
  await page.keyboard.press('Enter');
}

/** Titles of the palette's rows for a search. */
export async function offered(page: Page, search: string): Promise<readonly string[]> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${search}`);
  const rows = page.locator('.quick-input-list .monaco-list-row .label-name');
  await rows.first().waitFor();
  const titles = await rows.allTextContents();
  await page.keyboard.press('Escape');
  return titles;
}

/** Shows the hover at the cursor and returns its text. */
export async function hoverAtCursor(page: Page): Promise<string> {
  const hover = page.locator('.monaco-hover:visible').first();
  for (let tries = 0; ; tries++) {
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+i');
    try {
      await hover.waitFor({ timeout: 2000 });
      // Asked again it has the focus and all of its parts.
      await page.waitForTimeout(300);
      return await hover.innerText();
    } catch (error) {
      if (tries >= 8) throw error;
    }
  }
}

/** The page inside the trace panel. */
export function traceView(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}

export function lens(page: Page, text: RegExp): ReturnType<Page['locator']> {
  return page.locator('.codelens-decoration a', { hasText: text }).first();
}

/** Label of the selected row of the trace. */
export function selectedRow(page: Page): Promise<string | null> {
  return traceView(page).locator('[role=treeitem][aria-selected=true]').getAttribute('aria-label');
}

/** Presses keys one after the other, as a person would. */
export async function keys(page: Page, ...pressed: readonly string[]): Promise<void> {
  for (const key of pressed) await page.keyboard.press(key);
}
