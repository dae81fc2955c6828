import { beforeAll, describe, expect, it } from 'vitest';
import type { CParser } from '../../../server/csource/parser.js';
import { KNOWN } from './one-function.js';
import { dedent, graftText, loadParser } from './support.js';

let parser: CParser;
beforeAll(async () => {
  parser = await loadParser();
});

const MODEL = `${KNOWN}
  #define lock_irq(b) lock(b)
  #define SET(x, v) ((x) = (v))
  int g(struct box *b)
  {
          int ret;
          lock(b);
          ret = fill(b);
          unlock(b);
          return ret;
  }
`;

function added(patch: string): { readonly c: string; readonly account: readonly string[] } {
  const { c, account } = graftText(parser, { model: MODEL, patch: dedent(patch) });
  return { c, account };
}

describe('a function that the patch adds', () => {
  it('stands on the model when every name in it means something there', () => {
    const { c, account } = added(`
      +int h(struct box *b)
      +{
      +        lock(b);
      +        wait_idle(b);
      +        unlock(b);
      +        return 0;
      +}
    `);
    expect(c).toContain('wait_idle(b);');
    expect(account.every((l) => l.includes('on-model: added function'))).toBe(true);
  });

  it('says which of its lines mean nothing there', () => {
    const { account } = added(`
      +int h(struct box *b)
      +{
      +        publish(b);
      +        return b->colour;
      +}
    `);
    expect(account.filter((l) => l.includes('not-placed'))).toEqual([
      '+ 3 not-placed: calls publish(), which is not in the model',
      '+ 4 not-placed: field colour is not in the model',
    ]);
  });

  it('that the model has, does not take its place with less than the model does', () => {
    const { c, account } = added(`
      +int g(struct box *b)
      +{
      +        return 0;
      +}
    `);
    expect(c).toBe('');
    expect(account[0]).toBe('+ 1 not-placed: the model has another form of this function');
    expect(account[2]).toBe('+ 3 not-placed: the model has another form of this function');
  });

  it('that the model has in another form, says which statements are the same', () => {
    const { c, account } = added(`
      +int g(struct box *b)
      +{
      +        int ret;
      +        lock(b);
      +        ret = fill(b);
      +        publish(b);
      +        unlock(b);
      +        return ret;
      +}
    `);
    expect(c).toBe('');
    expect(account.slice(2, 8)).toEqual([
      '+ 3 no-effect: local to code that is not in the model',
      '+ 4 on-model: the model has it',
      '+ 5 on-model: the model has it',
      '+ 6 not-placed: the model has another form of this function',
      '+ 7 on-model: the model has it',
      '+ 8 on-model: the model has it',
    ]);
  });
});

describe('a macro', () => {
  it.each(['lock_irq(b);', 'SET(b->state, 2);'])('that acts is not an operator: %s', (line) => {
    const { account } = added(`
       int g(struct box *b)
       {
               int ret;
               lock(b);
      -        ${line}
               ret = fill(b);
               unlock(b);
               return ret;
       }
    `);
    expect(account).toEqual(['- 5 not-placed: is not in the model']);
  });
});

describe('a statement that the model has already', () => {
  it.each(['', '\n               account(b);'])('does not come in twice%s', (behind) => {
    const { c, account } = graftText(parser, {
      model: MODEL,
      patch: dedent(`
        @@ int g(struct box *b)
               int ret;
               lock(b);
        +      ret = fill(b);${behind}
      `),
    });
    expect(c).toBe('');
    expect(account).toEqual(['+ 4 not-placed: the model has the same statement here']);
  });

  it('is compared as what it computes: values set where declared or behind, helpers written out', () => {
    const model = `${KNOWN}
      static int room(struct box *b, int n)
      {
              if (n > b->size)
                      drain(b);
              return 0;
      }
      int g(struct box *b)
      {
              int want;
              want = b->state;
              lock(b);
              room(b, want);
              unlock(b);
              return 0;
      }
    `;
    const patch = dedent(`
      +int g(struct box *b)
      +{
      +        int state = b->state;
      +        publish(b);
      +        lock(b);
      +        if (state > b->size)
      +                drain(b);
      +        unlock(b);
      +        return 0;
      +}
    `);
    const { c, account } = graftText(parser, { model, patch });
    expect(c).toBe('');
    expect(account.slice(3, 9)).toEqual([
      '+ 4 not-placed: the model has another form of this function',
      '+ 5 on-model: the model has it',
      '+ 6 on-model: the model has it',
      '+ 7 on-model: the model has it',
      '+ 8 on-model: the model has it',
      '+ 9 on-model: the model has it',
    ]);
  });

  it('is not without effect where it sets what the model sets too, in another way', () => {
    const { account } = added(`
      +int g(struct box *b)
      +{
      +        int ret, other;
      +        publish(b);
      +        other = n;
      +        lock(b);
      +        ret = n;
      +        unlock(b);
      +        return ret;
      +}
    `);
    expect(account[4]).toBe('+ 5 no-effect: local to code that is not in the model');
    expect(account[6]).toBe('+ 7 not-placed: the model has another form of this function');
  });

  it('may fill a stub of a patch before', () => {
    const { account } = graftText(parser, {
      model: MODEL,
      patch: dedent(`
         int g(struct box *b)
         {
        -        return 0;
        +        int ret;
        +        lock(b);
        +        ret = fill(b);
        +        publish(b);
        +        unlock(b);
        +        return ret;
         }
      `),
    });
    expect(account).toEqual([
      '- 3 no-effect: the model has no stub',
      '+ 4 no-effect: local to code that is not in the model',
      '+ 5 on-model: the model has it',
      '+ 6 on-model: the model has it',
      '+ 7 not-placed: the model has another form of this function',
      '+ 8 on-model: the model has it',
      '+ 9 on-model: the model has it',
    ]);
  });
});
