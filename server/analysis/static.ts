/**
 * The fast part: what can be said of a document without running anything. Diffs, their place on
 * the model, lock context of their functions, suspects. Kept between versions of the document by
 * content, so that typing costs what it touches.
 */
import { Order } from '../context/order.js';
import { ProgramFacts } from '../context/program.js';
import type { Mistake } from '../context/protocol.js';
import { Protocol } from '../context/protocol.js';
import type { Rule } from '../context/rules.js';
import type { Suspect } from '../context/suspects.js';
import { suspectsIn } from '../context/suspects.js';
import type { FunctionDef, Unit } from '../csource/ast.js';
import type { IrFunction } from '../csource/ir.js';
import type { ProgramEnv } from '../csource/link.js';
import type { CParser } from '../csource/parser.js';
import type { SourceTable } from '../csource/source.js';
import type { MailDocument } from '../mail/index.js';
import { readMailDocument } from '../mail/index.js';
import type { Change, FilePatch } from '../patch/index.js';
import { groupChanges, isUserspace, readDiffs, whyNothing } from '../patch/index.js';
import { ImageCache } from './images.js';
import type { ModelKernel } from './model.js';
import type { PlacedPatch } from './place.js';
import { Placements } from './placements.js';
import type { Patch } from './stack.js';
import { patchesOf } from './stack.js';

/** A function as it stands in the document after the patch, with the facts of its program. */
export interface PatchedFunction {
  readonly fn: IrFunction;
  readonly def: FunctionDef;
  readonly facts: ProgramFacts;
}

export interface PatchStatic {
  readonly placed: PlacedPatch;
  readonly functions: readonly PatchedFunction[];
  /** Suspects that the patch introduces. */
  readonly suspects: readonly Suspect[];
  /** Mistakes in the use of locks that the patch introduces. */
  readonly mistakes: readonly Mistake[];
}

export interface StaticAnalysis {
  readonly doc: MailDocument;
  /** Every diff, quoted and trimmed ones too. */
  readonly files: readonly FilePatch[];
  readonly changes: readonly Change[];
  readonly patches: readonly PatchStatic[];
  /** Patches with more hunks than any person sends: they are named, not analysed. */
  readonly tooLarge: readonly Patch[];
  /** C that stands only in quotations. */
  readonly quotedOnly: readonly Change[];
  readonly silence: string | undefined;
}

function functionsOf(units: readonly Unit[]): readonly FunctionDef[] {
  return units.flatMap((u) => u.items.filter((i): i is FunctionDef => i.kind === 'function'));
}

/** Day of a patch's mail; without one it is newer than every version. */
function dateOf(doc: MailDocument, patch: Patch): string {
  return doc.messages[patch.message]?.date.iso?.slice(0, 10) ?? '9999-12-31';
}

interface Side {
  readonly facts: ProgramFacts;
  readonly env: ProgramEnv;
}

/**
 * The base already calls this with the same thing held: one more caller is no news. What the patch
 * itself adds in between does not count.
 */
function isCustom(s: Suspect, base: ProgramFacts): boolean {
  const known = s.wait.chain.slice(1).find((f) => base.program.functions.has(f));
  return known !== undefined && base.entry(known).some((h) => h.class === s.held.class);
}

/** Hunks of C in one mail beyond which it is no patch for review. */
const MAX_HUNKS = 300;

function isTooLarge(p: Patch): boolean {
  return p.changes.reduce((n, c) => n + c.primary.hunks.length, 0) > MAX_HUNKS;
}

/** One document, from its opening to its closing. */
export class DocumentState {
  readonly table: SourceTable;
  readonly #images: ImageCache;
  readonly #placements: Placements;
  #last: { readonly text: string; readonly result: StaticAnalysis } | undefined;
  #kept = new Map<string, Omit<PatchStatic, 'placed'>>();

  constructor(
    readonly kernel: ModelKernel,
    readonly parser: CParser,
    readonly uri: string,
    readonly rules: readonly Rule[],
  ) {
    this.table = kernel.table.fork();
    this.#images = new ImageCache(parser, this.table, uri);
    this.#placements = new Placements(kernel, this.table, this.#images);
  }

  /** Placements made so far, for exact work counts in tests. */
  get placed(): number {
    return this.#placements.count;
  }

  update(text: string): StaticAnalysis {
    if (this.#last?.text === text) return this.#last.result;
    this.#images.begin();
    this.#placements.begin();
    const doc = readMailDocument(text, this.uri);
    const files = readDiffs(doc);
    const changes = groupChanges(files);
    const paths = files.map((f) => f.path);
    const all = isUserspace(paths) ? [] : patchesOf(doc, changes);
    const patches = all.filter((p) => !isTooLarge(p));
    const placed = this.#placements.place(patches, (p) => dateOf(doc, p));
    const quotedOnly = changes.filter(
      (c) => c.primary.depth > 0 && !patches.some((p) => p.changes.includes(c)),
    );
    const kept = new Map<string, Omit<PatchStatic, 'placed'>>();
    const result: StaticAnalysis = {
      doc,
      files,
      changes,
      patches: placed.map((p) => ({ placed: p, ...this.#facts(p, kept) })),
      quotedOnly,
      tooLarge: all.filter(isTooLarge),
      silence: whyNothing(doc, files),
    };
    this.#kept = kept;
    this.#last = { text, result };
    return result;
  }

  #facts(
    p: PlacedPatch,
    kept: Map<string, Omit<PatchStatic, 'placed'>>,
  ): Omit<PatchStatic, 'placed'> {
    const units = p.files.flatMap((f) => [...f.pre, ...f.post]).map((u) => u.src);
    const key = `${p.stack.profile.name}|${p.stack.afterId}|${units.join(',')}`;
    const known = this.#kept.get(key) ?? this.#analyse(p);
    kept.set(key, known);
    return known;
  }

  #side(p: PlacedPatch, units: readonly Unit[]): Side {
    const { kernel } = this;
    const { env, contracts } = kernel.reading(p.stack.profile, units);
    const options = { shared: kernel.flows, contracts };
    return { env, facts: new ProgramFacts(kernel.linkIn(env), options) };
  }

  #analyse(p: PlacedPatch): Omit<PatchStatic, 'placed'> {
    const after = this.#side(p, p.stack.after);
    const post = functionsOf(p.files.flatMap((f) => f.post));
    const functions = post.map((def): PatchedFunction => ({
      def,
      fn: this.kernel.lowered.lower(def, after.env).fn,
      facts: after.facts,
    }));
    const found = functions.flatMap(({ fn, facts }) =>
      suspectsIn(fn, facts, this.rules, facts.entry(fn.name)),
    );
    const wrong = this.#mistakes(
      functions.map((f) => f.fn),
      after.facts,
    );
    if (found.length + wrong.length === 0) return { functions, suspects: [], mistakes: [] };
    const before = this.#side(p, p.stack.before);
    const pre = functionsOf(p.files.flatMap((f) => f.pre)).map(
      (def) => this.kernel.lowered.lower(def, before.env).fn,
    );
    const old = new Set(
      pre
        .flatMap((fn) => suspectsIn(fn, before.facts, this.rules, before.facts.entry(fn.name)))
        .map((s) => s.key),
    );
    const known = new Set(
      wrong.length > 0 ? this.#mistakes(pre, before.facts).map((m) => m.key) : [],
    );
    const isNew = (s: Suspect): boolean => !old.has(s.key) && !isCustom(s, before.facts);
    const mistakes = wrong.filter((m) => !known.has(m.key));
    return { functions, suspects: found.filter(isNew), mistakes };
  }

  /** Of functions as far as the hunks show them: what is cut off ends no path. */
  #mistakes(functions: readonly IrFunction[], facts: ProgramFacts): readonly Mistake[] {
    const protocol = new Protocol(facts, new Order(facts.program));
    const isReturn = (at: IrFunction['def']['loc']): boolean =>
      this.table.slice(at).startsWith('return');
    return functions.flatMap((fn) => protocol.mistakesIn(fn, isReturn));
  }
}
