/** The graph of calls: recursion, how deep stacks get, how many choices a step of a thread may have. */
import type { IrExpr, Part } from '../csource/ir.js';
import { FRAME_HEADER } from '../machine/cpu.js';
import type { Callees, FunctionText } from './op.js';

/** Cells before the first frame, RL_HEADER of the exported C: what a thread holds is not exported. */
const STACK_HEADER = 5;
/** Most combinations of choices of one step that are exported. */
const MAX_COMBINATIONS = 4096;

/** Functions stored in members, by the member's name; undefined for a pointer that is no such name. */
function storedIn(
  program: Part,
  names: (e: IrExpr) => string | undefined,
): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  const store = (target: IrExpr, value: IrExpr): void => {
    const member = memberOf(target);
    const name = names(value);
    if (member === undefined || name === undefined) return;
    known.set(member, (known.get(member) ?? new Set()).add(name));
  };
  for (const g of program.globals.values()) for (const i of g.init) store(i.target, i.value);
  for (const fn of program.functions.values())
    for (const i of fn.code) if (i.op === 'assign') store(i.target, i.value);
  return known;
}

function memberOf(e: IrExpr): string | undefined {
  if (e.kind === 'member') return e.name;
  return e.kind === 'index' ? memberOf(e.object) : undefined;
}

function functionNamed(e: IrExpr, program: Part): string | undefined {
  if (e.kind === 'ident')
    return program.functions.has(e.name) && !program.globals.has(e.name) ? e.name : undefined;
  if (e.kind === 'cast') return functionNamed(e.operand, program);
  return e.kind === 'unary' && e.op === '&' ? functionNamed(e.operand, program) : undefined;
}

export class CallGraph {
  readonly #functions: ReadonlyMap<string, FunctionText>;
  readonly #taken: ReadonlySet<string>;
  readonly #program: Part;
  readonly #stored: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(
    program: Part,
    functions: ReadonlyMap<string, FunctionText>,
    taken: ReadonlySet<string>,
  ) {
    this.#program = program;
    this.#functions = functions;
    this.#taken = taken;
    this.#stored = storedIn(program, (e) => functionNamed(e, program));
  }

  #targets(callees: Callees): readonly string[] {
    if (callees.k === 'name') return [callees.name];
    const stored = callees.member === undefined ? undefined : this.#stored.get(callees.member);
    const names = stored ?? this.#taken;
    const { arity } = callees;
    return [...names].filter((n) => this.#program.functions.get(n)?.paramCount === arity);
  }

  /** A circle of calls by name, as names; undefined when there is none. */
  recursion(roots: readonly string[]): readonly string[] | undefined {
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
      if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
      if (done.has(name)) return undefined;
      for (const callee of this.#calls(name, true)) {
        const found = visit(callee, [...path, name]);
        if (found) return found;
      }
      done.add(name);
      return undefined;
    };
    for (const root of roots) {
      const found = visit(root, []);
      if (found) return found;
    }
    return undefined;
  }

  #calls(name: string, direct: boolean, atomic = false): readonly string[] {
    const ops = this.#functions.get(name)?.ops ?? [];
    return ops.flatMap((op) => {
      if (op.flow.k !== 'call' || (atomic && op.atomic === 0)) return [];
      return direct && op.flow.callees.k !== 'name' ? [] : this.#targets(op.flow.callees);
    });
  }

  /** Cells of a thread that starts here; `most` when pointers may lead in a circle. */
  cells(root: string, most: number): number {
    const known = new Map<string, number>();
    const depth = (name: string, path: ReadonlySet<string>): number => {
      if (path.has(name)) return most;
      const before = known.get(name);
      if (before !== undefined) return before;
      const inside = new Set([...path, name]);
      const deepest = this.#calls(name, false).reduce((d, c) => Math.max(d, depth(c, inside)), 0);
      const frame = this.#functions.get(name)?.frame ?? FRAME_HEADER;
      const result = Math.min(most, frame + deepest);
      known.set(name, result);
      return result;
    };
    return Math.min(most, STACK_HEADER + depth(root, new Set()));
  }

  #reach(roots: readonly string[], atomic: boolean): ReadonlySet<string> {
    const seen = new Set<string>();
    const open = [...roots];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(...this.#calls(name, false, atomic));
    }
    return seen;
  }

  /**
   * Most combinations of choices in one step of a thread that starts here: outside atomic regions
   * a choice is a step; inside them all that the region may make count together.
   */
  combinations(root: string, faults: boolean): number {
    const reached = [...this.#reach([root], false)];
    const called = this.#reach(
      reached.flatMap((n) => this.#calls(n, false, true)),
      false,
    );
    let [single, together] = [1, 1];
    for (const name of reached)
      for (const op of this.#functions.get(name)?.ops ?? []) {
        if (op.choices === 1 || (op.fault && !faults)) continue;
        if (op.atomic > 0 || called.has(name)) together *= op.choices;
        else single = Math.max(single, op.choices);
      }
    return Math.max(single, Math.min(together, MAX_COMBINATIONS));
  }
}
