/** Commands that answer with a text: a version against the one before, a draft of a reply. */
import type { CancellationToken } from 'vscode-languageserver';
import type { TextResult } from '../../shared/protocol.js';
import { isRecord } from '../../shared/protocol.js';
import type { Finding } from '../../shared/trace.js';
import type { DocumentParts } from '../analysis/parts.js';
import type { CommandHost } from './commands.js';
import { textOf } from './commands.js';
import { comparisonAt } from './compare.js';
import type { NamedText } from './compare.js';
import { draftReply, findingIn, findingLines, quotedLines } from './draft-reply.js';
import type { Lines } from './draft-reply.js';
import { Refused } from './races.js';
import type { Session } from './session.js';

interface Asked extends Lines {
  readonly uri: string;
  readonly session: Session;
  readonly parts: DocumentParts;
}

function asked(host: CommandHost, argument: unknown): Asked {
  const { uri, line, endLine } = isRecord(argument) ? argument : {};
  if (typeof uri !== 'string' || typeof line !== 'number')
    throw new Refused('expected one argument: {"uri": "…", "line": N} and perhaps "endLine"');
  const session = host.session(uri);
  const parts = session?.current()?.parts;
  if (!session || !parts) throw new Refused('this document is no mail or patch with C code in it');
  return { uri, session, parts, line, endLine: typeof endLine === 'number' ? endLine : line };
}

/** Our own client opens the text itself; for any other it is a file, shown where that can be done. */
async function shown(host: CommandHost, { name, text }: NamedText): Promise<TextResult> {
  const uri = host.links.textUri(name, text);
  if (host.showsDocuments && !host.links.ownScheme)
    await host.connection.window.showDocument({ uri, takeFocus: true });
  return { text, uri };
}

/** The version of a series at a line against the one before it. */
export async function compareVersions(host: CommandHost, argument: unknown): Promise<TextResult> {
  const { parts, line } = asked(host, argument);
  const found = comparisonAt(parts, line);
  if (typeof found === 'string') throw new Refused(found);
  return shown(host, found);
}

async function scheduleOf(
  host: CommandHost,
  { uri }: Asked,
  finding: Finding,
  cancel: CancellationToken,
): Promise<readonly string[]> {
  if (finding.token === undefined) return findingLines(finding);
  try {
    const view = await host.races.replay(finding.token, uri, cancel);
    return textOf(view).trimEnd().split('\n');
  } catch (error) {
    // The text was edited since: the schedule is of another program.
    if (error instanceof Refused) return findingLines(finding);
    throw error;
  }
}

/** A reply that quotes the lines, with the schedule of a finding in them. */
export async function draft(
  host: CommandHost,
  argument: unknown,
  cancel: CancellationToken,
): Promise<TextResult> {
  const at = asked(host, argument);
  const what = quotedLines(at.parts, at);
  const finding = findingIn(what, at.session.shown);
  const below = finding ? await scheduleOf(host, at, finding, cancel) : [];
  return shown(host, { name: 'reply.eml', text: draftReply(at.parts, what, below) });
}
