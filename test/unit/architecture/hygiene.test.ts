import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SourceFile, projectFiles } from '../../support/sources.js';
import { ROOT } from '../../support/tools.mjs';

const TEXT =
  /\.(?:ts|mts|mjs|js|json|md|c|h|sh|lua|el|css|html|yml|yaml|txt|eml|patch)$|(?:^|\/)run$/;

/** `file:line: text` for every match. */
function places(files: readonly SourceFile[], pattern: RegExp): readonly string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const match = pattern.exec(line);
      return match === null ? [] : [`${path}:${index + 1}: ${match[0]}`];
    }),
  );
}

/** Built from parts, so that this file does not match itself. */
const either = (...words: readonly string[]): RegExp => new RegExp(words.join('|'), 'i');

describe('the tree', () => {
  const files = projectFiles(TEXT);

  it('names no folder of a machine it was written on', () => {
    const roots = ['work', 'farm', 'root', 'home/\\w+', 'Users/\\w+'].map((name) => `/${name}/`);
    expect(places(files, either(...roots, '/tm' + 'p/'))).toEqual([]);
  });

  it('names no registry or mirror, so that it installs from any', () => {
    expect(places(files, either('registry\\.\\w+\\.\\w+', '"resolved":' + ' "http'))).toEqual([]);
  });

  it('speaks of itself, not of how it was written', () => {
    const words = [
      'clau' + 'de',
      'anthro' + 'pic',
      'open' + 'ai\\b',
      'chat' + 'gpt',
      'co' + 'pilot',
    ];
    expect(places(files, either(...words, 'co-authored' + '-by'))).toEqual([]);
  });

  it('has no file over 500 lines', () => {
    const long = files.filter(({ path }) => /\.(?:ts|mjs|c|h|css|sh|lua)$/.test(path));
    const lines = ({ text }: SourceFile): number => text.split('\n').length - 1;
    expect(long.filter((file) => lines(file) > 500).map(({ path }) => path)).toEqual([]);
  });

  it('has no skipped, focused or empty test', () => {
    const tests = files.filter(({ path }) => path.endsWith('.test.ts'));
    const calls = ['skip', 'only', 'todo', 'fails'].map((word) => `\\.${word}\\b`);
    expect(places(tests, new RegExp(`\\b(?:it|test|describe)(?:${calls.join('|')})`))).toEqual([]);
  });

  it('has no unfinished or silenced place', () => {
    const code = files.filter(({ path }) => /\.(?:ts|mts|mjs|c|h)$/.test(path));
    const words = [
      'TO' + 'DO',
      'FIX' + 'ME',
      'XX' + 'X',
      '@ts-' + 'ignore',
      '@ts-' + 'expect-error',
    ];
    const pattern = new RegExp(`\\b(?:${words.join('|')})\\b|eslint-` + 'disable');
    expect(places(code, pattern)).toEqual([]);
  });
});

describe('what is packed', () => {
  it.each(['.npmignore', '.vscodeignore'])('%s begins by leaving everything out', (name) => {
    const [first] = readFileSync(join(ROOT, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toMatch(/^\*{1,2}$/);
  });

  it('is not also listed in package.json', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('files');
    expect(manifest).not.toHaveProperty('dependencies');
  });
});
