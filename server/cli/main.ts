/**
 * Entry of `racelore`. Files of Model C are run by a bundle of their own, which holds little else;
 * all other commands are in the other one.
 */
import { loadBundle } from '../bundle.js';
import { compileLess } from './compiler.js';
import type * as Model from './model.js';
import { isModelFile } from './model-file.js';

const HERE = import.meta.dirname;

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === 'run' && args.some(isModelFile)) {
    const { end, runPlain } = loadBundle(HERE, 'model.js').exports as typeof Model;
    compileLess();
    const code = await runPlain(args);
    if (code !== undefined) {
      end(code);
      return;
    }
  }
  loadBundle(HERE, 'commands.js');
  compileLess();
}

void main(process.argv.slice(2));
