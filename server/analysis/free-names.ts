/** Names that files use and do not define: what they expect from what they are linked with. */
import type { Unit } from '../csource/ast.js';

interface Names {
  readonly used: Set<string>;
  readonly defined: Set<string>;
}

/** Nodes of a syntax tree are plain data; only what names something is looked at. */
type Data = Readonly<Record<string, unknown>>;

const TAGS: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);

function isData(v: unknown): v is Data {
  return typeof v === 'object' && v !== null;
}

/** Declarations without a kind, told apart by what they have. */
function noteDeclaration(node: Data, name: string, { defined }: Names): void {
  const isVariable = 'nameLoc' in node;
  const isAttribute = 'args' in node;
  const isMember = 'attrs' in node && !isVariable;
  if (isAttribute || isMember || node['isExtern'] === true) return;
  defined.add(name);
}

function note(node: Data, names: Names): void {
  const { kind, name } = node;
  if (kind === 'macro' && Array.isArray(node['params']))
    for (const param of node['params']) names.defined.add(String(param));
  if (typeof name !== 'string') return;
  if (kind === undefined) noteDeclaration(node, name, names);
  else if (kind === 'ident' || kind === 'name' || kind === 'macroLoop') names.used.add(name);
  else if (typeof kind === 'string' && TAGS.has(kind)) {
    const isDefinition = 'fields' in node || 'enumerators' in node;
    (isDefinition ? names.defined : names.used).add(`${kind} ${name}`);
  } else if (kind === 'function' || kind === 'macro' || kind === 'typedef') names.defined.add(name);
}

function visit(v: unknown, names: Names): void {
  if (Array.isArray(v)) for (const item of v) visit(item, names);
  else if (isData(v)) {
    note(v, names);
    for (const key of Object.keys(v)) if (key !== 'loc' && key !== 'nameLoc') visit(v[key], names);
  }
}

/** Identifiers, type names and tags (`struct x`); prototypes and `extern` define nothing. */
export function freeNames(units: readonly Unit[]): readonly string[] {
  const names: Names = { used: new Set(), defined: new Set() };
  for (const unit of units) visit(unit.items, names);
  return [...names.used].filter((name) => !names.defined.has(name));
}
