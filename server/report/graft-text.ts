/** Where the changed lines of a patch went on the model, as text: at most 72 columns, safe to print. */
import type {
  ExplainedChange,
  ExplainedFunction,
  ExplainedLine,
} from '../analysis/explain-graft.js';
import { COLUMNS, indented, modelledText } from './change-text.js';
import { diffLines } from './diff-lines.js';
import { clip, oneLine, plain } from './plain.js';

const CLASS_TEXT: Record<ExplainedLine['class'], string> = {
  'on-model': 'on the model',
  'no-effect': 'no effect',
  'not-placed': 'not placed',
  repaired: 'on the model',
};

const TAB = '    ';
const CONTEXT = 2;

/** A line of code, its indentation kept, made safe. */
function code(text: string, width: number): string {
  return clip(plain(text).replace(/\n/gu, ' ').replace(/\t/gu, TAB).trimEnd(), width);
}

function placeOf({ model }: ExplainedLine): string {
  if (!model) return '';
  const { uri, line } = model.at;
  const file = uri.startsWith('racelore:') ? uri.replace(/^.*\//u, '') : 'line ';
  return file === 'line ' ? `line ${line + 1}` : `${file}:${line + 1}`;
}

/** Neighbouring lines with one answer. */
function runsOf(lines: readonly ExplainedLine[]): readonly (readonly ExplainedLine[])[] {
  const runs: ExplainedLine[][] = [];
  for (const l of lines) {
    const last = runs.at(-1)?.at(-1);
    const same =
      last?.class === l.class &&
      last.why === l.why &&
      last.line + 1 === l.line &&
      placeOf(last) === placeOf(l);
    if (same) runs.at(-1)?.push(l);
    else runs.push([l]);
  }
  return runs;
}

function runLines(run: readonly ExplainedLine[]): readonly string[] {
  const out = run.map((l) => {
    const head = `${String(l.line + 1).padStart(6)} ${l.mark}`;
    return `${head}${code(l.text, COLUMNS - head.length)}`.trimEnd();
  });
  const [first] = run;
  if (!first) return out;
  const place = placeOf(first);
  const at = place === '' ? '' : `, ${place}`;
  out.push(...indented(`= ${CLASS_TEXT[first.class]}: ${first.why}${at}`, 8));
  if (first.model) out.push(`        | ${code(first.model.text, COLUMNS - 10)}`.trimEnd());
  return out;
}

/** The model's function with the change in it. */
function mergedLines(f: ExplainedFunction): readonly string[] {
  if (f.after === undefined || f.before === undefined) return [];
  const changed = diffLines(f.before.trimEnd().split('\n'), f.after.trimEnd().split('\n'), CONTEXT);
  if (changed.length === 0) return [];
  return [
    '    the function of the model, with the change:',
    ...changed.map((l) => `      ${code(l, COLUMNS - 6)}`.trimEnd()),
  ];
}

function functionLines(f: ExplainedFunction): readonly string[] {
  const name = f.name === '' ? 'outside of functions' : `${f.name}()`;
  const known =
    f.name === '' || f.modelled ? '' : f.after === undefined ? ', not modelled' : ', new';
  return [
    ...indented(`${name}${known}`, 2),
    ...runsOf(f.lines.filter((l) => l.text.trim() !== '')).flatMap(runLines),
    ...mergedLines(f),
    '',
  ];
}

/** Comments and blank lines between functions say nothing of the model. */
function hasCode(f: ExplainedFunction): boolean {
  return f.name !== '' || f.lines.some((l) => l.class !== 'no-effect');
}

function changeLines(c: ExplainedChange): readonly string[] {
  const on = c.base === '' ? '' : `, on: ${c.base}`;
  return [
    ...indented(`${c.label} line ${c.line + 1}: ${c.path}${on}`, 0),
    ...(c.subject === '' ? [] : indented(oneLine(c.subject), 2)),
    ...indented(modelledText(c.coverage.modelled), 2),
    '',
    ...c.functions.filter(hasCode).flatMap(functionLines),
  ];
}

/** Ends with a newline. */
export function graftText(changes: readonly ExplainedChange[]): string {
  return `${changes.flatMap(changeLines).join('\n').trimEnd()}\n`;
}
