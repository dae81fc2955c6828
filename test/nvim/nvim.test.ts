import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, which } from '../support/tools.mjs';

interface Diagnostic {
  readonly line: number;
  readonly message: string;
  readonly source: string;
}

/** What client.lua writes. */
interface Seen {
  readonly problem?: string;
  readonly opened: readonly Diagnostic[];
  readonly hover: string;
  readonly lenses: readonly { readonly line: number; readonly title: string }[];
  readonly race: { readonly verdict: string; readonly text: string; readonly token: string };
  readonly edited: readonly Diagnostic[];
  readonly undone: readonly Diagnostic[];
}

let home: string;
let seen: Seen;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'racelore-nvim-'));
  copyFileSync(join(ROOT, 'examples/zeroing.eml'), join(home, 'zeroing.eml'));
  const out = join(home, 'seen.json');
  const script = join(ROOT, 'test/nvim/client.lua');
  const args = ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-c', `luafile ${script}`];
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    RACELORE_NODE: process.execPath,
    RACELORE_SERVER: join(ROOT, 'dist/server.js'),
    RACELORE_OUT: out,
  };
  const nvim = which('nvim') ?? 'nvim';
  spawnSync(nvim, [...args, 'zeroing.eml'], { cwd: home, env, timeout: 90_000 });
  seen = JSON.parse(readFileSync(out, 'utf8')) as Seen;
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('in Neovim, the example mail', () => {
  it('is worked through without a problem', () => expect(seen.problem).toBeUndefined());

  it('has a diagnostic of ours', () => {
    expect(seen.opened.map(({ source }) => source)).toContain('racelore');
  });

  it('answers hover with what is held there', () => expect(seen.hover).toMatch(/handle/));

  it('has a lens that runs the race', () => {
    expect(seen.lenses.map(({ title }) => title).join('\n')).toMatch(/race/i);
  });

  it('returns the schedule as text', () => {
    expect(seen.race.verdict).toMatch(/race found/);
    expect(seen.race.text).toContain(seen.race.token);
    for (const line of seen.race.text.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
  });

  it('is clean without the line, and as before after undo', () => {
    expect(seen.edited.length).toBeLessThan(seen.opened.length);
    expect(seen.undone).toEqual(seen.opened);
  });
});
