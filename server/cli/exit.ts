/** Exit codes of the command line, how it writes and how a command ends. */
import { writeSync } from 'node:fs';

export const EXIT_CLEAN = 0;
export const EXIT_FINDINGS = 1;
export const EXIT_BAD_INPUT = 2;

const STDOUT = 1;

/** The stream is in use: a reader was slow once, and what comes later must stay behind. */
let isStreaming = false;

/**
 * Writes to standard output, without the stream as long as it takes everything at once: making the stream
 * takes longer than many a run. A reader that went away ends the process quietly.
 */
export function print(text: string): void {
  const bytes = Buffer.from(text);
  let done = 0;
  while (!isStreaming && done < bytes.length) {
    try {
      done += writeSync(STDOUT, bytes, done);
    } catch (e) {
      const code = e instanceof Error && 'code' in e ? e.code : undefined;
      if (code === 'EPIPE') process.exit(process.exitCode ?? 0);
      if (code !== 'EAGAIN') throw e;
      stream();
    }
  }
  if (done < bytes.length) process.stdout.write(bytes.subarray(done));
}

function stream(): void {
  isStreaming = true;
  process.stdout.on('error', (e: NodeJS.ErrnoException) => {
    if (e.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw e;
  });
}

/** Ends the process without taking the heap apart, once everything is written. */
export function end(code: number): void {
  if (isStreaming) process.stdout.write('', () => process.exit(code));
  else process.exit(code);
}
