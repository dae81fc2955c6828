/** The model at one profile, computed once for each pair of units and switches. */
import type { TopLevel, Unit } from '../csource/ast.js';
import type { Switches } from './fold.js';
import type { World } from './world.js';
import { foldUnits } from './fold.js';
import { index } from './items.js';
import { worldOf } from './world.js';

export interface View {
  readonly units: readonly Unit[];
  readonly world: World;
  /** Last declaration of each name. */
  readonly items: ReadonlyMap<string, TopLevel>;
}

const views = new WeakMap<readonly Unit[], WeakMap<Switches, View>>();

/** The same arrays and switches give the same view. */
export function viewOf(model: readonly Unit[], switches: Switches): View {
  const of = views.get(model) ?? new WeakMap<Switches, View>();
  views.set(model, of);
  const known = of.get(switches);
  if (known) return known;
  const units = foldUnits(model, switches);
  const view: View = { units, world: worldOf(units), items: index(units) };
  of.set(switches, view);
  return view;
}
