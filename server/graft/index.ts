/**
 * Graft: the change of a patch, applied to the model kernel. In: the model's units, the images of the
 * hunks before and after. Out: units that override the model, and one placement for every changed line.
 * Works on syntax alone; knows no function of any kernel; never guesses: what is not beyond doubt is
 * "not placed" with its reason.
 */
import type { FunctionDef, Problem, Stmt, TopLevel, Unit } from '../csource/ast.js';
import type { Outcome } from './outcome.js';
import type { Region } from './lines.js';
import type { GraftInput, GraftResult, Placement } from './types.js';
import type { World } from './world.js';
import { graftFunction } from './function.js';
import { addedOutcome, itemLoc, keyOf, mergeItem, sameTop } from './items.js';
import { account } from './lines.js';
import { countMatches } from './profile.js';
import { viewOf } from './view.js';
import type { View } from './view.js';
import { extend } from './world.js';

export type { GraftInput, GraftResult, Placement } from './types.js';
export type { Switches } from './fold.js';
export { foldFunction, foldUnits } from './fold.js';
export { chooseProfile } from './profile.js';
export type { ProfileCandidate, ProfileChoice } from './profile.js';
export { stack } from './stack.js';
export type { StackedPatch } from './stack.js';

/** The change of one file patch on the model. */
export function graft(input: GraftInput): GraftResult {
  return new Grafter(input).run();
}

/** The reversed change, for a patch that the model already has. */
export function ungraft(input: GraftInput): GraftResult {
  return graft({ ...input, pre: input.post, post: input.pre });
}

class Grafter {
  readonly #view: View;
  readonly #known: Map<string, TopLevel>;
  readonly #world: World;
  /** Items that override the model, by key. */
  readonly #out = new Map<string, TopLevel>();
  readonly #touched = new Set<string>();
  /** Last statement of a function that the hunks so far show. */
  readonly #floors = new Map<string, Stmt>();
  readonly #problems: Problem[] = [];

  constructor(readonly input: GraftInput) {
    this.#view = viewOf(input.model, input.switches);
    this.#known = new Map(this.#view.items);
    const added = input.post.map((u, i): Unit => ({ ...u, items: u.items.filter((item) => this.#isNew(item, input.pre[i])) }));
    this.#world = extend(this.#view.world, added);
  }

  run(): GraftResult {
    const placements = this.input.post.flatMap((post, i) => {
      const pre = this.input.pre[i];
      return pre ? this.#hunk(pre, post) : [];
    });
    const src = this.input.post[0]?.src ?? 0;
    const items = [...this.#out.values()];
    return {
      units: items.length > 0 ? [{ src, items, problems: [] }] : [],
      placements,
      touched: [...this.#touched],
      ...countMatches(this.input, this.#view),
      problems: [...this.#problems, ...this.input.pre.flatMap((u) => u.problems), ...this.input.post.flatMap((u) => u.problems)],
    };
  }

  /** Declared by the patch and not by its base; of functions only whole ones. */
  #isNew(item: TopLevel, pre: Unit | undefined): boolean {
    const key = keyOf(item);
    if (key === undefined || (item.kind === 'function' && item.extent !== 'whole')) return false;
    return !pre?.items.some((p) => keyOf(p) === key);
  }

  #hunk(pre: Unit, post: Unit): readonly Placement[] {
    const before: Region[] = [];
    const after: Region[] = [];
    for (const q of post.items) {
      const p = pre.items.find((x) => keyOf(x) !== undefined && keyOf(x) === keyOf(q));
      if (p) this.#both(p, q, before, after);
      else after.push(region(q, this.#added(q)));
    }
    for (const p of pre.items) {
      const key = keyOf(p);
      if (key === undefined || !post.items.some((q) => keyOf(q) === key)) before.push(region(p, this.#deleted(p)));
    }
    return [
      ...account(pre.src, before, this.input.table),
      ...account(post.src, after, this.input.table),
    ];
  }

  #added(q: TopLevel): Outcome {
    const key = keyOf(q);
    if (key === undefined) return addedOutcome(q);
    if (q.kind === 'function' && q.extent !== 'whole') {
      return { class: 'not-placed', why: 'only a part of the function is shown' };
    }
    this.#put(key, q);
    return addedOutcome(q);
  }

  #put(key: string, item: TopLevel): void {
    this.#out.set(key, item);
    this.#known.set(key, item);
    if (item.kind === 'function') this.#touched.add(item.name);
  }

  /** Nothing is taken from the model: a function that nobody calls any more is without effect. */
  #deleted(p: TopLevel): Outcome {
    const key = keyOf(p);
    const model = key === undefined ? undefined : this.#known.get(key);
    if (!model) return p.kind === 'function' ? { class: 'not-placed', why: 'is not in the model' } : addedOutcome(p);
    return { class: 'on-model', why: 'removed', at: itemLoc(model) };
  }

  #both(p: TopLevel, q: TopLevel, before: Region[], after: Region[]): void {
    const key = keyOf(q) ?? '';
    if (p.kind === 'function' && q.kind === 'function') {
      this.#function(p, q, before, after);
      return;
    }
    const { item, outcome } = mergeItem(p, q, this.#known.get(key));
    if (item) this.#put(key, item);
    before.push(region(p, outcome));
    after.push(region(q, outcome));
  }

  #function(p: FunctionDef, q: FunctionDef, before: Region[], after: Region[]): void {
    const key = keyOf(q) ?? '';
    const model = this.#known.get(key);
    if (model?.kind !== 'function') {
      const rest: Outcome = sameTop(p, q)
        ? { class: 'no-effect', why: 'same code' }
        : { class: 'not-placed', why: `${q.name || 'the function'} is not in the model` };
      before.push(region(p, rest));
      after.push(region(q, rest));
      return;
    }
    const grafted = graftFunction(p, q, model, this.#world, this.input.table, this.#floors.get(key));
    if (grafted.fn) this.#put(key, grafted.fn);
    if (grafted.last) this.#floors.set(key, grafted.last);
    const shared = { function: q.name, rest: grafted.header, of: grafted.of };
    before.push({ ...shared, loc: p.loc, tree: grafted.pre });
    after.push({ ...shared, loc: q.loc, tree: grafted.post });
  }
}

function region(item: TopLevel, rest: Outcome): Region {
  const base: Region = { loc: itemLoc(item), rest, of: () => undefined };
  return item.kind === 'function' ? { ...base, function: item.name } : base;
}
