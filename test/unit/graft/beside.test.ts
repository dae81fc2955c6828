import { beforeAll, describe, expect, it } from 'vitest';
import type { CParser } from '../../../server/csource/parser.js';
import { dedent, graftText, loadParser } from './support.js';
import { body, fn, KNOWN } from './one-function.js';

let parser: CParser;
beforeAll(async () => {
  parser = await loadParser();
});

/** What the small kernel says of itself beside its model. */
const BESIDE = `
  __inert("trace_*", "cost_of");
  __never("is_frozen");
  int never_busy(struct box *b) { return 0; }
  int full(struct box *b) { return b->size > 3; }
`;

function graft(
  model: string,
  patch: string,
): { readonly c: string; readonly account: readonly string[] } {
  const { c, account } = graftText(parser, {
    model: KNOWN + BESIDE + fn(model),
    patch: ` int f(struct box *b, int n)\n {\n int ret;\n${dedent(patch)}\n }`,
  });
  return { c: body(c).replace(/^int ret;\n/, ''), account };
}

const MOVED_WAIT = (between: string): string => `
   lock(b);
  +wait_idle(b);
   ${between}
   ret = fill(b);
  -wait_idle(b);
   unlock(b);
   return ret;
`;
const MODEL = 'lock(b); ret = fill(b); wait_idle(b); unlock(b); return ret;';
const MOVED = 'lock(b);\nwait_idle(b);\nret = fill(b);\nunlock(b);\nreturn ret;';

describe('what stands beside the model', () => {
  it('may be passed by what moves: calls that it cannot notice, and functions that only read', () => {
    for (const between of [
      'trace_fill(b, n);',
      'credits = cost_of(n);',
      'if (full(b)) credits = 2;',
      'count = b->size;',
    ])
      expect(graft(MODEL, MOVED_WAIT(between)).c, between).toBe(MOVED);
  });

  it('is not what changes something: a call of something else, a write', () => {
    for (const between of ['publish(b);', 'b->state = EMPTY;', 'credits = price(n);'])
      expect(graft(MODEL, MOVED_WAIT(between)).c, between).toBe('');
  });

  it('goes without a trace when it is added or changed', () => {
    const { c, account } = graft(
      MODEL,
      `
       lock(b);
      +trace_lock(b);
      -credits = cost_of(n);
      +credits = cost_of(n + 1);
       ret = fill(b);
       wait_idle(b);
       unlock(b);
       return ret;
    `,
    );
    expect(c).toBe('');
    expect(account.map((l) => l.replace(/:.*/, ''))).toEqual([
      '- 6 no-effect',
      '+ 5 no-effect',
      '+ 7 no-effect',
    ]);
  });
});

describe('a branch that the model never enters', () => {
  it('has no effect, and what stands around it is placed', () => {
    const { c, account } = graft(
      MODEL,
      `
       lock(b);
      +if (is_frozen(b)) {
      +        publish(b);
      +        return -1;
      +}
       ret = fill(b);
      -wait_idle(b);
      +if (!never_busy(b))
      +        drain(b);
       unlock(b);
       return ret;
    `,
    );
    expect(c).toBe('lock(b);\nret = fill(b);\ndrain(b);\nunlock(b);\nreturn ret;');
    expect(account).toEqual([
      '- 10 on-model: changed',
      '+ 5 no-effect: the model never comes here',
      '+ 6 no-effect: the model never comes here',
      '+ 7 no-effect: the model never comes here',
      '+ 8 no-effect: the model never comes here',
      '+ 11 no-effect: the model never comes here',
      '+ 12 on-model: changed',
    ]);
  });

  it('is what the model has when its own function has the test', () => {
    const model = 'lock(b); if (never_busy(b)) drain(b); ret = fill(b); unlock(b); return ret;';
    const patch = `
       lock(b);
       if (never_busy(b))
               drain(b);
      +else
      +        wait_idle(b);
       ret = fill(b);
       unlock(b);
       return ret;
    `;
    expect(graft(model, patch).c).toContain('else\n  wait_idle(b);');
  });
});

describe('an early exit in a branch that the model leaves out', () => {
  it('may be passed by a call that holds nothing', () => {
    expect(graft(MODEL, MOVED_WAIT('if (n > 9) return -1;')).c).toBe(MOVED);
  });

  it('may not be covered by a lock: the lock would be left there', () => {
    const { c, account } = graft(
      'ret = fill(b); return ret;',
      `
      +lock(b);
       if (n > 9)
               return -1;
       ret = fill(b);
      +unlock(b);
       return ret;
    `,
    );
    expect(c).toBe('');
    expect(account.every((l) => l.includes('scope over unmodelled code'))).toBe(true);
  });

  it('takes what reads a value with it only when the value comes too', () => {
    const { c, account } = graft(
      'lock(b); ret = fill(b); if (ret) drain(b); unlock(b); return 0;',
      `
      +ret = fill(b);
      +if (ret)
      +        drain(b);
       publish(b);
       lock(b);
      -ret = fill(b);
      -if (ret)
      -        drain(b);
       unlock(b);
       return 0;
    `,
    );
    expect(c).toBe('');
    expect(account.some((l) => l.includes('on-model'))).toBe(false);
  });
});

describe('a statement that says little', () => {
  it('has its place by the next one that the model has, over what it leaves out', () => {
    const { c } = graft(
      'ret = fill(b); if (ret) return ret; ret = drain(b); return ret;',
      `
       ret = fill(b);
       if (ret)
      -        return ret;
      +        return 0;
       publish(b);
       count = 2;
       ret = drain(b);
       return ret;
    `,
    );
    expect(c).toBe('ret = fill(b);\nif (ret)\n  return 0;\nret = drain(b);\nreturn ret;');
  });

  it('also where the hunk begins with it', () => {
    const { c } = graftText(parser, {
      model: KNOWN + fn('ret = fill(b); if (ret) return ret; ret = drain(b); lock(b); return ret;'),
      patch: dedent(`
        @@ int f(struct box *b, int n)
             if (ret)
                 return ret;

        +    wait_idle(b);
             count = 2;
             ret = drain(b);
      `),
    });
    expect(body(c)).toContain('if (ret)\n  return ret;\nwait_idle(b);\nret = drain(b);');
  });
});
