/**
 * The merge of one function: base = pre image, theirs = post image, ours = the model's function.
 * The result is the post image without what the model leaves out of the pre image, inside the model's
 * function. Every changed statement gets an outcome; what cannot be placed beyond doubt changes nothing.
 */
import type { FunctionDef, Stmt } from '../csource/ast.js';
import type { Entry, Place, Side } from './entries.js';
import type { Scope } from './check.js';
import type { Emission } from './rebuild.js';
import type { Atom, Branch, StmtList } from './tree.js';
import type { World } from './world.js';
import { exprProblem, headProblem } from './check.js';
import { effectsOf, isLocalWork, localsOf, namesIn, setsOf } from './effects.js';
import { entriesOf, placeAt, placeOfLabel, targetOf } from './entries.js';
import { mergeHead, renameHead } from './merge-expr.js';
import { goneWith } from './gone.js';
import { maybeLocal, renamed } from './names.js';
import { Outcomes } from './outcome.js';
import type { Outcome } from './outcome.js';
import { Edits } from './rebuild.js';
import { unread } from './unread.js';
import { covered, inWayOf, passed } from './scope.js';
import { sameHead, sameStmt } from './equal.js';
import { below, enclosing } from './tree.js';

export interface Merged {
  readonly fn: FunctionDef;
  readonly changed: boolean;
  readonly outcomes: Outcomes;
}

/** Says where an unmodelled statement stands, for people. */
export type Where = (a: Atom) => string;

export function mergeFunction(side: Side, world: World, where: Where): Merged {
  return new Merger(side, world, where).run();
}

function inside(why: string): string {
  return why.startsWith('inside ') ? why : `inside a statement that was not placed: ${why}`;
}

class Merger {
  readonly #outcomes = new Outcomes();
  readonly #edits = new Edits();
  readonly #locals: Set<string>;
  readonly #lost = new Set<string>();
  readonly #isLocal: (name: string) => boolean;
  readonly #scope: Scope;
  readonly #sides;
  readonly #labels: Map<string, Place>;
  /** Statements that came in, with where they come from. */
  readonly #emitted = new Map<Stmt, Atom>();

  constructor(
    readonly side: Side,
    readonly world: World,
    readonly where: Where,
  ) {
    const { renaming } = side.anchors;
    this.#locals = localsOf(side.model.fn);
    this.#isLocal = maybeLocal(side.post.fn, world);
    this.#sides = { names: renamed(renaming), renaming };
    this.#labels = new Map();
    this.#scope = {
      world,
      modelName: (n) => renaming.get(n) ?? n,
      hasLocal: (n) => this.#locals.has(n),
      isLost: (n) => this.#lost.has(n),
      hasLabel: (n) => this.#hasLabel(n),
      restore: (n) => this.#restore(n),
    };
  }

  run(): Merged {
    this.#findLabels(this.side.post.root);
    this.#list(this.side.post.root);
    this.#deletions();
    this.#dropUnused();
    return {
      fn: this.#edits.apply(this.side.model),
      changed: !this.#edits.empty,
      outcomes: this.#outcomes,
    };
  }

  // ---- labels ---------------------------------------------------------------------------------

  /** Places of labels that the model does not have: before the next modelled statement. */
  #findLabels(q: StmtList): void {
    const entries = entriesOf(q, this.side);
    entries.forEach((e, k) => {
      if (e.kind === 'gone') return;
      for (const l of e.post.lists) this.#findLabels(l);
      if (e.post.stmt.kind !== 'label' || (e.kind === 'keep' && this.side.anchors.model.has(e.pre)))
        return;
      const target = targetOf(q, entries, this.side);
      if (target && 'list' in target)
        this.#labels.set(e.post.stmt.name, placeOfLabel(q, entries, k, target.list, this.side));
    });
  }

  /** New in the patch, and the model has another label of this name: it gets a name of its own. */
  #isRival(name: string): boolean {
    const isIt = (a: Atom): boolean => a.stmt.kind === 'label' && a.stmt.name === name;
    const label = this.side.post.atoms.find(isIt);
    return (
      label !== undefined &&
      !this.side.pairing.before.has(label) &&
      this.side.model.atoms.some((a) => isIt(a) && !this.#edits.isRemoved(a))
    );
  }

  #ownLabel(s: Stmt): Stmt {
    const named = s.kind === 'label' || s.kind === 'goto';
    return named && this.#isRival(s.name) ? { ...s, name: `${s.name}__of_patch` } : s;
  }

  /** A label that only the image has is placed when a placed `goto` needs it. */
  #hasLabel(name: string): boolean {
    if (
      !this.#isRival(name) &&
      this.side.model.atoms.some(
        (a) => a.stmt.kind === 'label' && a.stmt.name === name && !this.#edits.isRemoved(a),
      )
    )
      return true;
    const place = this.#labels.get(name);
    return place !== undefined && 'list' in place;
  }

  #needLabel(s: Stmt): void {
    if (s.kind !== 'goto') return;
    const place = this.#labels.get(s.name);
    const label = this.side.post.atoms.find(
      (a) => a.stmt.kind === 'label' && a.stmt.name === s.name,
    );
    if (!place || !('list' in place) || !label || !this.side.pairing.before.has(label)) return;
    this.#labels.delete(s.name);
    this.#edits.insert(
      place.list,
      place.index,
      { kind: 'patch', stmt: label.stmt, branches: new Map() },
      label.id,
    );
  }

  // ---- locals that the model left out ----------------------------------------------------------------

  /** Its declaration is shown in both images, and nothing that the model left out gives it another value. */
  #restore(name: string): boolean {
    const d = this.side.post.atoms.find(
      (a) =>
        a.stmt.kind === 'decl' &&
        a.stmt.vars.some((v) => v.name === name) &&
        this.side.pairing.before.has(a),
    );
    const v = d?.stmt.kind === 'decl' ? d.stmt.vars.find((w) => w.name === name) : undefined;
    if (!d || !v) return false;
    const setters = this.side.post.atoms.filter(
      (a) => a !== d && this.side.pairing.before.has(a) && setsOf(a.stmt, this.#isLocal).has(name),
    );
    if (setters.length > 0 || (v.init && exprProblem(v.init, this.#scope) !== undefined))
      return false;
    const entries = entriesOf(d.list, this.side);
    const target = targetOf(d.list, entries, this.side);
    const place =
      target && 'list' in target
        ? placeAt(
            d.list,
            entries,
            entries.findIndex((e) => e.kind !== 'gone' && e.post === d),
            target.list,
            this.side,
          )
        : undefined;
    if (!place || !('list' in place)) return false;
    const stmt = renameHead(
      { kind: 'decl', vars: [v], loc: d.stmt.loc },
      this.side.anchors.renaming,
    );
    this.#locals.add(name);
    this.#edits.insert(place.list, place.index, { kind: 'patch', stmt, branches: new Map() }, d.id);
    return true;
  }

  // ---- lists ----------------------------------------------------------------------------------

  #list(q: StmtList): void {
    const entries = entriesOf(q, this.side);
    const target = targetOf(q, entries, this.side);
    entries.forEach((e, k) => {
      if (e.kind === 'keep') this.#kept(e.post, e.pre);
      if (e.kind === 'in') this.#incoming(e.post, q, entries, k, target);
    });
  }

  #incoming(
    y: Atom,
    q: StmtList,
    entries: readonly Entry[],
    k: number,
    target: ReturnType<typeof targetOf>,
  ): void {
    const place: Place = !target
      ? { why: 'nothing around it is in the model' }
      : 'list' in target
        ? y.stmt.kind === 'label'
          ? placeOfLabel(q, entries, k, target.list, this.side)
          : placeAt(q, entries, k, target.list, this.side, inWayOf(y, this.side, this.world))
        : { list: this.side.model.root, index: 0, at: target.owner.stmt.loc, blocked: undefined };
    if (!('list' in place)) {
      if (y.stmt.kind === 'decl' && this.#plainDecl(y)) return;
      this.#fail(y, place.why);
      return;
    }
    if (this.#hasTwin(y, place)) {
      this.#fail(y, 'the model has the same statement here');
      return;
    }
    const problem = this.#order(y, place);
    if (problem !== undefined) {
      this.#fail(y, problem);
      return;
    }
    for (const e of this.#emit(y, place.at)) {
      if (target && 'owner' in target) this.#edits.insertBranch(target.owner, q.branch, e);
      else this.#edits.insert(place.list, place.index, e, y.id);
    }
  }

  /** The same statement stands there already, and no line of the image is it: is it this one, or one more? */
  #hasTwin(y: Atom, { list, index }: Extract<Place, { readonly list: StmtList }>): boolean {
    if (this.side.pairing.before.has(y)) return false;
    for (const step of [1, -1])
      for (let k = step > 0 ? index : index - 1; ; k += step) {
        const r = list.items[k];
        if (!r || [...below(r)].some((d) => this.side.anchors.image.has(d))) break;
        if (sameStmt(y.stmt, r.stmt, this.#sides.names)) return true;
      }
    return false;
  }

  /** A declaration without value may stand anywhere. */
  #plainDecl(y: Atom): boolean {
    if (y.stmt.kind !== 'decl' || y.stmt.vars.some((v) => v.init)) return false;
    for (const e of this.#emit(y, undefined)) this.#edits.insertFirst(e);
    return true;
  }

  /** Rules about code that the model does not have; undefined when none is in the way. */
  #order(y: Atom, place: Extract<Place, { readonly list: StmtList }>): string | undefined {
    const events = [...below(y)].filter((a) => this.#matters(a));
    if (events.length === 0) return undefined;
    const hidden =
      place.blocked ??
      passed(y, this.side, inWayOf(y, this.side, this.world)) ??
      events
        .filter((a) => !this.side.pairing.before.has(a))
        .map((a) => covered(a, this.side, this.world))
        .find((a) => a !== undefined);
    return hidden ? `scope over unmodelled code (${this.where(hidden)})` : undefined;
  }

  #matters(y: Atom): boolean {
    const x = this.side.pairing.before.get(y);
    if (x && !this.side.anchors.model.has(x)) return false;
    const e = effectsOf(y.stmt, this.#isLocal, this.world);
    return e.call || e.jump || e.write;
  }

  // ---- statements that stand in both images ------------------------------------------------------

  #kept(y: Atom, x: Atom): void {
    this.#head(y, x);
    for (const l of y.lists) this.#list(l);
  }

  #head(y: Atom, x: Atom): void {
    if (sameHead(x.stmt, y.stmt)) return;
    const r = this.side.anchors.model.get(x);
    const both = (o: Outcome): void => {
      this.#outcomes.tell(x, o);
      this.#outcomes.tell(y, o);
    };
    if (!r) {
      both(this.#unmodelled(x, y));
      return;
    }
    const merged = mergeHead(x.stmt, y.stmt, r.stmt, this.#sides);
    const problem = merged ? this.#changeProblem(merged) : 'the model has it in another form';
    if (!merged || problem !== undefined) {
      for (const n of setsOf(y.stmt, this.#isLocal)) this.#lost.add(this.#scope.modelName(n));
      both({ class: 'not-placed', why: problem ?? '', at: r.stmt.loc });
      return;
    }
    this.#needLabel(y.stmt);
    this.#edits.setHead(r, this.#ownLabel(merged));
    both({
      class: 'on-model',
      why: r.stmt.kind === 'expr' ? 'changed' : `changed ${r.stmt.kind}`,
      at: r.stmt.loc,
    });
  }

  #changeProblem(s: Stmt): string | undefined {
    if (s.kind === 'decl') for (const v of s.vars) this.#locals.add(v.name);
    return headProblem(s, this.#scope);
  }

  /** A change of something that the model does not have. */
  #unmodelled(x: Atom, y: Atom): Outcome {
    const local =
      isLocalWork(x.stmt, this.#isLocal, this.world) &&
      isLocalWork(y.stmt, this.#isLocal, this.world);
    const bare = [...below(x)].every(
      (a) => !this.side.anchors.model.has(a) && !this.side.unmodelled(a),
    );
    if (local && bare) {
      for (const n of setsOf(y.stmt, this.#isLocal))
        if (!this.#locals.has(this.#scope.modelName(n))) this.#lost.add(n);
      return { class: 'no-effect', why: 'local to code that is not in the model' };
    }
    return { class: 'not-placed', why: this.#absence(x) };
  }

  #absence(x: Atom): string {
    return this.side.anchors.ambiguous.has(x)
      ? 'fits several places of the model equally well'
      : 'is not in the model';
  }

  // ---- statements that come in ---------------------------------------------------------------------

  /** What comes in at this place for one statement of the post image: nothing, itself, or its parts. */
  #emit(y: Atom, at: Atom['stmt']['loc'] | undefined): readonly Emission[] {
    const x = this.side.pairing.before.get(y);
    return x ? this.#emitMoved(y, x) : this.#emitNew(y, at);
  }

  #emitMoved(y: Atom, x: Atom): readonly Emission[] {
    const r = this.side.anchors.model.get(x);
    if (!r) {
      const local = !this.side.unmodelled(x) && !this.side.anchors.ambiguous.has(x);
      const o: Outcome = local
        ? { class: 'no-effect', why: 'local to code that is not in the model' }
        : { class: 'not-placed', why: `moved, but ${this.#absence(x)}` };
      this.#tellBoth(y, x, o);
      return y.lists.flatMap((l) => l.items.flatMap((i) => this.#emit(i, undefined)));
    }
    const lost = [...namesIn(y.stmt)].find((n) => this.#lost.has(this.#scope.modelName(n)));
    if (lost !== undefined) {
      const why = `moved, but uses ${lost}, whose value comes from a line that was not placed`;
      this.#fail(y, why);
      return [];
    }
    // Its text stands in the patch: positions lead there.
    if (sameHead(x.stmt, y.stmt) && y.lists.length === 0 && this.side.anchors.exact.has(x)) {
      this.#edits.setHead(r, renameHead(y.stmt, this.side.anchors.renaming));
    }
    this.#kept(y, x);
    this.#edits.remove(r);
    this.#tellBoth(y, x, { class: 'on-model', why: 'moved', at: r.stmt.loc });
    return [{ kind: 'model', atom: r }];
  }

  #tellBoth(y: Atom, x: Atom, o: Outcome): void {
    this.#outcomes.tell(y, o);
    this.#outcomes.tell(x, o);
  }

  #emitNew(y: Atom, at: Atom['stmt']['loc'] | undefined): readonly Emission[] {
    if (y.stmt.kind === 'decl')
      for (const v of y.stmt.vars) this.#locals.add(this.#scope.modelName(v.name));
    const problem = headProblem(y.stmt, this.#scope);
    if (problem !== undefined) {
      this.#fail(y, problem);
      return [];
    }
    this.#needLabel(y.stmt);
    for (const n of setsOf(y.stmt, this.#isLocal)) this.#lost.delete(this.#scope.modelName(n));
    const branches = new Map<Branch, readonly Emission[]>();
    for (const l of y.lists)
      branches.set(
        l.branch,
        l.items.flatMap((i) => this.#emit(i, at)),
      );
    const hollow = y.lists.length > 0 && [...branches.values()].every((b) => b.length === 0);
    if (hollow && isLocalWork(y.stmt, this.#isLocal, this.world)) {
      this.#outcomes.tell(y, { class: 'no-effect', why: 'nothing in it is placed' });
      return [];
    }
    this.#outcomes.tell(y, { class: 'on-model', why: 'added', ...(at ? { at } : {}) });
    const stmt = this.#ownLabel(renameHead(y.stmt, this.side.anchors.renaming));
    this.#emitted.set(stmt, y);
    return [{ kind: 'patch', stmt, branches }];
  }

  /** Not placed with all that is new in it. What only computes for itself has no effect. */
  #fail(y: Atom, why: string): void {
    for (const a of below(y)) {
      const x = this.side.pairing.before.get(a);
      for (const n of setsOf(a.stmt, this.#isLocal)) this.#lost.add(this.#scope.modelName(n));
      if (x && !this.side.pairing.moved.has(a) && sameHead(x.stmt, a.stmt)) continue;
      const quiet =
        isLocalWork(a.stmt, this.#isLocal, this.world) &&
        [...below(a)].every((c) => isLocalWork(c.stmt, this.#isLocal, this.world));
      const known = [...setsOf(a.stmt, this.#isLocal)].some((n) =>
        localsOf(this.side.model.fn).has(this.#scope.modelName(n)),
      );
      const o: Outcome =
        quiet && !known
          ? { class: 'no-effect', why: 'computes only for code that is not in the model' }
          : { class: 'not-placed', why: a === y ? why : inside(why) };
      if (x) this.#tellBoth(a, x, o);
      else this.#outcomes.tell(a, o);
    }
  }

  /** Values of new locals that nothing reads have no effect. */
  #dropUnused(): void {
    const own = localsOf(this.side.model.fn);
    const idle = unread(
      this.#edits.apply(this.side.model),
      new Set(this.#emitted.keys()),
      (n) => this.#locals.has(n) && !own.has(n),
      this.world,
    );
    for (const stmt of idle) {
      const y = this.#emitted.get(stmt);
      this.#edits.drop(stmt);
      if (y) this.#outcomes.set(y, { class: 'no-effect', why: 'nothing in the model reads it' });
    }
  }

  // ---- statements that go ------------------------------------------------------------------------

  #deletions(): void {
    const gone = this.side.pre.atoms.filter(
      (x) => !this.side.pairing.after.has(x) && x.stmt.kind !== 'block',
    );
    for (const x of gone) this.#outcomes.tell(x, this.#delete(x));
    for (const x of [...gone].reverse()) {
      const r = this.side.anchors.model.get(x);
      if (
        r &&
        this.#outcomes.get(x)?.class === 'on-model' &&
        r.stmt.kind !== 'label' &&
        !this.#stillUsed(r)
      )
        this.#edits.remove(r);
    }
  }

  /** Goes with the statement around it: was moved away, or is deleted too. */
  #goes(d: Atom): boolean {
    const x = this.side.anchors.image.get(d);
    return (
      d.stmt.kind === 'block' ||
      this.#edits.isRemoved(d) ||
      (x !== undefined && !this.side.pairing.after.has(x))
    );
  }

  /** A declaration goes only when no statement that stays needs it. */
  #stillUsed(r: Atom): boolean {
    const names = r.stmt.kind === 'decl' ? r.stmt.vars.map((v) => v.name) : [];
    return (
      names.length > 0 &&
      this.side.model.atoms.some(
        (a) =>
          a !== r &&
          !this.#edits.isRemoved(a) &&
          names.some((n) => namesIn(this.#edits.headOf(a)).has(n)),
      )
    );
  }

  #delete(x: Atom): Outcome {
    const { owner } = enclosing(x);
    const outer = owner ? this.#outcomes.get(owner) : undefined;
    if (outer?.class === 'not-placed') return { ...outer, why: inside(outer.why) };
    const r = this.side.anchors.model.get(x);
    if (!r) {
      const quiet = !this.side.unmodelled(x) && !this.side.anchors.ambiguous.has(x);
      if (quiet)
        return goneWith(x, this.side) ?? { class: 'no-effect', why: 'is not in the model' };
      return { class: 'not-placed', why: this.#absence(x) };
    }
    if ([...below(r)].some((d) => d !== r && !this.#goes(d)))
      return { class: 'not-placed', why: 'the model has more inside it', at: r.stmt.loc };
    return { class: 'on-model', why: 'removed', at: r.stmt.loc };
  }
}
