/** What the parts of a command take, in milliseconds; the first is from the start of the process. */
import { now } from './clock.js';

export class Stopwatch {
  readonly laps: Record<string, number> = {};
  #last = now();

  constructor() {
    this.laps['start'] = rounded(this.#last);
  }

  /** A part is done. */
  lap(part: string): void {
    const time = now();
    this.laps[part] = rounded(time - this.#last);
    this.#last = time;
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
