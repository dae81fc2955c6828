/** Compares two automata over events. */
import type { Events } from './events.js';

/** Names on the ways from the start to the end. */
export function alphabetOf(events: Events): ReadonlySet<string> {
  const names = new Set<string>();
  const live = reaching(events);
  for (const [from, edges] of events.edges.entries())
    for (const e of edges)
      if (e.event !== undefined && live.has(from) && live.has(e.to)) names.add(e.event);
  return names;
}

/** Places on some way from the start to the end; of what never ends, all that it comes to. */
function reaching({ edges, start, end }: Events): ReadonlySet<number> {
  const back: number[][] = edges.map(() => []);
  edges.forEach((out, from) => {
    for (const e of out) back[e.to]?.push(from);
  });
  const forward = flood([start], (at) => (edges[at] ?? []).map((e) => e.to));
  if (!forward.has(end)) return forward;
  const backward = flood([end], (at) => back[at] ?? []);
  return new Set([...forward].filter((at) => backward.has(at)));
}

function flood(from: readonly number[], next: (at: number) => readonly number[]): Set<number> {
  const seen = new Set(from);
  for (const at of seen) for (const to of next(at)) seen.add(to);
  return seen;
}

/** Whether some way to the end has none of the names on it. */
export function canEndWithout(events: Events, names: ReadonlySet<string>): boolean {
  const seen = flood([events.start], (at) =>
    (events.edges[at] ?? []).filter((e) => !names.has(e.event ?? '')).map((e) => e.to),
  );
  return seen.has(events.end);
}

/** Places that are reached from some without an event of the alphabet. */
function quietly(events: Events, from: readonly number[], names: ReadonlySet<string>): Set<number> {
  return flood(from, (at) =>
    (events.edges[at] ?? [])
      .filter((e) => e.event === undefined || !names.has(e.event))
      .map((e) => e.to),
  );
}

/** Places after one event. */
function after(events: Events, from: Iterable<number>, event: string): readonly number[] {
  return [...from].flatMap((at) =>
    (events.edges[at] ?? []).filter((e) => e.event === event).map((e) => e.to),
  );
}

/** States of the two automata that are compared at once; beyond, nothing is claimed. */
const MOST_PAIRS = 20_000;

/**
 * A shortest run of `model` that `real`, seen through the names, does not have; undefined when there is
 * none; 'too many' when that was not decided. The last entry is undefined where only the end is missing.
 */
export function extraRun(
  model: Events,
  real: Events,
  names: ReadonlySet<string>,
): readonly (string | undefined)[] | undefined | 'too many' {
  const live = reaching(model);
  interface Pair {
    readonly model: Set<number>;
    readonly real: Set<number>;
    readonly run: readonly string[];
  }
  const key = (p: Pair): string =>
    [p.model, p.real].map((s) => [...s].sort((a, b) => a - b).join()).join(' ');
  const first = {
    model: quietly(model, [model.start], names),
    real: quietly(real, [real.start], names),
    run: [],
  };
  const seen = new Set([key(first)]);
  const queue: Pair[] = [first];
  for (const pair of queue) {
    if (pair.model.has(model.end) && !pair.real.has(real.end)) return [...pair.run, undefined];
    for (const name of names) {
      const moved = after(model, pair.model, name).filter((at) => live.has(at));
      if (moved.length === 0) continue;
      const run = [...pair.run, name];
      const follow = after(real, pair.real, name);
      if (follow.length === 0) return run;
      const next = {
        model: quietly(model, moved, names),
        real: quietly(real, follow, names),
        run,
      };
      if (seen.has(key(next))) continue;
      seen.add(key(next));
      if (seen.size > MOST_PAIRS) return 'too many';
      queue.push(next);
    }
  }
  return undefined;
}

/** Pairs of names that stand in this order on some way, with a tab between them. */
export function ordersOf(events: Events, names: ReadonlySet<string>): ReadonlySet<string> {
  const live = reaching(events);
  const orders = new Set<string>();
  for (const name of names) {
    const starts = after(events, live, name).filter((at) => live.has(at));
    const later = flood(starts, (at) => (events.edges[at] ?? []).map((e) => e.to));
    for (const at of later)
      for (const e of events.edges[at] ?? [])
        if (e.event !== undefined && names.has(e.event) && live.has(e.to))
          orders.add(`${name}\t${e.event}`);
  }
  return orders;
}

/**
 * Whether what can happen between one of `takes` and the next of `gives` stands in one atomic region of
 * the model: each event in some region wherever the model has it, and each pair in one region. With
 * nothing in between that is so. Only locks that are spun for are looked at with a model: nobody sleeps
 * inside, so that such a section can be one step.
 */
export function isOneStep(
  real: Events,
  names: ReadonlySet<string>,
  takes: ReadonlySet<string>,
  gives: ReadonlySet<string>,
  model?: Events,
): boolean {
  const live = reaching(real);
  const starts = [...takes].flatMap((name) => after(real, live, name));
  const inside = flood(starts, (at) =>
    (real.edges[at] ?? []).filter((e) => !gives.has(e.event ?? '')).map((e) => e.to),
  );
  const section: Events = {
    ...real,
    edges: real.edges.map((out, at) =>
      inside.has(at) ? out.filter((e) => !gives.has(e.event ?? '')) : [],
    ),
  };
  const has = [...inside]
    .flatMap((at) => section.edges[at] ?? [])
    .flatMap((e) => (e.event !== undefined && names.has(e.event) ? e.event : []));
  if (has.length === 0) return true;
  if (!model) return false;
  return has.every((name) => inRegions(model, name)) && pairsInRegions(section, model, has);
}

function inRegions(model: Events, name: string): boolean {
  return model.edges.flat().every((e) => e.event !== name || e.region !== 0);
}

/** Each pair of events of a section follows one another in some region too. */
function pairsInRegions(section: Events, model: Events, has: readonly string[]): boolean {
  return has.every((first) => {
    const places = section.edges.keys();
    const later = flood(after(section, places, first), (at) =>
      (section.edges[at] ?? []).map((e) => e.to),
    );
    const next = [...later]
      .flatMap((at) => section.edges[at] ?? [])
      .flatMap((e) => (e.event !== undefined && has.includes(e.event) ? e.event : []));
    return next.every((second) => followsInRegion(model, first, second));
  });
}

function followsInRegion(model: Events, first: string, second: string): boolean {
  return model.edges.flat().some((edge) => {
    if (edge.event !== first) return false;
    const later = flood([edge.to], (at) =>
      (model.edges[at] ?? []).filter((e) => e.region === edge.region).map((e) => e.to),
    );
    return [...later].some((at) =>
      (model.edges[at] ?? []).some((e) => e.event === second && e.region === edge.region),
    );
  });
}
