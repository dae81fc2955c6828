/**
 * Schedules from outside: a token replayed on the program it was found on, or continued with
 * another thread. Which program that is follows from the token's hash: the plain model, or the
 * model under one of the patches of the document.
 */
import type { CParser } from '../csource/parser.js';
import type { SourceTable } from '../csource/source.js';
import { createMachine } from '../machine/index.js';
import type { Machine } from '../machine/types.js';
import type { Decision } from '../search/types.js';
import {
  decodeToken,
  findingAfter,
  programHash,
  replayToken,
  ReplayError,
} from '../search/index.js';
import type { Token, TraceInfo } from '../search/index.js';
import { makeTrace } from '../search/index.js';
import type { Trace, Verdict } from '../../shared/trace.js';
import { goOn } from './go-on.js';
import { linkFiles } from './files.js';
import type { Linked, ModelFile } from './files.js';
import type { ModelKernel, Profile, Scenario, Switches } from './model.js';
import { NO_SWITCHES } from './model.js';
import { inSizes } from './sizes.js';
import type { PatchStatic } from './static.js';

/** A document's patches, to find the program of a token among. */
export interface ReplayDocument {
  readonly table: SourceTable;
  readonly patches: readonly PatchStatic[];
  /** For a file of Model C: its own program. */
  readonly linked?: Linked;
}

interface Stage {
  readonly machine: Machine;
  readonly table: SourceTable;
  readonly base: string;
  readonly same: boolean;
}

export interface Continuation {
  readonly token: string;
  /** Micro-steps of the token that are kept. */
  readonly keep: number;
  readonly thread: number;
}

function switchesOf(list: readonly string[]): Switches {
  const named = (sign: string): ReadonlySet<string> =>
    new Set(list.filter((s) => s.startsWith(sign)).map((s) => s.slice(1)));
  return { on: named('+'), off: named('-') };
}

/** Programs that a token may belong to, the document's patches first. */
function* stages(
  kernel: ModelKernel,
  scenario: Scenario,
  profile: Profile,
  token: Token,
  document: ReplayDocument | undefined,
): Generator<Stage> {
  const make = (
    table: SourceTable,
    base: string,
    program: ReturnType<ModelKernel['link']>,
  ): Stage => ({
    machine: createMachine(program, table, scenario),
    table,
    base,
    same: programHash(program) === token.hash,
  });
  for (const p of document?.patches ?? []) {
    const { stack } = p.placed;
    if (stack.profile.name !== profile.name || !document) continue;
    for (const [units, name] of [
      [stack.after, stack.afterName],
      [stack.before, stack.beforeName],
    ] as const)
      yield make(document.table, name, kernel.link(profile, NO_SWITCHES, units, scenario));
  }
  const switches = switchesOf(token.switches);
  yield make(document?.table ?? kernel.table, '', kernel.link(profile, switches, [], scenario));
}

interface Staged {
  readonly token: Token;
  readonly scenario: Scenario;
  readonly stage: Stage;
}

function ofFile({ program, table, scenario, base }: Linked, token: Token): Staged | string {
  if (programHash(program) !== token.hash)
    return 'the token belongs to another text or another version of the model';
  const machine = createMachine(program, table, { faults: scenario.faults });
  return { token, scenario, stage: { machine, table, base, same: true } };
}

/** The program of a token, or one line for the user. */
function stageOf(
  kernel: ModelKernel,
  text: string,
  document: ReplayDocument | undefined,
): Staged | string {
  const decoded = decodeToken(text);
  if (decoded.kind === 'damaged') return decoded.reason;
  const { token } = decoded;
  const { linked } = document ?? {};
  if (linked?.scenario.id === token.scenario) return ofFile(linked, token);
  const named = kernel.scenario(token.scenario);
  const scenario = named && inSizes(kernel, named, token.switches);
  if (!scenario)
    return `the token is for scenario ${token.scenario}, which this model does not have`;
  const profile = kernel.profile(token.profile);
  if (!profile) return `the token is for profile ${token.profile}, which this model does not have`;
  for (const stage of stages(kernel, scenario, profile, token, document))
    if (stage.same) return { token, scenario, stage };
  return document
    ? 'the token belongs to another text or another version of the model'
    : 'the token belongs to a patch, or to another version of the model: name the file it was found in';
}

function infoOf(
  kernel: ModelKernel,
  scenario: Scenario,
  token: Token,
  stage: Stage,
  verdict: Verdict['kind'],
  text: string,
): TraceInfo {
  return {
    scenario: scenario.id,
    title: scenario.title,
    switches: token.switches,
    displayed: (src) => !kernel.isScenarioSource(src),
    verdict: {
      kind: verdict,
      text,
      states: 0,
      complete: false,
      bounds: { threads: stage.machine.threads.length, items: scenario.bounds },
      profile: token.profile,
      base: stage.base,
      assumptions: stage.machine.assumptions,
    },
  };
}

/** The trace of a token of files of Model C; a string says why there is none. */
export function replayFilesText(
  kernel: ModelKernel,
  parser: CParser,
  text: string,
  files: readonly ModelFile[],
): Trace | string {
  const decoded = decodeToken(text);
  if (decoded.kind === 'damaged') return decoded.reason;
  const { profile, switches } = decoded.token;
  const { on, off } = switchesOf(switches);
  const linked = linkFiles(parser, files, {
    with: [...on],
    without: [...off],
    kernel: () => kernel,
    ...(profile === '' ? {} : { profile }),
  });
  if (typeof linked === 'string') return linked;
  return replayText(kernel, text, { table: linked.table, patches: [], linked });
}

/** The trace of a token; a string says why there is none. */
export function replayText(
  kernel: ModelKernel,
  text: string,
  document: ReplayDocument | undefined,
): Trace | string {
  const found = stageOf(kernel, text, document);
  if (typeof found === 'string') return found;
  const { token, scenario, stage } = found;
  const key = replayKey(stage.machine, token.schedule);
  if (key instanceof ReplayError) return key.message;
  const said = key ? `race replayed (${key.property})` : 'replayed: this schedule shows no race';
  const info = infoOf(kernel, scenario, token, stage, key ? 'found' : 'none', said);
  const played = replayToken(stage.machine, stage.table, token, info);
  return played.kind === 'trace' ? played.trace : played.reason;
}

function replayKey(
  machine: Machine,
  schedule: readonly Decision[],
): ReturnType<typeof findingAfter> | ReplayError {
  try {
    return findingAfter(machine, schedule);
  } catch (e) {
    if (e instanceof ReplayError) return e;
    throw e;
  }
}

/** A token's first steps, then another thread; a string says why there is no trace. */
export function continueText(
  kernel: ModelKernel,
  c: Continuation,
  document: ReplayDocument | undefined,
): Trace | string {
  const found = stageOf(kernel, c.token, document);
  if (typeof found === 'string') return found;
  const { token, scenario, stage } = found;
  const kept = token.schedule.slice(0, c.keep);
  const schedule = goOn(stage.machine, kept, c.thread);
  if (typeof schedule === 'string') return schedule;
  const key = replayKey(stage.machine, schedule);
  if (key instanceof ReplayError) return key.message;
  const said = key
    ? `race found on the way you chose (${key.property})`
    : 'no race on the way you chose';
  const info = infoOf(kernel, scenario, token, stage, key ? 'found' : 'none', said);
  const shown = key ?? { property: 'final' as const, id: 'no finding' };
  return makeTrace(stage.machine, stage.table, { key: shown, schedule }, info);
}
