import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { LAYERS, complaint, partOf } from '../../../scripts/eslint/layers.mjs';
import { ROOT } from '../../support/tools.mjs';

describe('layers', () => {
  it.each([
    ['server/mail/message.ts', 'mail'],
    ['server/analysis/check.ts', 'analysis'],
    ['server/csource/source.ts', 'source'],
    ['server/assets.ts', 'node'],
    ['server/cli/main.ts', 'cli'],
    ['media/trace/main.ts', 'media'],
    ['test/unit/x.test.ts', undefined],
  ])('%s belongs to %s', (path, part) => expect(partOf(path)).toBe(part));

  it.each([
    ['server/patch/hunk.ts', '../mail/message.js'],
    ['server/patch/hunk.ts', '../csource/source.js'],
    ['server/search/explore.ts', '../machine/types.js'],
    ['server/csource/parse.ts', 'web-tree-sitter'],
    ['server/cli/lsp.ts', '../lsp/main.js'],
    ['server/cli/main.ts', '../../package.json'],
    ['client/extension.ts', 'vscode-languageclient/node'],
    ['media/trace/main.ts', '../../shared/trace.js'],
  ])('%s may import %s', (from, specifier) => expect(complaint(from, specifier)).toBeUndefined());

  it.each([
    ['server/mail/message.ts', '../patch/hunk.js', 'mail may not import patch'],
    ['server/machine/run.ts', '../search/explore.js', 'machine may not import search'],
    ['server/context/held.ts', '../graft/edit.js', 'context may not import graft'],
    ['server/report/text.ts', '../lsp/main.js', 'report may not import lsp'],
    ['server/analysis/x.ts', '../report/text.js', 'analysis may not import report'],
    ['server/misc/x.ts', './y.js', 'server/misc has no layer'],
    ['server/search/explore.ts', 'node:fs', 'search may not import node:fs'],
    ['server/analysis/check.ts', '../assets.js', 'analysis may not import node'],
    ['client/extension.ts', '../server/lsp/main.js', 'client may not import lsp'],
    ['media/trace/main.ts', 'vscode', 'media may not import vscode'],
    ['server/mail/x.ts', '../../package.json', 'mail may not import ../../package.json'],
    ['server/lsp/main.ts', '../../test/support/x.js', 'lsp may not import ../../test/support/x.js'],
  ])('%s may not import %s', (from, specifier, what) =>
    expect(complaint(from, specifier)).toBe(what),
  );

  it('have no cycle', () => {
    for (const [part, below] of LAYERS)
      for (const lower of below) expect(LAYERS.get(lower) ?? []).not.toContain(part);
  });
});

describe('the linter', () => {
  const eslint = new ESLint({ cwd: ROOT });
  const rule = async (file: string, name: string): Promise<unknown> => {
    const config: unknown = await eslint.calculateConfigForFile(file);
    return (config as { readonly rules: Readonly<Record<string, readonly unknown[]>> }).rules[name];
  };

  it('keeps process, clock and timers out of the core, not out of the shells', async () => {
    const globals = await rule('server/search/explore.ts', 'no-restricted-globals');
    expect(globals).toEqual(expect.arrayContaining([2, 'process', 'setTimeout', 'console']));
    expect(await rule('server/cli/main.ts', 'no-restricted-globals')).toBeUndefined();
  });

  it('holds every file to the layers and to no `any` and no `!`', async () => {
    for (const file of ['server/mail/x.ts', 'client/x.ts', 'media/x.ts'])
      for (const name of ['racelore/layers', '@typescript-eslint/no-explicit-any'])
        expect(await rule(file, name)).toEqual(expect.arrayContaining([2]));
    expect(await rule('server/mail/x.ts', '@typescript-eslint/no-non-null-assertion')).toEqual([2]);
  });
});
