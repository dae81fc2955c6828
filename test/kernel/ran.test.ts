/**
 * server/kernel/ran.txt says which functions run in each scenario on each version of the model; changes of
 * others are not run at all. `npm run ran` writes it anew, which a change of the model asks for.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_SWITCHES } from '../../server/analysis/model.js';
import type { ModelKernel, Profile, Scenario } from '../../server/analysis/model.js';
import { RAN_FILE, RanAhead, ranText, textsHash } from '../../server/analysis/ran-ahead.js';
import type { RanRow } from '../../server/analysis/ran-ahead.js';
import { ranIn } from '../../server/analysis/ran.js';
import { runScenario } from '../../server/analysis/run.js';
import { readKernel } from '../../server/assets.js';
import type { Unit } from '../../server/csource/ast.js';
import { modelKernel, parser } from './support.js';

const FILE = join(import.meta.dirname, '../../server/kernel', RAN_FILE);
/** More than a check may take; what needs more has no row. */
const BUDGET = { states: 300_000, expired: () => false };

const kernel = await modelKernel();
const cParser = await parser();
const files = readKernel();
const { scenarios, profiles, latest } = kernel;

function ranOf(scenario: Scenario, profile: Profile): ReadonlySet<string> | undefined {
  const config = { scenario, profile, switches: NO_SWITCHES, patch: [], base: profile.name };
  return ranIn(runScenario(kernel, kernel.table, config, BUDGET));
}

function* rows(of: ModelKernel): Generator<RanRow> {
  for (const scenario of of.scenarios)
    for (const profile of profiles) {
      const ran = ranOf(scenario, profile);
      if (ran) yield { scenario: scenario.id, profile: profile.name, ran };
    }
}

if (process.env['RACELORE_RAN'] === 'write') {
  it('writes the table', { timeout: 1_200_000 }, () => {
    writeFileSync(FILE, ranText(files, [...rows(kernel)]));
  });
} else {
  describe('functions that run in each scenario', () => {
    it('are of these texts: else `npm run ran` is due', () => {
      expect(readFileSync(FILE, 'utf8').split('\n')[0]).toBe(`texts\t${textsHash(files)}`);
    });

    const ahead = new RanAhead(files);
    const text = 'void trap(void) { assert(0); }';
    const src = kernel.table.add({ name: 'trap.c', uri: 'test:trap.c', text });
    const [trap] = cParser.parseFile(src).items.flatMap((i) => (i.kind === 'function' ? [i] : []));
    /** The named functions of the model with a body that fails. */
    const trapped = (names: ReadonlySet<string>): Unit => {
      const items = kernel.kernelUnits
        .flatMap((u) => u.items)
        .flatMap((i) => (i.kind === 'function' && names.has(i.name) && trap ? [i] : []))
        .map((i) => ({ ...i, body: trap?.body ?? i.body }));
      return { src: src.id, items, problems: [] };
    };
    const resultWith = (scenario: Scenario, profile: Profile, patch: readonly Unit[]): string => {
      const config = { scenario, profile, switches: NO_SWITCHES, patch, base: '' };
      const { verdict, traces } = runScenario(kernel, kernel.table, config, BUDGET);
      return [verdict.kind, ...traces.map((t) => t.key.id).sort()].join('; ');
    };

    it.each(scenarios)('$id', { timeout: 60_000 }, (scenario) => {
      const profile = kernel.profile(scenario.profile ?? '') ?? latest;
      const ran = ranOf(scenario, profile);
      expect([...(ahead.of(scenario.id, profile.name) ?? [])].sort()).toEqual(
        [...(ran ?? [])].sort(),
      );
      // What is not among them may do anything.
      const program = kernel.link(profile, NO_SWITCHES, [], scenario);
      const others = new Set([...program.functions.keys()].filter((f) => ran?.has(f) === false));
      expect(resultWith(scenario, profile, [trapped(others)])).toBe(
        resultWith(scenario, profile, []),
      );
    });

    it('one of those that run may not', () => {
      const scenario = kernel.scenario('U1') ?? scenarios[0];
      if (!scenario) throw new Error('no scenario');
      const plain = resultWith(scenario, latest, []);
      const ran = [...(ranOf(scenario, latest) ?? [])];
      const seen = ran.filter(
        (f) => resultWith(scenario, latest, [trapped(new Set([f]))]) !== plain,
      );
      expect(seen.length).toBeGreaterThan(5);
    });
  });
}
