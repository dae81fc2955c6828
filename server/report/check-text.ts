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
  /** 0-based line of the file for each line of the text, when the text was decoded. */
  readonly rawLine?: readonly number[] | undefined;
  /** File of each line of the text, when it is several. */
  readonly rawFile?: ((line: number) => string) | undefined;
}

/** `44:9`; of a decoded text the line in the file, then the place in the text. */
function position(line: number, character: number | undefined, options: TextOptions): string {
  const shown = character === undefined ? String(line + 1) : `${line + 1}:${character + 1}`;
  const raw = options.rawLine?.[line];
  return raw === undefined ? shown : `${raw + 1} (decoded ${shown})`;
}

function place(at: DocRange, result: CheckResult, options: TextOptions): string {
  const name = options.rawFile?.(at.line) ?? options.name;
  if (at.uri === result.uri) return `${name}:${position(at.line, at.character, options)}`;
  const file = at.uri.replace(/^racelore:\/kernel\//, 'model:');
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
    const lines = f.copies.map((c) => position(c.line, undefined, options)).join(', ');
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
        ...wrap(
          plain(`${options.name}:${position(n.line, undefined, options)}: ${oneLine(n.message)}`),
          COLUMNS,
          '  ',
        ),
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
