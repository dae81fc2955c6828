/** The edits of a merge and the function that comes out of them. */
import type { Block, FunctionDef, Stmt } from '../csource/ast.js';
import type { Atom, Branch, StmtList, Tree } from './tree.js';
import { branch } from './tree.js';

/** Something to stand at a place of the model: its own statement, or one of the patch with its branches. */
export type Emission =
  | { readonly kind: 'model'; readonly atom: Atom }
  | {
      readonly kind: 'patch';
      readonly stmt: Stmt;
      readonly branches: ReadonlyMap<Branch, readonly Emission[]>;
    };

interface Ordered {
  readonly e: Emission;
  readonly order: number;
}

export class Edits {
  readonly #inserts = new Map<StmtList, Map<number, Ordered[]>>();
  readonly #branches = new Map<Atom, Map<Branch, Emission[]>>();
  readonly #heads = new Map<Atom, Stmt>();
  readonly #removed = new Set<Atom>();
  readonly #first: Emission[] = [];
  readonly #dropped = new Set<Stmt>();

  /** Before `index`; things at one place stand in the order of the post image (`order`). */
  insert(list: StmtList, index: number, e: Emission, order: number): void {
    const slots = this.#inserts.get(list) ?? new Map<number, Ordered[]>();
    slots.set(
      index,
      [...(slots.get(index) ?? []), { e, order }].sort((a, b) => a.order - b.order),
    );
    this.#inserts.set(list, slots);
  }

  /** A statement of the patch that turned out to be of no use. */
  drop(s: Stmt): void {
    this.#dropped.add(s);
  }

  /** Into a branch that the model's statement does not have yet. */
  insertBranch(owner: Atom, which: Branch, e: Emission): void {
    const of = this.#branches.get(owner) ?? new Map<Branch, Emission[]>();
    of.set(which, [...(of.get(which) ?? []), e]);
    this.#branches.set(owner, of);
  }

  /** At the top of the function: declarations. */
  insertFirst(e: Emission): void {
    this.#first.push(e);
  }

  setHead(a: Atom, stmt: Stmt): void {
    this.#heads.set(a, stmt);
  }

  /** The statement as it now is, bodies aside. */
  headOf(a: Atom): Stmt {
    return this.#heads.get(a) ?? a.stmt;
  }

  remove(a: Atom): void {
    this.#removed.add(a);
  }

  isRemoved(a: Atom): boolean {
    return this.#removed.has(a);
  }

  get empty(): boolean {
    return (
      this.#inserts.size +
        this.#branches.size +
        this.#heads.size +
        this.#removed.size +
        this.#first.length ===
      0
    );
  }

  /** The model's function with all edits. */
  apply(tree: Tree): FunctionDef {
    const body = [...this.#first.flatMap((e) => this.#emit(e)), ...this.#list(tree.root)];
    return { ...tree.fn, body: { ...tree.fn.body, body } };
  }

  #list(list: StmtList): Stmt[] {
    const slots = this.#inserts.get(list);
    const out: Stmt[] = [];
    for (let i = 0; i <= list.items.length; i++) {
      for (const { e } of slots?.get(i) ?? []) out.push(...this.#emit(e));
      const item = list.items[i];
      if (item && !this.#removed.has(item)) out.push(this.#stmt(item));
    }
    return out;
  }

  #emit(e: Emission): Stmt[] {
    if (e.kind === 'model') return [this.#stmt(e.atom)];
    if (this.#dropped.has(e.stmt)) return [];
    const bodies = new Map(
      [...e.branches].map(([b, list]) => [b, list.flatMap((x) => this.#emit(x))] as const),
    );
    return [withBodies(e.stmt, (b) => bodies.get(b))];
  }

  #stmt(a: Atom): Stmt {
    const stmt = this.#heads.get(a) ?? a.stmt;
    const added = this.#branches.get(a);
    return withBodies(stmt, (b) => {
      const list = branch(a, b);
      const more = (added?.get(b) ?? []).flatMap((e) => this.#emit(e));
      return list ? [...this.#list(list), ...more] : more.length > 0 ? more : undefined;
    });
  }
}

function asBlock(old: Stmt | undefined, body: readonly Stmt[], owner: Stmt): Block {
  return { kind: 'block', body, loc: old?.loc ?? body[0]?.loc ?? owner.loc };
}

/** Single statements stay without braces where there were none. */
function asBranch(old: Stmt | undefined, body: readonly Stmt[], owner: Stmt): Stmt {
  const only = body[0];
  if (body.length === 1 && only && old?.kind !== 'block' && only.kind !== 'decl') return only;
  return asBlock(old, body, owner);
}

function ifWith(
  s: Extract<Stmt, { kind: 'if' }>,
  body: (b: Branch) => readonly Stmt[] | undefined,
): Stmt {
  const then = asBranch(s.then, body('then') ?? [], s);
  const other = body('else');
  const { else: old, ...rest } = s;
  if (!other || other.length === 0) return { ...rest, then };
  return {
    ...rest,
    then,
    else: other.length === 1 && other[0]?.kind === 'if' ? other[0] : asBranch(old, other, s),
  };
}

function withBodies(s: Stmt, body: (b: Branch) => readonly Stmt[] | undefined): Stmt {
  switch (s.kind) {
    case 'if':
      return ifWith(s, body);
    case 'while':
    case 'doWhile':
    case 'for':
    case 'macroLoop':
    case 'switch':
      return { ...s, body: asBranch(s.body, body('body') ?? [], s) };
    case 'block':
      return { ...s, body: body('body') ?? [] };
    case 'atomic':
      return { ...s, body: asBlock(s.body, body('body') ?? [], s) };
    default:
      return s;
  }
}
