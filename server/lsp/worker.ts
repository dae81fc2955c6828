/** Entry of `dist/worker.js`: jobs in, results out, one at a time. Reads its assets, opens no connection. */
import { parentPort, workerData } from 'node:worker_threads';
import { Analyzer } from '../analysis/index.js';
import { readAssets } from '../assets.js';
import type { Budget } from '../search/types.js';
import type { Job } from './engine.js';
import { perform } from './perform.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.js';

const { cancelled } = workerData as WorkerStart;
const flag = new Int32Array(cancelled);

/** The setting is the time of one search; the check of a document makes many. */
const SEARCHES = 6;

function budgetFor(number: number, { kind, limits }: Job): Budget {
  const searches = kind === 'check' || kind === 'race' ? SEARCHES : 1;
  const end = performance.now() + limits.seconds * searches * 1000;
  return {
    states: limits.states,
    expired: () => Atomics.load(flag, 0) >= number || performance.now() > end,
  };
}

function answer(analyzer: Analyzer, { number, job }: WorkerRequest): WorkerReply {
  try {
    return { number, result: perform(analyzer, job, budgetFor(number, job)) };
  } catch (error) {
    return {
      number,
      failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

const ready = Analyzer.create(readAssets());
parentPort?.on('message', (request: WorkerRequest) => {
  void ready.then((analyzer) => {
    parentPort?.postMessage(answer(analyzer, request));
  });
});
