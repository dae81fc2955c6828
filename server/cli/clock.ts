/** Milliseconds since the process started. Node makes its `performance` when it is first used, which takes a while. */
export function now(): number {
  return process.uptime() * 1000;
}
