/**
 * Entry of `racelore`. Files of Model C are run by a bundle of their own, which holds little else;
 * all other commands are in the other one.
 */
import { loadBundle } from '../bundle.js';
import type * as Model from './model.js';
import { isModelFile } from './model-file.js';

const HERE = import.meta.dirname;

async function main(args: readonly string[]): Promise<void> {
  const code =
    args[0] === 'run' && args.some(isModelFile)
      ? await (loadBundle(HERE, 'model.js').exports as typeof Model).runPlain(args)
      : undefined;
  if (code === undefined) loadBundle(HERE, 'commands.js');
  // Ends without taking the heap apart, once everything is written.
  else process.stdout.write('', () => process.exit(code));
}

void main(process.argv.slice(2));
