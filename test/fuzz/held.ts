/** Says what does not hold. @throws */
export function held(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
