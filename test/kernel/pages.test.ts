/**
 * docs/scenarios holds a page for each scenario, made from its C comment and its runs. A page that is
 * not current fails; `npx vitest run --project kernel test/kernel/pages.test.ts -u` writes them.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../server/analysis/index.js';
import { readAssets } from '../../server/assets.js';
import { scenarioPage } from '../../server/report/scenario-page.js';

const PAGES = join(import.meta.dirname, '../../docs/scenarios');
const analyzer = await Analyzer.create(readAssets());
const ids = analyzer.kernel.scenarios.map((s) => s.id);

describe('pages of the scenarios', () => {
  it.each(ids)(
    '%s',
    async (id) => {
      const runs = [...analyzer.variants(id, () => ({ states: 5e6, expired: () => false }))];
      await expect(scenarioPage(runs)).toMatchFileSnapshot(join(PAGES, `${id}.md`));
    },
    120_000,
  );

  it('there is one for each scenario and no other', () => {
    const pages = readdirSync(PAGES).filter((f) => f.endsWith('.md') && f !== 'README.md');
    expect(pages.sort()).toEqual(ids.map((id) => `${id}.md`).sort());
  });
});
