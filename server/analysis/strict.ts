/**
 * What a file of Model C is held to, beyond a patch: nothing in it is passed over. A patch comes
 * without its surroundings, so there a name that nobody knows is an assumption; here it is a slip.
 * In: files as they were linked. Out: the program's problems and these, at their places.
 */
import type { Attr, Expr, Loc, Problem, Unit } from '../csource/ast.js';
import type { Program } from '../csource/ir.js';
import { ATTRIBUTE_CALLS, ATTRIBUTE_WORDS, DECLARATOR_CALLS } from '../csource/mask-words.js';
import type { SourceTable } from '../csource/source.js';
import { unclosedIn } from '../csource/unclosed.js';
import { checkPointers } from './strict-pointers.js';

export interface StrictFiles {
  readonly units: readonly Unit[];
  readonly program: Program;
  readonly table: SourceTable;
  /** The model kernel's files, when the files lie on it. */
  readonly below: readonly Unit[];
  /** Ids that `__since` and `__fix` ask about. */
  readonly switchIds: ReadonlySet<string>;
  /** Names of kernel versions. */
  readonly profiles: readonly string[];
}

export type Report = (loc: Loc, message: string) => void;

/** Declarations at file scope (docs/model-c.md). */
const DECLARATIONS: ReadonlySet<string> = new Set([
  '__profile',
  '__scenario',
  '__source',
  '__on',
  '__with',
  '__without',
  '__fixed_by',
  '__tracked',
  '__followed',
  '__differs',
  '__inert',
  '__never',
  '__bound',
  '__small',
  '__faults',
  '__crashes',
  '__hypothetical',
  '__page',
  '__closes',
  '__rule',
  '__order',
  '__handed_over',
  '__leaks',
  '__guard',
]);

/** All problems of linked files; what the parser did not understand is an error here. */
export function strictProblems(files: StrictFiles): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (loc, message) => problems.push({ loc, message, severity: 'error' });
  for (const { src } of files.units)
    for (const { start, end, message } of unclosedIn(files.table.get(src).text))
      report({ src, start, end }, message);
  const macros = macrosOf([...files.below, ...files.units]);
  for (const unit of files.units) {
    for (const a of attributesIn(unit.items)) checkAttribute(a, macros, report);
    checkDeclarations(unit, macros, files, report);
  }
  checkCalls(files, report);
  checkThreads(files, report);
  checkPointers(files.program, new Set(files.units.map((u) => u.src)), report);
  const read = new Set(files.units.flatMap((u) => u.problems));
  const raised = files.program.problems.map((p): Problem =>
    p.severity === 'warning' && read.has(p) ? { ...p, severity: 'error' } : p,
  );
  return [...raised, ...problems];
}

/** Names of macros and whether they stand for nothing. */
function macrosOf(units: readonly Unit[]): ReadonlyMap<string, boolean> {
  const items = units.flatMap((u) => u.items);
  return new Map(
    items.flatMap((i) => (i.kind === 'macro' ? [[i.name, i.text.trim() === ''] as const] : [])),
  );
}

/** Attributes of functions, variables, members and locals: nodes of a syntax tree are plain data. */
function attributesIn(v: unknown, found: Attr[] = []): readonly Attr[] {
  if (typeof v !== 'object' || v === null) return found;
  if (Array.isArray(v)) for (const item of v) attributesIn(item, found);
  else {
    if ('attrs' in v && Array.isArray(v.attrs))
      for (const a of v.attrs) if (isAttr(a)) found.push(a);
    for (const [key, part] of Object.entries(v)) if (key !== 'loc') attributesIn(part, found);
  }
  return found;
}

function isAttr(v: unknown): v is Attr {
  return typeof v === 'object' && v !== null && 'name' in v && 'args' in v && 'loc' in v;
}

/** One that nobody knows would be left out without a word, with the check it was meant to be. */
function checkAttribute(
  { name, loc }: Attr,
  macros: ReadonlyMap<string, boolean>,
  report: Report,
): void {
  const isKnown =
    ATTRIBUTE_WORDS.has(name) ||
    ATTRIBUTE_CALLS.has(name) ||
    DECLARATOR_CALLS.has(name) ||
    macros.get(name) === true;
  if (!isKnown) report(loc, `${name} is no attribute of Model C or the kernel`);
}

function text(e: Expr | undefined): string | undefined {
  return e?.kind === 'string' ? e.value : undefined;
}

function checkDeclarations(
  unit: Unit,
  macros: ReadonlyMap<string, boolean>,
  { table, switchIds, profiles }: StrictFiles,
  report: Report,
): void {
  for (const item of unit.items) {
    if (item.kind !== 'topCall') continue;
    const { name, args, loc } = item;
    const id = text(args[0]);
    if (!DECLARATIONS.has(name) && !macros.has(name)) {
      // Calls like EXPORT_SYMBOL(x); are the kernel's, and say nothing here.
      const rest = table.get(loc.src).text.slice(loc.end);
      if (name.startsWith('_') || (!/^[A-Z]/.test(name) && !/^[;\s]*;/.test(rest)))
        report(loc, `${name} is no attribute or declaration of Model C`);
    }
    if (name === '__with' || name === '__without' || name === '__fixed_by')
      if (id === undefined || !switchIds.has(id))
        report(args[0]?.loc ?? loc, `nothing asks __since or __fix about ${id ?? 'this'}`);
    if (name === '__on' && (id === undefined || !profiles.includes(id))) {
      const all = profiles.length > 0 ? profiles.join(', ') : 'none';
      report(args[0]?.loc ?? loc, `no profile is called ${id ?? 'this'}; there are: ${all}`);
    }
  }
}

/** A function that no version of the model has does nothing that anybody could have meant. */
function checkCalls({ units, below, program }: StrictFiles, report: Report): void {
  const own = new Set(units.map((u) => u.src));
  const defined = new Set(
    [...below, ...units].flatMap((u) =>
      u.items.flatMap((i) => (i.kind === 'function' ? [i.name] : [])),
    ),
  );
  const seen = new Set<string>();
  for (const fn of program.functions.values())
    for (const instr of fn.code) {
      if (instr.op !== 'call' || instr.callee.kind !== 'ident') continue;
      const { name, loc } = instr.callee;
      if (!own.has(loc.src) || defined.has(name) || program.globals.has(name)) continue;
      const key = `${String(loc.src)} ${String(loc.start)} ${name}`;
      if (!seen.has(key)) report(loc, `function ${name} is defined nowhere`);
      seen.add(key);
    }
}

const THREADS: ReadonlySet<string> = new Set(['__thread', '__daemon', '__irq']);

/** Reports and schedules tell threads apart by their names. */
function checkThreads({ units, below }: StrictFiles, report: Report): void {
  const taken = new Set<string>();
  const functions = [...below, ...units].flatMap((u) =>
    u.items.filter((i) => i.kind === 'function'),
  );
  // A later function replaces an earlier one of its name, thread and all.
  const last = new Map(functions.map((f) => [f.name, f]));
  const read = ({ items }: Unit, said: Report): void => {
    for (const item of items) {
      if (item.kind !== 'function' || last.get(item.name) !== item) continue;
      const [role, second] = item.attrs.filter((a) => THREADS.has(a.name));
      if (!role) continue;
      if (second) said(second.loc, `${item.name} is ${role.name} already`);
      const [arg] = role.args;
      const name = text(arg);
      if (name === undefined) said(role.loc, `${role.name} takes a name: ${role.name}("name")`);
      else if (taken.has(name)) said(arg?.loc ?? role.loc, `a thread is called ${name} already`);
      else taken.add(name);
    }
  };
  for (const unit of below) read(unit, () => undefined);
  for (const unit of units) read(unit, report);
}
