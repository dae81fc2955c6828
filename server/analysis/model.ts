/**
 * The model kernel as parsed once: kernel files, scenarios, profiles, rules. Links it for a
 * profile, with a patch's units and a scenario's threads on top.
 */
import type { Rule } from '../context/rules.js';
import { rulesOf } from '../context/rules.js';
import { SharedFlows } from '../context/shared-flows.js';
import type { Expr, TopCall, Unit } from '../csource/ast.js';
import type { IrFunction, Program } from '../csource/ir.js';
import type { ProgramEnv } from '../csource/link.js';
import { environmentOf, extendEnvironment, linkEnvironment, startsOf } from '../csource/link.js';
import { LoweredFunctions } from '../csource/lowered.js';
import type { CParser } from '../csource/parser.js';
import type { SourceText } from '../csource/source.js';
import { SourceTable } from '../csource/source.js';
import type { Precompiled } from './precompiled.js';
import { parsedAhead } from './precompiled.js';
import { RAN_FILE, RanAhead } from './ran-ahead.js';
import { Reaches } from './reaches.js';

/** A kernel version that the model imitates. */
export interface Profile {
  readonly name: string;
  /** ISO date: switches with a later date are off. */
  readonly date: string;
}

/** Which switches a run forces beside its profile. */
export interface Switches {
  readonly on: ReadonlySet<string>;
  readonly off: ReadonlySet<string>;
}

export interface SwitchOptions {
  readonly since: (id: string, date: string) => boolean;
  readonly fix: (id: string) => boolean;
}

export const NO_SWITCHES: Switches = { on: new Set(), off: new Set() };

export interface ScenarioFix {
  readonly id: string;
  readonly text: string;
}

/** A scenario file and what it declares. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly doc: string;
  readonly sources: readonly string[];
  readonly unit: Unit;
  readonly profile: string | undefined;
  readonly switches: Switches;
  readonly fixes: readonly ScenarioFix[];
  readonly bounds: readonly string[];
  /** `BLOCKS=1`: the sizes of a smaller run (sizes.ts); absent as the scenario stands. */
  readonly sizes?: readonly string[];
  readonly faults: number;
  /** Crashes that a run may end in: 0 or 1. */
  readonly crashes: number;
  readonly threads: readonly string[];
  /** Why no caller of this kernel gets here; its findings are hints. */
  readonly hypothetical: string | undefined;
}

export interface KernelFile {
  /** `ext4.c`, `scenarios/R3.c`. */
  readonly name: string;
  readonly text: string;
  /** Where it can be opened, for a scenario of the user. */
  readonly uri?: string;
  /** The file as the build parsed it. */
  readonly parsed?: Precompiled;
}

/** What names mean while kernel C is read. */
export interface Reading {
  readonly env: ProgramEnv;
  /** Functions that do for their callers what these say, whatever their own body is. */
  readonly contracts: ReadonlyMap<string, IrFunction>;
}

/** Folder of the files that are scenarios, each alone on the kernel. */
export const SCENARIO_DIR = 'scenarios/';

function text(e: Expr | undefined): string | undefined {
  return e?.kind === 'string' ? e.value : undefined;
}

function calls(unit: Unit, name: string): readonly TopCall[] {
  return unit.items.filter((i): i is TopCall => i.kind === 'topCall' && i.name === name);
}

function strings(unit: Unit, name: string): readonly string[] {
  return calls(unit, name).flatMap((c) => text(c.args[0]) ?? []);
}

function budget(unit: Unit, name: string): number {
  const given = calls(unit, name)[0]?.args[0];
  return given?.kind === 'number' ? given.value : 0;
}

function threadNames(unit: Unit): readonly string[] {
  return unit.items.flatMap((i) =>
    i.kind === 'function'
      ? i.attrs.filter((a) => a.name === '__thread').map((a) => text(a.args[0]) ?? i.name)
      : [],
  );
}

/** What a file declares of itself; `otherwise` is the id of one that does not say it is a scenario. */
export function scenarioOf(unit: Unit, otherwise?: string): Scenario | undefined {
  const head = calls(unit, '__scenario')[0];
  const id = text(head?.args[0]) ?? otherwise;
  if (id === undefined) return undefined;
  const crashes = Math.min(1, budget(unit, '__crashes'));
  return {
    id,
    title: text(head?.args[1]) ?? id,
    doc: head?.doc ?? '',
    sources: strings(unit, '__source'),
    unit,
    profile: strings(unit, '__on')[0],
    switches: { on: new Set(strings(unit, '__with')), off: new Set(strings(unit, '__without')) },
    fixes: [
      ...calls(unit, '__fixed_by').map((c) => ({
        id: text(c.args[0]) ?? '',
        text: text(c.args[1]) ?? '',
      })),
      // The first one is how the scenario stands.
      ...startsOf(unit.items)
        .slice(1)
        .map((start) => ({
          id: start,
          text: `starts there, not at ${startsOf(unit.items)[0] ?? ''}`,
        })),
    ],
    bounds: [...strings(unit, '__bound'), ...(crashes > 0 ? ['1 crash'] : [])],
    faults: budget(unit, '__faults'),
    crashes,
    threads: threadNames(unit),
    hypothetical: strings(unit, '__hypothetical')[0],
  };
}

/** The kernel versions that texts declare, oldest first. */
export function profilesOf(units: readonly Unit[]): readonly Profile[] {
  return units
    .flatMap((u) => calls(u, '__profile'))
    .map((c) => ({ name: text(c.args[0]) ?? '', date: text(c.args[1]) ?? '' }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** Ids that texts ask `__since` and `__fix` about, and the names of starts, which are asked for in the same way. */
export function switchIds(files: readonly { readonly text: string }[]): readonly string[] {
  const ids = files.flatMap((f) =>
    [...f.text.matchAll(/\b__(?:since|fix|start)\("([^"]+)"/g)].map((m) => m[1] ?? ''),
  );
  return [...new Set(ids)].sort();
}

export class ModelKernel {
  readonly table = new SourceTable();
  readonly kernelUnits: readonly Unit[];
  readonly scenarios: readonly Scenario[];
  readonly profiles: readonly Profile[];
  /** What the programs of this kernel share. */
  readonly lowered = new LoweredFunctions();
  readonly flows = new SharedFlows();
  readonly reaches = new Reaches();
  readonly ranAhead: RanAhead;
  /** Ids that `__since` and `__fix` ask about, in order of the alphabet. */
  readonly switchIds: readonly string[];
  #links = 0;
  readonly #scenarioSources: ReadonlySet<number>;
  readonly #switches = new Map<string, SwitchOptions>();
  readonly #environments = new Map<string, ProgramEnv>();
  readonly #headers: { readonly file: KernelFile; readonly src: SourceText }[] = [];
  readonly #readings = new Map<string, Reading>();
  #contracts: readonly Unit[] | undefined;

  constructor(
    readonly parser: CParser,
    files: readonly KernelFile[],
  ) {
    const kernel: Unit[] = [];
    const scenarios: Scenario[] = [];
    const sources = new Set<number>();
    this.ranAhead = new RanAhead(files);
    const texts = files.filter((f) => f.name !== RAN_FILE);
    const sorted = texts.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    for (const f of sorted) {
      const uri = f.uri ?? `racelore:/kernel/${f.name}`;
      const src = this.table.add({ name: f.name, uri, text: f.text });
      if (f.name.endsWith('.h')) {
        this.#headers.push({ file: f, src });
        continue;
      }
      const unit = parsedAhead(f, src) ?? parser.parseFile(src);
      if (!f.name.startsWith(SCENARIO_DIR)) kernel.push(unit);
      else {
        const s = scenarioOf(unit);
        sources.add(src.id);
        if (s) scenarios.push(s);
      }
    }
    this.switchIds = switchIds(sorted);
    this.kernelUnits = kernel;
    this.scenarios = scenarios;
    this.#scenarioSources = sources;
    this.profiles = profilesOf(kernel);
  }

  scenario(id: string): Scenario | undefined {
    return this.scenarios.find((s) => s.id === id);
  }

  profile(name: string): Profile | undefined {
    return this.profiles.find((p) => p.name === name);
  }

  get latest(): Profile {
    return this.profiles.at(-1) ?? { name: 'all', date: '9999-12-31' };
  }

  /** The switches of a profile alone: one object each, which keys what is computed once a profile. */
  switchesOf(profile: Profile): SwitchOptions {
    const known = this.#switches.get(profile.name) ?? switchOptions(profile, NO_SWITCHES);
    this.#switches.set(profile.name, known);
    return known;
  }

  /** Functions of scenario files are scaffolding: traces do not show them. */
  isScenarioSource(src: number): boolean {
    return this.#scenarioSources.has(src);
  }

  /** Programs linked so far, for exact work counts in tests. */
  get links(): number {
    return this.#links;
  }

  /** Kernel files, then the patch's units, then the scenario. */
  link(profile: Profile, switches: Switches, patch: readonly Unit[], scenario?: Scenario): Program {
    const more = [...patch, ...(scenario ? [scenario.unit] : [])];
    return this.linkIn(this.environment(profile, switches, more));
  }

  /** The program of an environment of this kernel. */
  linkIn(env: ProgramEnv): Program {
    this.#links++;
    return linkEnvironment(env, this.lowered);
  }

  /** What the kernel with more units on top means by its names. */
  environment(profile: Profile, switches: Switches, more: readonly Unit[]): ProgramEnv {
    if (switches !== NO_SWITCHES)
      return environmentOf([...this.kernelUnits, ...more], switchOptions(profile, switches));
    const known = this.#environments.get(profile.name);
    const base = known ?? environmentOf(this.kernelUnits, this.switchesOf(profile));
    this.#environments.set(profile.name, base);
    return extendEnvironment(base, more);
  }

  /** Files of contracts: read when kernel C is, never part of a program that runs. */
  get contractUnits(): readonly Unit[] {
    this.#contracts ??= this.#headers.map(
      ({ file, src }) => parsedAhead(file, src) ?? this.parser.parseFile(src),
    );
    return this.#contracts;
  }

  /** What kernel C with these units means: by the model kernel, by the contracts, by itself. */
  reading(profile: Profile, units: readonly Unit[]): Reading {
    const known = this.#readings.get(profile.name) ?? this.#read(profile);
    this.#readings.set(profile.name, known);
    return { env: extendEnvironment(known.env, units), contracts: known.contracts };
  }

  #read(profile: Profile): Reading {
    const units = this.contractUnits;
    const env = environmentOf([...this.kernelUnits, ...units], this.switchesOf(profile));
    const contracts = new Map<string, IrFunction>();
    for (const item of units.flatMap((u) => u.items))
      if (item.kind === 'function') contracts.set(item.name, this.lowered.lower(item, env).fn);
    return { env, contracts };
  }

  /** Pages of properties that need no rule: `__page("RL-…", "title");` below its comment. */
  page(id: string): { readonly title: string; readonly doc: string } | undefined {
    const all = [...this.kernelUnits, ...this.contractUnits].flatMap((u) => calls(u, '__page'));
    const found = all.find((c) => text(c.args[0]) === id);
    return found && { title: text(found.args[1]) ?? '', doc: found.doc };
  }

  /** What a call also waits for when it makes the cycle of a rule by itself: `__closes("RL-…", "class");`. */
  closing(): ReadonlyMap<string, string> {
    const all = this.contractUnits.flatMap((u) => calls(u, '__closes'));
    return new Map(all.map((c) => [text(c.args[0]) ?? '', text(c.args[1]) ?? '']));
  }

  rules(): readonly Rule[] {
    return rulesOf({ declarations: this.kernelUnits.flatMap((u) => calls(u, '__rule')) });
  }
}

/** How `__since` and `__fix` are decided. */
export function switchOptions(profile: Profile, switches: Switches): SwitchOptions {
  return {
    since: (id, date) => switches.on.has(id) || (!switches.off.has(id) && profile.date >= date),
    fix: (id) => switches.on.has(id) && !switches.off.has(id),
  };
}
