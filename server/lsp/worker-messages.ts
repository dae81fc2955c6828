/** What the server and its worker say to each other: plain data, one job at a time. */
import type { Job, JobResult } from './engine.js';

export interface WorkerStart {
  /** One counter: a job whose number is not above it is cancelled. */
  readonly cancelled: SharedArrayBuffer;
}

export interface WorkerRequest {
  readonly number: number;
  readonly job: Job;
}

export type WorkerReply =
  | { readonly number: number; readonly result: JobResult }
  /** A mistake of ours, not of the input. */
  | { readonly number: number; readonly failure: string };
