/** What the kernel was like at another time: labels that came with a change. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { CParser } from '../../../server/csource/parser.js';
import { KNOWN, body, fn } from './one-function.js';
import { dedent, graftText, loadParser } from './support.js';

let parser: CParser;
beforeAll(async () => {
  parser = await loadParser();
});

function graft(more: string, model: string, patch: string): string {
  const { c } = graftText(parser, { model: KNOWN + more + fn(model), patch });
  return body(c).replace(/^int ret;\n/, '');
}

const whole = (text: string): string =>
  ` int f(struct box *b, int n)\n {\n int ret;\n${dedent(text)}\n }`;

describe('a label', () => {
  it('of a later version is not there before it, so a patch may bring it', () => {
    const model = `
      if (busy(b)) {
        if (__since("0123456789ab", "2024-01-01")) {
        found:
          ;
        }
        return fill(b);
      }
      lock(b);
      if (__since("0123456789ab", "2024-01-01")) {
        if (drain(b)) {
          unlock(b);
          goto found;
        }
      }
      ret = fill_some(b, n);
      unlock(b);
      return ret;
    `;
    const patch = whole(`
       if (busy(b)) {
      +found:
               return fill(b);
       }
       lock(b);
      +if (drain(b)) {
      +        unlock(b);
      +        goto found;
      +}
       ret = fill_some(b, n);
       unlock(b);
       return ret;
    `);
    const c = graft('', model, patch);
    expect(c.match(/found:/g)?.length).toBe(1);
    expect(c).toContain('goto found;');
  });

  it('says nothing of how deep the lines before it stand', () => {
    // The first hunk begins below the head of an `if` that it does not show.
    const model = `
      if (busy(b)) {
        if (drain(b))
          goto out;
        return fill(b);
      }
      lock(b);
    out:
      ret = fill_some(b, n);
      return ret;
    `;
    const patch = [
      '@@ int f(struct box *b, int n)',
      ' \t\tif (drain(b))',
      ' \t\t\tgoto out;',
      ' ',
      '+found:',
      ' \t\t/* It may have been filled. */',
      '@@ int f(struct box *b, int n)',
      ' \tlock(b);',
      '+\tif (busy(b)) {',
      '+\t\tunlock(b);',
      '+\t\tgoto found;',
      '+\t}',
      ' out:',
      ' \tret = fill_some(b, n);',
    ].join('\n');
    expect(graft('', model, patch)).toMatch(/goto out;\s+found:\s+;?\s*return fill/);
  });
});
