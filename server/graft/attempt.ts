/** One pass over the hunks of a file patch, with some changes of signatures refused. */
import type { FunctionDef, ParamDecl, Problem, TopLevel, Unit } from '../csource/ast.js';
import type { FunctionGraft } from './function.js';
import type { Region } from './lines.js';
import type { Outcome } from './outcome.js';
import type { Atom } from './tree.js';
import type { GraftInput, GraftResult, Placement } from './types.js';
import type { View } from './view.js';
import type { World } from './world.js';
import { addedFunction, besideModel } from './added.js';
import { adaptCalls } from './arguments.js';
import { absentFunction, changesSignature, graftFunction, mergeSignature } from './function.js';
import { addedOutcome, itemLoc, keyOf, mergeItem } from './items.js';
import { account } from './lines.js';
import { sameType } from './equal.js';
import { pairItems } from './pair-items.js';
import { calleeName, isEvent } from './effects.js';
import { treeOf } from './tree.js';
import { inStmt } from './walk.js';
import { extend } from './world.js';

const ANOTHER = 'the model has another signature';

/** A function of the patch, in all hunks that show it. */
interface Group {
  readonly before: string;
  readonly after: string;
  readonly images: { readonly pre: FunctionDef[]; readonly post: FunctionDef[] };
  readonly hunks: number[];
}

interface Regions {
  readonly pre: Region[];
  readonly post: Region[];
}

export class Attempt {
  /** Functions whose new signature does not fit after all. */
  readonly refuse = new Set<string>();
  readonly #known: Map<string, TopLevel>;
  readonly #out = new Map<string, TopLevel>();
  readonly #touched = new Set<string>();
  readonly #groups = new Map<string, Group>();
  readonly #regions: readonly Regions[];
  readonly #problems: Problem[] = [];
  #world: World;

  constructor(
    readonly input: GraftInput,
    readonly view: View,
    readonly refused: ReadonlySet<string>,
  ) {
    this.#known = new Map(view.items);
    this.#regions = input.post.map(() => ({ pre: [], post: [] }));
    this.#world = view.world;
  }

  run(): Omit<GraftResult, 'preLines' | 'matchedPre' | 'postLines' | 'matchedPost'> {
    this.#readHunks();
    for (const g of this.#groups.values()) this.#function(g);
    this.#checkCalls();
    const src = this.input.post[0]?.src ?? 0;
    const items = [...this.#out.values()];
    return {
      units: items.length > 0 ? [{ src, items, problems: [] }] : [],
      placements: this.#placements(),
      touched: [...this.#touched],
      problems: [
        ...this.#problems,
        ...[...this.input.pre, ...this.input.post].flatMap((u) => u.problems),
      ],
    };
  }

  #placements(): Placement[] {
    return this.#regions.flatMap(({ pre, post }, i) => {
      const [p, q] = [this.input.pre[i], this.input.post[i]];
      const { table } = this.input;
      const told = p && q ? [...account(p.src, pre, table), ...account(q.src, post, table)] : [];
      return told.map((x) => this.#repaired(x));
    });
  }

  /** Placed, but as the reader of the patch mended the line. */
  #repaired(p: Placement): Placement {
    const { line } = this.input.table.docRange(p.loc);
    return p.class === 'on-model' && this.input.repaired?.has(line)
      ? { ...p, class: 'repaired', why: `repaired line: ${p.why}` }
      : p;
  }

  // ---- file scope ---------------------------------------------------------------------------------

  #readHunks(): void {
    const renamed = new Map<string, string>();
    const added: TopLevel[] = [];
    const fresh: { readonly fn: FunctionDef; readonly regions: Regions }[] = [];
    this.input.post.forEach((post, i) => {
      const pre = this.input.pre[i];
      const regions = this.#regions[i];
      if (!pre || !regions) return;
      for (const { p, q } of pairItems(pre, post, this.input.table)) {
        if (p?.kind === 'function' && q?.kind === 'function') this.#collect(p, q, i, renamed);
        else if (p && q) added.push(...this.#changed(p, q, regions));
        else if (q) {
          if (isWhole(q)) added.push(q);
          if (q.kind === 'function' && isWhole(q)) {
            // Its place among the units; whether it stays is known when all names are.
            this.#out.set(`function ${q.name}`, q);
            fresh.push({ fn: q, regions });
          } else regions.post.push(region(q, this.#added(q)));
        } else if (p?.kind === 'function' && this.input.undo === true)
          regions.pre.push(this.#takenBack(p));
        else if (p) regions.pre.push(region(p, this.#deleted(p)));
      }
    });
    this.#world = this.#withSignatures(extend(this.view.world, [unitOf(added)]));
    for (const { fn, regions } of fresh) this.#addFunction(fn, regions);
  }

  #collect(p: FunctionDef, q: FunctionDef, hunk: number, renamed: Map<string, string>): void {
    if (p.name !== q.name) renamed.set(p.name, q.name);
    const after = p.name === q.name ? (renamed.get(p.name) ?? q.name) : q.name;
    const g = this.#groups.get(after) ?? {
      before: p.name,
      after,
      images: { pre: [], post: [] },
      hunks: [],
    };
    this.#groups.set(after, g);
    g.images.pre.push(p);
    g.images.post.push(q);
    g.hunks.push(hunk);
  }

  #addFunction(fn: FunctionDef, regions: Regions): void {
    const known = this.view.items.get(`function ${fn.name}`);
    const model = known?.kind === 'function' ? known : undefined;
    const adapted = adaptCalls(fn, this.#world);
    const added = addedFunction(adapted, model, this.#world);
    if (added.admitted) this.#put(`function ${fn.name}`, adapted);
    else this.#out.delete(`function ${fn.name}`);
    const rest: Outcome = added.admitted
      ? { class: 'on-model', why: 'added function' }
      : { class: 'not-placed', why: 'the model has another form of this function' };
    regions.post.push({
      loc: fn.loc,
      function: fn.name,
      modelled: model !== undefined,
      rest,
      tree: added.tree,
      written: treeOf(adapted),
      dropped: added.dropped,
      of: (a) => added.of(a),
      isEvent: (a) => isEvent(a.stmt, this.#world),
    });
  }

  #added(q: TopLevel): Outcome {
    const key = keyOf(q);
    if (key === undefined) return addedOutcome(q);
    if (!isWhole(q)) return { class: 'not-placed', why: 'only a part of the function is shown' };
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
    if (!model)
      return p.kind === 'function'
        ? { class: 'not-placed', why: `${p.name}() is not in the model` }
        : addedOutcome(p);
    return { class: 'on-model', why: 'removed', at: itemLoc(model) };
  }

  /** A function that the patch added and the model has: nothing is taken from the model, but said where it is. */
  #takenBack(p: FunctionDef): Region {
    const known = this.#known.get(`function ${p.name}`);
    if (known?.kind !== 'function') return region(p, this.#deleted(p));
    const { world } = this.view;
    const beside = besideModel(adaptCalls(p, world), known, world);
    return {
      loc: p.loc,
      function: p.name,
      modelled: true,
      rest: { class: 'on-model', why: 'the model has it', at: known.nameLoc },
      tree: beside.tree,
      written: treeOf(p),
      dropped: beside.dropped,
      of: (a) => beside.of(a),
      isEvent: (a) => isEvent(a.stmt, this.#world),
    };
  }

  /** What came of it, if it is placed. */
  #changed(p: TopLevel, q: TopLevel, regions: Regions): readonly TopLevel[] {
    const key = keyOf(q) ?? '';
    const { item, outcome } = mergeItem(p, q, this.#known.get(key));
    if (item) this.#put(key, item);
    regions.pre.push(region(p, outcome));
    regions.post.push(region(q, outcome));
    return item ? [item] : [];
  }

  // ---- functions ------------------------------------------------------------------------------------

  #modelOf(g: Group): FunctionDef | undefined {
    const model = this.#known.get(`function ${g.before}`);
    return model?.kind === 'function' ? model : undefined;
  }

  /** Calls in the patch follow the signatures that it gives. */
  #withSignatures(world: World): World {
    const params = new Map<string, readonly ParamDecl[]>(world.params);
    const names = new Set(world.names);
    for (const g of this.#groups.values()) {
      const model = this.#modelOf(g);
      const signature = model ? this.#signature(g, model) : undefined;
      if (!signature) continue;
      params.set(g.after, signature.params);
      names.add(g.after);
    }
    return { ...world, params, names };
  }

  #signature(g: Group, model: FunctionDef): Pick<FunctionDef, 'params' | 'result'> {
    if (this.refused.has(g.after) || !changesSignature(g.images, this.input.table)) return model;
    return mergeSignature(g.images, model) ?? model;
  }

  /** Gets another result or name with a signature that the model cannot take: its body is another one too. */
  #isOther(g: Group, model: FunctionDef): boolean {
    const { pre, post } = g.images;
    const [p, q] = [pre[0], post[0]];
    if (!p || !q || !changesSignature(g.images, this.input.table)) return false;
    if (mergeSignature(g.images, model) && !this.refused.has(g.after)) return false;
    return g.before !== g.after || !sameType(p.result, q.result);
  }

  #header(g: Group, model: FunctionDef, kept: boolean): Outcome {
    const why = g.before === g.after ? 'changed signature' : 'renamed';
    if (!changesSignature(g.images, this.input.table))
      return {
        class: g.before === g.after ? 'no-effect' : 'on-model',
        why: g.before === g.after ? 'same signature' : why,
      };
    if (mergeSignature(g.images, model) && !this.refused.has(g.after))
      return kept
        ? { class: 'no-effect', why: 'the model has this signature' }
        : { class: 'on-model', why, at: model.nameLoc };
    return { class: 'not-placed', why: ANOTHER, at: model.nameLoc };
  }

  #function(g: Group): void {
    const model = this.#modelOf(g);
    if (!model) {
      const absent = absentFunction(g.images, this.#world, this.input.table);
      this.#tell(g, absent, {
        class: 'not-placed',
        why: `${g.after || 'the function'}() is not in the model`,
      });
      return;
    }
    if (this.#isOther(g, model)) {
      const absent = absentFunction(g.images, this.#world, this.input.table, ANOTHER);
      this.#tell(g, absent, { class: 'not-placed', why: ANOTHER, at: model.nameLoc });
      return;
    }
    const [p, q] = [g.images.pre[0], g.images.post[0]];
    if (p && q && isStub(p) && q.extent === 'whole' && !isStub(q) && !isStub(model)) {
      this.#fill(g, q, model);
      return;
    }
    const signature = this.#signature(g, model);
    const base =
      signature === model && g.after === model.name
        ? model
        : { ...model, name: g.after, params: signature.params, result: signature.result };
    const grafted = graftFunction(
      g.images,
      base,
      { before: this.view.world, after: this.#world },
      this.input.table,
    );
    const fn = grafted.fn ?? base;
    const lost = model.params.flatMap((p) =>
      p.name !== undefined && !base.params.some((q) => q.name === p.name) ? [p.name] : [],
    );
    if ([...inStmt(fn.body)].some((e) => e.kind === 'ident' && lost.includes(e.name)))
      this.refuse.add(g.after);
    if (grafted.fn || signature !== model || g.before !== g.after)
      this.#put(`function ${g.after}`, fn);
    this.#tell(g, grafted, this.#header(g, model, signature === model));
  }

  /** A stub gets a body: as if the function were added. */
  #fill(g: Group, q: FunctionDef, model: FunctionDef): void {
    const adapted = adaptCalls(q, this.#world);
    const added = addedFunction(adapted, model, this.#world);
    if (added.admitted) this.#put(`function ${q.name}`, adapted);
    const rest: Outcome = added.admitted
      ? { class: 'on-model', why: 'added function' }
      : { class: 'no-effect', why: 'same signature' };
    const gone: Outcome = { class: 'no-effect', why: 'the model has no stub' };
    const pre = treeOf(g.images.pre[0] ?? q);
    const stub = new Set(pre.atoms);
    const of = (a: Atom): Outcome | undefined => (stub.has(a) ? gone : added.of(a));
    const { tree: post, dropped } = added;
    const written = treeOf(adapted);
    this.#tell(g, { fn: undefined, pre, post, written, dropped, namesLine: false, of }, rest);
  }

  #tell(g: Group, grafted: FunctionGraft, rest: Outcome): void {
    g.hunks.forEach((hunk, i) => {
      const regions = this.#regions[hunk];
      const [p, q] = [g.images.pre[i], g.images.post[i]];
      if (!regions || !p || !q) return;
      const shared = {
        function: g.after,
        modelled: this.#modelOf(g) !== undefined,
        rest,
        dropped: grafted.dropped,
        of: (a: Atom) => grafted.of(a),
        isEvent: (a: Atom) => isEvent(a.stmt, this.#world),
      };
      regions.pre.push({ ...shared, loc: p.loc, tree: grafted.pre });
      const { post: tree, written } = grafted;
      regions.post.push({ ...shared, loc: q.loc, tree, ...(written ? { written } : {}) });
    });
  }

  /** Callers that no hunk shows still pass what the old signature asks for. */
  #checkCalls(): void {
    const changed = new Map(
      [...this.#groups.values()].flatMap((g) => {
        const model = this.view.items.get(`function ${g.before}`);
        const fn = this.#out.get(`function ${g.after}`);
        return fn?.kind === 'function' &&
          model?.kind === 'function' &&
          fn.params.length !== model.params.length
          ? [[g.after, fn.params.length] as const]
          : [];
      }),
    );
    if (changed.size === 0) return;
    for (const item of this.#known.values()) {
      if (item.kind !== 'function') continue;
      for (const e of inStmt(item.body)) {
        const n = e.kind === 'call' ? changed.get(calleeName(e)) : undefined;
        if (e.kind !== 'call' || n === undefined || n === e.args.length) continue;
        this.#problems.push({
          loc: e.loc,
          severity: 'warning',
          message: `${calleeName(e)}() takes ${n} arguments after the patch`,
        });
      }
    }
  }
}

/** Shown in whole, and does nothing but return something. */
function isStub(fn: FunctionDef): boolean {
  return (
    fn.extent === 'whole' &&
    fn.body.body.every((s) => s.kind === 'return' && s.value?.kind !== 'call')
  );
}

function isWhole(item: TopLevel): boolean {
  return item.kind !== 'function' || item.extent === 'whole';
}

function unitOf(items: readonly TopLevel[]): Unit {
  return { src: 0, items, problems: [] };
}

function region(item: TopLevel, rest: Outcome): Region {
  const base: Region = { loc: itemLoc(item), rest, of: () => undefined };
  return item.kind === 'function' ? { ...base, function: item.name } : base;
}
