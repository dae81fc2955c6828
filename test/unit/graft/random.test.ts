/**
 * Random functions, random patches. The model is the function without the calls that it does not know;
 * the right answer is the patched function without them. Whatever is placed in full must be right.
 */
import { beforeAll, expect, it } from 'vitest';
import type { Stmt } from '../../../server/csource/ast.js';
import type { CParser } from '../../../server/csource/parser.js';
import { printC } from '../../../server/csource/print.js';
import { SourceTable } from '../../../server/csource/source.js';
import { graftText, loadParser } from './support.js';
import { diffHunks, modelled, patched, randomBody, Random, render } from './random.js';

let parser: CParser;
beforeAll(async () => {
  parser = await loadParser();
});

const KNOWN = ['a', 'b', 'c', 'd', 'e', 'p', 'q']
  .map((n) => `int ${n}(struct box *x, int n);`)
  .join('\n');

/** Braces everywhere, so that they do not count. */
function braced(s: Stmt): Stmt {
  const block = (b: Stmt): Stmt => ({
    kind: 'block',
    loc: b.loc,
    body: (b.kind === 'block' ? b.body : [b]).map(braced),
  });
  if (s.kind === 'if')
    return { ...s, then: block(s.then), ...(s.else ? { else: block(s.else) } : {}) };
  return s;
}

function normal(text: string): string {
  const unit = parser.parseFile(new SourceTable().add({ name: 'f.c', uri: 'f', text }));
  const fn = unit.items.find((i) => i.kind === 'function');
  return fn?.kind === 'function'
    ? printC({ ...fn, body: { ...fn.body, body: fn.body.body.map(braced) } })
    : '';
}

function whole(body: readonly string[]): string {
  return ['int f(struct box *x)', '{', '\tint ret;', ...body, '}'].join('\n');
}

it('what is placed in full is right', { timeout: 120_000 }, () => {
  let placed = 0;
  const wrong: string[] = [];
  for (let seed = 1; seed <= 600; seed++) {
    const random = new Random(seed);
    const pre = randomBody(random);
    const post = patched(pre, random);
    const patch = diffHunks(
      whole(render(pre)).split('\n'),
      whole(render(post)).split('\n'),
      'int f(struct box *x)',
    );
    if (patch === '') continue;
    const model = `${KNOWN}\n${whole(render(modelled(pre)))}\n`;
    const { c, account } = graftText(parser, { model, patch });
    if (account.some((l) => l.includes('not-placed'))) continue;
    placed++;
    const got = normal(c === '' ? whole(render(modelled(pre))) : c);
    const right = normal(whole(render(modelled(post))));
    if (got !== right)
      wrong.push(
        `seed ${seed}\n${patch}\n--- model\n${model}\n--- got\n${got}\n--- right\n${right}\n${account.join('\n')}`,
      );
  }
  expect(wrong.slice(0, 3).join('\n\n')).toBe('');
  expect(placed).toBeGreaterThan(150);
});
