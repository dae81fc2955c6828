/**
 * The façade for the server and the command line. In: text of a document and the assets. Out:
 * plain results. Never: files, clocks, LSP, or kernel names.
 */
import type { PlaceFacts } from '../context/at.js';
import { factsAt } from '../context/at.js';
import type { Rule } from '../context/rules.js';
import { CParser } from '../csource/parser.js';
import type { Budget } from '../search/types.js';
import type { Trace, Verdict } from '../../shared/trace.js';
import { checkDocument, notesOf, patchMistakes, suspectFindings } from './check.js';
import type { ExplainedChange } from './explain-graft.js';
import { explainGraft } from './explain-graft.js';
import type { FileProblem, FilesRun, ModelFile } from './files.js';
import type { KernelFile } from './model.js';
import { KernelDocument } from './kernel-document.js';
import { ModelDocument } from './model-document.js';
import { isKernelFile, isModelUri } from '../../shared/sniff.js';
import { ModelKernel } from './model.js';
import { partsOf } from './parts.js';
import { firstReaching, RunCache } from './races.js';
import type { RunConfig } from './run.js';
import { runSizes, together } from './small-first.js';
import type { SizedRun } from './small-first.js';
import type { StaticAnalysis } from './static.js';
import { DocumentState } from './static.js';
import type { Continuation, ReplayDocument } from './replay.js';
import { continueText, replayFilesText, replayText } from './replay.js';
import type { CheckResult, DocumentAnalysis, Hover, Lens } from './types.js';
import { usableScenarios } from './own-scenarios.js';
import type { VariantRun } from './variants.js';
import { runVariant, variantsOf } from './variants.js';

export type { CheckResult, DocumentAnalysis, Hover, Lens, Note } from './types.js';

export interface Assets {
  /** web-tree-sitter.wasm */
  readonly core: Uint8Array;
  /** tree-sitter-c.wasm */
  readonly grammar: Uint8Array;
  readonly kernel: readonly KernelFile[];
}

export interface TextDocument {
  readonly uri: string;
  readonly text: string;
}

export interface ScenarioOptions {
  readonly profile?: string;
  readonly with: readonly string[];
  readonly without: readonly string[];
}

interface Open {
  readonly state: DocumentState;
  readonly cache: RunCache;
}

export class Analyzer {
  readonly rules: readonly Rule[];
  readonly #open = new Map<string, Open>();
  readonly #models = new Map<string, ModelDocument>();

  private constructor(
    readonly parser: CParser,
    readonly kernel: ModelKernel,
  ) {
    this.rules = kernel.rules();
  }

  static async create(assets: Assets): Promise<Analyzer> {
    const parser = await CParser.load(assets.core, assets.grammar);
    return new Analyzer(parser, new ModelKernel(parser, assets.kernel));
  }

  /**
   * The same with scenarios of the user, who wrote them as files of Model C. Those with errors, and
   * those that take a name of the model, are left out; `problems` says why.
   */
  static withScenarios(
    base: Analyzer,
    kernel: readonly KernelFile[],
    own: readonly ModelFile[],
  ): { readonly analyzer: Analyzer; readonly problems: readonly FileProblem[] } {
    const { parser } = base;
    const { good, problems } = usableScenarios(parser, base.kernel, kernel, own);
    if (good.length === 0) return { analyzer: base, problems };
    return {
      analyzer: new Analyzer(parser, new ModelKernel(parser, [...kernel, ...good])),
      problems,
    };
  }

  #document(uri: string): Open {
    const known = this.#open.get(uri);
    if (known) return known;
    const made = {
      state: new DocumentState(this.kernel, this.parser, uri, this.rules),
      cache: new RunCache(this.kernel),
    };
    this.#open.set(uri, made);
    return made;
  }

  close(uri: string): void {
    this.#open.delete(uri);
    this.#models.delete(uri);
  }

  #model(uri: string): ModelDocument {
    const known = this.#models.get(uri) ?? new ModelDocument(this.kernel, this.parser, uri);
    this.#models.set(uri, known);
    return known;
  }

  /** Runs a file of Model C; a string says why it cannot be run. */
  runModel({ uri, text }: TextDocument, budget: Budget): FilesRun | string {
    return this.#model(uri).run(text, budget);
  }

  /** The fast part; keeps what did not change since the last call for the same uri. */
  open(uri: string, text: string): DocumentAnalysis {
    if (isModelUri(uri)) return this.#model(uri).update(text);
    const { state } = this.#document(uri);
    const s = state.update(text);
    return {
      findings: s.patches.flatMap((p) => [
        ...suspectFindings(p, state.table),
        ...patchMistakes(p, state.table),
      ]),
      lenses: this.#lenses(s, state),
      notes: notesOf(s),
      silence: s.silence,
      parts: partsOf(s, state.table),
      hover: (line, character) => this.#hover(s, state, line, character),
    };
  }

  /** Static part and all races; the same text gives the same result unless the budget ends it. */
  check(uri: string, text: string, budget: Budget): CheckResult {
    const { state, cache } = this.#document(uri);
    const s = state.update(text);
    return checkDocument(s, {
      kernel: this.kernel,
      table: state.table,
      rules: this.rules,
      cache,
      budget,
      uri,
    });
  }

  /** Where each changed line of a document went; runs nothing. */
  explainGraft(uri: string, text: string): readonly ExplainedChange[] {
    const { state } = this.#document(uri);
    return explainGraft(state.update(text), this.kernel, state.table);
  }

  #lenses(s: StaticAnalysis, state: DocumentState): readonly Lens[] {
    const out: Lens[] = [];
    for (const p of s.patches) {
      const { stack, patch } = p.placed;
      if (stack.touched.length === 0) continue;
      const scenario = firstReaching(this.kernel, stack);
      const touched = new Set(stack.touched);
      const seen = new Set<string>();
      for (const { def } of p.functions) {
        if (!scenario || !touched.has(def.name) || seen.has(def.name)) continue;
        seen.add(def.name);
        out.push({
          at: state.table.docRange(def.extent === 'whole' ? def.nameLoc : def.loc),
          function: def.name,
          scenario: scenario.id,
          title: scenario.title,
          threads: scenario.threads.length,
          change: patch.label,
        });
      }
    }
    return out;
  }

  #hover(
    s: StaticAnalysis,
    state: DocumentState,
    line: number,
    character: number,
  ): Hover | undefined {
    for (const p of s.patches)
      for (const f of p.functions) {
        const offset = state.table.offsetAt(f.def.loc.src, line, character);
        if (offset === undefined || offset < f.def.loc.start || offset > f.def.loc.end) continue;
        const facts: PlaceFacts | undefined = factsAt(
          f.fn,
          f.facts,
          state.table,
          f.def.loc.src,
          offset,
        );
        if (!facts) continue;
        const watched = [...new Set(this.rules.map((r) => r.held))];
        return {
          facts,
          range: state.table.docRange(facts.loc),
          table: state.table,
          watched,
        };
      }
    return undefined;
  }

  /** A scenario with its profile and switches; a string says what was wrong with the request. */
  config(id: string, options: ScenarioOptions): RunConfig | string {
    const scenario = this.kernel.scenario(id);
    if (!scenario)
      return `no scenario is called ${id}; there are: ${this.kernel.scenarios.map((s) => s.id).join(', ')}`;
    const name = options.profile ?? scenario.profile ?? this.kernel.latest.name;
    const profile = this.kernel.profile(name);
    if (!profile)
      return `no profile is called ${name}; there are: ${this.kernel.profiles.map((p) => p.name).join(', ')}`;
    for (const id of [...options.with, ...options.without])
      if (!this.kernel.switchIds.includes(id))
        return `no change or fix is called ${id}; there are: ${this.kernel.switchIds.join(', ')}`;
    const on = new Set([...scenario.switches.on, ...options.with]);
    const off = new Set([...scenario.switches.off, ...options.without]);
    for (const w of options.without) on.delete(w);
    for (const w of options.with) off.delete(w);
    return { scenario, profile, switches: { on, off }, patch: [], base: '' };
  }

  /**
   * One scenario of the model; a string says what was wrong with the request. `came` is told each run in
   * smaller sizes, where the scenario declares any, when its search has ended.
   */
  run(
    id: string,
    options: ScenarioOptions,
    budget: Budget,
    came: (smaller: SizedRun) => void = () => undefined,
  ): { verdict: Verdict; traces: readonly Trace[]; smaller: readonly SizedRun[] } | string {
    const config = this.config(id, options);
    if (typeof config === 'string') return config;
    const runs: SizedRun[] = [];
    for (const run of runSizes(this.kernel, config, budget)) {
      runs.push(run);
      if (run.sizes !== '') came(run);
    }
    const result = together(runs);
    if (!result) return `${id} was not run`;
    return { verdict: result.verdict, traces: result.traces, smaller: runs.slice(0, -1) };
  }

  /** A scenario of the model as it stands, then with each of its fixes; each run has its own budget. */
  *variants(id: string, budget: () => Budget): Generator<VariantRun> {
    const scenario = this.kernel.scenario(id);
    for (const variant of scenario ? variantsOf(scenario) : []) {
      const switches = variant.id === '' ? [] : [variant.id];
      const config = this.config(id, { with: switches, without: [] });
      if (typeof config !== 'string') yield runVariant(this.kernel, config, variant, budget());
    }
  }

  #replayDocument(document: TextDocument | undefined): ReplayDocument | undefined {
    if (!document) return undefined;
    if (isModelUri(document.uri)) return this.#model(document.uri).replayable(document.text);
    const { state } = this.#document(document.uri);
    return { table: state.table, patches: state.update(document.text).patches };
  }

  /** The trace of a token, on the plain model or on a patch of the document; a string says why not. */
  replay(token: string, document: TextDocument | undefined): Trace | string {
    return replayText(this.kernel, token, this.#replayDocument(document));
  }

  /** The trace of a token of files of Model C; a string says why not. */
  replayFiles(token: string, files: readonly ModelFile[]): Trace | string {
    return replayFilesText(this.kernel, this.parser, token, files);
  }

  /** The first steps of a token, then another thread. */
  continueWith(c: Continuation, document: TextDocument | undefined): Trace | string {
    return continueText(this.kernel, c, this.#replayDocument(document));
  }

  /** A whole file of kernel C: its findings, and nothing that is run. */
  checkFile({ uri, text }: TextDocument): CheckResult {
    return new KernelDocument(this.kernel, this.parser, uri).check(text);
  }

  /** Lock context at a place of a mail, a patch or a whole file of kernel C; 0-based. */
  context({ uri, text }: TextDocument, line: number, character: number): Hover | undefined {
    return isKernelFile(uri)
      ? new KernelDocument(this.kernel, this.parser, uri).at(text, line, character)
      : this.open(uri, text).hover(line, character);
  }

  /** The page of a rule or a scenario. */
  explain(id: string): string | undefined {
    const rule = this.rules.find((r) => r.id === id);
    if (rule) return `${rule.id}: ${rule.title}\n\n${rule.doc}`;
    const page = this.kernel.page(id);
    if (page) return `${id}: ${page.title}\n\n${page.doc}`;
    const s = this.kernel.scenario(id);
    return s && `${s.id}: ${s.title}\n\n${s.doc}`;
  }
}
