/**
 * Parsed files as a text: a JSON array with one element a line. The first is the files, with a number for the body of
 * each function; the others are the bodies. A body is read when it is asked for: a run needs few of them, and they are
 * two thirds of the text.
 */
import type { Block, FunctionDef, TopLevel } from '../csource/ast.js';
import type { Precompiled } from './precompiled.js';

/** A function whose body is in a line. */
type Cut = Omit<FunctionDef, 'body'> & { readonly body: number };

interface Written extends Omit<Precompiled, 'unit'> {
  readonly unit: Omit<Precompiled['unit'], 'items'> & {
    readonly items: readonly (Exclude<TopLevel, FunctionDef> | Cut)[];
  };
}

/** ASCII. */
export function writeParsed(files: readonly Precompiled[]): string {
  const bodies: Block[] = [];
  const head = files.map(({ unit, ...file }): Written => {
    const items = unit.items.map((item) =>
      item.kind === 'function' ? { ...item, body: bodies.push(item.body) } : item,
    );
    return { ...file, unit: { ...unit, items } };
  });
  return `[\n${[head, ...bodies].map(ascii).join(',\n')}\n]\n`;
}

function ascii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What `writeParsed` wrote. */
export function readParsed(text: string): readonly Precompiled[] {
  const starts: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const line = (n: number): unknown => {
    const end = (starts[n + 1] ?? 1) - 1;
    return JSON.parse(text.slice(starts[n], text[end - 1] === ',' ? end - 1 : end));
  };
  const files = line(0) as readonly Written[];
  const body = (n: number): Block => line(n) as Block;
  return files.map(({ unit, ...file }): Precompiled => {
    const items = unit.items.map((item) =>
      item.kind === 'function' ? withBody(item, body) : item,
    );
    return { ...file, unit: { ...unit, items } };
  });
}

function withBody({ body: n, ...rest }: Cut, read: (n: number) => Block): FunctionDef {
  let known: Block | undefined;
  return {
    ...rest,
    get body(): Block {
      return (known ??= read(n));
    },
  };
}
