/** The commands of the palette, the lenses and the code actions. Each asks the server and shows the answer. */
import type { CancellationToken, Disposable, ExtensionContext, LogOutputChannel } from 'vscode';
import { ProgressLocation, Uri, commands, window, workspace } from 'vscode';
import { Method, ServerCommand, isRecord, isTraceView, traceParams } from '../shared/protocol.js';
import type { ContinueParams, TraceParams, TraceView, ViewAction } from '../shared/protocol.js';
import { goToFinding } from './findings.js';
import type { ReviewComments } from './review-comments.js';
import type { ServerProcess } from './server.js';
import type { TracePanel } from './trace-panel.js';

const EXAMPLE = 'examples/zeroing.eml';

export interface CommandParts {
  readonly context: ExtensionContext;
  readonly server: ServerProcess;
  readonly panel: TracePanel;
  readonly comments: ReviewComments;
  readonly log: LogOutputChannel;
}

function view(value: unknown): TraceView {
  if (isTraceView(value)) return value;
  throw new Error('the server sent no trace');
}

export async function continueTrace(
  server: ServerProcess,
  params: ContinueParams,
): Promise<TraceView> {
  const client = await server.ready();
  return view(await client.sendRequest(Method.continue, params));
}

/** The place of the cursor, for commands of the palette. */
function here(): TraceParams | undefined {
  const editor = window.activeTextEditor;
  return editor && { uri: editor.document.uri.toString(), line: editor.selection.active.line };
}

async function trace(
  { server }: CommandParts,
  params: TraceParams,
  cancel: CancellationToken,
): Promise<TraceView> {
  const client = await server.ready();
  return view(await client.sendRequest(Method.trace, params, cancel));
}

async function runRace(parts: CommandParts, argument: unknown): Promise<void> {
  const params = traceParams(argument) ?? here();
  if (!params) {
    void window.showInformationMessage(
      'Open a mail or patch first, or the example: Racelore: Open Example',
    );
    return;
  }
  const options = {
    location: ProgressLocation.Notification,
    title: 'Running the race',
    cancellable: true,
  };
  try {
    const found = await window.withProgress(options, (_, cancel) => trace(parts, params, cancel));
    parts.panel.show(found);
  } catch (error) {
    void window.showInformationMessage(error instanceof Error ? error.message : String(error));
  }
}

/** The schedule of a finding; without one the trace shown last, or the race at the cursor. */
async function openTrace(parts: CommandParts, argument: unknown): Promise<void> {
  if (argument === undefined && parts.panel.reopen()) return;
  await runRace(parts, argument);
}

async function replay(parts: CommandParts): Promise<void> {
  const token = await window.showInputBox({
    title: 'Replay a schedule',
    prompt: 'The text after “replay:” in a trace; blanks and line breaks do not matter',
    validateInput: (text) => (text.trim() === '' ? 'Paste a schedule' : undefined),
  });
  if (token === undefined) return;
  const uri = window.activeTextEditor?.document.uri.toString() ?? '';
  await runRace(parts, { uri, token: token.replace(/\s+/g, '') });
}

async function openMail(): Promise<void> {
  const [file] =
    (await window.showOpenDialog({ openLabel: 'Open', title: 'Open a mail, thread or patch' })) ??
    [];
  if (file) await window.showTextDocument(file);
}

async function openExample(context: ExtensionContext): Promise<void> {
  await window.showTextDocument(
    await workspace.openTextDocument(Uri.joinPath(context.extensionUri, EXAMPLE)),
  );
}

async function explainRule({ server }: CommandParts, argument: unknown): Promise<void> {
  const rule = isRecord(argument) ? argument['rule'] : argument;
  if (typeof rule !== 'string') return;
  await server.ready();
  const page = Uri.parse(`racelore:/rule/${encodeURIComponent(rule)}.md`);
  await commands.executeCommand('markdown.showPreview', page);
}

/** A mail as it was written, beside the file that has it encoded. */
async function openDecoded(argument: unknown): Promise<void> {
  const uri = isRecord(argument) ? argument['uri'] : argument;
  if (typeof uri !== 'string') return;
  await window.showTextDocument(await workspace.openTextDocument(Uri.parse(uri)));
}

/** The keys of the trace view as commands, so that they can be bound and found. */
const TRACE_COMMANDS: readonly (readonly [string, ViewAction])[] = [
  ['racelore.traceNext', 'next'],
  ['racelore.tracePrevious', 'previous'],
  ['racelore.traceNextSame', 'nextSame'],
  ['racelore.tracePreviousSame', 'previousSame'],
  ['racelore.traceFirst', 'first'],
  ['racelore.traceLast', 'last'],
  ['racelore.traceSource', 'source'],
  ['racelore.traceChoose', 'choose'],
  ['racelore.traceChanges', 'changes'],
  ['racelore.traceSide', 'side'],
  ['racelore.copyTrace', 'copyText'],
  ['racelore.copySchedule', 'copySchedule'],
];

export function registerCommands(parts: CommandParts): readonly Disposable[] {
  const { context, server, panel, comments, log } = parts;
  const register = (id: string, run: (argument: unknown) => unknown): Disposable =>
    commands.registerCommand(id, run);
  return [
    register(ServerCommand.runRace, (argument) => runRace(parts, argument)),
    register(ServerCommand.openTrace, (argument) => openTrace(parts, argument)),
    register(ServerCommand.replay, () => replay(parts)),
    register(ServerCommand.explainRule, (argument) => explainRule(parts, argument)),
    register(ServerCommand.stop, async () => {
      const client = await server.ready();
      await client.sendRequest('workspace/executeCommand', { command: ServerCommand.stop });
    }),
    register(ServerCommand.openDecoded, (argument) => openDecoded(argument)),
    register('racelore.openMail', () => openMail()),
    register('racelore.openExample', () => openExample(context)),
    ...TRACE_COMMANDS.map(([id, action]) =>
      register(id, () => {
        panel.act(action);
      }),
    ),
    register('racelore.nextFinding', () => {
      goToFinding('next');
    }),
    register('racelore.previousFinding', () => {
      goToFinding('previous');
    }),
    register('racelore.nextComment', () => comments.go('next')),
    register('racelore.previousComment', () => comments.go('previous')),
    register('racelore.showLog', () => {
      log.show();
    }),
    register('racelore.restartServer', () => server.restart()),
  ];
}
