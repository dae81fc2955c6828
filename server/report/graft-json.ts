/** Where the changed lines of a patch went, as JSON for scripts: lines 1-based. */
import type { ExplainedChange } from '../analysis/explain-graft.js';
import { GRAFT_SCHEMA } from '../../shared/trace.js';
import { safeJson } from './json.js';

/** `rawLine`: 0-based line of the file for each line of the text, when it was decoded. Ends with a newline. */
export function graftJson(
  changes: readonly ExplainedChange[],
  uri: string,
  rawLine?: readonly number[],
): string {
  const value = {
    schema: GRAFT_SCHEMA,
    uri,
    changes: changes.map((c) => ({
      ...c,
      line: c.line + 1,
      coverage: { ...c.coverage, notPlaced: c.coverage.notPlaced.length },
      functions: c.functions.map((f) => ({
        ...f,
        lines: f.lines.map((l) => ({
          ...l,
          line: l.line + 1,
          ...(rawLine ? { fileLine: (rawLine[l.line] ?? l.line) + 1 } : {}),
          ...(l.model
            ? { model: { uri: l.model.at.uri, line: l.model.at.line + 1, text: l.model.text } }
            : {}),
        })),
      })),
    })),
  };
  return `${safeJson(value)}\n`;
}
