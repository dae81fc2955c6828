import { beforeAll, describe, expect, it } from 'vitest';
import type { CParser } from '../../../server/csource/parser.js';
import { dedent, graftText, loadParser } from './support.js';

let parser: CParser;
beforeAll(async () => {
  parser = await loadParser();
});

/** Functions and fields that the small models know. */
const KNOWN = `
  struct box { int lock; int size; int state; };
  void lock(struct box *b) { __acquire(b, "lock"); }
  void unlock(struct box *b) { __release(b, "lock"); }
  int fill(struct box *b);
  int drain(struct box *b);
  void wait_idle(struct box *b);
`;

function merged(model: string, patch: string): string {
  return graftText(parser, { model: KNOWN + model, patch }).c.trim();
}

function account(model: string, patch: string): readonly string[] {
  return graftText(parser, { model: KNOWN + model, patch }).account;
}

const MODEL = `
  int f(struct box *b)
  {
          int ret;

          lock(b);
          ret = fill(b);
          unlock(b);
          return ret;
  }
`;

describe('a statement comes in', () => {
  const PATCH = `
     int f(struct box *b)
     {
             int ret;

             trace_f(b);
             lock(b);
    +        wait_idle(b);
             ret = fill(b);
             unlock(b);
             return ret;
     }
  `;
  it('between two that the model has', () => {
    expect(merged(MODEL, PATCH)).toBe(dedent(`
      int f(struct box *b)
      {
      \tint ret;
      \tlock(b);
      \twait_idle(b);
      \tret = fill(b);
      \tunlock(b);
      \treturn ret;
      }
    `));
  });
  it('and its line is on the model', () => {
    expect(account(MODEL, PATCH)).toEqual(['+ 7 on-model: added']);
  });
});
