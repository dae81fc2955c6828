import { spawn } from 'node:child_process';
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

type Place = ReturnType<typeof prepare>;

function shell(command: string, place: Place): Promise<{ stdout: string; status: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `{ ${command}\n} 2>&1`], {
      ...place,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ stdout, status }));
  });
}

async function run(step: Step, place: Place): Promise<void> {
  const { stdout, status } = await shell(step.command, place);
  const lines = stdout.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const where = `line ${step.line}: ${step.command}`;
  expect(lines, where).toEqual(filled(step.expected, lines));
  expect(status, `exit status, ${where}`).toBe(step.status);
}

// Two documents side by side, the blocks of one in order: one may read what another has written.
describe.concurrent.each(documents)('%s', (name) => {
  let place: Place;
  beforeAll(() => {
    place = prepare();
  });
  afterAll(() => rmSync(place.cwd, { recursive: true, force: true }));

  for (const { title, flags, steps } of blocksOf(
    readFileSync(join(import.meta.dirname, name), 'utf8'),
  )) {
    const skip = flags.includes('shared') && sharedData() === undefined;
    it(title, { concurrent: false, skip }, async () => {
      for (const step of steps) await run(step, place);
    });
  }
});
