/** Patches of one function `f` with parameters `b`, `n` and a local `ret`; the models know a few calls on boxes. */
import type { CParser } from '../../../server/csource/parser.js';
import { dedent, graftText } from './support.js';

/** Functions and fields that the small models know. */
export const KNOWN = `
  struct box { int lock; int other; int size; int state; };
  #define EMPTY 1
  void lock(struct box *b) { __acquire(b, "lock"); }
  void unlock(struct box *b) { __release(b, "lock"); }
  void take(int *l);
  int fill(struct box *b);
  int fill_some(struct box *b, int n);
  int drain(struct box *b);
  void wait_idle(struct box *b);
  int busy(struct box *b);
`;

/** The statements of a printed function, one tab less. */
export function body(c: string): string {
  const lines = c.trim().split('\n').slice(2, -1);
  return lines.map((l) => l.replace(/^\t/, '').replace(/\t/g, '  ')).join('\n');
}

export function fn(text: string): string {
  return `int f(struct box *b, int n)\n{\nint ret;\n${text}\n}\n`;
}

/** Three lines of header, so that the first line of the body is line 4. */
function diff(text: string): string {
  return ` int f(struct box *b, int n)\n {\n int ret;\n${dedent(text)}\n }`;
}

export class OneFunction {
  constructor(readonly parser: CParser) {}

  /** Body of the merged function without its declaration of `ret`; empty when nothing was placed. */
  merged(model: string, patch: string): string {
    const { c } = graftText(this.parser, { model: KNOWN + fn(model), patch: diff(patch) });
    return body(c).replace(/^int ret;\n/, '');
  }

  account(model: string, patch: string): readonly string[] {
    return graftText(this.parser, { model: KNOWN + fn(model), patch: diff(patch) }).account;
  }
}
