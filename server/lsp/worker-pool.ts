/**
 * The one worker and the queue before it. One job runs at a time; jobs that a user waits for go
 * first. A cancelled job is asked to stop; after 200 ms the worker is ended and a new one made.
 */
import type { Worker } from 'node:worker_threads';
import type { Job, JobResult } from './engine.js';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

const GRACE_MS = 200;

export class Cancelled extends Error {
  constructor() {
    super('cancelled');
  }
}

export interface RunningJob {
  readonly result: Promise<JobResult>;
  cancel(): void;
}

interface Entry {
  readonly number: number;
  readonly job: Job;
  readonly urgent: boolean;
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: Error) => void;
  cancelled: boolean;
}

export type MakeWorker = (cancelled: SharedArrayBuffer) => Worker;

export class WorkerPool {
  readonly #flag = new SharedArrayBuffer(4);
  readonly #waiting: Entry[] = [];
  #worker: Worker | undefined;
  #running: Entry | undefined;
  #next = 1;
  /** Workers made so far, for tests. */
  made = 0;

  constructor(readonly make: MakeWorker) {}

  /** Makes the worker before its first job, so that it loads while nothing waits for it. */
  warm(): void {
    this.#ready();
  }

  /** `urgent`: a user waits for it. */
  run(job: Job, urgent: boolean): RunningJob {
    let entry: Entry | undefined;
    const result = new Promise<JobResult>((resolve, reject) => {
      entry = { number: 0, job, urgent, resolve, reject, cancelled: false };
      this.#waiting.push(entry);
    });
    this.#startNext();
    return {
      result,
      cancel: () => {
        if (entry) this.#cancel(entry);
      },
    };
  }

  /** Cancels everything. */
  stop(): void {
    for (const entry of [...this.#waiting]) this.#cancel(entry);
    if (this.#running) this.#cancel(this.#running);
  }

  async close(): Promise<void> {
    this.stop();
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #startNext(): void {
    if (this.#running) return;
    const urgent = this.#waiting.findIndex((e) => e.urgent);
    const [entry] = this.#waiting.splice(Math.max(0, urgent), 1);
    if (!entry) return;
    // Numbered when it starts, so that cancelling it never cancels a later one.
    const numbered = Object.assign(entry, { number: this.#next++ });
    this.#running = numbered;
    const request: WorkerRequest = { number: numbered.number, job: numbered.job };
    this.#ready().postMessage(request);
  }

  #ready(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.make(this.#flag);
    this.made++;
    worker.on('message', (reply: WorkerReply) => {
      this.#done(reply);
    });
    worker.on('error', (error) => {
      this.#lost(worker, error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      this.#lost(worker, new Error('the worker ended'));
    });
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #done(reply: WorkerReply): void {
    const entry = this.#running;
    if (entry?.number !== reply.number) return;
    this.#running = undefined;
    if (entry.cancelled) entry.reject(new Cancelled());
    else if ('result' in reply) entry.resolve(reply.result);
    else entry.reject(new Error(reply.failure));
    this.#startNext();
  }

  #lost(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    const entry = this.#running;
    this.#running = undefined;
    entry?.reject(entry.cancelled ? new Cancelled() : error);
    this.#startNext();
  }

  #cancel(entry: Entry): void {
    if (entry.cancelled) return;
    entry.cancelled = true;
    if (entry !== this.#running) {
      const at = this.#waiting.indexOf(entry);
      if (at >= 0) this.#waiting.splice(at, 1);
      entry.reject(new Cancelled());
      return;
    }
    Atomics.store(new Int32Array(this.#flag), 0, entry.number);
    setTimeout(() => {
      const worker = this.#worker;
      if (this.#running !== entry || !worker) return;
      this.#lost(worker, new Cancelled());
      void worker.terminate();
    }, GRACE_MS);
  }
}
