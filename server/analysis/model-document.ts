/**
 * A file of Model C that a user writes, open in an editor: its errors, the lock context of its
 * functions, and its scenario to run. Linked like `racelore run FILE.c`.
 */
import { factsAt } from '../context/at.js';
import { ProgramFacts } from '../context/program.js';
import type { CParser } from '../csource/parser.js';
import type { Budget } from '../search/types.js';
import { linkFiles, runFiles } from './files.js';
import type { FilesRun, Linked } from './files.js';
import type { ModelKernel } from './model.js';
import type { ReplayDocument } from './replay.js';
import type { DocumentAnalysis, Hover, Lens, Note } from './types.js';

export class ModelDocument {
  #last: { readonly text: string; readonly analysis: DocumentAnalysis } | undefined;

  constructor(
    readonly kernel: ModelKernel,
    readonly parser: CParser,
    readonly uri: string,
  ) {}

  update(text: string): DocumentAnalysis {
    if (this.#last?.text === text) return this.#last.analysis;
    const linked = linkFiles(this.parser, [this.#file(text)], this.#options());
    const analysis = typeof linked === 'string' ? refused(linked) : this.#analyse(linked);
    this.#last = { text, analysis };
    return analysis;
  }

  /** Runs the scenario; a string says why it cannot be run. */
  run(text: string, budget: Budget): FilesRun | string {
    return runFiles(this.parser, [this.#file(text)], this.#options(), budget);
  }

  /** Its program, for schedules of it. */
  replayable(text: string): ReplayDocument | undefined {
    const linked = linkFiles(this.parser, [this.#file(text)], this.#options());
    if (typeof linked === 'string') return undefined;
    return { table: linked.table, patches: [], linked };
  }

  #file(text: string): { name: string; uri: string; text: string } {
    return {
      name: decodeURIComponent(this.uri.slice(this.uri.lastIndexOf('/') + 1)),
      uri: this.uri,
      text,
    };
  }

  #options(): Parameters<typeof linkFiles>[2] {
    return { with: [], without: [], kernel: () => this.kernel };
  }

  #analyse(linked: Linked): DocumentAnalysis {
    const { program, table } = linked;
    const notes = linked.problems.flatMap(({ loc, message, severity }): Note[] => {
      const at = table.docRange(loc);
      return at.uri === this.uri ? [{ severity, line: at.line, message }] : [];
    });
    const facts = new ProgramFacts(program);
    const functions = linked.units.flatMap((u) =>
      u.items.flatMap((i) => (i.kind === 'function' ? [i] : [])),
    );
    const watched = [...new Set(this.kernel.rules().map((r) => r.held))];
    const hover = (line: number, character: number): Hover | undefined => {
      for (const def of functions) {
        const offset = table.offsetAt(def.loc.src, line, character);
        const fn = program.functions.get(def.name);
        if (!fn || offset === undefined || offset < def.loc.start || offset > def.loc.end) continue;
        const found = factsAt(fn, facts, table, def.loc.src, offset);
        if (found) return { facts: found, range: table.docRange(found.loc), table, watched };
      }
      return undefined;
    };
    return {
      findings: [],
      lenses: lensesOf(linked),
      notes: unique(notes),
      silence: undefined,
      parts: undefined,
      hover,
    };
  }
}

/** Nothing can be linked: the reason stands at the top. */
function refused(message: string): DocumentAnalysis {
  const note: Note = { severity: 'warning', line: 0, message };
  return {
    findings: [],
    lenses: [],
    notes: [note],
    silence: message,
    parts: undefined,
    hover: () => undefined,
  };
}

/** The parser and the linker may say the same. */
function unique(notes: readonly Note[]): readonly Note[] {
  const seen = new Map(notes.map((n) => [`${n.line} ${n.message}`, n]));
  return [...seen.values()];
}

/** Above the scenario's declaration, else above the first thread. */
function lensesOf({ units, scenario, table }: Linked): readonly Lens[] {
  if (scenario.threads.length === 0) return [];
  const items = units.flatMap((u) => u.items);
  const head =
    items.find((i) => i.kind === 'topCall' && i.name === '__scenario') ??
    items.find((i) => i.kind === 'function' && i.attrs.some((a) => a.name === '__thread'));
  if (!head) return [];
  const { id, title, threads } = scenario;
  const at = table.docRange(head.kind === 'function' ? head.nameLoc : head.loc);
  return [{ at, function: '', scenario: id, title, threads: threads.length, change: '' }];
}
