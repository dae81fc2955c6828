import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Step, blocksOf, filled } from '../support/journey.js';
import { ROOT, sharedData } from '../support/tools.mjs';

/** What a document may name relative to where it runs: name → folder of the project. */
const LINKS = new Map([
  ['fixtures', 'test/fixtures'],
  ['examples', 'examples'],
  ['shared', '../shared'],
]);

const documents = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.md'));

/** A folder of its own with `racelore` on its PATH. */
function prepare(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  const cwd = mkdtempSync(join(tmpdir(), 'racelore-journey-'));
  mkdirSync(join(cwd, '.bin'));
  symlinkSync(join(ROOT, 'dist/cli.js'), join(cwd, '.bin/racelore'));
  for (const [name, folder] of LINKS)
    if (existsSync(join(ROOT, folder))) symlinkSync(join(ROOT, folder), join(cwd, name));
  const path = `${join(cwd, '.bin')}:${process.env['PATH'] ?? ''}`;
  return { cwd, env: { PATH: path, HOME: cwd, LANG: 'C.UTF-8', TZ: 'UTC' } };
}

function run(step: Step, options: ReturnType<typeof prepare>): void {
  const { stdout, status } = spawnSync('sh', ['-c', `{ ${step.command}\n} 2>&1`], {
    ...options,
    encoding: 'utf8',
    input: '',
  });
  const lines = stdout.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const where = `line ${step.line}: ${step.command}`;
  expect(lines, where).toEqual(filled(step.expected, lines));
  expect(status, `exit status, ${where}`).toBe(step.status);
}

describe.each(documents)('%s', (name) => {
  let place: ReturnType<typeof prepare>;
  beforeAll(() => {
    place = prepare();
  });
  afterAll(() => rmSync(place.cwd, { recursive: true, force: true }));

  for (const { title, flags, steps } of blocksOf(
    readFileSync(join(import.meta.dirname, name), 'utf8'),
  )) {
    const skip = flags.includes('shared') && sharedData() === undefined;
    it.skipIf(skip)(title, () => {
      for (const step of steps) run(step, place);
    });
  }
});
