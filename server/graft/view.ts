/** The model at one profile, computed once for each pair of units and switches. */
import type { TopLevel, Unit } from '../csource/ast.js';
import type { Switches } from './fold.js';
import type { Declarations, World } from './world.js';
import { foldUnits } from './fold.js';
import { index } from './items.js';
import { declare, worldOf } from './world.js';

export interface View {
  readonly units: readonly Unit[];
  readonly world: World;
  /** Last declaration of each name. */
  readonly items: ReadonlyMap<string, TopLevel>;
  readonly declared: Declarations;
}

const views = new WeakMap<readonly Unit[], WeakMap<Switches, View>>();

/**
 * The same arrays and switches give the same view. `base`: units that the model begins with; the
 * view of a model on top of it costs little more than what is added.
 */
export function viewOf(model: readonly Unit[], switches: Switches, base?: readonly Unit[]): View {
  const of = views.get(model) ?? new WeakMap<Switches, View>();
  views.set(model, of);
  const known = of.get(switches);
  if (known) return known;
  const under = base && base !== model ? viewOf(base, switches) : undefined;
  const more = foldUnits(model.slice(base && under ? base.length : 0), switches);
  const declared = declare(more, under?.declared);
  const view: View = {
    units: [...(under?.units ?? []), ...more],
    world: worldOf(declared, under && { ...under, more }),
    items: index(more, under?.items),
    declared,
  };
  of.set(switches, view);
  return view;
}
