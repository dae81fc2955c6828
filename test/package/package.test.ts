import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/tools.mjs';
import { zipNames } from '../support/zip.js';

const MEGABYTE = 1_000_000;

let folder: string;
let vsix: string;
let tarball: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'racelore-package-'));
  execFileSync(process.execPath, ['scripts/package.mjs', folder], { cwd: ROOT, stdio: 'pipe' });
  const find = (end: string): string =>
    join(folder, readdirSync(folder).find((name) => name.endsWith(end)) ?? `no ${end}`);
  vsix = find('.vsix');
  tarball = find('.tgz');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One name a line; the model kernel's files are what the tree has, so they are one line. */
function listed(names: readonly string[]): string {
  const kernel = /dist\/kernel\/.*\.c$/;
  const rest = names.filter((name) => !kernel.test(name));
  const model = names
    .filter((name) => kernel.test(name))
    .map((name) => name.replace(/.*kernel\//, ''));
  const sources = readdirSync(join(ROOT, 'server/kernel'), { recursive: true, encoding: 'utf8' });
  expect(model.sort()).toEqual(sources.filter((name) => name.endsWith('.c')).sort());
  return [...rest, 'dist/kernel/**.c'].sort().join('\n') + '\n';
}

describe('the extension', () => {
  it('holds the files of the checked-in list', async () => {
    const names = zipNames(readFileSync(vsix)).map((name) => name.replace(/^extension\//, ''));
    await expect(listed(names)).toMatchFileSnapshot('vsix.txt');
  });

  it('is at most 3 MB', () => {
    expect(statSync(vsix).size).toBeLessThanOrEqual(3 * MEGABYTE);
  });
});

describe('the npm package', () => {
  it('holds the files of the checked-in list', async () => {
    const list = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    const names = list.map((name) => name.replace(/^package\//, ''));
    await expect(listed(names)).toMatchFileSnapshot('npm.txt');
  });

  it('runs from anywhere once installed, without install scripts', () => {
    const prefix = join(folder, 'prefix');
    const flags = [
      '--global',
      '--prefix',
      prefix,
      '--ignore-scripts',
      '--omit=optional',
      '--offline',
    ];
    execFileSync('npm', ['install', ...flags, tarball], { stdio: 'pipe' });
    const racelore = join(prefix, 'bin/racelore');
    const { status, stdout, stderr } = spawnSync(racelore, ['scenarios'], {
      cwd: '/',
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^R1b\b/m);
  });
});
