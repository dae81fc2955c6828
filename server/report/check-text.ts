/** The result of a check as text for a terminal or a mail: at most 72 columns, safe to print. */
import type { ChangeReport, CheckResult } from '../analysis/types.js';
import type { DocRange, Finding } from '../../shared/trace.js';
import { oneLine, plain, wrap } from './plain.js';
import { traceText } from './trace-text.js';

const COLUMNS = 72;

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

function indented(text: string, by: number): readonly string[] {
  const pad = ' '.repeat(by);
  return wrap(oneLine(text), COLUMNS - by, '  ').map((l) => pad + l);
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

const STATUS_TEXT: Record<Exclude<ChangeReport['status'], 'analysed'>, string> = {
  'in the model': 'already in the model: before is the change taken back',
  'base unknown': 'base unknown: neither side matches a profile, no verdict',
  'not modelled': 'not modelled',
  'quoted only': 'quoted only: its mail is not in this document',
};

function coverageText(c: ChangeReport): string {
  const { onModel, noEffect, notPlaced, repaired } = c.coverage;
  const parts = [
    `${onModel} on the model`,
    `${noEffect} no effect`,
    `${notPlaced.length} not placed`,
  ];
  if (repaired > 0) parts.push(`${repaired} repaired`);
  return `changed lines: ${parts.join(', ')}`;
}

function names(functions: readonly string[]): string {
  return functions.map((f) => (f === '' ? 'code of no known function' : f)).join(', ');
}

function changeLines(
  c: ChangeReport,
  result: CheckResult,
  options: TextOptions,
): readonly string[] {
  const head = `${c.label === '' ? '-' : c.label} line ${c.line + 1}: ${c.path}`;
  const out = [...wrap(oneLine(c.base === '' ? head : `${head}, on: ${c.base}`), COLUMNS, '    ')];
  if (c.status !== 'analysed') {
    const names =
      c.status === 'not modelled' && c.notModelled.length > 0
        ? `: ${c.notModelled.join(', ')}`
        : '';
    out.push(...indented(`${STATUS_TEXT[c.status]}${names}`, 4));
  }
  if (c.status === 'quoted only' || c.status === 'not modelled') return out;
  for (const r of c.races) {
    out.push(...indented(`${r.scenario.padEnd(5)} ${r.outcome}: ${r.title}`, 4));
    if (r.outcome === 'incomplete' && r.uncovered.length > 0)
      out.push(...indented(`lines not placed in ${names(r.uncovered)}`, 10));
    else if (r.outcome !== 'appears') out.push(...indented(`after: ${r.after.text}`, 10));
  }
  if (c.races.length === 0) out.push(...indented('no scenario of the model reaches it', 4));
  out.push(...indented(coverageText(c), 4));
  for (const n of c.coverage.notPlaced)
    out.push(...indented(`${place(n.at, result, options)} not placed: ${n.why}`, 6));
  for (const r of c.repairs) out.push(...indented(`repaired hunk: ${r}`, 4));
  if (c.copies.length > 0) {
    const lines = c.copies.map((l) => String(l + 1)).join(', ');
    out.push(
      ...indented(`the same change is quoted ${c.copies.length} times, at line ${lines}`, 4),
    );
  }
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
  if (modelled) for (const c of result.changes) out.push(...changeLines(c, result, options));
  if (result.silence !== undefined)
    out.push(...wrap(oneLine(`${options.name}: ${result.silence}`), COLUMNS, '  '));
  if (!result.complete) out.push('stopped: the budget ended before every scenario was decided');
  return `${out.map((l) => l.trimEnd()).join('\n')}\n`;
}
