/**
 * The end of a schedule that ends in a crash, as steps of its trace: the crash with what became of the
 * cells in write caches, the statements of recovery that changed something, and the check.
 */
import type { TraceChange, TraceHold, TraceStep, TraceThread } from '../../shared/trace.js';
import type { Loc } from '../csource/ir.js';
import type { SourceTable } from '../csource/source.js';
import type { Machine, StepEvent } from '../machine/types.js';
import { head, stepText } from './places.js';
import type { Played } from './replay.js';

type Store = Extract<StepEvent, { kind: 'store' | 'settle' }>;

/** A statement of a function that ran alone, with what it stored and noted. */
interface Part {
  readonly fn: string;
  readonly stmt: Loc;
  readonly stores: Store[];
  readonly notes: string[];
}

/** The column of a crash, behind those of the threads. */
export function crashThread(machine: Machine): TraceThread {
  return { id: machine.threads.length, name: 'crash', role: 'crash' };
}

function changesOf(
  machine: Machine,
  { before, after }: Played,
  stores: readonly Store[],
): readonly TraceChange[] {
  return stores.flatMap(({ cell, from, to }) => {
    if (from === to) return [];
    const name = machine.cellName(cell, before);
    const [was, is] = [machine.cellValue(cell, from, before), machine.cellValue(cell, to, after)];
    return [{ name, from: was, to: is }];
  });
}

/** The smallest statement of a function around a place. */
function statementAt(machine: Machine, fn: string, loc: Loc): Loc {
  const around = (machine.program.part.functions.get(fn)?.stmts ?? [])
    .map((s) => s.loc)
    .filter((s) => s.src === loc.src && s.start <= loc.start && loc.end <= s.end);
  return around.sort((a, b) => a.end - a.start - (b.end - b.start))[0] ?? loc;
}

/** Events of functions that ran alone by the statements of those functions that they belong to. */
function partsOf(machine: Machine, events: readonly StepEvent[]): readonly Part[] {
  const parts: Part[] = [];
  let outer = '';
  const calls: Loc[] = [];
  const partAt = (loc: Loc): Part => {
    const stmt = statementAt(machine, outer, calls[0] ?? loc);
    const last = parts.at(-1);
    if (last?.fn === outer && last.stmt.start === stmt.start && last.stmt.end === stmt.end)
      return last;
    const made = { fn: outer, stmt, stores: [], notes: [] };
    parts.push(made);
    return made;
  };
  for (const e of events) {
    if (e.kind === 'alone') [outer, calls.length] = [e.fn, 0];
    else if (e.kind === 'call') calls.push(e.at);
    else if (e.kind === 'return') calls.pop();
    else if (e.kind === 'store' && e.from !== e.to) partAt(e.loc).stores.push(e);
    else if (e.kind === 'note') partAt(e.loc).notes.push(e.text);
  }
  return parts;
}

/** `lost from a write cache: disk[0]`, for cells that were dirty and that recovery or check looked at. */
function fateNotes(machine: Machine, { before, events }: Played): readonly string[] {
  const named = (kept: boolean): string =>
    events
      .flatMap((e) =>
        e.kind === 'settle' && e.kept === kept ? [machine.cellName(e.cell, before)] : [],
      )
      .join(', ');
  const [lost, written] = [named(false), named(true)];
  return [
    'the threads end and memory is lost',
    ...(lost === '' ? [] : [`lost from a write cache: ${lost}`]),
    ...(written === '' ? [] : [`written from a write cache: ${written}`]),
  ];
}

/** Steps of a replayed crash, numbered from `first` on. */
export function crashSteps(
  machine: Machine,
  table: SourceTable,
  played: Played,
  first: number,
): readonly TraceStep[] {
  const { events, violation } = played;
  const thread = machine.threads.length;
  const holds: readonly (readonly TraceHold[])[] = [...machine.threads, thread].map(() => []);
  const steps: TraceStep[] = [];
  const add = (
    fn: string,
    loc: Loc,
    text: string,
    stores: readonly Store[],
    notes: readonly string[],
  ): void => {
    const at = table.docRange(loc);
    const changes = changesOf(machine, played, stores);
    steps.push({
      index: first + steps.length,
      thread,
      function: fn,
      text,
      at,
      stack: fn === '' ? [] : [{ function: fn, at, patched: table.markOf(loc) === '+' }],
      calls: [],
      micro: [{ function: fn, at, text, changes }],
      changes,
      notes,
      holds,
      enabled: [],
      blocked: [],
    });
  };
  const begin = events.find((e) => e.kind === 'alone');
  const code = machine.program.part.functions.get(begin?.kind === 'alone' ? begin.fn : '');
  const settled = events.filter((e) => e.kind === 'settle');
  add('', code?.def.nameLoc ?? NOWHERE, 'crash', settled, fateNotes(machine, played));
  for (const p of partsOf(machine, events)) {
    add(p.fn, head(table, p.stmt), stepText(table, p.stmt), p.stores, p.notes);
  }
  if (violation) {
    const stmt = statementAt(machine, violation.function, violation.loc);
    const text = stepText(table, stmt);
    add(
      violation.function,
      head(table, stmt),
      text,
      [],
      [`fails after the crash: ${violation.text}`],
    );
  }
  return steps;
}

const NOWHERE: Loc = { src: 0, start: 0, end: 0 };
