/** `racelore lsp --stdio`: the language server for any editor. */
import { startServer } from '../lsp/start.js';

/** Never resolves: the server ends the process when its client says so. */
export async function lsp(): Promise<never> {
  // the connection reads its kind from the arguments
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  await startServer();
  return new Promise<never>(() => undefined);
}
