/** Results as JSON for scripts: lines and columns 1-based, keys in a fixed order. */
import type { CheckResult } from '../analysis/types.js';
import { CHECK_SCHEMA } from '../../shared/trace.js';
import type { DocRange } from '../../shared/trace.js';
import { shownOutcome } from './change-text.js';

type Ranged = Record<string, string | number>;

/**
 * `rawLine` of the document: places in it then have the line of the file itself, as `fileLine`; with
 * `fileOf` also the file.
 */
function ranges(
  rawLine: readonly number[] | undefined,
  fileOf: ((line: number) => string) | undefined,
): (at: DocRange) => Ranged {
  return (at) => {
    const raw = at.uri.startsWith('racelore:') ? undefined : rawLine?.[at.line];
    return raw === undefined
      ? plainRange(at)
      : {
          ...plainRange(at),
          ...(fileOf ? { file: fileOf(at.line) } : {}),
          fileLine: raw + 1,
        };
  };
}

function plainRange(at: DocRange): Ranged {
  return {
    uri: at.uri,
    line: at.line + 1,
    column: at.character + 1,
    endLine: at.endLine + 1,
    endColumn: at.endCharacter + 1,
  };
}

/** JSON in which everything that could steer a terminal is escaped. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Traces keep their own 0-based schema (`racelore/trace@1`); everything else is 1-based. Ends with a newline. */
export function checkJson(
  result: CheckResult,
  rawLine?: readonly number[],
  fileOf?: (line: number) => string,
): string {
  const range = ranges(rawLine, fileOf);
  const value = {
    schema: CHECK_SCHEMA,
    uri: result.uri,
    form: result.form,
    messages: result.messages,
    complete: result.complete,
    ...(result.silence === undefined ? {} : { silence: result.silence }),
    findings: result.findings.map((f) => ({
      id: f.id,
      rule: f.rule,
      severity: f.severity,
      message: f.message,
      ...range(f.at),
      related: f.related.map((r) => ({ ...range(r.at), message: r.message })),
      copies: f.copies.map(range),
      scenario: f.scenario,
      key: f.key,
      token: f.token,
    })),
    changes: result.changes.map((c) => ({
      ...c,
      line: c.line + 1,
      copies: c.copies.map((l) => l + 1),
      coverage: {
        ...c.coverage,
        notPlaced: c.coverage.notPlaced.map((n) => ({ ...range(n.at), why: n.why })),
      },
      races: c.races.map((r) => ({
        scenario: r.scenario,
        title: r.title,
        outcome: shownOutcome(r),
        apart: r.apart,
        before: r.before,
        after: r.after,
        keys: r.keys.map((k) => ({
          key: k.key,
          outcome: k.outcome,
          token: k.trace.token,
          steps: k.trace.steps.length,
          switches: k.trace.switches,
        })),
      })),
    })),
    notes: result.notes.map((n) => ({ ...n, line: n.line + 1 })),
    traces: result.traces,
  };
  return `${safeJson(value)}\n`;
}
