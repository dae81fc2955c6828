/** The analysis with this installation's assets and the user's scenarios, made once a process. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Analyzer } from '../analysis/index.js';
import type { ModelFile } from '../analysis/files.js';
import type { KernelFile } from '../analysis/model.js';
import { readAssets } from '../assets.js';
import { oneLine } from '../report/plain.js';

/** Where a user keeps scenarios, in the folder that the command is given in. */
const OWN = '.racelore';

let made: Promise<Analyzer> | undefined;

export function analyzer(): Promise<Analyzer> {
  made ??= create();
  return made;
}

async function create(): Promise<Analyzer> {
  const installed = readAssets();
  const assets = { ...installed, kernel: [...installed.kernel, ...ownContracts()] };
  const base = await Analyzer.create(assets);
  const own = ownScenarios();
  if (own.length === 0) return base;
  const { analyzer: all, problems } = Analyzer.withScenarios(base, assets.kernel, own);
  const names = new Map(own.map((f) => [f.uri, `${OWN}/${f.name}`]));
  for (const { at, message } of problems) {
    const place = `${names.get(at.uri) ?? at.uri}:${at.line + 1}:${at.character + 1}`;
    process.stderr.write(`${oneLine(`${place}: error: ${message}; the scenario is not used`)}\n`);
  }
  return all;
}

/** The user's own contracts, on top of those of this installation. */
function ownContracts(): readonly KernelFile[] {
  const path = join(OWN, 'contracts.h');
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return [{ name: 'own/contracts.h', uri: pathToFileURL(path).href, text }];
}

function ownScenarios(): readonly ModelFile[] {
  if (!existsSync(OWN)) return [];
  return readdirSync(OWN)
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => {
      const path = join(OWN, name);
      return { name, uri: pathToFileURL(path).href, text: readFileSync(path, 'utf8') };
    });
}
