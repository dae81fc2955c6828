/** The result of a check as text for a terminal or a mail: at most 72 columns, safe to print. */
import type { CheckResult } from '../analysis/types.js';
import type { DocRange, Finding } from '../../shared/trace.js';
import { COLUMNS, changeLines, indented } from './change-text.js';
import { oneLine, plain, wrap } from './plain.js';
import { traceText } from './trace-text.js';

export interface TextOptions {
  /** How the input is called in positions. */
  readonly name: string;
  /** Print the witness of every finding. */
  readonly traces: boolean;
}

function place(at: DocRange, result: CheckResult, options: TextOptions): string {
  const file =
    at.uri === result.uri ? options.name : at.uri.replace(/^racelore:\/kernel\//, 'model:');
  return `${file}:${at.line + 1}:${at.character + 1}`;
}

function findingLines(f: Finding, result: CheckResult, options: TextOptions): readonly string[] {
  const out = [
    plain(`${place(f.at, result, options)}: ${f.severity}: [${f.rule}]`),
    ...indented(f.message, 2),
  ];
  for (const r of f.related) {
    out.push(plain(`  ${place(r.at, result, options)}:`), ...indented(r.message, 6));
  }
  if (f.copies.length > 0) {
    const lines = f.copies.map((c) => String(c.line + 1)).join(', ');
    out.push(...indented(`quoted again at line ${lines}`, 2));
  }
  const trace = result.traces.find((t) => t.token === f.token);
  if (options.traces && trace) out.push('', ...traceText(trace, COLUMNS).split('\n'), '');
  return out;
}

/** Ends with a newline. */
export function checkText(result: CheckResult, options: TextOptions): string {
  const out: string[] = [];
  for (const f of result.findings) out.push(...findingLines(f, result, options), '');
  for (const n of result.notes)
    if (n.severity !== 'note')
      out.push(
        ...wrap(plain(`${options.name}:${n.line + 1}: ${oneLine(n.message)}`), COLUMNS, '  '),
      );
  const modelled = result.changes.some(
    (c) => c.status !== 'not modelled' && c.status !== 'quoted only',
  );
  if (modelled) for (const c of result.changes) out.push(...changeLines(c));
  if (result.silence !== undefined)
    out.push(...wrap(oneLine(`${options.name}: ${result.silence}`), COLUMNS, '  '));
  if (!result.complete) out.push('stopped: the budget ended before every scenario was decided');
  return `${out.map((l) => l.trimEnd()).join('\n')}\n`;
}
