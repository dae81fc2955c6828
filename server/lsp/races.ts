/** Runs, replays and continued schedules that a user asked for: from arguments to a `TraceView`. */
import type { CancellationToken } from 'vscode-languageserver';
import type { ContinueParams, TraceParams, TraceView } from '../../shared/protocol.js';
import type { Settings } from '../../shared/settings.js';
import type { Lens } from '../analysis/types.js';
import type { Job, JobDocument, JobLimits, JobResult } from './engine.js';
import type { Session } from './session.js';
import type { WorkerPool } from './worker-pool.js';

/** The request cannot be done; the message is for the user. */
export class Refused extends Error {}

export interface RacesHost {
  readonly pool: WorkerPool;
  session(uri: string): Session | undefined;
  settings(): Settings;
  /** Title of the run that goes on; undefined when none does. */
  running(uri: string, title: string | undefined): void;
}

export function limitsOf(settings: Settings): JobLimits {
  return {
    seconds: settings.budgetSeconds,
    states: settings.budgetStates,
    columns: settings.traceColumns,
  };
}

function documentOf(session: Session): JobDocument {
  return { uri: session.document.uri, text: session.document.getText() };
}

/** The lens that the arguments mean: by scenario and change, else the last at or above the line. */
function lensFor(lenses: readonly Lens[], params: TraceParams): Lens | undefined {
  const { scenario, change, line } = params;
  const fitting = lenses.filter(
    (l) =>
      (scenario === undefined || l.scenario === scenario) &&
      (change === undefined || l.change === change),
  );
  if (line === undefined) return fitting[0];
  return (
    fitting.filter((l) => l.at.line <= line).sort((a, b) => b.at.line - a.at.line)[0] ?? fitting[0]
  );
}

type Viewed = JobResult & { readonly kind: 'view' };

export class Races {
  constructor(readonly host: RacesHost) {}

  /** Throws `Refused` with the reason, or `Cancelled`. */
  async run(params: TraceParams, cancel: CancellationToken): Promise<TraceView> {
    if (params.token !== undefined) return this.replay(params.token, params.uri, cancel);
    const session = this.host.session(params.uri);
    if (!session)
      throw new Refused('this document is not analysed: no mail or patch with C code in it');
    const lens = lensFor(session.lenses, params);
    const scenario = params.scenario ?? (lens && session.scenarioOf(lens));
    if (scenario === undefined)
      throw new Refused(session.silence ?? 'no scenario of the model reaches this text');
    const change = params.change ?? lens?.change;
    const job: Job = {
      kind: 'race',
      document: documentOf(session),
      scenario,
      ...(change === undefined ? {} : { change }),
      limits: limitsOf(this.host.settings()),
    };
    const { view, verdict } = await this.#view(job, params.uri, lens?.title ?? scenario, cancel);
    if (verdict) session.ran(verdict);
    return view;
  }

  async replay(token: string, uri: string, cancel: CancellationToken): Promise<TraceView> {
    const job: Job = {
      kind: 'replay',
      token,
      ...this.#document(uri),
      limits: limitsOf(this.host.settings()),
    };
    return (await this.#view(job, uri, 'replaying a schedule', cancel)).view;
  }

  async continue(params: ContinueParams, cancel: CancellationToken): Promise<TraceView> {
    const job: Job = {
      kind: 'continue',
      params,
      ...this.#document(params.uri),
      limits: limitsOf(this.host.settings()),
    };
    return (await this.#view(job, params.uri, 'going on with another thread', cancel)).view;
  }

  #document(uri: string): { readonly document?: JobDocument } {
    const session = this.host.session(uri);
    return session ? { document: documentOf(session) } : {};
  }

  async #view(job: Job, uri: string, title: string, cancel: CancellationToken): Promise<Viewed> {
    const running = this.host.pool.run(job, true);
    const listener = cancel.onCancellationRequested(() => {
      running.cancel();
    });
    this.host.running(uri, title);
    try {
      const result = await running.result;
      if (result.kind === 'view') return result;
      throw new Refused(
        result.kind === 'refused' ? result.why : 'the worker answered another question',
      );
    } finally {
      listener.dispose();
      this.host.running(uri, undefined);
    }
  }
}
