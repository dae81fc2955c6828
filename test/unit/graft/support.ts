/** Grafts small patches onto small models: C and diff lines in, C and an account of lines out. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Unit } from '../../../server/csource/ast.js';
import { CParser } from '../../../server/csource/parser.js';
import { printC } from '../../../server/csource/print.js';
import { SourceTable } from '../../../server/csource/source.js';
import type { LineOrigin } from '../../../server/csource/source.js';
import { graft, ungraft } from '../../../server/graft/index.js';
import type { GraftResult, Placement, Switches } from '../../../server/graft/index.js';

const require = createRequire(import.meta.url);

export async function loadParser(): Promise<CParser> {
  const core = readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm'));
  const grammar = readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm'));
  return CParser.load(core, grammar);
}

const ALL_OFF: Switches = { since: () => false, fix: () => false };

/** Removes the common indentation of a template literal and its first and last line break. */
export function dedent(text: string): string {
  const lines = text
    .replace(/^\n/, '')
    .replace(/\n[ \t]*$/, '')
    .split('\n');
  const depth = Math.min(
    ...lines.filter((l) => l.trim() !== '').map((l) => /^ */.exec(l)?.[0].length ?? 0),
  );
  return lines.map((l) => l.slice(depth)).join('\n');
}

export interface Grafted {
  readonly result: GraftResult;
  readonly table: SourceTable;
  /** Changed and added functions as C. */
  readonly c: string;
  /** `+ 12 on-model: added` a changed line, with the 1-based line of the diff. */
  readonly account: readonly string[];
}

export interface Case {
  readonly model: string;
  /**
   * Every line begins with ` `, `+` or `-`. Lines `@@ section` begin a hunk each; without any the
   * patch is one hunk of whole functions.
   */
  readonly patch: string;
  readonly switches?: Switches;
  readonly reverse?: boolean;
  /** Of the file that the patch changes. */
  readonly path?: string;
}

interface TestHunk {
  readonly section: string | undefined;
  /** With the line number in the whole patch. */
  readonly lines: { readonly text: string; readonly line: number }[];
}

function hunksOf(patch: string): readonly TestHunk[] {
  const hunks: TestHunk[] = [];
  dedent(patch)
    .split('\n')
    .forEach((text, line) => {
      if (text.startsWith('@@')) hunks.push({ section: text.slice(3), lines: [] });
      else {
        if (hunks.length === 0) hunks.push({ section: undefined, lines: [] });
        hunks.at(-1)?.lines.push({ text: text === '' ? ' ' : text, line });
      }
    });
  return hunks;
}

function parse(
  parser: CParser,
  table: SourceTable,
  hunk: TestHunk,
  side: '-' | '+',
  path: string,
): Unit {
  const other = side === '-' ? '+' : '-';
  const kept = hunk.lines.filter(({ text }) => !text.startsWith(other));
  const src = table.add({
    name: path,
    uri: 'mail:1',
    text: kept.map(({ text }) => text.slice(1)).join('\n'),
    lines: kept.map(({ text, line }): LineOrigin => ({
      line,
      column: 1,
      mark: text.startsWith(side) ? side : ' ',
    })),
  });
  return hunk.section === undefined ? parser.parseFile(src) : parser.parseHunk(src, hunk.section);
}

export function graftText(
  parser: CParser,
  { model, patch, switches = ALL_OFF, reverse = false, path = 'fs/a.c' }: Case,
): Grafted {
  const table = new SourceTable();
  const units = [
    parser.parseFile(table.add({ name: 'model.c', uri: 'model:1', text: dedent(model) })),
  ];
  const hunks = hunksOf(patch);
  const pre = hunks.map((h) => parse(parser, table, h, '-', path));
  const post = hunks.map((h) => parse(parser, table, h, '+', path));
  const result = (reverse ? ungraft : graft)({ model: units, pre, post, table, switches });
  return {
    result,
    table,
    c: cText(result),
    account: result.placements.map((p) => accountLine(p, table)),
  };
}

/** Changed and added functions as C, in order. */
function cText(result: GraftResult): string {
  return result.units
    .flatMap((u) => u.items)
    .map((i) => (i.kind === 'function' ? printC(i) : ''))
    .join('');
}

/** `+ 12 on-model: added`, with the 1-based line in the document. */
export function accountLine(p: Placement, table: SourceTable): string {
  return `${table.markOf(p.loc)} ${table.docRange(p.loc).line + 1} ${p.class}: ${p.why}`;
}
