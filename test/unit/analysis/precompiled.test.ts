import { expect, it } from 'vitest';
import { ModelKernel } from '../../../server/analysis/model.js';
import type { KernelFile } from '../../../server/analysis/model.js';
import { precompile } from '../../../server/analysis/precompiled.js';
import { readParsed, writeParsed } from '../../../server/analysis/precompiled-text.js';
import { readAssets } from '../../../server/assets.js';
import { CParser } from '../../../server/csource/parser.js';

const { core, grammar, kernel: files } = readAssets();
const parser = await CParser.load(core, grammar);
const fresh = new ModelKernel(parser, files);
const text = writeParsed(precompile(fresh));
const written = readParsed(text);

/** Starts with what was written, and counts what is parsed all the same. */
function start(texts: readonly KernelFile[]): { kernel: ModelKernel; parses: number } {
  const before = parser.parses;
  const withParsed = texts.map((f) => {
    const parsed = written.find((w) => w.name === f.name);
    return parsed ? { ...f, parsed } : f;
  });
  const kernel = new ModelKernel(parser, withParsed);
  return { kernel, parses: parser.parses - before };
}

it('gives what parsing gives, without a parse', () => {
  const { kernel, parses } = start(files);
  expect(parses).toBe(0);
  expect(kernel.kernelUnits).toEqual(fresh.kernelUnits);
  expect(kernel.scenarios).toEqual(fresh.scenarios);
  expect(kernel.profiles).toEqual(fresh.profiles);
});

const isAscii = (t: string): boolean => Buffer.from(t).length === t.length;

it('is JSON in ASCII, with a line for each function', () => {
  const functions = written.flatMap((f) => f.unit.items).filter((i) => i.kind === 'function');
  expect(JSON.parse(text)).toHaveLength(1 + functions.length);
  expect(text.split('\n')).toHaveLength(1 + functions.length + 3);
  expect(isAscii(text)).toBe(true);
  expect(isAscii(JSON.stringify(written))).toBe(false);
});

it('reads the body of a function when it is asked for', () => {
  const [first] = readParsed(text.replaceAll(/^\{.*$/gm, 'not JSON')).flatMap((f) =>
    f.unit.items.flatMap((i) => (i.kind === 'function' ? [i] : [])),
  );
  expect(first?.name).toBeDefined();
  expect(() => first?.body).toThrow(SyntaxError);
});

it('counts only for the text that it was made from', () => {
  const edited = files.map((f) =>
    f.name === 'mm.c' ? { ...f, text: `${f.text}\nint more;\n` } : f,
  );
  const { kernel, parses } = start(edited);
  expect(parses).toBeGreaterThan(0);
  const last = kernel.kernelUnits.flatMap((u) => u.items.slice(-1));
  expect(last.map((i) => (i.kind === 'global' ? i.var.name : i.kind))).toContain('more');
});

it('counts only for the place in the table that it was made for', () => {
  const { kernel, parses } = start([{ name: 'a.c', text: 'int first;\n' }, ...files]);
  expect(parses).toBeGreaterThan(100);
  for (const { src, items } of kernel.kernelUnits) {
    const own = items.map((i) => (i.kind === 'global' ? i.var.loc.src : i.loc.src));
    expect(own.every((at) => at === src)).toBe(true);
  }
  expect(kernel.kernelUnits.map((u) => kernel.table.get(u.src).name)).toContain('a.c');
});
