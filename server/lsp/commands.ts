/** The commands that the server owns, for every client: arguments in, plain results out. */
import type {
  CancellationToken,
  Connection,
  WorkDoneProgressServerReporter,
} from 'vscode-languageserver';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { ServerCommand, isRecord, traceParams } from '../../shared/protocol.js';
import type { RunRaceResult, TraceParams, TraceView } from '../../shared/protocol.js';
import type { Engine } from './engine.js';
import type { Links } from './links.js';
import { Refused } from './races.js';
import type { Races } from './races.js';
import type { Session } from './session.js';
import { compareVersions, draft } from './text-commands.js';
import type { TextFiles } from './text-files.js';
import { Cancelled } from './worker-pool.js';
import type { WorkerPool } from './worker-pool.js';

export interface CommandHost {
  readonly connection: Connection;
  readonly engine: Engine;
  readonly links: Links;
  readonly files: TextFiles;
  readonly races: Races;
  readonly pool: WorkerPool;
  session(uri: string): Session | undefined;
  /** The client shows documents when asked (`window.showDocument`). */
  readonly showsDocuments: boolean;
  /** The client shows progress that the server begins. */
  readonly showsProgress: boolean;
}

/** What a view says, as text. */
export function textOf(view: TraceView): string {
  const { verdict, texts } = view.own ?? view.after;
  const said = [verdict.text, ...(verdict.beyond ?? [])].join('\n');
  const head = `${view.scenario}: ${view.title}\n\n${said}\n`;
  return texts.length === 0 ? head : `${texts.join('\n\n')}\n`;
}

/** The result as a document: a file of the user's, shown where the client can. */
async function present(host: CommandHost, view: TraceView): Promise<RunRaceResult> {
  const side = view.own ?? view.after;
  const text = textOf(view);
  const uri = host.files.write(`${view.scenario}.txt`, text);
  if (host.showsDocuments) await host.connection.window.showDocument({ uri, takeFocus: false });
  return { verdict: side.verdict.text, text, token: side.traces[0]?.token ?? '', uri };
}

async function progressOf(
  host: CommandHost,
): Promise<(WorkDoneProgressServerReporter & { readonly token: CancellationToken }) | undefined> {
  return host.showsProgress ? host.connection.window.createWorkDoneProgress() : undefined;
}

/** Either cancels: the request itself or the progress that the user sees. */
async function withProgress<T>(
  host: CommandHost,
  title: string,
  request: CancellationToken,
  work: (cancel: CancellationToken) => Promise<T>,
): Promise<T> {
  const progress = await progressOf(host);
  if (!progress) return work(request);
  progress.begin(title, undefined, undefined, true);
  try {
    return await work({
      get isCancellationRequested() {
        return request.isCancellationRequested || progress.token.isCancellationRequested;
      },
      onCancellationRequested: (call, self) => {
        const both = [
          request.onCancellationRequested(call, self),
          progress.token.onCancellationRequested(call, self),
        ];
        return { dispose: () => both.map((d) => d.dispose()) };
      },
    });
  } finally {
    progress.done();
  }
}

function need(value: unknown): TraceParams {
  const params = traceParams(value);
  if (params) return params;
  throw new Refused('expected one argument: {"uri": "…"} with "scenario", "line" or "token"');
}

async function race(
  host: CommandHost,
  argument: unknown,
  cancel: CancellationToken,
): Promise<RunRaceResult> {
  const params = need(argument);
  return withProgress(host, 'Racelore: running', cancel, async (either) =>
    present(host, await host.races.run(params, either)),
  );
}

async function replay(
  host: CommandHost,
  argument: unknown,
  cancel: CancellationToken,
): Promise<RunRaceResult> {
  if (!isRecord(argument) || typeof argument['token'] !== 'string')
    throw new Refused('expected one argument: {"token": "…"} and perhaps "uri"');
  const { token, uri } = argument;
  return present(host, await host.races.replay(token, typeof uri === 'string' ? uri : '', cancel));
}

async function explainRule(
  host: CommandHost,
  argument: unknown,
): Promise<{ readonly rule: string; readonly text: string; readonly uri: string }> {
  const rule = isRecord(argument) ? argument['rule'] : argument;
  const text = typeof rule === 'string' ? host.engine.explain(rule) : undefined;
  if (typeof rule !== 'string' || text === undefined) throw new Refused('no such rule');
  const uri = host.links.rulePage(rule) ?? '';
  if (host.showsDocuments) await host.connection.window.showDocument({ uri, takeFocus: true });
  return { rule, text, uri };
}

async function openDecoded(
  host: CommandHost,
  argument: unknown,
): Promise<{ readonly uri: string }> {
  const asked = isRecord(argument) ? argument['uri'] : argument;
  const uri = typeof asked === 'string' ? host.links.decodedUri(asked) : undefined;
  if (uri === undefined) throw new Refused('no such mail: open the file first');
  if (host.showsDocuments) await host.connection.window.showDocument({ uri, takeFocus: true });
  return { uri };
}

/** Runs one command. Refusals and cancellations are answers to the client, not failures of ours. */
export async function executeCommand(
  host: CommandHost,
  command: string,
  args: readonly unknown[],
  cancel: CancellationToken,
): Promise<unknown> {
  switch (command) {
    case ServerCommand.runRace:
    case ServerCommand.openTrace:
      return race(host, args[0], cancel);
    case ServerCommand.replay:
      return replay(host, args[0], cancel);
    case ServerCommand.stop:
      host.pool.stop();
      return undefined;
    case ServerCommand.explainRule:
      return explainRule(host, args[0]);
    case ServerCommand.openDecoded:
      return openDecoded(host, args[0]);
    case ServerCommand.compareVersions:
      return compareVersions(host, args[0]);
    case ServerCommand.draftReply:
      return withProgress(host, 'Racelore: drafting a reply', cancel, (either) =>
        draft(host, args[0], either),
      );
    default:
      throw new Refused(`no such command: ${command}`);
  }
}

/** Our ways to end without a result as LSP says them. */
export function asResponseError(error: unknown): unknown {
  if (error instanceof Refused)
    return new ResponseError(LSPErrorCodes.RequestFailed, error.message);
  if (error instanceof Cancelled)
    return new ResponseError(LSPErrorCodes.RequestCancelled, 'stopped');
  return error;
}
