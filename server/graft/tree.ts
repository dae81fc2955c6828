/**
 * A function body as lists of atoms: every statement is an atom, a compound one owns lists. Braces
 * that only group a branch vanish; a block that stands alone in a list is an atom without a head.
 */
import type { FunctionDef, Stmt } from '../csource/ast.js';
import type { Loc } from '../csource/source.js';

export type Branch = 'body' | 'then' | 'else';

export interface Atom {
  /** Position in preorder. */
  readonly id: number;
  readonly stmt: Stmt;
  readonly list: StmtList;
  readonly index: number;
  /** Text of the statement without the statements nested in it. Absent for bare blocks. */
  readonly head: Loc | undefined;
  readonly lists: StmtList[];
}

export interface StmtList {
  /** Absent for the function's own list. */
  readonly owner: Atom | undefined;
  readonly branch: Branch;
  readonly items: Atom[];
}

export interface Tree {
  readonly fn: FunctionDef;
  readonly root: StmtList;
  /** Preorder. */
  readonly atoms: readonly Atom[];
  /** Between fragments of several hunks: lines that are not shown. */
  readonly gaps: ReadonlySet<Atom>;
  /** One list a fragment, in order; only the root when there is one. */
  readonly fragments: readonly StmtList[];
}

/** Branches of a statement in source order; empty for simple statements. */
function branchesOf(s: Stmt): readonly (readonly [Branch, Stmt])[] {
  switch (s.kind) {
    case 'if':
      return s.else
        ? [
            ['then', s.then],
            ['else', s.else],
          ]
        : [['then', s.then]];
    case 'while':
    case 'doWhile':
    case 'for':
    case 'macroLoop':
    case 'switch':
      return [['body', s.body]];
    case 'block':
      return [['body', s]];
    case 'atomic':
      return [['body', s.body]];
    default:
      return [];
  }
}

function headOf(s: Stmt): Loc | undefined {
  if (s.kind === 'block') return undefined;
  if (s.kind === 'doWhile') return s.test.loc;
  const first = branchesOf(s)[0]?.[1];
  return first ? { ...s.loc, end: Math.max(s.loc.start, first.loc.start) } : s.loc;
}

/**
 * The tree of one function. Several fragments of it, as hunks show them, become one body: a block each,
 * with an empty statement between them.
 */
export function treeOf(first: FunctionDef, ...more: readonly FunctionDef[]): Tree {
  const fn = more.length > 0 ? join([first, ...more]) : first;
  const atoms: Atom[] = [];
  const fill = (list: StmtList, stmts: readonly Stmt[]): StmtList => {
    for (const stmt of stmts) {
      const atom: Atom = {
        id: atoms.length,
        stmt,
        list,
        index: list.items.length,
        head: headOf(stmt),
        lists: [],
      };
      list.items.push(atom);
      atoms.push(atom);
      for (const [branch, sub] of branchesOf(stmt)) {
        atom.lists.push(
          fill({ owner: atom, branch, items: [] }, sub.kind === 'block' ? sub.body : [sub]),
        );
      }
    }
    return list;
  };
  const root = fill({ owner: undefined, branch: 'body', items: [] }, fn.body.body);
  const parts = more.length > 0 ? root.items : [];
  const gaps = new Set(parts.filter((a) => a.stmt.kind === 'empty'));
  const fragments = parts.flatMap((a) => a.lists);
  return { fn, root, atoms, gaps, fragments: fragments.length > 0 ? fragments : [root] };
}

function join(fns: readonly FunctionDef[]): FunctionDef {
  const [head] = fns;
  if (!head) throw new RangeError('no fragment');
  const body = fns.flatMap((f, i): Stmt[] => {
    const block: Stmt = f.body;
    return i === 0 ? [block] : [{ kind: 'empty', loc: { ...f.loc, end: f.loc.start } }, block];
  });
  return { ...head, extent: 'fragment', body: { ...head.body, body } };
}

/** The list of a branch; absent when the statement has no such branch. */
export function branch(a: Atom, which: Branch): StmtList | undefined {
  return a.lists.find((l) => l.branch === which);
}

/** Nearest enclosing statement with a head, with the branch in which the atom stands. */
export function enclosing(a: Atom): { readonly owner: Atom | undefined; readonly branch: Branch } {
  let list = a.list;
  while (list.owner && list.owner.stmt.kind === 'block') list = list.owner.list;
  return { owner: list.owner, branch: list.branch };
}

/** The atom and all atoms nested in it, in preorder. */
export function* below(a: Atom): Generator<Atom> {
  yield a;
  for (const l of a.lists) for (const i of l.items) yield* below(i);
}

/** The ancestor-or-self of `a` that stands directly in `list`. */
export function climb(a: Atom, list: StmtList): Atom | undefined {
  for (let at: Atom | undefined = a; at; at = at.list.owner) if (at.list === list) return at;
  return undefined;
}

/** True when control may reach only one of the two: different branches of one `if`. */
export function exclusive(a: Atom, b: Atom): boolean {
  const up = new Map<Atom, Branch>();
  for (let l = a.list; l.owner; l = l.owner.list) up.set(l.owner, l.branch);
  for (let l = b.list; l.owner; l = l.owner.list) {
    const other = up.get(l.owner);
    if (other !== undefined) return other !== l.branch;
  }
  return false;
}
