/** Milliseconds since the process started. Node makes its `performance` when it is first used, which takes a while. */
export function now(): number {
  return process.uptime() * 1000;
}

/** Milliseconds of computing so far: others on the machine do not make a verdict incomplete. */
export function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
