/** Bundle of the worker: jobs in, results out, one at a time. Reads its assets, opens no connection. */
import type { MessagePort } from 'node:worker_threads';
import { Analyzer } from '../analysis/index.js';
import { readAssets } from '../assets.js';
import type { Budget } from '../search/types.js';
import type { Job } from './engine.js';
import { perform } from './perform.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.js';

/** The setting is the time of one search; the check of a document makes many. */
const SEARCHES = 6;

function budgetFor(flag: Int32Array, number: number, { kind, limits }: Job): Budget {
  const searches = kind === 'check' || kind === 'race' ? SEARCHES : 1;
  const end = performance.now() + limits.seconds * searches * 1000;
  return {
    states: limits.states,
    expired: () => Atomics.load(flag, 0) >= number || performance.now() > end,
  };
}

/** Answers what comes from the port, in order. */
export function serve(port: MessagePort, { cancelled }: WorkerStart): void {
  const flag = new Int32Array(cancelled);
  const answer = (analyzer: Analyzer, { number, job }: WorkerRequest): WorkerReply => {
    try {
      return { number, result: perform(analyzer, job, budgetFor(flag, number, job)) };
    } catch (error) {
      return {
        number,
        failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
      };
    }
  };
  const ready = Analyzer.create(readAssets());
  port.on('message', (request: WorkerRequest) => {
    void ready.then((analyzer) => {
      port.postMessage(answer(analyzer, request));
    });
  });
}
