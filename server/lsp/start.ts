/** Starts the server on the connection that the command line names: `--stdio` or `--node-ipc`. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ProposedFeatures, createConnection } from 'vscode-languageserver/node';
import { Analyzer } from '../analysis/index.js';
import { readAssets } from '../assets.js';
import { engineOf } from './analyzer-engine.js';
import { serve } from './server.js';
import type { WorkerStart } from './worker-messages.js';

/** The worker's bundle lies beside the server's. */
const WORKER = join(import.meta.dirname, 'worker.js');

export async function startServer(): Promise<void> {
  const connection = createConnection(ProposedFeatures.all);
  const assets = readAssets();
  const analyzer = await Analyzer.create(assets);
  serve(connection, {
    engine: engineOf(analyzer, assets),
    makeWorker: (memoryMB) => (cancelled) => {
      const workerData: WorkerStart = { cancelled };
      return new Worker(WORKER, {
        workerData,
        resourceLimits: { maxOldGenerationSizeMb: memoryMB() },
      });
    },
  });
}
