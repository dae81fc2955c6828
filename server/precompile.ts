/** Run by the build: writes the model kernel as parsed to where the product reads it. */
import { renameSync, writeFileSync } from 'node:fs';
import { ModelKernel } from './analysis/model.js';
import { precompile } from './analysis/precompiled.js';
import { PARSED, readAssets } from './assets.js';
import { CParser } from './csource/parser.js';

async function main(): Promise<void> {
  const { core, grammar, kernel } = readAssets();
  const files = kernel.map(({ name, text }) => ({ name, text }));
  const fresh = new ModelKernel(await CParser.load(core, grammar), files);
  // Who starts meanwhile sees the old file or the new one.
  writeFileSync(`${PARSED}.new`, JSON.stringify(precompile(fresh)));
  renameSync(`${PARSED}.new`, PARSED);
}

void main();
