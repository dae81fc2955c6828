/** Two versions of a series and their races as JSON for scripts: keys in a fixed order. */
import type { ChangeReport } from '../analysis/types.js';
import type { Version, VersionPair } from '../analysis/versions.js';
import { VERSIONS_SCHEMA } from '../../shared/trace.js';
import { shownOutcome } from './change-text.js';
import { safeJson } from './json.js';

function patch(c: ChangeReport | undefined): object | undefined {
  if (!c) return undefined;
  const races = Object.fromEntries(c.races.map((r) => [r.scenario, shownOutcome(r)]));
  return { n: c.series?.n, subject: c.subject, line: c.line + 1, status: c.status, races };
}

function head({ version, patches }: Version): object {
  return { version, patches: patches.length };
}

/** Ends with a newline. */
export function versionsJson({ old, now, pairs, races }: VersionPair, complete: boolean): string {
  const value = {
    schema: VERSIONS_SCHEMA,
    complete,
    old: head(old),
    now: head(now),
    races,
    patches: pairs.map((p) => ({ old: patch(p.old), now: patch(p.now) })),
  };
  return `${safeJson(value)}\n`;
}
