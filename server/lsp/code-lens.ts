/** Lens rows: what can be run, and in the same place its verdict. Pure. */
import type { CodeLens } from 'vscode-languageserver';
import { ServerCommand } from '../../shared/protocol.js';
import type { Outcome } from '../analysis/races.js';
import type { Lens } from '../analysis/types.js';
import type { Edit } from './edits.js';
import { moved } from './edits.js';
import type { LensVerdict } from './engine.js';
import { rangeOf } from './convert.js';

/** A row keeps its verdict while the next one is worked out. */
export interface LensState {
  readonly busy: boolean;
  readonly verdicts: readonly LensVerdict[];
}

function threadsText(n: number): string {
  return n === 1 ? '1 thread' : `${String(n)} threads`;
}

/** What a reviewer wants to know first. */
const WEIGHT: readonly Outcome[] = [
  'appears',
  'not known to be new',
  'still there',
  'incomplete',
  'fixed',
  'absent',
];

/** The verdict that a row shows: of all races that were run on its change, the first of the weightiest. */
export function verdictFor(lens: Lens, verdicts: readonly LensVerdict[]): LensVerdict | undefined {
  const of = verdicts.filter((v) => v.change === lens.change);
  for (const outcome of WEIGHT) {
    const found = of.find((v) => v.outcome === outcome);
    if (found) return found;
  }
  return undefined;
}

const MARK: Readonly<Record<Outcome, string>> = {
  appears: '✗ ',
  'not known to be new': '? not known to be new: ',
  'still there': '○ as before the patch: ',
  incomplete: '? ',
  fixed: '✓ fixed: ',
  absent: '○ ',
};

function titleOf(lens: Lens, { busy, verdicts }: LensState): string {
  const verdict = verdictFor(lens, verdicts);
  if (!verdict) return `▶ Run race: ${lens.title} (${threadsText(lens.threads)})`;
  return `${MARK[verdict.outcome]}${verdict.title}: ${verdict.text}${busy ? ' (checking)' : ''}`;
}

export function lensesOf(uri: string, lenses: readonly Lens[], state: LensState): CodeLens[] {
  return lenses.map((lens) => {
    const scenario = verdictFor(lens, state.verdicts)?.scenario ?? lens.scenario;
    return {
      range: rangeOf(lens.at),
      command: {
        title: titleOf(lens, state),
        command: ServerCommand.runRace,
        arguments: [{ uri, scenario, change: lens.change, line: lens.at.line }],
      },
    };
  });
}

/** Rows after an edit, until the document is analysed again. */
export function lensesMovedBy(lenses: readonly Lens[], edit: Edit): readonly Lens[] {
  return edit.range ? lenses.map((l) => ({ ...l, at: moved(l.at, edit).range })) : lenses;
}
