/** One row for each function of the model that names its source. */
import type { Profile } from '../analysis/model.js';
import type { ModelKernel } from '../analysis/model.js';
import type { Expr, FunctionDef } from '../csource/ast.js';
import type { CParser } from '../csource/parser.js';
import { compared } from './differences.js';
import type { Comparison } from './differences.js';
import { Effects } from './effects.js';
import type { Language } from './events.js';
import { bodiesOf, declared, sourcesOf, text, Tree } from './tree.js';
import type { ReadFile, Source } from './tree.js';

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
  /** Why it is not the same, as the model's C says: `__differs("reason", "function", …);`. */
  readonly reason: string | undefined;
}

interface Modelled {
  readonly def: FunctionDef;
  /** All that it names. */
  readonly sources: readonly Source[];
  /** The first of them that the tree has, else the first. */
  readonly source: Source;
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

/** The profile with the tree's version as its name, else the earliest one. */
export function profileOfTree(kernel: ModelKernel, read: ReadFile): Profile | undefined {
  const makefile = read('Makefile') ?? '';
  const part = (name: string): string =>
    new RegExp(`^${name}\\s*=\\s*(\\d+)`, 'm').exec(makefile)?.[1] ?? '';
  const version = `${part('VERSION')}.${part('PATCHLEVEL')}`;
  return kernel.profile(version) ?? kernel.profiles[0];
}

/** Rows in the order of the model's files. Reads only files that the model's C names. */
export function conform(
  kernel: ModelKernel,
  profile: Profile,
  parser: CParser,
  read: ReadFile,
): readonly ConformRow[] {
  const units = kernel.kernelUnits;
  const tree = new Tree(parser, read, declared(units, '__followed').flat());
  const { since } = kernel.switchesOf(profile);
  const existing = units
    .flatMap((u) => u.items)
    .filter((i): i is FunctionDef => i.kind === 'function')
    .filter((def) =>
      def.attrs
        .filter((a) => a.name === '__since')
        .every((a) => since(text(a.args[0]) ?? '', text(a.args[1]) ?? '')),
    );
  const modelled = existing.flatMap((def): Modelled[] => {
    const sources = sourcesOf(def);
    const source = sources.find((s) => tree.body(s)) ?? sources[0];
    return source ? [{ def, sources, source }] : [];
  });
  const bodies = bodiesOf(units);
  const effects = new Effects(bodies);
  const both = modelled.filter((m) => tree.body(m.source) && effects.acts(m.def.name));
  const comparison: Comparison = {
    tree,
    bodies,
    events: new Map(both.map((m) => [m.def.name, m.source])),
    names: realNames(both),
    tracked: new Set(declared(units, '__tracked').flat()),
    constant: constantIn(since),
    effects,
  };
  const reasons = new Map(
    declared(units, '__differs').flatMap(([why, ...of]) => of.map((name) => [name, why] as const)),
  );
  return modelled.map((m) => {
    const row = rowOf(m, comparison);
    const same = row.outcome !== 'differs' && row.outcome !== 'not in this tree';
    return { ...row, reason: same ? undefined : reasons.get(row.function) };
  });
}

/** What the kernel calls the model's functions: their names, and those of a source that only one has. */
function realNames(both: readonly Modelled[]): ReadonlyMap<string, string> {
  const named = new Map<string, Set<string>>();
  for (const { def, sources } of both)
    for (const { name } of sources) {
      const known = named.get(name) ?? new Set();
      named.set(name, known.add(def.name));
    }
  const single = [...named].flatMap(([name, defs]) =>
    defs.size === 1 ? [...defs].map((def) => [name, def] as const) : [],
  );
  return new Map([...single, ...both.map(({ def }) => [def.name, def.name] as const)]);
}

function rowOf(m: Modelled, c: Comparison): Omit<ConformRow, 'reason'> {
  const { path, name } = m.source;
  const row = { function: m.def.name, source: `${path}:${name}` };
  const file = c.tree.file(path);
  const body = file?.bodies.get(name);
  if (!file || !body) return { ...row, outcome: 'not in this tree', events: [], differences: [] };
  const { events, differences } = compared({ model: m.def, file, real: body, name }, c);
  if (differences.length > 0) return { ...row, outcome: 'differs', events, differences };
  if (events.length > 0) return { ...row, outcome: 'conforms', events, differences };
  const outcome = c.effects.isPrimitive(m.def.name) ? 'primitive' : 'no events';
  return { ...row, outcome, events, differences };
}
