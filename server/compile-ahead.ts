/**
 * Run by the build, with the name of a bundle and what it has to do: has it done as for users, from a start as they have
 * it, and keeps what V8 compiled for that beside the bundle.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { MessageChannel } from 'node:worker_threads';
import { loadBundle } from './bundle.js';

const HERE = import.meta.dirname;
/** Of the check by the worker, which makes many searches. */
const LIMITS = { seconds: 0.3, states: 100_000, columns: 72 };

/** What the bundles offer to who loads them; `commands.js` goes by the command line alone. */
interface Offered {
  readonly runPlain?: (args: readonly string[]) => Promise<number | undefined>;
  readonly serve?: (port: MessagePort, start: { readonly cancelled: SharedArrayBuffer }) => void;
}

async function main([name = '', ...command]: readonly string[]): Promise<void> {
  // Some commands end the process.
  process.argv.splice(2, process.argv.length, ...command);
  const { exports, script } = loadBundle(HERE, name);
  process.on('exit', (code) => {
    const file = join(HERE, `${name}.cache`);
    writeFileSync(`${file}.new`, script.createCachedData());
    renameSync(`${file}.new`, file);
    // 1: there were findings.
    if (code === 1) process.exitCode = 0;
  });
  const offered = exports as Offered;
  await offered.runPlain?.(command);
  if (offered.serve) checkIn(offered.serve, command[0] ?? '');
}

/** One check of a document by the worker's bundle. */
function checkIn(serve: NonNullable<Offered['serve']>, path: string): void {
  const { port1, port2 } = new MessageChannel();
  serve(port2, { cancelled: new SharedArrayBuffer(4) });
  const document = { uri: `file:///${path}`, text: readFileSync(path, 'utf8') };
  port1.on('message', () => {
    port1.close();
  });
  port1.postMessage({ number: 1, job: { kind: 'check', document, limits: LIMITS } });
}

void main(process.argv.slice(2));
