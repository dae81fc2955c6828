/** Hostile texts through all that reads C: never an exception, never without end, no name unescaped. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { link } from '../../../server/csource/link.js';
import { CParser } from '../../../server/csource/parser.js';
import { SourceTable } from '../../../server/csource/source.js';
import { exportPromela } from '../../../server/export/index.js';
import { createMachine } from '../../../server/machine/index.js';
import { explore, makeTrace } from '../../../server/search/index.js';
import { TRACE_INFO } from '../search/support.js';
import { NAMES, TEXTS, named } from './hostile.js';

const require = createRequire(import.meta.url);
const parser = await CParser.load(
  readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm')),
);

/** Seconds of work of this process so far, whatever else the machine does. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

interface Through {
  /** Text of the export; empty when there is none. */
  readonly promela: string;
  readonly findings: readonly string[];
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Parse, link, machine, search within a small budget, traces, export. */
function through(text: string): Through {
  const start = worked();
  const table = new SourceTable();
  const unit = parser.parseFile(table.add({ name: 'hostile.c', uri: 'h:0', text }));
  const program = link([unit], { since: () => false, fix: () => false });
  const problems = program.problems.map((p) => p.message);
  const machine = createMachine(program, table, { faults: 1, crashes: 1 });
  const until = worked() + 0.3;
  const { witnesses } = explore(machine, { states: 500, expired: () => worked() > until });
  for (const w of witnesses.slice(0, 2)) makeTrace(machine, table, w, TRACE_INFO);
  const plain = createMachine(program, table, { faults: 0 });
  const exported = exportPromela(program, table, plain, { title: [text.slice(0, 80)] });
  return {
    promela: exported.text ?? '',
    findings: witnesses.map((w) => w.key.id),
    problems,
    seconds: worked() - start,
  };
}

/** A second for each 100 KB, and some that every text may take: searches, collecting garbage. */
const allowed = (text: string): number => 2.5 + text.length / 100_000;

describe('hostile texts', () => {
  through(named('warm'));

  it.each(TEXTS)('%s', (_what, text) => {
    const { seconds } = through(text);
    expect(seconds).toBeLessThan(allowed(text));
  });

  it('cut anywhere', () => {
    const whole = named('cut').replaceAll(/\s+/g, ' ');
    for (let at = 0; at < whole.length; at += 23) {
      through(whole.slice(0, at));
      through(`${whole.slice(0, at)}\0${whole.slice(at + 7)}`);
    }
  });
});

describe('names', () => {
  it.each(NAMES.map((n) => [n.length > 40 ? `${n.slice(0, 20)}…` : n, n] as const))(
    'a program full of %s is like any other',
    (_short, name) => {
      const { findings, problems, promela } = through(named(name));
      const plain = through(named('plain'));
      const other = (text: string): string => text.replaceAll(name, 'plain');
      expect(problems.map(other)).toEqual(plain.problems);
      expect(findings.map(other)).toEqual(plain.findings);
      expect(promela === '').toBe(plain.promela === '');
    },
  );

  it('never end a comment, a string or a block of the export', () => {
    for (const evil of ['*/ }', '" "', "'", '\\', '}}', '%s%n', '\n#include', '`${x}`']) {
      const text = `int x; __thread(${JSON.stringify(evil)}) void t(void) { __assert(x, ${JSON.stringify(evil)}); }`;
      const calm = `int x; __thread("calm") void t(void) { __assert(x, "calm"); }`;
      const shape = (promela: string): string =>
        promela
          .replaceAll(/\/\*[^]*?\*\/|"(?:[^"\\]|\\.)*"|\/\/.*/g, '')
          .replaceAll(/proctype \w+/g, 'proctype');
      expect(shape(through(text).promela), evil).toBe(shape(through(calm).promela));
    }
  });
});
