/** Lines of one text without copying it; LF ends a line, a CR before it does not belong to the line. */
export class LineTable {
  readonly #starts: readonly number[];

  constructor(readonly text: string) {
    const starts = [0];
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    this.#starts = starts;
  }

  /** Number of lines; a text that ends in LF has an empty last line. */
  get count(): number {
    return this.#starts.length;
  }

  /** UTF-16 offset at which a 0-based line begins; the text's length past the end. */
  start(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }

  /** Text of a 0-based line without its line end; empty past the end. */
  line(line: number): string {
    return this.text.slice(this.start(line), this.#end(line));
  }

  /** At most `length` first characters of a line: cheap on lines of any size. */
  head(line: number, length: number): string {
    const from = this.start(line);
    return this.text.slice(from, Math.min(from + length, this.#end(line)));
  }

  /** UTF-16 unit of a line at a column; LF or NaN past its end. */
  codeAt(line: number, column: number): number {
    return this.text.charCodeAt(this.start(line) + column);
  }

  /** Length of a line in UTF-16 units, without its line end. */
  length(line: number): number {
    return this.#end(line) - this.start(line);
  }

  /** 0-based line that holds an offset. */
  lineAt(offset: number): number {
    let lo = 0;
    let hi = this.#starts.length - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (this.start(mid) <= offset) lo = mid;
      else hi = mid - 1;
    }
    return lo;
  }

  #end(line: number): number {
    const next = this.#starts[line + 1];
    if (next === undefined) return this.text.length;
    const end = next - 1;
    return end > this.start(line) && this.text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  }
}
