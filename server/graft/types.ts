/** What goes into a graft and what comes out. */
import type { Problem, Unit } from '../csource/ast.js';
import type { Loc, SourceTable } from '../csource/source.js';
import type { Switches } from './fold.js';

export interface GraftInput {
  /** The change is taken back: what the patch added goes. */
  readonly undo?: boolean;
  /** The model kernel; version switches are decided by `switches`. */
  readonly model: readonly Unit[];
  /** Units that the model begins with, when many grafts share them: their view is computed once. */
  readonly base?: readonly Unit[];
  /** Images of one file patch, one unit a hunk, same order. */
  readonly pre: readonly Unit[];
  readonly post: readonly Unit[];
  readonly table: SourceTable;
  readonly switches: Switches;
  /** 0-based lines of the document that the reader of the patch repaired. */
  readonly repaired?: ReadonlySet<number>;
}

/** What became of one changed line. */
export interface Placement {
  /** The line in its image, without its newline. */
  readonly loc: Loc;
  readonly class: 'on-model' | 'no-effect' | 'not-placed' | 'repaired';
  /** For people: one phrase. */
  readonly why: string;
  /** Place in the model. */
  readonly at?: Loc;
  readonly function?: string;
  /** The model, with what the patch stands on, has this function. */
  readonly modelled: boolean;
  /** A statement with a call, a return or a member that the model has stands on the line. */
  readonly event: boolean;
}

export interface GraftResult {
  /** To link after the model, where they override what the model has under the same name. */
  readonly units: readonly Unit[];
  /** One a changed line: removed lines in the pre images, added ones in the post images, by hunk. */
  readonly placements: readonly Placement[];
  /** Names of functions that were changed or added. */
  readonly touched: readonly string[];
  /** Lines with code of the pre images, and how many of them the model has; the same for the post images. */
  readonly preLines: number;
  readonly matchedPre: number;
  readonly postLines: number;
  readonly matchedPost: number;
  readonly problems: readonly Problem[];
}
