/** Entry of `dist/worker.js`: the thread of the searches. What it does is in another bundle, perhaps compiled ahead. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadBundle } from '../bundle.js';
import type * as Searches from './searches.js';
import type { WorkerStart } from './worker-messages.js';

const { serve } = loadBundle(import.meta.dirname, 'searches.js').exports as typeof Searches;
if (parentPort) serve(parentPort, workerData as WorkerStart);
