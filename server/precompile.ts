/** Run by the build: writes the model kernel as parsed to where the product reads it. */
import { renameSync, writeFileSync } from 'node:fs';
import { ModelKernel } from './analysis/model.js';
import { precompile } from './analysis/precompiled.js';
import { writeParsed } from './analysis/precompiled-text.js';
import { PARSED, readGrammar, readKernelTexts } from './assets.js';
import { CParser } from './csource/parser.js';

async function main(): Promise<void> {
  const { core, grammar } = readGrammar();
  const fresh = new ModelKernel(await CParser.load(core, grammar), readKernelTexts());
  // Who starts meanwhile sees the old file or the new one.
  writeFileSync(`${PARSED}.new`, writeParsed(precompile(fresh)));
  renameSync(`${PARSED}.new`, PARSED);
}

void main();
