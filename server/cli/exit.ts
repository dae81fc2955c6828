/** Exit codes of the command line and how a command ends. */
export const EXIT_CLEAN = 0;
export const EXIT_FINDINGS = 1;
export const EXIT_BAD_INPUT = 2;

/** Writes to standard output; a reader that went away ends the process quietly. */
export function print(text: string): void {
  process.stdout.write(text);
}

export function installPipeGuard(): void {
  process.stdout.on('error', (e: NodeJS.ErrnoException) => {
    if (e.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw e;
  });
}
