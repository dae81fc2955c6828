/** One row for each function of the model that names its source. */
import type { Profile } from '../analysis/model.js';
import type { ModelKernel } from '../analysis/model.js';
import type { Expr, FunctionDef, MacroDef, Unit } from '../csource/ast.js';
import type { CParser } from '../csource/parser.js';
import { SourceTable } from '../csource/source.js';
import { alphabetOf, extraRun, isEmptySection, ordersOf } from './compare.js';
import { Effects } from './effects.js';
import { eventsOf } from './events.js';
import type { Body, Events, Language, Meaning } from './events.js';

/** `primitive`: the model gives its meaning by intrinsics; `no events`: it only computes. */
export type Outcome = 'conforms' | 'differs' | 'primitive' | 'no events' | 'not in this tree';

export interface ConformRow {
  readonly function: string;
  /** `fs/ext4/inode.c:ext4_map_blocks`, as the model's C names it. */
  readonly source: string;
  readonly outcome: Outcome;
  /** What is compared: calls of the model function. */
  readonly events: readonly string[];
  /** One line each. */
  readonly differences: readonly string[];
}

/** Text of a file of the tree, by its path from the root. */
export type ReadFile = (path: string) => string | undefined;

/** Bodies by name: functions, and macros that are statements or expressions. */
function bodiesOf(units: readonly Unit[]): ReadonlyMap<string, Body> {
  const bodies = new Map<string, Body>();
  for (const item of units.flatMap((u) => u.items)) {
    if (item.kind === 'function') bodies.set(item.name, item.body);
    if (item.kind === 'macro') {
      const body = macroBody(item);
      if (body && !bodies.has(item.name)) bodies.set(item.name, body);
    }
  }
  return bodies;
}

function macroBody({ params, stmts, expr }: MacroDef): Body | undefined {
  return params ? (stmts ?? expr) : undefined;
}

interface Modelled {
  readonly def: FunctionDef;
  readonly path: string;
  readonly name: string;
}

function text(e: Expr | undefined): string | undefined {
  return e?.kind === 'string' ? e.value : undefined;
}

/** `file:function@commit` of an attribute. */
function sourceOf(def: FunctionDef): { path: string; name: string } | undefined {
  const source = text(def.attrs.find((a) => a.name === '__source')?.args[0]);
  const match = /^([^:@\s]+\.[ch]):(\w+)/.exec(source ?? '');
  return match ? { path: match[1] ?? '', name: match[2] ?? '' } : undefined;
}

/** What a version of the kernel fixes: `__since(…)`, `__fix(…)`, numbers, and what is made of them. */
function constantIn(since: (id: string, date: string) => boolean): Language['constant'] {
  const value = (e: Expr): boolean | undefined => {
    if (e.kind === 'number') return e.value !== 0;
    if (e.kind === 'call' && e.callee.kind === 'ident') {
      if (e.callee.name === '__fix') return false;
      if (e.callee.name === '__since') return since(text(e.args[0]) ?? '', text(e.args[1]) ?? '');
      return undefined;
    }
    if (e.kind === 'unary' && e.op === '!') {
      const inner = value(e.operand);
      return inner === undefined ? undefined : !inner;
    }
    if (e.kind !== 'logical') return undefined;
    const [left, right] = [value(e.left), value(e.right)];
    if (e.op === '&&') return left === false || right === false ? false : left && right;
    return left === true || right === true ? true : left === undefined ? undefined : right;
  };
  return value;
}

interface TreeFile {
  readonly bodies: ReadonlyMap<string, Body>;
  /** Names that stand behind `.` or `->` somewhere: what the file knows as members. */
  readonly members: ReadonlySet<string>;
}

/** Files of the tree, parsed once. */
class Tree {
  readonly #files = new Map<string, TreeFile | undefined>();
  readonly #table = new SourceTable();

  constructor(
    readonly parser: CParser,
    readonly read: ReadFile,
  ) {}

  file(path: string): TreeFile | undefined {
    if (this.#files.has(path)) return this.#files.get(path);
    const text = this.read(path);
    const made = text === undefined ? undefined : this.#parsed(path, text);
    this.#files.set(path, made);
    return made;
  }

  #parsed(path: string, text: string): TreeFile {
    const unit = this.parser.parseFile(this.#table.add({ name: path, uri: path, text }));
    const members = [...text.matchAll(/(?:->|\.)\s*([A-Za-z_]\w*)/g)].map((m) => m[1] ?? '');
    return { bodies: bodiesOf([unit]), members: new Set(members) };
  }

  has(path: string, name: string): boolean {
    return this.file(path)?.bodies.has(name) === true;
  }
}

/** The profile with the tree's version as its name, else the earliest one. */
export function profileOfTree(kernel: ModelKernel, read: ReadFile): Profile | undefined {
  const makefile = read('Makefile') ?? '';
  const part = (name: string): string =>
    new RegExp(`^${name}\\s*=\\s*(\\d+)`, 'm').exec(makefile)?.[1] ?? '';
  const version = `${part('VERSION')}.${part('PATCHLEVEL')}`;
  return kernel.profile(version) ?? kernel.profiles[0];
}

/** Rows in the order of the model's files. Reads only files that `__source` names. */
export function conform(
  kernel: ModelKernel,
  profile: Profile,
  parser: CParser,
  read: ReadFile,
): readonly ConformRow[] {
  const tree = new Tree(parser, read);
  const { since } = kernel.switchesOf(profile);
  const constant = constantIn(since);
  const existing = kernel.kernelUnits
    .flatMap((u) => u.items)
    .filter((i): i is FunctionDef => i.kind === 'function')
    .filter((def) =>
      def.attrs
        .filter((a) => a.name === '__since')
        .every((a) => since(text(a.args[0]) ?? '', text(a.args[1]) ?? '')),
    );
  const modelled = existing.flatMap((def): Modelled[] => {
    const source = sourceOf(def);
    return source ? [{ def, ...source }] : [];
  });
  const bodies = bodiesOf(kernel.kernelUnits);
  const effects = new Effects(bodies);
  const both = modelled.filter((m) => tree.has(m.path, m.name) && effects.acts(m.def.name));
  const tracked = new Set(
    kernel.kernelUnits
      .flatMap((u) => u.items)
      .flatMap((i) => (i.kind === 'topCall' && i.name === '__tracked' ? i.args : []))
      .flatMap((e) => text(e) ?? []),
  );
  const events = new Set(both.map((m) => m.def.name));
  return modelled.map((m) =>
    rowOf(m, { tree, bodies, events, tracked, constant, effects, names: realNames(both) }),
  );
}

/** What the kernel calls the model's functions: their names, and that of the source if only one has it. */
function realNames(both: readonly Modelled[]): ReadonlyMap<string, string> {
  const sources = new Map<string, Set<string>>();
  for (const { def, name } of both) {
    const known = sources.get(name) ?? new Set();
    sources.set(name, known.add(def.name));
  }
  const single = [...sources].flatMap(([name, defs]) =>
    defs.size === 1 ? [...defs].map((def) => [name, def] as const) : [],
  );
  return new Map([...single, ...both.map(({ def }) => [def.name, def.name] as const)]);
}

interface Comparison {
  readonly tree: Tree;
  readonly bodies: ReadonlyMap<string, Body>;
  /** Functions that both sides have and that do something. */
  readonly events: ReadonlySet<string>;
  /** The same by the names that the kernel has for them. */
  readonly names: ReadonlyMap<string, string>;
  /** Members to which stores count. */
  readonly tracked: ReadonlySet<string>;
  readonly constant: Language['constant'];
  readonly effects: Effects;
}

/** A body that is gone through in place, if there is one. */
function inPlace(bodies: ReadonlyMap<string, Body>, name: string): Meaning {
  const body = bodies.get(name);
  return body ? { kind: 'body', body } : { kind: 'nothing' };
}

function rowOf(m: Modelled, c: Comparison): ConformRow {
  const row = { function: m.def.name, source: `${m.path}:${m.name}` };
  const file = c.tree.file(m.path);
  const body = file?.bodies.get(m.name);
  if (!file || !body) return { ...row, outcome: 'not in this tree', events: [], differences: [] };
  const stored = (field: string): boolean => c.tracked.has(field) && file.members.has(field);
  const model = eventsOf(
    m.def.body,
    {
      meaning: (n) => (c.events.has(n) ? { kind: 'event', as: n } : inPlace(c.bodies, n)),
      stored,
      constant: c.constant,
    },
    m.def.name,
  );
  const real = eventsOf(
    body,
    {
      meaning: (n) => {
        const as = c.names.get(n);
        return as === undefined ? inPlace(file.bodies, n) : { kind: 'event', as };
      },
      stored,
      constant: () => undefined,
    },
    m.name,
  );
  if (!model || !real)
    return { ...row, outcome: 'differs', events: [], differences: ['too large to compare'] };
  const events = [...alphabetOf(model)];
  const differences = differencesOf(model, real, c.effects);
  if (differences.length > 0) return { ...row, outcome: 'differs', events, differences };
  if (events.length > 0) return { ...row, outcome: 'conforms', events, differences };
  const outcome = c.effects.isPrimitive(m.def.name) ? 'primitive' : 'no events';
  return { ...row, outcome, events, differences };
}

/** One line each; empty when the model function conforms. */
function differencesOf(model: Events, real: Events, effects: Effects): readonly string[] {
  const names = alphabetOf(model);
  const realNames = alphabetOf(real);
  const differences = [...names]
    .filter((n) => !realNames.has(n))
    .map((n) => `${n}: only the model function does`);
  const shared = new Set([...names].filter((n) => realNames.has(n)));
  const left = [...realNames].filter((n) => !names.has(n) && effects.matters(n));
  const takes = new Set(left.filter((n) => effects.takes(n)));
  const gives = new Set(left.filter((n) => effects.gives(n)));
  const empty = isEmptySection(real, shared, takes, gives);
  for (const name of left)
    if (!empty || !(takes.has(name) || gives.has(name)))
      differences.push(`${name}: only the real function does`);
  if (differences.length > 0) return differences;
  const extra = extraRun(model, real, shared);
  if (extra === 'too many') differences.push('too many ways to compare');
  else if (extra) differences.push(`only in the model: ${extra.map((e) => e ?? 'end').join(', ')}`);
  const orders = ordersOf(model, shared);
  for (const order of ordersOf(real, shared))
    if (!orders.has(order)) differences.push(`only in the kernel: ${order.replace('\t', ' … ')}`);
  return differences;
}
