/** What a patch does at file scope: functions, tables, types and macros that it adds, changes or takes away. */
import type { FieldDecl, GlobalVar, InitItem, TagType, TopLevel, Unit } from '../csource/ast.js';
import type { Loc } from '../csource/source.js';
import type { Outcome } from './outcome.js';
import { sameExpr, sameStmt, sameType } from './equal.js';

/** Identity at file scope; undefined for what has no name. */
export function keyOf(item: TopLevel): string | undefined {
  switch (item.kind) {
    case 'global':
      return `global ${item.var.name}`;
    case 'type':
      return item.type.name === undefined ? undefined : `${item.type.kind} ${item.type.name}`;
    case 'function':
    case 'proto':
    case 'typedef':
    case 'macro':
      return `${item.kind} ${item.name}`;
    case 'topCall':
    case 'include':
      return undefined;
  }
}

export function itemLoc(item: TopLevel): Loc {
  return item.kind === 'global' ? item.var.loc : item.loc;
}

function sameTop(a: TopLevel, b: TopLevel): boolean {
  if (a.kind === 'global' && b.kind === 'global') {
    return (
      sameType(a.var.type, b.var.type) &&
      (a.var.init && b.var.init ? sameExpr(a.var.init, b.var.init) : a.var.init === b.var.init)
    );
  }
  if (a.kind === 'type' && b.kind === 'type') return sameType(a.type, b.type);
  if (a.kind === 'typedef' && b.kind === 'typedef') return sameType(a.type, b.type);
  if (a.kind === 'macro' && b.kind === 'macro')
    return a.text === b.text && String(a.params) === String(b.params);
  if (a.kind === 'function' && b.kind === 'function')
    return sameStmt(a.body, b.body) && params(a) === params(b);
  if (a.kind === 'proto' && b.kind === 'proto') return params(a) === params(b);
  return false;
}

function params(f: Extract<TopLevel, { kind: 'function' | 'proto' }>): string {
  return f.params.map((p) => p.name ?? '').join(' ');
}

/** Last declaration of each name, on top of those of other units. */
export function index(
  units: readonly Unit[],
  on?: ReadonlyMap<string, TopLevel>,
): Map<string, TopLevel> {
  const found = new Map(on);
  for (const u of units)
    for (const item of u.items) {
      const key = keyOf(item);
      if (key !== undefined) found.set(key, item);
    }
  return found;
}

/** Members of the model's list with the patch's insertions, removals and changes. */
function mergeMembers<T>(
  pre: readonly T[],
  post: readonly T[],
  model: readonly T[],
  name: (m: T) => string,
  same: (a: T, b: T) => boolean,
): T[] {
  const find = (list: readonly T[], n: string): T | undefined => list.find((m) => name(m) === n);
  const out = model.flatMap((m): T[] => {
    const p = find(pre, name(m));
    const q = find(post, name(m));
    if (p && !q) return [];
    return [p && q && !same(p, q) ? q : m];
  });
  post.forEach((q, i) => {
    if (find(pre, name(q)) || find(model, name(q))) return;
    const before = post
      .slice(0, i)
      .reverse()
      .map((b) => out.findIndex((m) => name(m) === name(b)))
      .find((k) => k >= 0);
    out.splice(before === undefined ? out.length : before + 1, 0, q);
  });
  return out;
}

function fieldName(f: FieldDecl): string {
  return f.name ?? `${f.loc.start}`;
}

function mergeTag(pre: TagType, post: TagType, model: TagType): TagType {
  return {
    ...model,
    ...(model.fields
      ? {
          fields: mergeMembers(
            pre.fields ?? [],
            post.fields ?? [],
            model.fields,
            fieldName,
            (a, b) => sameType(a.type, b.type),
          ),
        }
      : {}),
    ...(model.enumerators
      ? {
          enumerators: mergeMembers(
            pre.enumerators ?? [],
            post.enumerators ?? [],
            model.enumerators,
            (e) => e.name,
            () => true,
          ),
        }
      : {}),
  };
}

function itemName(i: InitItem): string {
  const first = i.designators[0];
  return typeof first === 'string' ? first : '';
}

function mergeGlobal(pre: GlobalVar, post: GlobalVar, model: GlobalVar): GlobalVar | undefined {
  const [p, q, m] = [pre.var.init, post.var.init, model.var.init];
  if (p?.kind !== 'initList' || q?.kind !== 'initList' || m?.kind !== 'initList') return undefined;
  if ([...p.items, ...q.items, ...m.items].some((i) => itemName(i) === '')) return undefined;
  const items = mergeMembers(p.items, q.items, m.items, itemName, (a, b) =>
    sameExpr(a.value, b.value),
  );
  return { ...model, var: { ...model.var, init: { ...m, items } } };
}

export interface ItemGraft {
  readonly item: TopLevel | undefined;
  readonly outcome: Outcome;
}

const NOTHING: ItemGraft = {
  item: undefined,
  outcome: { class: 'no-effect', why: 'same declaration' },
};

/** A declaration that stands in both images. */
export function mergeItem(pre: TopLevel, post: TopLevel, model: TopLevel | undefined): ItemGraft {
  if (sameTop(pre, post)) return NOTHING;
  // Signatures follow definitions.
  if (post.kind === 'proto')
    return { item: undefined, outcome: { class: 'no-effect', why: 'declaration' } };
  if (!model)
    return { item: undefined, outcome: { class: 'not-placed', why: 'is not in the model' } };
  const at = itemLoc(model);
  const changed = (item: TopLevel): ItemGraft => ({
    item,
    outcome: { class: 'on-model', why: 'changed', at },
  });
  if (pre.kind === 'type' && post.kind === 'type' && model.kind === 'type') {
    return changed({ ...model, type: mergeTag(pre.type, post.type, model.type) });
  }
  if (pre.kind === 'global' && post.kind === 'global' && model.kind === 'global') {
    const merged = mergeGlobal(pre, post, model);
    if (merged) return changed(merged);
  }
  if (sameTop(pre, model)) return changed(post);
  return {
    item: undefined,
    outcome: { class: 'not-placed', why: 'the model has it in another form', at },
  };
}

/** What a declaration of the patch alone means. */
export function addedOutcome(item: TopLevel): Outcome {
  switch (item.kind) {
    case 'function':
      return { class: 'on-model', why: 'added function' };
    case 'global':
      return { class: 'on-model', why: 'added object' };
    case 'type':
    case 'typedef':
      return { class: 'on-model', why: 'added type' };
    case 'macro':
      return { class: 'on-model', why: 'added macro' };
    case 'proto':
      return { class: 'no-effect', why: 'declaration' };
    case 'topCall':
    case 'include':
      return { class: 'no-effect', why: 'outside of functions' };
  }
}
