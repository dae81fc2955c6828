/** What became of the changed lines of a patch, counted. */
import type { SourceTable } from '../csource/source.js';
import type { Placement } from '../graft/index.js';
import type { PlacedPatch } from './place.js';
import type { Coverage, ModelledLines } from './types.js';

export const NOTHING_MODELLED: ModelledLines = {
  onModel: 0,
  noEffect: 0,
  notPlaced: 0,
  repaired: 0,
  events: { placed: 0, noEffect: 0, notPlaced: 0 },
};

export const NO_COVERAGE: Coverage = {
  onModel: 0,
  noEffect: 0,
  notPlaced: [],
  repaired: 0,
  modelled: NOTHING_MODELLED,
};

type Classed = Pick<Placement, 'class'>;

function count(all: readonly Classed[], ...classes: readonly Placement['class'][]): number {
  return all.filter((p) => classes.includes(p.class)).length;
}

/** Counts of the lines in functions that the model has. */
function modelledLines(placements: readonly Placement[]): ModelledLines {
  const own = placements.filter((p) => p.modelled);
  const events = own.filter((p) => p.event);
  return {
    onModel: count(own, 'on-model'),
    noEffect: count(own, 'no-effect'),
    notPlaced: count(own, 'not-placed'),
    repaired: count(own, 'repaired'),
    events: {
      placed: count(events, 'on-model', 'repaired'),
      noEffect: count(events, 'no-effect'),
      notPlaced: count(events, 'not-placed'),
    },
  };
}

/** The four classes over all changed lines of a patch. */
export function coverageOf(p: PlacedPatch, table: SourceTable): Coverage {
  const all = p.grafts.flatMap((g) => g.result.placements);
  return {
    onModel: count(all, 'on-model'),
    noEffect: count(all, 'no-effect'),
    notPlaced: all
      .filter((x) => x.class === 'not-placed')
      .map((x) => ({ at: table.docRange(x.loc), why: x.why })),
    repaired: count(all, 'repaired'),
    modelled: modelledLines(all),
  };
}

/** Sum over the patches of a series. */
export function addModelled(all: readonly ModelledLines[]): ModelledLines {
  const sum = (of: (m: ModelledLines) => number): number => all.reduce((n, m) => n + of(m), 0);
  return {
    onModel: sum((m) => m.onModel),
    noEffect: sum((m) => m.noEffect),
    notPlaced: sum((m) => m.notPlaced),
    repaired: sum((m) => m.repaired),
    events: {
      placed: sum((m) => m.events.placed),
      noEffect: sum((m) => m.events.noEffect),
      notPlaced: sum((m) => m.events.notPlaced),
    },
  };
}
