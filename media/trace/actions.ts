/** What the parts of the view can ask for. The parts know this interface and the trace, nothing else. */
import type { DocRange } from '../../shared/trace.js';
import type { Action } from './model.js';

export interface Actions {
  readonly dispatch: (action: Action) => void;
  readonly openSource: (at: DocRange) => void;
  readonly copy: (what: 'text' | 'schedule') => void;
  readonly choose: () => void;
  readonly help: () => void;
  /** Go on with `thread` from the selected row. */
  readonly continueWith: (thread: number) => void;
}
