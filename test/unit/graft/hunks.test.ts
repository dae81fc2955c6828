import { beforeAll, describe, expect, it } from 'vitest';
import type { CParser } from '../../../server/csource/parser.js';
import { printDeclarator, printExpr } from '../../../server/csource/print.js';
import { graftText, loadParser } from './support.js';
import type { Case, Grafted } from './support.js';

let parser: CParser;
beforeAll(async () => {
  parser = await loadParser();
});

function run(c: Case): Grafted {
  return graftText(parser, c);
}

const MODEL = `
  struct box { int lock; int size; int state; };
  struct ops { int (*begin)(struct box *b); int (*valid)(struct box *b); };
  enum kind { HOLE, DATA };
  void lock(struct box *b) { __acquire(b, "lock"); }
  void unlock(struct box *b) { __release(b, "lock"); }
  int start(struct box *b);
  void stop(struct box *b);
  int zero(struct box *b, int from);
  int punch(struct box *b)
  {
          int ret;

          ret = start(b);
          if (ret)
                  return ret;
          ret = zero(b, 0);
          if (ret)
                  goto out_stop;
          lock(b);
          b->size = 0;
          unlock(b);
  out_stop:
          stop(b);
          return ret;
  }
  int other(struct box *b)
  {
          return zero(b, 1);
  }
  int begin(struct box *b) { return 0; }
  struct ops box_ops = { .begin = begin };
`;

describe('hunks of one function', () => {
  const MOVE = `
    @@ int punch(struct box *b)
     int punch(struct box *b)
     {
             int ret;

    +        ret = zero(b, 0);
    +        if (ret)
    +                return ret;
    +
             ret = start(b);
             if (ret)
    @@ int punch(struct box *b)
                     return ret;

    -        ret = zero(b, 0);
    -        if (ret)
    -                goto out_stop;
    -
             lock(b);
             b->size = 0;
             unlock(b);
  `;
  it('a call moves from one hunk to another', () => {
    const { c, account } = run({ model: MODEL, patch: MOVE });
    expect(c).toContain(
      '\tret = zero(b, 0);\n\tif (ret)\n\t\treturn ret;\n\tret = start(b);\n\tif (ret)\n\t\treturn ret;\n\tlock(b);',
    );
    expect(account.filter((l) => l.includes('not-placed'))).toEqual([]);
    expect(account).toHaveLength(8);
  });

  it('and back when the model has the patch already', () => {
    const after = run({ model: MODEL, patch: MOVE });
    const model = MODEL.replace(/int punch[^]*?\n {2}}\n/, after.c);
    const { c } = run({ model, patch: MOVE, reverse: true });
    expect(c).toContain(
      '\tret = start(b);\n\tif (ret)\n\t\treturn ret;\n\tret = zero(b, 0);\n\tif (ret)\n\t\tgoto out_stop;\n\tlock(b);',
    );
  });

  it('a value that is set between two hunks', () => {
    const { c } = run({
      model: MODEL,
      patch: `
        @@ int punch(struct box *b)
         int punch(struct box *b)
         {
        -        int ret;
        +        int ret = 0;

                 ret = publish(b);
        @@ int punch(struct box *b)
                 if (ret)
        -                goto out_stop;
        +                return ret;
                 lock(b);
                 b->size = 0;
                 unlock(b);
      `,
    });
    expect(c).toContain('if (ret)\n\t\treturn ret;\n\tlock(b);');
  });

  it('the section names the function before: what follows in the hunk is another', () => {
    const { c, account } = run({
      model: MODEL,
      patch: `
        @@ int punch(struct box *b)
                 stop(b);
                 return ret;
         }

         int other(struct box *b)
         {
        -        return zero(b, 1);
        +        return zero(b, 2);
         }
      `,
    });
    expect(c).toBe('int other(struct box *b)\n{\n\treturn zero(b, 2);\n}\n');
    expect(account).toEqual(['- 8 on-model: changed return', '+ 9 on-model: changed return']);
  });

  it('a condition whose head is cut', () => {
    const model = MODEL.replace(
      'b->size = 0;',
      'if (b->state == DATA || b->state == HOLE) { b->size = 0; zero(b, 2); }',
    );
    const { c } = run({
      model,
      patch: `
        @@ int punch(struct box *b)
                     b->state == HOLE) {
                         b->size = 0;
        -                zero(b, 2);
        +                zero(b, 3);
                 }
                 unlock(b);
      `,
    });
    expect(c).toContain(
      'if (b->state == DATA || b->state == HOLE) {\n\t\tb->size = 0;\n\t\tzero(b, 3);\n\t}',
    );
  });
});

describe('a hunk that begins below a head without braces', () => {
  const CUT_MODEL = `
    int fill(int *a);
    int drain(int *a);
    void wait_idle(int *a);
    int f(int *a, int n)
    {
            int ret;

            if (n) {
                    ret = fill(a);
                    if (ret)
                            drain(a);
            }
            return 0;
    }
  `;
  it('goes on behind that statement', () => {
    const { c } = run({
      model: CUT_MODEL,
      patch: `
        @@ int f(int *a, int n)
                                 drain(a);
        +                wait_idle(a);
                 }
                 return 0;
         }
      `,
    });
    expect(c).toContain('\t\tif (ret)\n\t\t\tdrain(a);\n\t\twait_idle(a);\n\t}\n\treturn 0;');
  });
});

describe('signatures', () => {
  it('a parameter comes in with its callers', () => {
    const { c, account, result } = run({
      model: `
        int zero(int *a, int n) { *a = n; return 0; }
        int one(int *a) { return zero(a, 1); }
      `,
      patch: `
        @@ x
        -int zero(int *a, int n)
        +int zero(int *a, int n, bool *did)
         {
        +        if (did)
        +                *did = true;
                 *a = n;
                 return 0;
         }
         int one(int *a)
         {
        -        return zero(a, 1);
        +        return zero(a, 1, NULL);
         }
      `,
    });
    expect(c).toContain(
      'int zero(int *a, int n, bool *did)\n{\n\tif (did)\n\t\t*did = true;\n\t*a = n;',
    );
    expect(c).toContain('return zero(a, 1, NULL);');
    expect(account.filter((l) => l.includes('not-placed'))).toEqual([]);
    expect(result.problems).toEqual([]);
  });

  it('a caller that no hunk shows is told', () => {
    const { result } = run({
      model: `
        int zero(int *a, int n) { *a = n; return 0; }
        int one(int *a) { return zero(a, 1); }
      `,
      patch: `
        @@ x
        -int zero(int *a, int n)
        +int zero(int *a, int n, bool *did)
         {
                 *a = n;
                 return 0;
         }
      `,
    });
    expect(result.problems.map((p) => p.message)).toEqual([
      'zero() takes 3 arguments after the patch',
    ]);
  });

  it('a parameter that the body still needs does not go', () => {
    const { c, account } = run({
      model: 'void touch(int *a);\nint zero(int *a, int n) { if (n) touch(a); return 0; }',
      patch: `
        @@ x
        -int zero(int *a, int n)
        +int zero(int *a)
         {
        -        if (n && ready(a))
        +        if (ready(a))
                         prepare(a);
                 return 0;
         }
      `,
    });
    expect(c).toBe('');
    expect(account.slice(0, 2)).toEqual([
      '- 2 not-placed: the model has another signature',
      expect.stringContaining('not-placed'),
    ]);
  });

  it('a renamed function', () => {
    const { c, result } = run({
      model: MODEL,
      patch: `
        @@ int punch(struct box *b)
        -int punch(struct box *b)
        +int punch_hole(struct box *b)
         {
                 int ret;

                 ret = start(b);
                 if (ret)
                         return ret;
        @@ int punch(struct box *b)
                 if (ret)
                         goto out_stop;
                 lock(b);
        -        b->size = 0;
        +        b->size = 1;
                 unlock(b);
      `,
    });
    expect(c).toMatch(/^int punch_hole\(struct box \*b\)\n/);
    expect(c).toContain('b->size = 1;');
    expect(result.touched).toEqual(['punch_hole']);
  });
});

describe('file scope', () => {
  it('an ops table gets an operation, a struct a field, an enum a constant', () => {
    const { result, account } = run({
      model: MODEL,
      patch: `
         struct box {
                 int lock;
        +        int pending;
                 int size;
                 int state;
         };
         enum kind {
                 HOLE,
                 DATA,
        +        DELAYED,
         };
        +static int valid(struct box *b)
        +{
        +        return b->pending;
        +}
         struct ops box_ops = {
                 .begin = begin,
        +        .valid = valid,
         };
        +#define LIMIT 4
      `,
    });
    const items = result.units.flatMap((u) => u.items);
    const text = items.map((i) => {
      if (i.kind === 'type') return printDeclarator(i.type, '');
      if (i.kind === 'global') return i.var.init ? printExpr(i.var.init) : '';
      return i.kind === 'function' || i.kind === 'macro' ? i.name : '';
    });
    expect(text.sort()).toEqual([
      'LIMIT',
      'enum kind { HOLE, DATA, DELAYED }',
      'struct box { int lock; int pending; int size; int state; }',
      'valid',
      '{ .begin = begin, .valid = valid }',
    ]);
    expect(account.every((l) => l.includes('on-model'))).toBe(true);
  });

  it('a part of a function that the patch does not add', () => {
    const { account } = run({
      model: MODEL,
      patch: `
      @@ static int far(struct box *b)
               lock(b);
      +        zero(b, 3);
      +        /* later */
               unlock(b);
    `,
    });
    expect(account).toEqual([
      '+ 3 not-placed: far() is not in the model',
      '+ 4 no-effect: comment or blank line',
    ]);
  });
});

describe('versions of the model', () => {
  const VERSIONED = `
    int start(int *a);
    int zero(int *a);
    int f(int *a)
    {
            if (__since("abc", "2026-01-01") && *a)
                    return 0;
            if (!__since("abc", "2026-01-01")) {
                    start(a);
            }
            if (__fix("proposed"))
                    zero(a);
            return zero(a);
    }
  `;
  const PATCH = `
     int f(int *a)
     {
             start(a);
    +        if (*a)
    +                return 1;
             return zero(a);
     }
  `;
  it('switches are decided before the merge', () => {
    const { c } = run({ model: VERSIONED, patch: PATCH });
    expect(c).toBe(
      'int f(int *a)\n{\n\tstart(a);\n\tif (*a)\n\t\treturn 1;\n\treturn zero(a);\n}\n',
    );
  });
  it('the newer one has no start()', () => {
    const { c } = run({
      model: VERSIONED,
      patch: PATCH,
      switches: { since: () => true, fix: () => false },
    });
    expect(c).not.toContain('start(a)');
  });
});

describe('lines that did not change', () => {
  it('a brace that moves a statement over unmodelled code is told where the brace stands', () => {
    const { account } = run({
      model:
        'void lock(int *a);\nint fill(int *a);\nint f(int *a, int n)\n{\n lock(a);\n fill(a);\n return 0;\n}\n',
      patch: `
         int f(int *a, int n)
         {
                 if (n) {
                         publish(a);
        -        }
                 lock(a);
        +        }
                 fill(a);
                 return 0;
         }
      `,
    });
    const why = 'not-placed: line 6: nothing around it is in the model';
    expect(account).toEqual([`- 5 ${why}`, `+ 7 ${why}`]);
  });
});

describe('a fragment of a header', () => {
  it('that declares a member or a constant has no effect by itself', () => {
    const { account } = run({
      model: MODEL,
      patch: `
        @@ enum flags {
         FIRST,
        +SECOND,
        +THIRD = 7,
         };
        @@ struct unknown_thing {
         int before;
        +struct list_head list;
        +unsigned long count[4];
         int behind;
      `,
      path: 'fs/a.h',
    });
    expect(account.filter((l) => l.includes('not-placed'))).toEqual([]);
  });
});
