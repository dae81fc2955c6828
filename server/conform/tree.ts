/** Files of a kernel tree, parsed when they are asked for, and what the model says of them. */
import type { Expr, FunctionDef, MacroDef, Unit } from '../csource/ast.js';
import type { CParser } from '../csource/parser.js';
import { SourceTable } from '../csource/source.js';
import type { Body } from './events.js';

/** Text of a file of the tree, by its path from the root. */
export type ReadFile = (path: string) => string | undefined;

/** A function of the tree: `fs/ext4/inode.c`, `ext4_map_blocks`. */
export interface Source {
  readonly path: string;
  readonly name: string;
}

/** The text of a string literal. */
export function text(e: Expr | undefined): string | undefined {
  return e?.kind === 'string' ? e.value : undefined;
}

/** What the `__source` attributes of a function name, `file:function@commit`, in their order. */
export function sourcesOf(def: FunctionDef): readonly Source[] {
  return def.attrs.flatMap((a) => {
    const match = a.name === '__source' && /^([^:@\s]+\.[ch]):(\w+)/.exec(text(a.args[0]) ?? '');
    return match ? [{ path: match[1] ?? '', name: match[2] ?? '' }] : [];
  });
}

/** Arguments of declarations at file scope, like `__tracked("size");`. */
export function declared(units: readonly Unit[], name: string): readonly (readonly string[])[] {
  return units
    .flatMap((u) => u.items)
    .flatMap((i) => (i.kind === 'topCall' && i.name === name ? [i.args] : []))
    .map((args) => args.flatMap((e) => text(e) ?? []));
}

/**
 * Bodies by name: functions, and macros that are statements or expressions. Of several definitions
 * the first that is not empty: the others are what a configuration leaves out, or a system call of
 * the same name.
 */
export function bodiesOf(units: readonly Unit[]): ReadonlyMap<string, Body> {
  const bodies = new Map<string, Body>();
  const empty = new Set<string>();
  for (const item of units.flatMap((u) => u.items)) {
    const body =
      item.kind === 'function' ? item.body : item.kind === 'macro' ? macroBody(item) : undefined;
    if (!body || item.kind === 'include' || !('name' in item)) continue;
    if (bodies.has(item.name) && !empty.has(item.name)) continue;
    bodies.set(item.name, body);
    if (item.kind === 'function' && item.body.body.length === 0) empty.add(item.name);
    else empty.delete(item.name);
  }
  return bodies;
}

function macroBody({ params, stmts, expr }: MacroDef): Body | undefined {
  return params ? (stmts ?? expr) : undefined;
}

export interface TreeFile {
  readonly bodies: ReadonlyMap<string, Body>;
  /** Names that stand behind `.` or `->` somewhere: what the file knows as members. */
  readonly members: ReadonlySet<string>;
}

export class Tree {
  readonly #files = new Map<string, TreeFile | undefined>();
  readonly #table = new SourceTable();

  /** `visible`: files whose functions are followed wherever they are called. */
  constructor(
    readonly parser: CParser,
    readonly read: ReadFile,
    readonly visible: readonly string[],
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

  body({ path, name }: Source): Body | undefined {
    return this.file(path)?.bodies.get(name);
  }

  /** What a call in a file of the tree goes to, as far as the comparison may see it. */
  called(from: TreeFile, name: string): Body | undefined {
    const own = from.bodies.get(name);
    if (own) return own;
    for (const path of this.visible) {
      const body = this.body({ path, name });
      if (body) return body;
    }
    return undefined;
  }
}
