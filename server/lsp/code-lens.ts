/** Lens rows: what can be run, and in the same place its verdict. Pure. */
import type { CodeLens } from 'vscode-languageserver';
import { ServerCommand } from '../../shared/protocol.js';
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

function titleOf(lens: Lens, { busy, verdicts }: LensState): string {
  const verdict = verdicts.find((v) => v.scenario === lens.scenario && v.change === lens.change);
  if (!verdict) return `▶ Run race: ${lens.title} (${threadsText(lens.threads)})`;
  return `${verdict.found ? '✗' : '○'} ${lens.title}: ${verdict.text}${busy ? ' (checking)' : ''}`;
}

export function lensesOf(uri: string, lenses: readonly Lens[], state: LensState): CodeLens[] {
  return lenses.map((lens) => ({
    range: rangeOf(lens.at),
    command: {
      title: titleOf(lens, state),
      command: ServerCommand.runRace,
      arguments: [{ uri, scenario: lens.scenario, change: lens.change, line: lens.at.line }],
    },
  }));
}

/** Rows after an edit, until the document is analysed again. */
export function lensesMovedBy(lenses: readonly Lens[], edit: Edit): readonly Lens[] {
  return edit.range ? lenses.map((l) => ({ ...l, at: moved(l.at, edit).range })) : lenses;
}
