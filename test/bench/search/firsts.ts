/**
 * How soon failing scenarios show their first finding: in a worker as the editor's server has it, all of
 * them one after the other, and each in a worker that was just started.
 */
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Clock, First } from './protocol.js';

/** Milliseconds from asking to the first finding; undefined: there is none. */
type Answer = number | undefined;

export const isWorker = !isMainThread;
/** Of a worker. */
export const givenClock = (): Clock => workerData as Clock;

/** In a worker: searches what it is asked for, by `first`. */
export function serveFirsts(first: (id: string) => Promise<Answer>): void {
  parentPort?.on('message', (id: string) => {
    void first(id).then((ms) => parentPort?.postMessage(ms));
  });
}

function asked(worker: Worker, id: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.postMessage(id);
  });
}

/** `file`: the bundle that runs `serveFirsts`. Once over all to warm the worker up, as the check of a document does. */
export async function measureFirsts(
  file: string,
  ids: readonly string[],
  clock: Clock,
  now: () => number,
): Promise<readonly First[]> {
  const all: First[] = [];
  const editor = new Worker(file, { workerData: clock });
  for (const id of ids) await asked(editor, id);
  for (const id of ids) {
    const warm = await asked(editor, id);
    if (warm === undefined) continue;
    const start = now();
    const fresh = new Worker(file, { workerData: clock });
    await asked(fresh, id);
    const cold = now() - start;
    await fresh.terminate();
    all.push({ id, warm, cold });
  }
  await editor.terminate();
  return all;
}
