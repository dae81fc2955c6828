/**
 * Two hundred ordinary patches of a mailing list (RACELORE_EPOCH): no race may appear that is not real, and
 * the time stays within what an editor can bear. A race that appears is read by a person, who writes what it
 * is into test/judged/ordinary.tsv; one that is not there, or not real there, fails.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Analyzer } from '../../server/analysis/index.js';
import type { CheckResult } from '../../server/analysis/index.js';
import { addModelled } from '../../server/analysis/coverage.js';
import { readAssets } from '../../server/assets.js';
import { mailsOfEpoch } from '../../server/cli/git-epoch.js';
import { readStoredMail } from '../../server/cli/mails.js';
import { ROOT } from '../support/tools.mjs';
import { drawOrdinary } from './ordinary-draw.js';
import { record } from './record.js';

const EPOCH = process.env['RACELORE_EPOCH'] ?? '';
/** Seconds of CPU that one mail may take. */
const WORST = 10;

const judged: ReadonlyMap<string, string> = new Map(
  readFileSync(join(ROOT, 'test/judged/ordinary.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => row.split('\t'))
    .map(([mail = '', race = '', verdict = '']) => [`${mail} ${race}`, verdict]),
);

interface Told {
  readonly mail: string;
  readonly seconds: number;
  readonly appears: readonly string[];
  /** Some changed line stands in a function of the model. */
  readonly modelled: boolean;
  /** No such line is without a place, and every race that the change reaches is decided. */
  readonly complete: boolean;
}

function told(mail: string, seconds: number, { changes, complete }: CheckResult): Told {
  const races = changes.flatMap((c) => c.races);
  const lines = addModelled(changes.map((c) => c.coverage.modelled));
  return {
    mail,
    seconds,
    appears: races.filter((r) => r.outcome === 'appears').map((r) => r.scenario),
    modelled: lines.onModel + lines.noEffect + lines.notPlaced + lines.repaired > 0,
    complete: complete && lines.notPlaced === 0 && races.every((r) => r.outcome !== 'incomplete'),
  };
}

function seconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

test.runIf(EPOCH !== '')('ordinary patches', { timeout: 3_600_000 }, async () => {
  const analyzer = await Analyzer.create(readAssets());
  const drawn = await drawOrdinary(EPOCH);
  const all: Told[] = [];
  for await (const { name, bytes } of mailsOfEpoch(
    EPOCH,
    drawn.map((d) => d.mail),
  )) {
    const { text } = readStoredMail({ name, bytes });
    const start = process.cpuUsage();
    const budget = { states: 2_000_000, expired: () => seconds(start) > WORST - 1 };
    const result = analyzer.check(`test:${name}`, text, budget);
    all.push(told(name, seconds(start), result));
    analyzer.close(`test:${name}`);
  }
  const times = all.map((t) => t.seconds).sort((a, b) => a - b);
  const modelled = all.filter((t) => t.modelled);
  const complete = modelled.filter((t) => t.complete);
  const appears = all.flatMap((t) => t.appears.map((race) => `${t.mail} ${race}`));
  const [median = 0, worst = 0] = [times[times.length >> 1], times.at(-1)];
  record(
    'ordinary',
    `${all.length} ordinary patches: ${appears.length} races appear; of ${modelled.length} that touch ` +
      `modelled functions ${complete.length} have complete verdicts; median ${median.toFixed(1)} s, ` +
      `worst ${worst.toFixed(1)} s of CPU`,
  );
  expect(appears.filter((a) => judged.get(a) !== 'real')).toEqual([]);
  expect(all).toHaveLength(200);
  expect(modelled.length).toBeGreaterThanOrEqual(40);
  expect(median).toBeLessThanOrEqual(1);
  expect(worst).toBeLessThanOrEqual(WORST + 2);
});
