import { beforeAll, describe, expect, it } from 'vitest';
import type { CParser } from '../../../server/csource/parser.js';
import { dedent, graftText, loadParser } from './support.js';

let parser: CParser;
beforeAll(async () => {
  parser = await loadParser();
});

/** Functions and fields that the small models know. */
const KNOWN = `
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

/** Body of the merged function without its declaration of `ret`. */
function merged(model: string, patch: string): string {
  return body(graftText(parser, { model: KNOWN + fn(model), patch: diff(patch) }).c).replace(/^int ret;\n/, '');
}

function body(c: string): string {
  return c.trim().split('\n').slice(2, -1).map((l) => l.replace(/^\t/, '').replace(/\t/g, '  ')).join('\n');
}

function account(model: string, patch: string): readonly string[] {
  return graftText(parser, { model: KNOWN + fn(model), patch: diff(patch) }).account;
}

function fn(text: string): string {
  return `int f(struct box *b, int n)\n{\nint ret;\n${text}\n}\n`;
}

/** Three lines of header, so that the first line of the body is line 4. */
function diff(text: string): string {
  return ` int f(struct box *b, int n)\n {\n int ret;\n${dedent(text)}\n }`;
}

const says = dedent;

describe('one edit', () => {
  const MODEL = 'lock(b); ret = fill(b); unlock(b); return ret;';

  it('a statement is inserted', () => {
    expect(merged(MODEL, `
       lock(b);
      +wait_idle(b);
       ret = fill(b);
       unlock(b);
       return ret;
    `)).toBe(says(`
      lock(b);
      wait_idle(b);
      ret = fill(b);
      unlock(b);
      return ret;
    `));
  });

  it('a statement is deleted', () => {
    const patch = `
       lock(b);
      -ret = fill(b);
       unlock(b);
       return ret;
    `;
    expect(merged(MODEL, patch)).toBe('lock(b);\nunlock(b);\nreturn ret;');
    expect(account(MODEL, patch)).toEqual(['- 5 on-model: removed']);
  });

  it('a call is moved behind the unlock', () => {
    const patch = `
       lock(b);
      -ret = fill(b);
       unlock(b);
      +ret = fill(b);
       return ret;
    `;
    expect(merged(MODEL, patch)).toBe('lock(b);\nunlock(b);\nret = fill(b);\nreturn ret;');
    expect(account(MODEL, patch)).toEqual(['- 5 on-model: moved', '+ 7 on-model: moved']);
  });

  it('an argument is changed', () => {
    expect(merged('ret = fill_some(b, n); return ret;', `
      -ret = fill_some(b, n);
      +ret = fill_some(b, n + 1);
       return ret;
    `)).toBe('ret = fill_some(b, n + 1);\nreturn ret;');
  });

  it('a lock is replaced by another', () => {
    const patch = `
      -take(&b->lock);
      +take(&b->other);
       ret = fill(b);
       return ret;
    `;
    expect(merged('take(&b->lock); ret = fill(b); return ret;', patch)).toBe('take(&b->other);\nret = fill(b);\nreturn ret;');
    expect(account('take(&b->lock); ret = fill(b); return ret;', patch)).toEqual(['- 4 on-model: changed', '+ 5 on-model: changed']);
  });

  it('a return value is changed', () => {
    expect(merged('fill(b); return 0;', `
       fill(b);
      -return 0;
      +return busy(b);
    `)).toBe('fill(b);\nreturn busy(b);');
  });

  it('a declaration and its use come in', () => {
    expect(merged('fill(b); return 0;', `
      +int left;
      +
       fill(b);
      +left = drain(b);
      +if (left)
      +        return left;
       return 0;
    `)).toBe(says(`
      int left;
      fill(b);
      left = drain(b);
      if (left)
        return left;
      return 0;
    `));
  });
});

describe('conditions and branches', () => {
  const MODEL = 'if (n) { ret = fill(b); } else { ret = drain(b); } return ret;';

  it('a condition gets a conjunct', () => {
    const patch = `
      -if (n) {
      +if (n && b->state == EMPTY) {
               ret = fill(b);
       } else {
               ret = drain(b);
       }
       return ret;
    `;
    expect(merged(MODEL, patch)).toBe(says(`
      if (n && b->state == EMPTY) {
        ret = fill(b);
      } else {
        ret = drain(b);
      }
      return ret;
    `));
    expect(account(MODEL, patch)).toEqual(['- 4 on-model: changed if', '+ 5 on-model: changed if']);
  });

  it('a conjunct that the model left out stays out', () => {
    expect(merged('if (n) ret = fill(b); return ret;', `
      -if (n && feature(b))
      +if (n && feature(b) && b->size)
               ret = fill(b);
       return ret;
    `)).toBe('if (n && b->size)\n  ret = fill(b);\nreturn ret;');
  });

  it('an else-branch is added', () => {
    const patch = `
       if (n) {
               ret = fill(b);
      +} else if (busy(b)) {
      +        ret = drain(b);
       }
       return ret;
    `;
    expect(merged('if (n) { ret = fill(b); } return ret;', patch)).toBe(says(`
      if (n) {
        ret = fill(b);
      } else if (busy(b)) {
        ret = drain(b);
      }
      return ret;
    `));
    expect(account('if (n) { ret = fill(b); } return ret;', patch)).toEqual(['+ 6 on-model: added', '+ 7 on-model: added']);
  });

  it('an else-branch is taken away', () => {
    expect(merged(MODEL, `
       if (n) {
               ret = fill(b);
      -} else {
      -        ret = drain(b);
       }
       return ret;
    `)).toBe('if (n) {\n  ret = fill(b);\n}\nreturn ret;');
  });

  it('an early return is added', () => {
    expect(merged('lock(b); ret = fill(b); unlock(b); return ret;', `
      +if (busy(b))
      +        return 0;
       lock(b);
       ret = fill(b);
       unlock(b);
       return ret;
    `)).toBe('if (busy(b))\n  return 0;\nlock(b);\nret = fill(b);\nunlock(b);\nreturn ret;');
  });

  it('a statement is wrapped in a condition', () => {
    expect(merged('lock(b); ret = fill(b); unlock(b); return ret;', `
       lock(b);
      -ret = fill(b);
      +if (n)
      +        ret = drain(b);
      +else
      +        ret = fill(b);
       unlock(b);
       return ret;
    `)).toBe(says(`
      lock(b);
      if (n)
        ret = drain(b);
      else
        ret = fill(b);
      unlock(b);
      return ret;
    `));
  });

  it('a condition is taken away around its body', () => {
    expect(merged('lock(b); if (n) { ret = fill(b); } unlock(b); return ret;', `
       lock(b);
      -if (n) {
      -        ret = fill(b);
      -}
      +ret = fill(b);
       unlock(b);
       return ret;
    `)).toBe('lock(b);\nret = fill(b);\nunlock(b);\nreturn ret;');
  });
});

describe('jumps and labels', () => {
  const MODEL = `
    lock(b); ret = fill(b); if (ret) goto out; ret = drain(b);
    out: unlock(b); done: return ret;
  `;
  it('the target of a goto is changed', () => {
    expect(merged(MODEL, `
       lock(b);
       ret = fill(b);
       if (ret)
      -        goto out;
      +        goto done;
       ret = drain(b);
       out:
       unlock(b);
       done:
       return ret;
    `)).toContain('goto done;\nret = drain(b);\nout:');
  });

  it('a label of the kernel that the model has not stands before the next modelled statement', () => {
    const got = merged('lock(b); ret = fill(b); unlock(b); return ret;', `
       lock(b);
       ret = fill(b);
      +if (ret < 0)
      +        goto out;
       trace_filled(b);
       out:
       trace_out(b);
       unlock(b);
       return ret;
    `);
    expect(got).toBe('lock(b);\nret = fill(b);\nif (ret < 0)\n  goto out;\nout:\nunlock(b);\nreturn ret;');
  });

  it('a goto to a label without place is not placed', () => {
    expect(account('lock(b); ret = fill(b); unlock(b); return ret;', `
       lock(b);
       ret = fill(b);
      +if (ret < 0)
      +        goto elsewhere;
       unlock(b);
       return ret;
    `)).toEqual(['+ 6 no-effect: nothing in it is placed', '+ 7 not-placed: label elsewhere has no place in the model']);
  });
});

describe('new functions', () => {
  it('calls are wrapped in a new function', () => {
    const patch = dedent(`
      +static int fill_locked(struct box *b)
      +{
      +        int ret;
      +
      +        lock(b);
      +        ret = fill(b);
      +        unlock(b);
      +        return ret;
      +}
      +
       int f(struct box *b, int n)
       {
               int ret;
      -        lock(b);
      -        ret = fill(b);
      -        unlock(b);
      +        ret = fill_locked(b);
               return ret;
       }
    `);
    const { c, account: lines, result } = graftText(parser, { model: KNOWN + fn('lock(b); ret = fill(b); unlock(b); return ret;'), patch });
    expect(c).toContain('static int fill_locked(struct box *b)\n{\n\tint ret;\n\tlock(b);');
    expect(c).toContain('int f(struct box *b, int n)\n{\n\tint ret;\n\tret = fill_locked(b);\n\treturn ret;\n}');
    expect(result.touched).toEqual(['fill_locked', 'f']);
    expect(lines.filter((l) => l.includes('not-placed'))).toEqual([]);
    expect(lines).toHaveLength(14);
  });
});

describe('names', () => {
  it('what the patch calls err the model calls ret', () => {
    const patch = dedent(`
       int f(struct box *b, int n)
       {
               int err;

               lock(b);
               err = fill(b);
      +        if (err)
      +                err = drain(b);
               unlock(b);
               return err;
       }
    `);
    const { c } = graftText(parser, { model: KNOWN + fn('lock(b); ret = fill(b); unlock(b); return ret;'), patch });
    expect(body(c)).toBe('int ret;\nlock(b);\nret = fill(b);\nif (ret)\n  ret = drain(b);\nunlock(b);\nreturn ret;');
  });

  it('parameters of another name map by type', () => {
    const patch = dedent(`
       int f(struct box *box, int count)
       {
      -        return fill_some(box, count);
      +        return fill_some(box, count + 1);
       }
    `);
    const { c } = graftText(parser, { model: KNOWN + 'int f(struct box *b, int n)\n{\n return fill_some(b, n);\n}\n', patch });
    expect(body(c)).toBe('return fill_some(b, n + 1);');
  });
});

describe('what cannot be placed beyond doubt', () => {
  it('the same call twice in the model', () => {
    const model = 'ret = fill(b); drain(b); ret = fill(b); return ret;';
    const patch = `
       trace_one(b);
      -ret = fill(b);
      +ret = fill_some(b, n);
       trace_two(b);
    `;
    const { account: lines, c } = graftText(parser, { model: KNOWN + fn(model), patch: diff(patch) });
    expect(c).toBe('');
    expect(lines).toEqual([
      '- 5 not-placed: fits several places of the model equally well',
      expect.stringMatching(/^\+ 6 not-placed: /),
    ]);
  });

  it('the same call twice in the image', () => {
    const patch = `
       ret = fill(b);
       trace_one(b);
      -ret = fill(b);
      +ret = fill_some(b, n);
       return ret;
    `;
    expect(account('ret = fill(b); return ret;', patch).every((l) => !l.includes('on-model'))).toBe(true);
  });

  it('a block at another place than in the model', () => {
    const patch = `
       lock(b);
       ret = fill(b);
      +wait_idle(b);
       unlock(b);
       drain(b);
       return ret;
    `;
    const model = 'drain(b); lock(b); ret = fill(b); unlock(b); return ret;';
    expect(account(model, patch)).toEqual(['+ 6 on-model: added']);
    const swapped = 'unlock(b); ret = fill(b); lock(b); return ret;';
    expect(account(swapped, patch).some((l) => l.includes('on-model'))).toBe(false);
  });

  it('a lock over code that the model does not have', () => {
    expect(account('ret = fill(b); return ret;', `
      +lock(b);
       ret = fill(b);
       publish(b);
      +unlock(b);
       return ret;
    `)).toEqual(['+ 4 not-placed: scope over unmodelled code (line 6)', '+ 7 not-placed: scope over unmodelled code (line 6)']);
  });

  it('an unlock that is moved over code that the model does not have', () => {
    const patch = `
       lock(b);
       ret = fill(b);
      -unlock(b);
       publish(b);
      +unlock(b);
       return ret;
    `;
    expect(account('lock(b); ret = fill(b); unlock(b); return ret;', patch)).toEqual([
      '- 6 not-placed: scope over unmodelled code (line 7)',
      '+ 8 not-placed: scope over unmodelled code (line 7)',
    ]);
    expect(merged('lock(b); ret = fill(b); unlock(b); return ret;', patch)).toBe('');
  });

  it('a wait between two statements that the model does not have', () => {
    expect(account('lock(b); ret = fill(b); unlock(b); return ret;', `
       lock(b);
       ret = fill(b);
       publish(b);
      +wait_idle(b);
       account(b);
       unlock(b);
       return ret;
    `)).toEqual(['+ 7 not-placed: scope over unmodelled code (line 6)']);
  });

  it('a wait beside one of them has a place', () => {
    expect(account('lock(b); ret = fill(b); unlock(b); return ret;', `
       lock(b);
       ret = fill(b);
      +wait_idle(b);
       publish(b);
       unlock(b);
       return ret;
    `)).toEqual(['+ 6 on-model: added']);
  });

  it('a call that is not in the model', () => {
    expect(account('lock(b); ret = fill(b); unlock(b); return ret;', `
       lock(b);
      +publish(b);
       ret = fill(b);
       unlock(b);
       return ret;
    `)).toEqual(['+ 5 not-placed: calls publish(), which is not in the model']);
  });

  it('a condition that is not in the model', () => {
    expect(account('ret = fill(b); return ret;', `
       ret = fill(b);
      -if (debug(b))
      +if (debug(b) && n)
               publish(b);
       return ret;
    `)).toEqual(['- 5 not-placed: is not in the model', '+ 6 not-placed: is not in the model']);
  });

  it('a value from a line that was not placed', () => {
    expect(account('ret = fill(b); return ret;', `
      +int left = publish(b);
       ret = fill(b);
      +if (left)
      +        return 0;
       return ret;
    `)).toEqual([
      '+ 4 not-placed: calls publish(), which is not in the model',
      '+ 6 not-placed: uses left, whose value comes from a line that was not placed',
      expect.stringContaining('not-placed'),
    ]);
  });
});

describe('no effect', () => {
  it('comments, blank lines and values that only unmodelled code uses', () => {
    expect(account('ret = fill(b); return ret;', `
      +/* Say more
      + * about it. */
      +
      +int shift;
       ret = fill(b);
      -count = count + 1;
      +count = count + 2;
       return ret;
    `).map((l) => l.split(':')[0])).toEqual(['- 9 no-effect', '+ 4 no-effect', '+ 5 no-effect', '+ 6 no-effect', '+ 7 no-effect', '+ 10 no-effect']);
  });

  it('a statement that is only written anew', () => {
    expect(account('ret = fill_some(b, n); return ret;', `
      -ret = fill_some(b, n);
      +ret = fill_some(b,
      +                n);
       return ret;
    `)).toEqual(['- 4 no-effect: same code', '+ 5 no-effect: same code', '+ 6 no-effect: same code']);
  });
});
