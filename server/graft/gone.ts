/** A condition that the model does not have goes: what that means follows from what stood under it. */
import type { Side } from './entries.js';
import type { Outcome } from './outcome.js';
import type { Atom } from './tree.js';
import { below } from './tree.js';

/** Undefined when nothing under the statement matters to the model. */
export function goneWith(x: Atom, side: Side): Outcome | undefined {
  const under = [...below(x)].filter((d) => d !== x);
  const stays = (d: Atom): boolean => side.pairing.after.has(d);
  if (under.some((d) => stays(d) && (side.anchors.model.has(d) || side.unmodelled(d))))
    return { class: 'not-placed', why: 'is not in the model' };
  const r = under.map((d) => side.anchors.model.get(d)).find((m) => m !== undefined);
  if (!r) return undefined;
  const at = (r.list.owner ?? r).stmt.loc;
  return { class: 'on-model', why: 'removed with what stands under it', at };
}
