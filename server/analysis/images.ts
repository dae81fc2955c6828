/**
 * Parsed images of hunks, kept while their text stays the same: typing elsewhere in the document
 * only moves them.
 */
import type { Unit } from '../csource/ast.js';
import type { CParser } from '../csource/parser.js';
import type { LineOrigin, SourceTable } from '../csource/source.js';

interface Parsed {
  readonly id: number;
  readonly unit: Unit;
  used: number;
}

export interface ImageText {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly LineOrigin[];
  readonly section: string;
}

/** One a document. */
export class ImageCache {
  readonly #parsed = new Map<string, Parsed>();
  #round = 0;
  #copies = new Map<string, number>();

  constructor(
    readonly parser: CParser,
    readonly table: SourceTable,
    readonly uri: string,
  ) {}

  /** Begins a new pass over the document; texts not asked for in the pass before are forgotten. */
  begin(): void {
    for (const [key, p] of this.#parsed) if (p.used < this.#round) this.#parsed.delete(key);
    this.#round++;
    this.#copies = new Map();
  }

  unit(image: ImageText): Unit {
    const content = `${image.path}\u0000${image.section}\u0000${image.text}`;
    const copy = this.#copies.get(content) ?? 0;
    this.#copies.set(content, copy + 1);
    const key = `${copy}\u0000${content}`;
    const known = this.#parsed.get(key);
    if (known) {
      known.used = this.#round;
      this.table.moveTo(known.id, this.uri, image.lines);
      return known.unit;
    }
    const src = this.table.add({
      name: image.path,
      uri: this.uri,
      text: image.text,
      lines: image.lines,
    });
    const unit = this.parser.parseHunk(src, image.section);
    this.#parsed.set(key, { id: src.id, unit, used: this.#round });
    return unit;
  }
}
