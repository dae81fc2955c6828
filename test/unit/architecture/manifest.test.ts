import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ServerCommand } from '../../../shared/protocol.js';
import { DEFAULTS, SETTING_KEYS, type Settings } from '../../../shared/settings.js';
import { projectFiles, wordsOf } from '../../support/sources.js';
import { ROOT } from '../../support/tools.mjs';

interface Manifest {
  readonly version: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string }[] };
    readonly configuration: {
      readonly properties: Readonly<Record<string, { default: unknown; scope: string }>>;
    };
  };
}

const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const { version, contributes } = JSON.parse(read('package.json')) as Manifest;
const commands = contributes.commands.map(({ command }) => command);
const properties = contributes.configuration.properties;

describe('the commands of package.json', () => {
  it('are those that the client registers and the server owns', () => {
    const words = projectFiles(/^client\/commands\.ts$/).flatMap(wordsOf);
    const literals = words.map(({ literal }) => literal ?? '');
    const registered = literals.filter((text) => /^racelore\.\w+$/.test(text));
    const owned = Object.values(ServerCommand);
    expect([...commands].sort()).toEqual([...new Set([...registered, ...owned])].sort());
  });

  it('are in one category, and the palette names no other', () => {
    expect(new Set(contributes.commands.map(({ category }) => category))).toEqual(
      new Set(['Racelore']),
    );
    for (const { command } of contributes.menus.commandPalette) expect(commands).toContain(command);
  });
});

describe('the settings', () => {
  const names = Object.keys(DEFAULTS) as (keyof Settings)[];

  it('are the same in package.json and in the code', () => {
    const inCode = names.map((name) => [`racelore.${SETTING_KEYS[name]}`, DEFAULTS[name]]);
    const inManifest = Object.entries(properties).map(([key, value]) => [key, value.default]);
    expect(inManifest).toEqual(inCode);
  });

  it('are at most twelve, of resource scope', () => {
    expect(names.length).toBeLessThanOrEqual(12);
    for (const { scope } of Object.values(properties)) expect(scope).toBe('resource');
  });

  it('are listed in the README with their defaults', () => {
    const rows = [...read('README.md').matchAll(/^\| `(racelore\.[\w.]+)` \| `(.*?)` \|/gm)];
    const expected = Object.entries(properties).map(([key, value]) => [key, String(value.default)]);
    expect(rows.map(([, key, value]) => [key, value])).toEqual(expected);
  });
});

describe('the changelog', () => {
  it('has a place for what is not released, or this version', () => {
    expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## \\[(?:Unreleased|${version})\\]`, 'm'));
  });
});
