/** What the parts of a command take, in milliseconds; the first is from the start of the process. */
export class Stopwatch {
  readonly laps: Record<string, number> = {};
  #last = performance.now();

  constructor() {
    this.laps['start'] = rounded(this.#last);
  }

  /** A part is done. */
  lap(part: string): void {
    const now = performance.now();
    this.laps[part] = rounded(now - this.#last);
    this.#last = now;
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
