/** A series as JSON for scripts: lines 1-based, keys in a fixed order. */
import { addModelled } from '../analysis/coverage.js';
import type { ChangeReport, CheckResult } from '../analysis/types.js';
import { SERIES_SCHEMA } from '../../shared/trace.js';
import { shownOutcome } from './change-text.js';
import { safeJson } from './json.js';
import { patchName } from './series-text.js';

/** `changes`: the patches of one series in their order. Ends with a newline. */
export function seriesJson(result: CheckResult, changes: readonly ChangeReport[]): string {
  const value = {
    schema: SERIES_SCHEMA,
    complete: result.complete,
    races: [...new Set(changes.flatMap((c) => c.races.map((r) => r.scenario)))].sort(),
    patches: changes.map((c) => ({
      name: patchName(c),
      subject: c.subject,
      path: c.path,
      line: c.line + 1,
      status: c.status,
      base: c.base,
      touched: c.touched,
      coverage: { ...c.coverage, notPlaced: c.coverage.notPlaced.length },
      races: Object.fromEntries(c.races.map((r) => [r.scenario, shownOutcome(r)])),
      uncovered: [...new Set(c.races.flatMap((r) => r.uncovered))].sort(),
    })),
    modelled: addModelled(changes.map((c) => c.coverage.modelled)),
  };
  return `${safeJson(value)}\n`;
}
