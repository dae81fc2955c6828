/** One model function against one function of the tree. */
import { alphabetOf, extraRun, isOneStep, ordersOf } from './compare.js';
import { isWait } from './effects.js';
import type { Effects } from './effects.js';
import { eventsOf } from './events.js';
import type { Body, Events, Language, Meaning } from './events.js';
import type { Source, Tree, TreeFile } from './tree.js';

export interface Comparison {
  readonly tree: Tree;
  /** Of the model. */
  readonly bodies: ReadonlyMap<string, Body>;
  /** Functions that both sides have and that do something, and where the tree has them. */
  readonly events: ReadonlyMap<string, Source>;
  /** The same by the names that the kernel has for them. */
  readonly names: ReadonlyMap<string, string>;
  /** Members to which stores count. */
  readonly tracked: ReadonlySet<string>;
  readonly constant: Language['constant'];
  readonly effects: Effects;
}

export interface Pair {
  readonly model: { readonly name: string; readonly body: Body };
  readonly file: TreeFile;
  readonly real: Body;
  readonly name: string;
}

interface Result {
  readonly events: readonly string[];
  /** One line each; empty when the model function conforms. */
  readonly differences: readonly string[];
}

/** A wait of the function itself, whatever the kernel calls to sleep. */
const WAIT = 'wait';

/** How often what only one side calls is opened. */
const MOST_ROUNDS = 8;

/** A body that is gone through in place, if there is one. */
function inPlace(body: Body | undefined): Meaning {
  return body ? { kind: 'body', body } : { kind: 'nothing' };
}

/** What is no event but gone through in place, and what is a wait of the function's own. */
interface View {
  readonly opened: ReadonlySet<string>;
  readonly waits: ReadonlySet<string>;
  /** Events under another name: takes of one class by functions of which each side calls its own. */
  readonly same: ReadonlyMap<string, string>;
}

/** A lookup that locks may find nothing: then it takes nothing. */
function event(name: string, c: Comparison, view: View): Meaning {
  const as = view.same.get(name);
  if (as === undefined) return { kind: 'event', as: name };
  return { kind: c.effects.alwaysTakes(name) ? 'event' : 'maybe', as };
}

function automata({ model, file, real, name }: Pair, c: Comparison, view: View): Two | undefined {
  const stored = (field: string): boolean => c.tracked.has(field) && file.members.has(field);
  const modelMeaning = (n: string): Meaning => {
    if (view.waits.size > 0 && isWait(n)) return { kind: 'events', as: WAIT };
    const isEvent = c.events.has(n) && !view.opened.has(n);
    return isEvent ? event(n, c, view) : inPlace(c.bodies.get(n));
  };
  const realMeaning = (n: string): Meaning => {
    const as = c.names.get(n);
    if (as === undefined) return inPlace(c.tree.called(file, n));
    if (view.waits.has(as)) return { kind: 'event', as: WAIT };
    if (!view.opened.has(as)) return event(as, c, view);
    const source = c.events.get(as);
    return inPlace(c.tree.called(file, n) ?? (source && c.tree.body(source)));
  };
  const { constant } = c;
  const left = eventsOf(model.body, { meaning: modelMeaning, stored, constant }, model.name);
  const free = (): undefined => undefined;
  const right = eventsOf(real, { meaning: realMeaning, stored, constant: free }, name);
  return left && right && { model: left, real: right };
}

const CLOSED: View = { opened: new Set(), waits: new Set(), same: new Map() };

interface Two {
  readonly model: Events;
  readonly real: Events;
}

/** Whether there are events inside a function on both sides; one that has none would be lost when opened. */
function hasInside(name: string, { file }: Pair, c: Comparison): boolean {
  const body = c.bodies.get(name);
  const source = c.events.get(name);
  const real = source && (c.tree.called(file, source.name) ?? c.tree.body(source));
  if (!body || !real || c.effects.isPrimitive(name)) return false;
  const two = automata({ model: { name, body }, file, real, name }, c, CLOSED);
  return !!two && alphabetOf(two.model).size > 0 && alphabetOf(two.real).size > 0;
}

/**
 * First by the calls as they stand. Where they differ, what only one side calls is gone through in place
 * on both, so that a helper need not have the same name, as long as what it does is done. What is told
 * of a difference is that of the calls as they stand.
 */
export function compared(pair: Pair, c: Comparison): Result {
  let first: Result | undefined;
  const opened = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = seen(pair, c, { ...CLOSED, opened });
    if (!result) break;
    if (result.differences.length === 0) return result;
    first ??= result;
    const before = opened.size;
    for (const name of result.alone) if (hasInside(name, pair, c)) opened.add(name);
    if (opened.size === before) break;
  }
  return first ?? { events: [], differences: ['too large to compare'] };
}

interface Seen extends Result {
  /** Events that only one side has. */
  readonly alone: readonly string[];
}

/**
 * The comparison in one view; again where the kernel sleeps and the model function itself waits, and where
 * each side takes a lock of one class by a function of its own: a lookup that locks, and the lock.
 */
function seen(pair: Pair, c: Comparison, view: View): Seen | undefined {
  const two = automata(pair, c, view);
  if (!two) return undefined;
  const names = alphabetOf(two.model);
  const real = alphabetOf(two.real);
  const onlyModel = [...names].filter((n) => !real.has(n));
  const onlyReal = [...real].filter((n) => !names.has(n));
  const sleeps = onlyReal.filter((n) => c.effects.onlyWaits(n));
  if (view.waits.size === 0 && sleeps.length > 0) {
    const waits = { ...view, waits: new Set(sleeps) };
    const again = automata(pair, c, waits);
    if (again && alphabetOf(again.model).has(WAIT)) return seen(pair, c, waits);
  }
  const same = sameTakes(onlyModel, onlyReal, c.effects);
  if (view.same.size === 0 && same.size > 0) return seen(pair, c, { ...view, same });
  const differences = differencesOf(two, c.effects);
  return { events: [...names], differences, alone: [...onlyModel, ...onlyReal] };
}

function sameTakes(model: readonly string[], real: readonly string[], e: Effects) {
  const classOf = (n: string): string => (e.takes(n) ? e.classOf(n) : '');
  const both = new Set(model.map(classOf).filter((k) => k !== '' && real.map(classOf).includes(k)));
  const all = [...model, ...real].filter((n) => both.has(classOf(n)));
  return new Map(all.map((n) => [n, classOf(n)]));
}

/** Locks that only the real function takes, with what gives them back, if the model may do without. */
function sparedLocks(two: Two, shared: ReadonlySet<string>, left: readonly string[], e: Effects) {
  const spared = new Set<string>();
  for (const kind of new Set(left.map((n) => e.classOf(n)))) {
    const ofKind = left.filter((n) => e.classOf(n) === kind);
    const takes = new Set(ofKind.filter((n) => e.takes(n)));
    const gives = new Set(ofKind.filter((n) => e.gives(n)));
    const spin = [...takes].every((n) => e.spins(n));
    if (isOneStep(two.real, shared, takes, gives, spin ? two.model : undefined))
      for (const name of [...takes, ...gives]) spared.add(name);
  }
  return spared;
}

function differencesOf(two: Two, effects: Effects): readonly string[] {
  const { model, real } = two;
  const names = alphabetOf(model);
  const realNames = alphabetOf(real);
  const differences = [...names]
    .filter((n) => !realNames.has(n) && n !== WAIT)
    .map((n) => `${n}: only the model function does`);
  const shared = new Set([...names].filter((n) => realNames.has(n)));
  const left = [...realNames].filter((n) => !names.has(n) && effects.matters(n));
  const spared = sparedLocks(two, shared, left, effects);
  for (const name of left)
    if (!spared.has(name)) differences.push(`${name}: only the real function does`);
  if (differences.length > 0) return differences;
  const extra = extraRun(model, real, shared);
  if (extra === 'too many') differences.push('too many ways to compare');
  else if (extra) differences.push(`only in the model: ${extra.map((e) => e ?? 'end').join(', ')}`);
  const orders = ordersOf(model, shared);
  for (const order of ordersOf(real, shared))
    if (!orders.has(order)) differences.push(`only in the kernel: ${order.replace('\t', ' … ')}`);
  return differences;
}
