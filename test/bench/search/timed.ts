/** A process and what it took by both clocks. */
import { spawnSync } from 'node:child_process';

interface Timed {
  readonly output: string;
  readonly status: number;
  readonly wall: number;
  /** User and system, of the process and all that it started. */
  readonly cpu: number;
}

/** Tells what a command took on a last line of its own. */
const TIME = 'TIMEFORMAT="\n@%U %S"; time "$@"';

/** Runs a command to its end. */
export function timed(cwd: string, command: string, args: readonly string[]): Timed {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync('bash', ['-c', TIME, 'time', command, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const wall = (performance.now() - start) / 1000;
  const [, user, system] = /^@(\S+) (\S+)$/m.exec(stderr) ?? [];
  const cpu = Number(user) + Number(system);
  return { output: stdout + stderr, status: status ?? -1, wall, cpu };
}
