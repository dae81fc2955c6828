/** Numbers the locals of a function while its code is written. */
export class Block {
  readonly #params: number;
  #next: number;

  constructor(params: number) {
    this.#params = params;
    this.#next = params;
  }

  /** A further local, 0 at first; not per iteration of a loop. */
  local(): number {
    return this.#next++;
  }

  /** The first of several in a row. */
  locals(count: number): number {
    const first = this.#next;
    this.#next += count;
    return first;
  }

  /** Locals besides the parameters. */
  get extra(): number {
    return this.#next - this.#params;
  }
}
