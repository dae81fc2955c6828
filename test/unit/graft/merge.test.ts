import { beforeAll, describe, expect, it } from 'vitest';
import type { CParser } from '../../../server/csource/parser.js';
import { dedent, graftText, loadParser } from './support.js';
import { body, fn, KNOWN, OneFunction } from './one-function.js';

let parser: CParser;
let one: OneFunction;
beforeAll(async () => {
  parser = await loadParser();
  one = new OneFunction(parser);
});

function merged(model: string, patch: string): string {
  return one.merged(model, patch);
}

function account(model: string, patch: string): readonly string[] {
  return one.account(model, patch);
}

const says = dedent;

describe('one edit', () => {
  const MODEL = 'lock(b); ret = fill(b); unlock(b); return ret;';

  it('a statement is inserted', () => {
    expect(
      merged(
        MODEL,
        `
       lock(b);
      +wait_idle(b);
       ret = fill(b);
       unlock(b);
       return ret;
    `,
      ),
    ).toBe(
      says(`
      lock(b);
      wait_idle(b);
      ret = fill(b);
      unlock(b);
      return ret;
    `),
    );
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
    expect(
      merged(
        'ret = fill_some(b, n); return ret;',
        `
      -ret = fill_some(b, n);
      +ret = fill_some(b, n + 1);
       return ret;
    `,
      ),
    ).toBe('ret = fill_some(b, n + 1);\nreturn ret;');
  });

  it('a lock is replaced by another', () => {
    const patch = `
      -take(&b->lock);
      +take(&b->other);
       ret = fill(b);
       return ret;
    `;
    expect(merged('take(&b->lock); ret = fill(b); return ret;', patch)).toBe(
      'take(&b->other);\nret = fill(b);\nreturn ret;',
    );
    expect(account('take(&b->lock); ret = fill(b); return ret;', patch)).toEqual([
      '- 4 on-model: changed',
      '+ 5 on-model: changed',
    ]);
  });

  it('a return value is changed', () => {
    expect(
      merged(
        'fill(b); return 0;',
        `
       fill(b);
      -return 0;
      +return busy(b);
    `,
      ),
    ).toBe('fill(b);\nreturn busy(b);');
  });

  it('a declaration and its use come in', () => {
    expect(
      merged(
        'fill(b); return 0;',
        `
      +int left;
      +
       fill(b);
      +left = drain(b);
      +if (left)
      +        return left;
       return 0;
    `,
      ),
    ).toBe(
      says(`
      int left;
      fill(b);
      left = drain(b);
      if (left)
        return left;
      return 0;
    `),
    );
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
    expect(merged(MODEL, patch)).toBe(
      says(`
      if (n && b->state == EMPTY) {
        ret = fill(b);
      } else {
        ret = drain(b);
      }
      return ret;
    `),
    );
    expect(account(MODEL, patch)).toEqual(['- 4 on-model: changed if', '+ 5 on-model: changed if']);
  });

  it('a conjunct that the model left out stays out', () => {
    expect(
      merged(
        'if (n) ret = fill(b); return ret;',
        `
      -if (n && feature(b))
      +if (n && feature(b) && b->size)
               ret = fill(b);
       return ret;
    `,
      ),
    ).toBe('if (n && b->size)\n  ret = fill(b);\nreturn ret;');
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
    expect(merged('if (n) { ret = fill(b); } return ret;', patch)).toBe(
      says(`
      if (n) {
        ret = fill(b);
      } else if (busy(b)) {
        ret = drain(b);
      }
      return ret;
    `),
    );
    expect(account('if (n) { ret = fill(b); } return ret;', patch)).toEqual([
      '+ 6 on-model: added',
      '+ 7 on-model: added',
    ]);
  });

  it('an else-branch is taken away', () => {
    expect(
      merged(
        MODEL,
        `
       if (n) {
               ret = fill(b);
      -} else {
      -        ret = drain(b);
       }
       return ret;
    `,
      ),
    ).toBe('if (n) {\n  ret = fill(b);\n}\nreturn ret;');
  });

  it('an early return is added', () => {
    expect(
      merged(
        'lock(b); ret = fill(b); unlock(b); return ret;',
        `
      +if (busy(b))
      +        return 0;
       lock(b);
       ret = fill(b);
       unlock(b);
       return ret;
    `,
      ),
    ).toBe('if (busy(b))\n  return 0;\nlock(b);\nret = fill(b);\nunlock(b);\nreturn ret;');
  });

  it('a statement is wrapped in a condition', () => {
    expect(
      merged(
        'lock(b); ret = fill(b); unlock(b); return ret;',
        `
       lock(b);
      -ret = fill(b);
      +if (n)
      +        ret = drain(b);
      +else
      +        ret = fill(b);
       unlock(b);
       return ret;
    `,
      ),
    ).toBe(
      says(`
      lock(b);
      if (n)
        ret = drain(b);
      else
        ret = fill(b);
      unlock(b);
      return ret;
    `),
    );
  });

  it('a condition is taken away around its body', () => {
    expect(
      merged(
        'lock(b); if (n) { ret = fill(b); } unlock(b); return ret;',
        `
       lock(b);
      -if (n) {
      -        ret = fill(b);
      -}
      +ret = fill(b);
       unlock(b);
       return ret;
    `,
      ),
    ).toBe('lock(b);\nret = fill(b);\nunlock(b);\nreturn ret;');
  });
});

describe('jumps and labels', () => {
  const MODEL = `
    lock(b); ret = fill(b); if (ret) goto out; ret = drain(b);
    out: unlock(b); done: return ret;
  `;
  it('the target of a goto is changed', () => {
    expect(
      merged(
        MODEL,
        `
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
    `,
      ),
    ).toContain('goto done;\nret = drain(b);\nout:');
  });

  it('a label of the kernel that the model has not stands before the next modelled statement', () => {
    const got = merged(
      'lock(b); ret = fill(b); unlock(b); return ret;',
      `
       lock(b);
       ret = fill(b);
      +if (ret < 0)
      +        goto out;
       trace_filled(b);
       out:
       trace_out(b);
       unlock(b);
       return ret;
    `,
    );
    expect(got).toBe(
      'lock(b);\nret = fill(b);\nif (ret < 0)\n  goto out;\nout:\nunlock(b);\nreturn ret;',
    );
  });

  it('a goto to a label without place is not placed', () => {
    expect(
      account(
        'lock(b); ret = fill(b); unlock(b); return ret;',
        `
       lock(b);
       ret = fill(b);
      +if (ret < 0)
      +        goto elsewhere;
       unlock(b);
       return ret;
    `,
      ),
    ).toEqual([
      '+ 6 no-effect: nothing in it is placed',
      '+ 7 not-placed: label elsewhere has no place in the model',
    ]);
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
    const {
      c,
      account: lines,
      result,
    } = graftText(parser, {
      model: KNOWN + fn('lock(b); ret = fill(b); unlock(b); return ret;'),
      patch,
    });
    expect(c).toContain('static int fill_locked(struct box *b)\n{\n\tint ret;\n\tlock(b);');
    expect(c).toContain(
      'int f(struct box *b, int n)\n{\n\tint ret;\n\tret = fill_locked(b);\n\treturn ret;\n}',
    );
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
    const { c } = graftText(parser, {
      model: KNOWN + fn('lock(b); ret = fill(b); unlock(b); return ret;'),
      patch,
    });
    expect(body(c)).toBe(
      'int ret;\nlock(b);\nret = fill(b);\nif (ret)\n  ret = drain(b);\nunlock(b);\nreturn ret;',
    );
  });

  it('parameters of another name map by type', () => {
    const patch = dedent(`
       int f(struct box *box, int count)
       {
      -        return fill_some(box, count);
      +        return fill_some(box, count + 1);
       }
    `);
    const { c } = graftText(parser, {
      model: KNOWN + 'int f(struct box *b, int n)\n{\n return fill_some(b, n);\n}\n',
      patch,
    });
    expect(body(c)).toBe('return fill_some(b, n + 1);');
  });
});

describe('a condition that the model does not have', () => {
  const MODEL = 'lock(b); ret = fill(b); unlock(b); return ret;';

  it('is not without effect when it goes and what stood under it stays', () => {
    const told = account(
      MODEL,
      `
       lock(b);
      -if (n)
      -        ret = fill(b);
      +ret = fill(b);
       unlock(b);
       return ret;
    `,
    );
    expect(told[0]).toBe('- 5 not-placed: is not in the model');
  });

  it('goes with what stands under it', () => {
    const told = account(
      MODEL,
      `
       lock(b);
      -if (n)
      -        ret = fill(b);
       unlock(b);
       return ret;
    `,
    );
    expect(told[1]).toBe('- 6 on-model: removed');
  });
});

describe('a change that the model has already', () => {
  it('is on the model, and changes nothing', () => {
    const model = 'lock(b); ret = fill_some(b, n); unlock(b); return ret;';
    const patch = `
       lock(b);
      -ret = fill_some(b, 0);
      +ret = fill_some(b, n);
       unlock(b);
       return ret;
    `;
    expect(account(model, patch).every((l) => l.includes('on-model'))).toBe(true);
    expect(merged(model, patch)).toContain('ret = fill_some(b, n);');
  });
});
