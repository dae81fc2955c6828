import { beforeAll, describe, expect, it } from 'vitest';
import { OneFunction } from './one-function.js';
import { loadParser } from './support.js';

let one: OneFunction;
beforeAll(async () => {
  one = new OneFunction(await loadParser());
});

interface Decoy {
  readonly what: string;
  readonly model: string;
  readonly patch: string;
}

/** Changes that look as if they had a place. Nothing tells which, or it is another one: none may be placed. */
const DECOYS: readonly Decoy[] = [
  {
    what: 'a call that the model has twice, the hunk once',
    model: 'lock(b); drain(b); unlock(b); lock(b); drain(b); unlock(b); return ret;',
    patch: `
       trace_one(b);
      -drain(b);
      +wait_idle(b);
       trace_two(b);
    `,
  },
  {
    what: 'a wait behind a call that the model has twice',
    model: 'drain(b); ret = fill(b); drain(b); return ret;',
    patch: `
       publish(b);
       drain(b);
      +wait_idle(b);
       account(b);
    `,
  },
  {
    what: 'a call that the hunk has twice, the model once',
    model: 'lock(b); drain(b); unlock(b); return ret;',
    patch: `
       lock(b);
       drain(b);
       publish(b);
      -drain(b);
       unlock(b);
       return ret;
    `,
  },
  {
    what: 'a block between two that look the same',
    model: 'lock(b); ret = fill(b); unlock(b); lock(b); ret = fill(b); unlock(b); return ret;',
    patch: `
       lock(b);
       ret = fill(b);
      +wait_idle(b);
       unlock(b);
    `,
  },
  {
    what: 'a block that moves over code that the model does not have',
    model: 'lock(b); drain(b); unlock(b); ret = fill(b); return ret;',
    patch: `
      -lock(b);
      -drain(b);
      -unlock(b);
       publish(b);
       ret = fill(b);
      +lock(b);
      +drain(b);
      +unlock(b);
       return ret;
    `,
  },
  {
    what: 'a block that moves, of which the model has only the end',
    model: 'drain(b); ret = fill(b); return ret;',
    patch: `
      -n = estimate(b);
      -drain_some(b, n);
       ret = fill(b);
      +n = estimate(b);
      +drain_some(b, n);
       return ret;
    `,
  },
  {
    what: 'a check of a value that comes from elsewhere in the model',
    model: 'ret = fill(b); if (ret) return ret; ret = drain(b); return ret;',
    patch: `
       ret = prepare(b);
       if (ret)
      -        return ret;
      +        return 0;
       publish(b);
    `,
  },
  {
    what: 'the same call on another object',
    model: 'take(&b->lock); ret = fill(b); take(&b->other); return ret;',
    patch: `
       publish(b);
      -take(&b->parent->lock);
      +take(&b->parent->other);
       account(b);
    `,
  },
  {
    what: 'a branch of another condition',
    model: 'if (busy(b)) wait_idle(b); ret = fill(b); return ret;',
    patch: `
       if (frozen(b))
      -        wait_idle(b);
      +        drain(b);
       publish(b);
    `,
  },
  {
    what: 'an unlock that two locks of the model fit',
    model: 'lock(b); drain(b); unlock(b); lock(b); ret = fill(b); unlock(b); return ret;',
    patch: `
      -lock(b);
       publish(b);
      -unlock(b);
       account(b);
    `,
  },
  {
    what: 'a case of a switch that the model does not have',
    model: 'switch (n) { case 1: drain(b); break; default: break; } return ret;',
    patch: `
       switch (mode(b)) {
       case 1:
      -        drain(b);
      +        wait_idle(b);
               break;
       }
    `,
  },
  {
    what: 'a loop of another length',
    model: 'while (busy(b)) drain(b); return ret;',
    patch: `
       for (i = 0; i < n; i++)
      -        drain(b);
      +        wait_idle(b);
       publish(b);
    `,
  },
];

describe('a decoy is not placed', () => {
  it.each(DECOYS)('$what', ({ model, patch }) => {
    const account = one.account(model, patch);
    expect(account.length).toBeGreaterThan(0);
    expect(account.filter((l) => l.includes('on-model'))).toEqual([]);
    expect(account.some((l) => l.includes('not-placed'))).toBe(true);
    expect(one.merged(model, patch)).toBe('');
  });
});
