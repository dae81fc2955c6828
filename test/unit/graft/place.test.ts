import { beforeAll, describe, expect, it } from 'vitest';
import { OneFunction } from './one-function.js';
import { loadParser } from './support.js';

let one: OneFunction;
beforeAll(async () => {
  one = new OneFunction(await loadParser());
});

function merged(model: string, patch: string): string {
  return one.merged(model, patch);
}

function account(model: string, patch: string): readonly string[] {
  return one.account(model, patch);
}

describe('what cannot be placed beyond doubt', () => {
  it('the same call twice in the model', () => {
    const model = 'ret = fill(b); drain(b); ret = fill(b); return ret;';
    const patch = `
       trace_one(b);
      -ret = fill(b);
      +ret = fill_some(b, n);
       trace_two(b);
    `;
    expect(merged(model, patch)).toBe('');
    expect(account(model, patch)).toEqual([
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
    expect(account('ret = fill(b); return ret;', patch).every((l) => !l.includes('on-model'))).toBe(
      true,
    );
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
    expect(
      account(
        'ret = fill(b); return ret;',
        `
      +lock(b);
       ret = fill(b);
       publish(b);
      +unlock(b);
       return ret;
    `,
      ),
    ).toEqual([
      '+ 4 not-placed: scope over unmodelled code (line 6)',
      '+ 7 not-placed: scope over unmodelled code (line 6)',
    ]);
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
    expect(
      account(
        'lock(b); ret = fill(b); unlock(b); return ret;',
        `
       lock(b);
       ret = fill(b);
       publish(b);
      +wait_idle(b);
       account(b);
       unlock(b);
       return ret;
    `,
      ),
    ).toEqual(['+ 7 not-placed: scope over unmodelled code (line 6)']);
  });

  it('a wait beside one of them has a place', () => {
    expect(
      account(
        'lock(b); ret = fill(b); unlock(b); return ret;',
        `
       lock(b);
       ret = fill(b);
      +wait_idle(b);
       publish(b);
       unlock(b);
       return ret;
    `,
      ),
    ).toEqual(['+ 6 on-model: added']);
  });

  it('a call that is not in the model', () => {
    expect(
      account(
        'lock(b); ret = fill(b); unlock(b); return ret;',
        `
       lock(b);
      +publish(b);
       ret = fill(b);
       unlock(b);
       return ret;
    `,
      ),
    ).toEqual(['+ 5 not-placed: calls publish(), which is not in the model']);
  });

  it('a condition that is not in the model', () => {
    expect(
      account(
        'ret = fill(b); return ret;',
        `
       ret = fill(b);
      -if (debug(b))
      +if (debug(b) && n)
               publish(b);
       return ret;
    `,
      ),
    ).toEqual(['- 5 not-placed: is not in the model', '+ 6 not-placed: is not in the model']);
  });

  it('a value from a line that was not placed', () => {
    expect(
      account(
        'ret = fill(b); return ret;',
        `
      +int left = publish(b);
       ret = fill(b);
      +if (left)
      +        return 0;
       return ret;
    `,
      ),
    ).toEqual([
      '+ 4 not-placed: calls publish(), which is not in the model',
      '+ 6 not-placed: uses left, whose value comes from a line that was not placed',
      expect.stringContaining('not-placed'),
    ]);
  });
});

describe('what only looks alike', () => {
  it('a statement of the model stands where the image shows none', () => {
    expect(
      account(
        'lock(b); drain(b); unlock(b); return ret;',
        `
       lock(b);
      +wait_idle(b);
       unlock(b);
       return ret;
    `,
      ),
    ).toEqual(['+ 5 not-placed: the model has statements here that the image does not show']);
  });

  it('a jump under another condition', () => {
    const model = 'if (busy(b)) goto out; ret = fill(b); out: unlock(b); return ret;';
    const patch = `
      -if (debug(b))
      -        goto out;
       ret = fill(b);
       out:
       unlock(b);
       return ret;
    `;
    expect(merged(model, patch)).toBe('');
    expect(account(model, patch).every((l) => l.includes('not-placed'))).toBe(true);
  });

  it('another target of a jump under another condition', () => {
    const model =
      'if (busy(b)) goto out; ret = fill(b); done: drain(b); out: unlock(b); return ret;';
    const patch = `
       if (debug(b))
      -        goto out;
      +        goto done;
       ret = fill(b);
       done:
       drain(b);
    `;
    expect(merged(model, patch)).toBe('');
    expect(account(model, patch).every((l) => l.includes('not-placed'))).toBe(true);
  });

  it('a check of a value from a call that the model does not have', () => {
    const model = 'ret = fill(b); if (ret) return ret; ret = drain(b); return ret;';
    const patch = `
       ret = publish(b);
       if (ret)
      -        return ret;
      +        return 0;
       ret = drain(b);
       return ret;
    `;
    expect(merged(model, patch)).toBe('');
    expect(account(model, patch).every((l) => l.includes('not-placed'))).toBe(true);
  });

  it('the same check after the call that the model has', () => {
    expect(
      merged(
        'ret = fill(b); if (ret) return ret; ret = drain(b); return ret;',
        `
       ret = publish(b);
       if (ret)
               return ret;
       ret = fill(b);
       if (ret)
      -        return ret;
      +        return 0;
       ret = drain(b);
       return ret;
    `,
      ),
    ).toContain('ret = fill(b);\nif (ret)\n  return 0;\nret = drain(b);');
  });
});

describe('no effect', () => {
  it('comments, blank lines and values that only unmodelled code uses', () => {
    expect(
      account(
        'ret = fill(b); return ret;',
        `
      +/* Say more
      + * about it. */
      +
      +int shift;
       ret = fill(b);
      -count = count + 1;
      +count = count + 2;
       return ret;
    `,
      ).map((l) => l.split(':')[0]),
    ).toEqual([
      '- 9 no-effect',
      '+ 4 no-effect',
      '+ 5 no-effect',
      '+ 6 no-effect',
      '+ 7 no-effect',
      '+ 10 no-effect',
    ]);
  });

  it('a statement that is only written anew', () => {
    expect(
      account(
        'ret = fill_some(b, n); return ret;',
        `
      -ret = fill_some(b, n);
      +ret = fill_some(b,
      +                n);
       return ret;
    `,
      ),
    ).toEqual(['- 4 no-effect: same code', '+ 5 no-effect: same code', '+ 6 no-effect: same code']);
  });
});
