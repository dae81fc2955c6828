/** The trace view in a real browser, behind its content policy, in all four kinds of themes. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/tools.mjs';
import { TRACE, VIEW } from '../unit/trace-view/sample.js';
import { THEMES } from './themes.js';
import { type TracePage, type TracePages, startTracePages } from './trace-page.js';

const OUTPUT = join(ROOT, 'test/output/trace-view');
const [LIGHT] = THEMES;
let pages: TracePages;

beforeAll(async () => {
  mkdirSync(OUTPUT, { recursive: true });
  pages = await startTracePages(THEMES);
});
afterAll(() => pages.close());

async function shown(view = VIEW): Promise<TracePage> {
  if (!LIGHT) throw new Error('no theme');
  const trace = await pages.open(LIGHT);
  await trace.post({ type: 'show', view });
  await trace.page.locator('#steps').waitFor();
  return trace;
}

async function keys(trace: TracePage, ...pressed: readonly string[]): Promise<void> {
  for (const key of pressed) await trace.page.keyboard.press(key);
}

describe.each(THEMES)('theme $name', (theme) => {
  it('shows lanes, bars and details, and the policy refuses nothing', async () => {
    const trace = await pages.open(theme);
    await trace.post({ type: 'show', view: VIEW });
    await trace.page.locator('#steps').waitFor();
    await keys(trace, 'j', 'j', 'j', 'ArrowRight');
    expect(await trace.page.locator('.lane-head').allTextContents()).toEqual([
      'writer',
      'worker (daemon)',
      'disk (irq)',
    ]);
    expect(await trace.page.locator('.bar.begins').count()).toBe(3);
    expect(await trace.page.locator('#details h2').textContent()).toBe('Step 4: writer');
    expect(await trace.refused()).toEqual([]);
    await trace.page.screenshot({ path: join(OUTPUT, `${theme.kind}.png`), fullPage: true });
    await keys(trace, 'ArrowLeft', 'End');
    await trace.page.screenshot({ path: join(OUTPUT, `${theme.kind}-end.png`), fullPage: true });
    await trace.page.close();
  });

  it('text stands out from what is behind it (WCAG AA)', async () => {
    const trace = await pages.open(theme);
    await trace.post({ type: 'show', view: VIEW });
    await trace.page.locator('#steps').waitFor();
    expect(await trace.page.evaluate(lowContrast)).toEqual([]);
    await trace.page.close();
  });
});

/** In the page: texts whose contrast to their background is below 4.5. */
function lowContrast(): string[] {
  const parse = (color: string): [number, number, number, number] => {
    const [r = 0, g = 0, b = 0, a = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = (
    top: readonly number[],
    under: readonly number[],
  ): [number, number, number, number] => {
    const a = top[3] ?? 1;
    const mix = (i: number): number => (top[i] ?? 0) * a + (under[i] ?? 0) * (1 - a);
    return [mix(0), mix(1), mix(2), 1];
  };
  const light = (c: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = c.map((v) =>
      v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node: Element | null): [number, number, number, number] => {
    if (!node) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(node).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(node.parentElement));
  };
  const low: string[] = [];
  for (const node of document.querySelectorAll('main *')) {
    const text = [...node.childNodes]
      .filter((c) => c.nodeType === 3)
      .map((c) => c.textContent)
      .join('')
      .trim();
    if (text === '' || node.closest('.for-readers')) continue;
    const back = behind(node);
    const ink = light(over(parse(getComputedStyle(node).color), back));
    const paper = light(back);
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < 4.5) low.push(`${node.className}: ${text} ${ratio.toFixed(2)}`);
  }
  return low;
}

describe('by keyboard alone', () => {
  it('steps to the end, announces it, and Enter asks for the source line', async () => {
    const trace = await shown();
    await keys(trace, 'j', 'ArrowDown');
    expect(await trace.selected()).toContain('Step 3 of 5. disk: ack();');
    expect(await trace.page.locator('#live').textContent()).toContain(
      'Step 3 of 5, disk. Holds nothing',
    );
    await keys(trace, 'Enter', 'End');
    expect(await trace.selected()).toContain('Deadlock. writer waits for lock B of obj');
    expect(await trace.page.locator('#details li').first().textContent()).toContain(
      'held by worker since step 2',
    );
    await keys(trace, 'k', '[', '[');
    expect(await trace.selected()).toContain('Step 1 of 5');
    expect(await trace.sent()).toEqual([
      { type: 'ready' },
      { type: 'source', at: TRACE.steps[2]?.at },
    ]);
    await trace.page.close();
  });

  it('the rows are one tab stop, and the active descendant is the selected row', async () => {
    const trace = await shown();
    await keys(trace, 'j');
    expect(await trace.page.locator('#steps').getAttribute('aria-activedescendant')).toBe('row-1');
    expect(await trace.page.locator('#steps [tabindex], #steps button, #steps a').count()).toBe(0);
    const names = await trace.page
      .locator('button, select')
      .evaluateAll((all) => all.map((b) => b.getAttribute('aria-label') ?? b.textContent));
    expect(names).not.toContain('');
    await trace.page.close();
  });

  it('c lists the threads that can move here and goes on from there', async () => {
    const trace = await shown();
    await keys(trace, 'j', 'j', 'c');
    const dialog = trace.page.getByRole('dialog', {
      name: 'Which thread moves instead of step 3?',
    });
    expect(await dialog.locator('p, button.choice').allTextContents()).toEqual([
      'writer',
      'worker: waits for lock A of obj, held by writer since step 1',
      'disk: moves here',
      'timer: has nothing left to do',
    ]);
    await keys(trace, 'ArrowDown', 'Enter');
    const params = {
      uri: VIEW.uri,
      scenario: 'T1',
      side: 'after',
      token: TRACE.token,
      keep: 3,
      thread: 0,
    };
    expect((await trace.sent()).at(-1)).toEqual({ type: 'continue', params });
    const own = { verdict: TRACE.verdict, traces: [{ ...TRACE, token: 'T1:0.1.0' }], texts: [''] };
    await trace.post({ type: 'own', side: own });
    await trace.page.locator('[data-side=own][aria-pressed=true]').waitFor();
    expect(await trace.selected()).toContain('Step 3 of 5');
    await trace.page.close();
  });

  it('? shows the keys, Escape goes back to the rows', async () => {
    const trace = await shown();
    await keys(trace, '?');
    await trace.page.screenshot({ path: join(OUTPUT, 'keys.png') });
    expect(
      await trace.page.getByRole('dialog', { name: 'Keys' }).locator('tr').count(),
    ).toBeGreaterThan(9);
    await keys(trace, 'Escape', 'j');
    expect(await trace.selected()).toContain('Step 2 of 5');
    await trace.page.close();
  });

  it('d hides the steps that change nothing, b shows the other side', async () => {
    const trace = await shown();
    await keys(trace, 'd');
    expect(await trace.page.locator('[role=treeitem]').count()).toBe(4);
    await keys(trace, 'b');
    expect(await trace.page.locator('.verdict').textContent()).toContain(
      'none within bounds (4 threads',
    );
    expect(await trace.page.locator('#rows').textContent()).toContain('No schedule on this side');
    await keys(trace, 'b');
    expect(await trace.page.locator('[role=treeitem]').count()).toBe(4);
    await trace.page.close();
  });
});

it('comes back as it was after a reload', async () => {
  const trace = await shown();
  await keys(trace, 'j', 'j', 'j', 'ArrowRight', 'ArrowDown');
  const stored = await trace.stored();
  await trace.page.close();
  if (!LIGHT) throw new Error('no theme');
  const again = await pages.open(LIGHT, stored);
  expect(await again.selected()).toContain('Operation 1 of 3 of step 4');
  await again.page.close();
});

it('bytes of a mail stay text', async () => {
  const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\u202e';
  const [first, ...rest] = TRACE.steps;
  if (!first) throw new Error('sample has steps');
  const change = { name: evil, from: evil, to: evil };
  const step = {
    ...first,
    text: evil,
    notes: [evil],
    changes: [change],
    stack: [{ ...first.stack[0], function: evil, at: first.at, patched: true }],
  };
  const hostile = {
    ...TRACE,
    title: evil,
    threads: TRACE.threads.map((t) => ({ ...t, name: evil })),
    steps: [step, ...rest],
  };
  const trace = await shown({
    ...VIEW,
    title: evil,
    after: { ...VIEW.after, traces: [hostile, hostile] },
  });
  await keys(trace, 'ArrowRight', 'c');
  expect(await trace.page.locator('main img, main script, dialog img').count()).toBe(0);
  expect(await trace.page.evaluate(() => Reflect.has(window, 'pwned'))).toBe(false);
  expect(await trace.page.locator('.row code.text').first().textContent()).toBe(evil);
  await trace.page.close();
});

it('says that the host is busy or could not go on', async () => {
  const trace = await shown();
  await trace.post({ type: 'failed', text: 'writer cannot move here' });
  await trace.page.getByText('writer cannot move here').waitFor();
  await trace.page.close();
});

it('three lanes and the details fit a narrow editor group', async () => {
  const trace = await shown();
  await trace.page.setViewportSize({ width: 480, height: 900 });
  await trace.page.screenshot({ path: join(OUTPUT, 'narrow.png'), fullPage: true });
  const wider = await trace.page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  expect(wider).toBeLessThanOrEqual(0);
  await trace.page.close();
});
