/** Facts at one place of a document: the call under the cursor and what is held before it. */
import type { Instr, IrFunction } from '../csource/ir.js';
import type { Loc, SourceTable } from '../csource/source.js';
import type { HeldSet } from './held.js';
import type { ContextFact, ProgramFacts, WaitFact } from './program.js';

export interface CalleeFacts {
  readonly name: string;
  readonly acquires: readonly string[];
  readonly releases: readonly string[];
  /** Everything it may block on, with the calls that lead there. */
  readonly waits: readonly WaitFact[];
  /** Where the model has it. */
  readonly model: Loc | undefined;
}

export interface PlaceFacts {
  readonly function: string;
  /** The call, or the statement when there is no call. */
  readonly loc: Loc;
  readonly held: HeldSet;
  readonly contexts: readonly ContextFact[];
  readonly callee: CalleeFacts | undefined;
}

function covers(loc: Loc, src: number, offset: number): boolean {
  return loc.src === src && loc.start <= offset && offset <= loc.end;
}

function narrowest(fn: IrFunction, src: number, offset: number): number | undefined {
  let best: number | undefined;
  let width = Infinity;
  fn.code.forEach((instr, pc) => {
    const call = instr.op === 'call' ? 0 : 0.5; // a call wins over its own temporaries
    if (!covers(instr.loc, src, offset) || instr.loc.end - instr.loc.start + call >= width) return;
    best = pc;
    width = instr.loc.end - instr.loc.start + call;
  });
  return best;
}

/** The first call of a line, else its first code: what begins there, not what goes on there. */
function onLine(fn: IrFunction, table: SourceTable, src: number, line: number): number | undefined {
  let first: number | undefined;
  for (let pc = 0; pc < fn.code.length; pc++) {
    const instr = fn.code[pc];
    if (!instr || instr.loc.src !== src || table.lineOf(instr.loc) !== line) continue;
    if (instr.op === 'call') return pc;
    first ??= pc;
  }
  return first;
}

/** The next code below a line that has none: a label, a declaration, a comment. */
function below(fn: IrFunction, table: SourceTable, src: number, line: number): number | undefined {
  let best: number | undefined;
  let nearest = Infinity;
  fn.code.forEach((instr, pc) => {
    const at = instr.loc.src === src ? table.lineOf(instr.loc) : -1;
    if (at <= line || at >= nearest) return;
    best = pc;
    nearest = at;
  });
  return best;
}

/**
 * The code that a place means: what is under it; on a line without code of its own the statement
 * that goes on there. A statement of many lines, a loop with its body, does not stand for a place in
 * another line that has code.
 */
function codeAt(
  fn: IrFunction,
  table: SourceTable,
  src: number,
  offset: number,
): number | undefined {
  const line = table.lineOf({ src, start: offset, end: offset });
  const under = narrowest(fn, src, offset);
  const begins = under === undefined ? undefined : fn.code[under];
  if (begins && table.lineOf(begins.loc) === line) return under;
  return onLine(fn, table, src, line) ?? under ?? below(fn, table, src, line);
}

function calleeFacts(instr: Instr, facts: ProgramFacts): CalleeFacts | undefined {
  if (instr.op !== 'call') return undefined;
  const targets = facts.graph.targets(instr);
  const name = targets.length === 1 ? targets[0] : undefined;
  if (name === undefined) return undefined;
  const summary = facts.summary(name);
  return {
    name,
    acquires: [...new Set(summary.variants.flatMap((v) => v.acquires.map((a) => a.class)))],
    releases: [...new Set(summary.variants.flatMap((v) => v.releases.map((r) => r.class)))],
    waits: facts.waitsWhileHolding(name, ''),
    model: facts.program.functions.get(name)?.def.nameLoc,
  };
}

/** Facts for a place in a function; `offset` is in the text `src`. Undefined when no code is there. */
export function factsAt(
  fn: IrFunction,
  facts: ProgramFacts,
  table: SourceTable,
  src: number,
  offset: number,
): PlaceFacts | undefined {
  const pc = codeAt(fn, table, src, offset);
  const instr = pc === undefined ? undefined : fn.code[pc];
  if (pc === undefined || !instr) return undefined;
  const { before } = facts.flowOf(fn);
  return {
    function: fn.name,
    loc: instr.loc,
    held: before[pc] ?? [],
    contexts: facts.contexts(fn.name),
    callee: calleeFacts(instr, facts),
  };
}
