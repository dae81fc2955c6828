import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Problem, Unit } from '../../../server/csource/ast.js';
import { dumpIr } from '../../../server/csource/dump.js';
import type { Program } from '../../../server/csource/ir.js';
import { link } from '../../../server/csource/link.js';
import { CParser } from '../../../server/csource/parser.js';
import { type Loc, SourceTable } from '../../../server/csource/source.js';

const require = createRequire(import.meta.url);
const parser = await CParser.load(
  readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm')),
);

export interface Linked {
  readonly program: Program;
  readonly table: SourceTable;
  /** Code of a function with the source statement above it; empty when there is no such function. */
  dump(name: string): string;
  /** `line:column: severity: message` of every problem. */
  readonly problems: readonly string[];
}

/** Links texts as files of one program; `on` lists the ids of switches that are on. */
export function program(texts: string | readonly string[], on: readonly string[] = []): Linked {
  const table = new SourceTable();
  const units = [texts]
    .flat()
    .map((text, i) =>
      parser.parseFile(table.add({ name: `demo${String(i)}.c`, uri: `demo:${String(i)}`, text })),
    );
  const linked = link(units, { since: (id) => on.includes(id), fix: (id) => on.includes(id) });
  const place = (p: Problem): string => {
    const { line, character } = table.docRange(p.loc);
    return `${String(line + 1)}:${String(character + 1)}: ${p.severity}: ${p.message}`;
  };
  return {
    program: linked,
    table,
    dump: (name) => {
      const fn = linked.functions.get(name);
      return fn ? dumpIr(fn, table) : '';
    },
    problems: linked.problems.map(place),
  };
}

/** Code of the function `f`, which may have no problems. */
export function code(text: string, on: readonly string[] = []): string {
  const linked = program(text, on);
  const bad = linked.problems.filter((p) => !p.includes('note:'));
  if (bad.length > 0) throw new Error(bad.join('\n'));
  return linked.dump('f');
}

/** One text as a unit, not linked. */
export function parse(text: string): { readonly unit: Unit; readonly table: SourceTable } {
  const table = new SourceTable();
  return { unit: parser.parseFile(table.add({ name: 'demo.c', uri: 'demo:0', text })), table };
}

/** Named texts as units; `place` is `file:line` of a loc in them. */
export function parseAll(files: readonly { readonly name: string; readonly text: string }[]): {
  readonly units: readonly Unit[];
  readonly place: (loc: Loc) => string;
} {
  const table = new SourceTable();
  const units = files.map(({ name, text }) =>
    parser.parseFile(table.add({ name, uri: name, text })),
  );
  return { units, place: (loc) => `${table.get(loc.src).name}:${String(table.lineOf(loc) + 1)}` };
}
