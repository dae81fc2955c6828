/** The queue before the worker, with a real worker thread whose jobs the test scripts. */
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import type { Job } from '../../../server/lsp/engine.js';
import { Cancelled, WorkerPool } from '../../../server/lsp/worker-pool.js';

/** `wait` stops when it is asked to; `stubborn` does not; `crash` ends the thread; the rest answers. */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const flag = new Int32Array(workerData.cancelled);
parentPort.on('message', ({ number, job }) => {
  const word = job.token;
  while (word === 'stubborn');
  while (word === 'wait' && Atomics.load(flag, 0) < number);
  if (word === 'crash') process.exit(1);
  if (word === 'fail') parentPort.postMessage({ number, failure: 'broken' });
  else parentPort.postMessage({ number, result: { kind: 'refused', why: word } });
});`;

const pools: WorkerPool[] = [];

function pool(): WorkerPool {
  const made = new WorkerPool(
    (cancelled) => new Worker(SCRIPT, { eval: true, workerData: { cancelled } }),
  );
  pools.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((p) => p.close()));
});

function job(token: string): Job {
  return { kind: 'replay', token, limits: { seconds: 1, states: 1, columns: 72 } };
}

test('jobs are answered one after the other, those that a user waits for first', async () => {
  const p = pool();
  const order: string[] = [];
  const note = (word: string, urgent: boolean): Promise<unknown> =>
    p.run(job(word), urgent).result.then(() => order.push(word));
  await Promise.all([note('first', false), note('background', false), note('user', true)]);
  expect(order).toEqual(['first', 'user', 'background']);
  expect(p.made).toBe(1);
});

test('a job that is asked to stop ends, and the worker stays', async () => {
  const p = pool();
  const waiting = p.run(job('wait'), true);
  const next = p.run(job('next'), true);
  waiting.cancel();
  await expect(waiting.result).rejects.toBeInstanceOf(Cancelled);
  await expect(next.result).resolves.toEqual({ kind: 'refused', why: 'next' });
  expect(p.made).toBe(1);
});

test('a job that does not stop loses its worker after 200 ms; the next one has a new worker', async () => {
  const p = pool();
  const stubborn = p.run(job('stubborn'), true);
  const next = p.run(job('next'), true);
  const began = Date.now();
  stubborn.cancel();
  await expect(stubborn.result).rejects.toBeInstanceOf(Cancelled);
  expect(Date.now() - began).toBeLessThan(1000);
  await expect(next.result).resolves.toEqual({ kind: 'refused', why: 'next' });
  expect(p.made).toBe(2);
});

test('cancelling a waiting job does not touch the running one', async () => {
  const p = pool();
  const running = p.run(job('a'), true);
  const waiting = p.run(job('b'), true);
  waiting.cancel();
  await expect(waiting.result).rejects.toBeInstanceOf(Cancelled);
  await expect(running.result).resolves.toEqual({ kind: 'refused', why: 'a' });
});

test('a worker that ends by itself fails its job and is replaced', async () => {
  const p = pool();
  await expect(p.run(job('crash'), true).result).rejects.toThrow('the worker ended');
  await expect(p.run(job('again'), true).result).resolves.toEqual({
    kind: 'refused',
    why: 'again',
  });
});

test('a mistake inside the worker is an error with its text', async () => {
  await expect(pool().run(job('fail'), true).result).rejects.toThrow('broken');
});
