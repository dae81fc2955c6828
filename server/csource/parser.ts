/**
 * C text → `Unit`. Masks, parses with tree-sitter, converts, and frees the tree at once. The grammar
 * comes in as bytes; nothing is read from disk. Never throws on input: what was not understood is an
 * error node with a problem at its position.
 */
import type { Parser } from 'web-tree-sitter';
import { balance } from './balance.js';
import { readSection, type Section } from './balance-section.js';
import type { Problem, TopLevel, Unit } from './ast.js';
import { lex, type Lexed, type Range } from './lexer.js';
import { mask, type Masked } from './mask.js';
import { brokenBranches, otherBranches, unchosenBranches } from './mask-cond.js';
import type { Extract } from './mask-state.js';
import type { SourceText } from './source.js';
import { readHead, topLevel } from './to-ast.js';
import { locate, textOf, type Context, type Fragment, type Placement } from './to-ast-context.js';
import { directiveAt, readInclude, readMacro, type ReadPiece } from './to-ast-macro.js';
import { readPlain } from './plain.js';
import { errorsIn, named, outermost, snapshot, type SNode } from './to-ast-tree.js';

/** A composed text and where its middle comes from. */
interface Piece {
  readonly text: string;
  /** Of a whole file: read without the grammar where that is sure to give the same. */
  readonly isWhole?: boolean;
  readonly place: Placement;
  readonly typeNames: ReadonlySet<string>;
  readonly fragment?: Fragment | undefined;
}

const EMPTY: SNode = {
  type: 'translation_unit',
  field: undefined,
  start: 0,
  end: 0,
  named: true,
  missing: false,
  children: [],
};
const LAYER = 'void __l(void) {\n';

/** Thrown by a parser without a grammar when a text needs one. */
export class GrammarNeeded extends Error {}

export class CParser {
  readonly #parser: Parser | undefined;
  #parses = 0;
  /** Trees of the plain reader. */
  readonly #plain = new WeakSet<SNode>();

  private constructor(parser: Parser | undefined) {
    this.#parser = parser;
  }

  /** Reads files of plain C only (plain.ts); others throw `GrammarNeeded`. At once there. */
  static plain(): CParser {
    return new CParser(undefined);
  }

  /** `core`: web-tree-sitter.wasm, `grammar`: tree-sitter-c.wasm. Rejects when they do not load. */
  static async load(core: Uint8Array, grammar: Uint8Array): Promise<CParser> {
    const { Language, Parser } = await import('web-tree-sitter');
    await Parser.init({ wasmBinary: core });
    const parser = new Parser();
    parser.setLanguage(await Language.load(grammar));
    return new CParser(parser);
  }

  /** Number of texts read so far, for exact work counts in tests. */
  get parses(): number {
    return this.#parses;
  }

  /** A whole file or a file of Model C. */
  parseFile(src: SourceText): Unit {
    return this.#unit(src, {
      isWhole: true,
      text: src.text,
      place: { src: src.id, shift: 0, from: 0, to: src.text.length },
      typeNames: new Set(),
    });
  }

  /**
   * The image of one or more lines of a hunk. A function cut at its start gets its name from `section`
   * (the text behind the second `@@`) when that names one; functions cut at either end are `fragment`.
   */
  parseHunk(src: SourceText, section = ''): Unit {
    const known = readSection(section);
    const cut = balance(src.text, known.kind, known.kind === 'type' ? known.head : 'int');
    const place = { src: src.id, shift: cut.prefix.length, from: 0, to: src.text.length };
    const fragment =
      cut.prefix.includes('__frag') && known.kind === 'function'
        ? this.#fragment(src.id, known)
        : undefined;
    return this.#unit(src, {
      text: cut.prefix + cut.text + cut.suffix,
      place,
      typeNames: new Set(),
      fragment,
    });
  }

  /** What a section line says about its function; everything in it stands at the start of the hunk. */
  #fragment(src: number, section: Section): Fragment {
    const { cx, root } = this.#read({
      text: section.head,
      place: { src, shift: 0, from: 0, to: 0, pinned: true },
      typeNames: new Set(),
    });
    const fn = named(root).find((n) => n.type === 'function_definition');
    const at = locate(cx.place, 0, 0);
    const head = fn ? readHead(cx, fn) : undefined;
    return head?.name === section.name
      ? head
      : {
          name: section.name,
          result: { kind: 'name', name: 'int', loc: at },
          params: [],
          isStatic: false,
        };
  }

  #unit(src: SourceText, piece: Piece): Unit {
    const lexed = lex(piece.text);
    const left = piece.isWhole === true ? unchosenBranches(lexed) : brokenBranches(lexed);
    const { cx, root } = this.#readWhole(piece, lexed, left);
    const directives = this.#directives(src, cx, piece.isWhole === true ? left : undefined);
    const items: TopLevel[] = [...topLevel(cx, root), ...directives];
    items.sort((a, b) => a.loc.start - b.loc.start);
    return { src: src.id, items, problems: cx.problems };
  }

  /** `without`: what is left out of a whole file. */
  #directives(src: SourceText, cx: Context, without?: readonly Range[]): TopLevel[] {
    const isWhole = without !== undefined;
    const read: ReadPiece = (p) =>
      this.#read({ ...p, isWhole, typeNames: new Set([...cx.typeNames, ...p.typeNames]) });
    return cx.masked.lexed.directives.flatMap((d): TopLevel[] => {
      if (without?.some((r) => d.start >= r.start && d.end <= r.end)) return [];
      const own = directiveAt(d, cx.place);
      if (own?.word === 'define') return present(readMacro(src.id, src.text, own, read));
      return own?.word === 'include' ? present(readInclude(src.id, src.text, own)) : [];
    });
  }

  /** A second pass leaves out all but the first branch of conditionals in functions with errors. */
  #readWhole(piece: Piece, lexed: Lexed, broken: readonly Range[]): { cx: Context; root: SNode } {
    const first = this.#read(piece, lexed, broken);
    const errors = this.#errorsIn(first.root);
    if (errors.length === 0) return first;
    const damaged = first.cx.masked.segments.filter((s) =>
      errors.some((e) => e.start < s.end && e.end >= s.start),
    );
    const others = otherBranches(lexed, damaged);
    if (others.length === 0) return first;
    const second = this.#read(piece, lexed, [...broken, ...others]);
    return this.#errorsIn(second.root).length < errors.length ? second : first;
  }

  #read(
    piece: Piece,
    lexed: Lexed = lex(piece.text),
    drop: readonly Range[] = [],
  ): { cx: Context; root: SNode } {
    const masked = mask(piece.text, (start, end) => locate(piece.place, start, end), drop, lexed);
    const root = this.#parse(masked.text, 0, piece.isWhole);
    const { extracted, errors } = this.#extracts(masked, piece.isWhole);
    const cx: Context = {
      masked,
      place: piece.place,
      extracted,
      fragment: piece.fragment,
      problems: [],
      typeNames: new Set([...piece.typeNames, ...typedefNames(masked, root)]),
    };
    cx.problems.push(
      ...[...this.#errorsIn(root), ...errors].map((e) => problem(cx, e)),
      ...masked.dropped.map((d) => droppedProblem(cx, d)),
    );
    cx.problems.sort((a, b) => a.loc.start - b.loc.start);
    return { cx, root };
  }

  /** Parses what was taken out of the text, each nesting level in one go. */
  #extracts(masked: Masked, isWhole = false): { extracted: Map<number, SNode>; errors: SNode[] } {
    const extracted = new Map<number, SNode>();
    const errors: SNode[] = [];
    for (const layer of layersOf(masked.extracts)) {
      const root = this.#parse(layerText(layer), -LAYER.length, isWhole);
      errors.push(...this.#errorsIn(root));
      for (const n of outermost(root, 'compound_statement')[0]?.children ?? []) {
        const inner = n.type === 'expression_statement' ? named(n)[0] : n;
        if (inner?.named) extracted.set(inner.start, inner);
      }
    }
    return { extracted, errors };
  }

  /** The plain reader gives no tree with errors. */
  #errorsIn(root: SNode): SNode[] {
    return this.#plain.has(root) ? [] : errorsIn(root);
  }

  #parse(text: string, shift: number, isWhole = false): SNode {
    this.#parses++;
    const plain = isWhole ? readPlain(text, shift) : undefined;
    if (plain) {
      this.#plain.add(plain);
      return plain;
    }
    if (!this.#parser) throw new GrammarNeeded();
    const tree = this.#parser.parse(text);
    if (!tree) return EMPTY;
    const cursor = tree.walk();
    try {
      return snapshot(cursor, shift);
    } finally {
      cursor.delete();
      tree.delete();
    }
  }
}

function present<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

/** Extracts inside extracts: deeper ones stay unread, so that no input makes much work. */
const MAX_LAYERS = 12;

/** Extracts by nesting, so that no two in a layer overlap or touch; deepest last. */
function layersOf(extracts: readonly Extract[]): Extract[][] {
  const sorted = [...extracts].sort((a, b) => a.start - b.start || b.end - a.end);
  const layers: Extract[][] = [];
  for (const e of sorted) {
    const free = layers.find((l) => (l[l.length - 1]?.end ?? -1) < e.start);
    if (free) free.push(e);
    else if (layers.length < MAX_LAYERS) layers.push([e]);
  }
  return layers;
}

function layerText(layer: readonly Extract[]): string {
  let out = LAYER;
  for (const e of layer)
    out = `${out}${' '.repeat(Math.max(0, e.start - (out.length - LAYER.length)))}${e.text};`;
  return `${out}\n}`;
}

function typedefNames(masked: Masked, root: SNode): string[] {
  return named(root)
    .filter((n) => n.type === 'type_definition')
    .flatMap((n) =>
      n.children
        .filter((c) => c.field === 'declarator')
        .flatMap((c) => outermost(c, 'type_identifier').slice(0, 1)),
    )
    .map((n) => masked.original.slice(n.start, n.end));
}

function problem(cx: Context, n: SNode): Problem {
  const text = textOf(cx, n).replace(/\s+/g, ' ').trim();
  const loc = locate(cx.place, n.start, n.end);
  if (n.missing) return { loc, message: `expected ${n.type} here`, severity: 'warning' };
  return {
    loc,
    message: `not understood: ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`,
    severity: 'warning',
  };
}

function droppedProblem(cx: Context, r: Range): Problem {
  const name = /^\w*/.exec(textOf(cx, r))?.[0] ?? '';
  return {
    loc: locate(cx.place, r.start, r.end),
    message: `members declared by ${name} are not known`,
    severity: 'note',
  };
}
