/** Whether an argument of `run` is a file of C, or standard input, and not a scenario. */
export function isModelFile(name: string): boolean {
  return name === '-' || /\.[ch]$/.test(name);
}
