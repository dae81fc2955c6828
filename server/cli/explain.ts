/** `racelore explain ID`: the page of a rule or scenario, from the comment in the model kernel's C. */
import { plain } from '../report/plain.js';
import { analyzer } from './analyzer.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError } from './input.js';

export async function explain(id: string): Promise<number> {
  const page = (await analyzer()).explain(id);
  if (page === undefined) throw new InputError(`no rule or scenario is called ${plain(id)}`);
  print(`${plain(page).trimEnd()}\n`);
  return EXIT_CLEAN;
}
