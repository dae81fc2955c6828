/**
 * Left held: a function takes something, gives it back on some paths, and returns with it on one where
 * callers cannot know. Quiet on purpose; what is reported is held on a path whose result says no more
 * than that of a path that gave it back, or that it failed.
 *
 * Not reported: functions that never give it back (they take it for their callers); a result that tells
 * the two apart (a trylock, "returns true with the lock"); something that was stored, or given to an
 * unknown function, on this path only; what is not certain, or has no name any more.
 */
import type { IrExpr, IrFunction, Loc } from '../csource/ir.js';
import type { Flow } from './flow.js';
import type { Held } from './held.js';
import { originOf } from './held.js';
import { isAccessor, objectOf, pathText, rootLocal } from './paths.js';
import { successorsOf } from './steps.js';
import { resultOf } from './summary.js';
import { localsIn } from './values.js';
import type { WitnessStep } from './witness.js';
import { decisions, pathTo } from './witness.js';

export interface Leak {
  /** The return. */
  readonly at: Loc;
  readonly pc: number;
  readonly held: Held;
  /** The path that keeps it, from where it was taken. */
  readonly keeps: readonly WitnessStep[];
  /** Where another path gives it back. */
  readonly releases: readonly Loc[];
}

/** Instructions from a question to the release that it guards. */
const MAX_GUARDED = 24;

type Exit = Flow['exits'][number];
type Path = ReturnType<typeof pathTo>;

/** `error`: the callers see a failure; else what they can tell from the result. */
function kindOf(exit: Exit, flow: Flow): string {
  const result = resultOf(exit, flow.values);
  if (result === 'negative') return 'error';
  const { result: type } = flow.fn.def;
  const value = exit.value && objectOf(exit.value);
  const isConstant = value && value.kind !== 'string' && localsIn(value).length === 0;
  if (value && isConstant && result !== 'zero') return pathText(value);
  if (result === 'nonzero' && type.kind === 'name' && type.name !== 'bool') return 'error';
  return result;
}

/** The part of a path from where a token was taken. */
function since(path: Path, h: Held, fn: IrFunction): Path {
  const last = path.findLastIndex(({ pc }) => {
    const loc = fn.code[pc]?.loc;
    return loc?.src === h.at.src && loc.start === h.at.start && loc.end === h.at.end;
  });
  return last < 0 ? [] : path.slice(last);
}

function rootOf(flow: Flow, e: IrExpr): number | undefined {
  return rootLocal(flow.values.expand(objectOf(e)));
}

/**
 * What must be given to a function that gives the lock back: the lock, or an object that it is a part of
 * or is reached from by members. Whoever has only an object for which another one is looked up, an
 * inode for its file system's, is not told of the lock.
 */
function ownersOf(flow: Flow, h: Held): ReadonlySet<string> {
  const out = new Set([h.key]);
  let path = h.path && flow.values.expand(h.path);
  while (path) {
    out.add(flow.values.path(path).key);
    path = path.kind === 'member' && isAccessor(path) ? undefined : partOf(path);
  }
  return out;
}

function partOf(path: IrExpr): IrExpr | undefined {
  if (path.kind === 'member' || path.kind === 'index') return objectOf(path.object);
  return path.kind === 'unary' || path.kind === 'cast' ? path.operand : undefined;
}

/** Calls of unknown functions that are given the object, and places that store it. */
function escapes(
  flow: Flow,
  path: Path,
  h: Held,
  known: (name: string) => boolean,
): ReadonlySet<number> {
  const owners = ownersOf(flow, h);
  const local = h.path && rootLocal(h.path);
  const out = new Set<number>();
  for (const { pc } of path.slice(1)) {
    const instr = flow.fn.code[pc];
    if (instr?.op === 'call') {
      const name = instr.callee.kind === 'ident' ? instr.callee.name : '';
      const given = instr.args.some((a) => owners.has(flow.values.path(objectOf(a)).key));
      if (given && !known(name)) out.add(pc);
    } else if (instr?.op === 'assign' && instr.target.kind !== 'local') {
      const locals = localsIn(instr.value);
      if (local !== undefined && instr.value.kind === 'local' && locals.includes(local))
        out.add(pc);
    }
  }
  return out;
}

/** A callback is given with the object: it may be called, and the result says whether it was. */
function hasCallback(flow: Flow, path: Path, h: Held, known: (name: string) => boolean): boolean {
  const root = h.path && rootOf(flow, h.path);
  return path.slice(1).some(({ pc }) => {
    const instr = flow.fn.code[pc];
    if (instr?.op !== 'call' || root === undefined) return false;
    const isCallback = (a: IrExpr): boolean => a.kind === 'ident' && known(a.name);
    return (
      instr.args.some((a) => rootOf(flow, a) === root) &&
      instr.args.some((a) => isCallback(objectOf(a)))
    );
  });
}

/** The code asks on this path whether to give it back, and does not: `if (locked) unlock(l);`. */
function isGuarded(flow: Flow, path: Path, releases: ReadonlySet<number>): boolean {
  const { code, stmts } = flow.fn;
  const depth = (pc: number): number => stmts[code[pc]?.stmt ?? 0]?.depth ?? 0;
  const onPath = new Set(path.map((p) => p.pc));
  return path.some(({ pc }, i) => {
    const instr = code[pc];
    const next = path[i + 1]?.pc;
    if (instr?.op !== 'branch' || next === undefined) return false;
    let at = next === instr.then ? instr.else : instr.then;
    let given = false;
    for (let steps = 0; steps < MAX_GUARDED && !onPath.has(at); steps++) {
      const other = code[at];
      if (!other || other.op === 'return') return false;
      given ||= releases.has(at) && depth(at) > depth(pc);
      at = other.op === 'jump' ? other.to : other.op === 'branch' ? other.then : at + 1;
    }
    // the question was only whether to release: then both go on together
    return given && onPath.has(at);
  });
}

function isReturned(exit: Exit, h: Held, flow: Flow): boolean {
  if (exit.value === undefined || h.key === '') return false;
  const back = objectOf(exit.value);
  if (flow.values.path(back).key === h.key) return true;
  // or the object that has the lock in it
  return back.kind === 'local' && h.path !== undefined && rootLocal(h.path) === back.local;
}

/** Whether a return can be reached from a release. */
function isBehind(fn: IrFunction, releases: ReadonlySet<number>, exit: number): boolean {
  const seen = new Set<number>();
  const work = [...releases];
  for (let pc = work.pop(); pc !== undefined; pc = work.pop()) {
    if (pc === exit) return true;
    const instr = fn.code[pc];
    if (!instr || seen.has(pc)) continue;
    seen.add(pc);
    work.push(...successorsOf(instr, pc));
  }
  return false;
}

/** Paths from where it was taken to where it is given back. */
function pathsToRelease(flow: Flow, h: Held, releases: ReadonlySet<number>): readonly Path[] {
  const origin = originOf(h);
  return [...releases].flatMap((pc) =>
    [...(flow.states[pc]?.values() ?? [])]
      .filter((s) => s.held.some((o) => originOf(o) === origin))
      .map((s) => since(pathTo(pc, s), h, flow.fn)),
  );
}

/** The caller has it through a pointer that it gave: `*out = folio`. */
function isOutput({ path }: Held): boolean {
  return path?.kind === 'unary' && path.op === '*' && path.operand.kind === 'local';
}

function leakAt(
  flow: Flow,
  exit: Exit,
  h: Held,
  known: (name: string) => boolean,
): Leak | undefined {
  const origin = originOf(h);
  const releases = flow.releasedAt.get(origin);
  if (
    !releases ||
    !h.certain ||
    h.doubt ||
    h.until !== undefined ||
    h.from !== 'here' ||
    isOutput(h) ||
    h.key === '' ||
    isReturned(exit, h, flow)
  )
    return undefined;
  // given back and taken again is held
  const isSame = (o: Held): boolean =>
    originOf(o) === origin || (o.class === h.class && o.key === h.key);
  const others = flow.exits.filter((e) => !e.state.held.some(isSame));
  const kind = kindOf(exit, flow);
  const back = others
    .map((e) => ({ e, path: since(pathTo(e.pc, e.state), h, flow.fn) }))
    .filter(({ path }) => path.some((p) => releases.has(p.pc)));
  // a failure with a return of its own, that no way through a release leads to
  const isApart = (): boolean =>
    !isBehind(flow.fn, releases, exit.pc) && others.some((e) => isBehind(flow.fn, releases, e.pc));
  const alike =
    kind === 'error'
      ? back.length > 0 || isApart()
      : back.some(({ e }) => kindOf(e, flow) === kind);
  if (!alike) return undefined;
  const path = since(pathTo(exit.pc, exit.state), h, flow.fn);
  if (path.length === 0) return undefined;
  if (isGuarded(flow, path, releases) || hasCallback(flow, path, h, known)) return undefined;
  const usual = new Set(
    [...back.map((b) => b.path), ...pathsToRelease(flow, h, releases)].flatMap((p) => [
      ...escapes(flow, p, h, known),
    ]),
  );
  if ([...escapes(flow, path, h, known)].some((pc) => !usual.has(pc))) return undefined;
  return {
    at: flow.fn.code[exit.pc]?.loc ?? h.at,
    pc: exit.pc,
    held: h,
    keeps: decisions(flow.fn, path),
    releases: [...releases].flatMap((pc) => flow.fn.code[pc]?.loc ?? []),
  };
}

/**
 * What a function leaves held. `known`: functions of which it is known what they do; `declared`: classes
 * that the function is declared to take for its callers.
 */
export function leaksOf(
  flow: Flow,
  known: (name: string) => boolean,
  declared: ReadonlySet<string>,
): readonly Leak[] {
  const found = new Map<string, Leak>();
  for (const exit of flow.exits)
    for (const h of exit.state.held) {
      const key = `${originOf(h)}|${exit.pc}`;
      const leak =
        found.has(key) || declared.has(h.class) ? undefined : leakAt(flow, exit, h, known);
      if (leak) found.set(key, leak);
    }
  return [...found.values()];
}
