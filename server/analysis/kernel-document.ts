/**
 * A whole file of kernel C: what is held at each of its lines. In: text. Out: facts at a place and
 * findings. The functions of the file stand for themselves; for those that it calls there are the
 * contracts, the model kernel, and nothing else.
 */
import { factsAt } from '../context/at.js';
import { objectOf } from '../context/paths.js';
import { Order } from '../context/order.js';
import { ProgramFacts } from '../context/program.js';
import { Protocol } from '../context/protocol.js';
import type { FunctionDef } from '../csource/ast.js';
import type { IrExpr, IrFunction, Program } from '../csource/ir.js';
import type { CParser } from '../csource/parser.js';
import type { SourceTable } from '../csource/source.js';
import { mistakeFinding } from './mistakes.js';
import type { ModelKernel } from './model.js';
import type { CheckResult, Hover } from './types.js';

/** What was read of a file. */
export interface KernelReading {
  readonly table: SourceTable;
  readonly facts: ProgramFacts;
  /** Functions of the file, in order. */
  readonly functions: readonly IrFunction[];
}

/** Functions of which somebody takes the address. */
function namesTaken(program: Program, known: ReadonlySet<string>): ReadonlySet<string> {
  const out = new Set<string>();
  const note = (e: IrExpr): void => {
    const object = objectOf(e);
    if (object.kind === 'ident' && known.has(object.name)) out.add(object.name);
  };
  for (const g of program.globals.values()) for (const i of g.init) note(i.value);
  for (const fn of program.functions.values())
    for (const i of fn.code)
      if (i.op === 'assign') note(i.value);
      else if (i.op === 'call') i.args.forEach(note);
  return out;
}

export class KernelDocument {
  #last: { readonly text: string; readonly reading: KernelReading } | undefined;

  constructor(
    readonly kernel: ModelKernel,
    readonly parser: CParser,
    readonly uri: string,
  ) {}

  read(text: string): KernelReading {
    if (this.#last?.text === text) return this.#last.reading;
    const { kernel, uri } = this;
    const table = kernel.table.fork();
    const unit = this.parser.parseFile(table.add({ name: uri, uri, text }));
    const { env, contracts } = kernel.reading(kernel.latest, [unit]);
    const defs = new Set(unit.items.filter((i): i is FunctionDef => i.kind === 'function'));
    const program = kernel.linkIn(env);
    const known = new Set([...defs].map((d) => d.name));
    const taken = namesTaken(program, known);
    // somebody else may call it: by its name, or through a pointer
    const isOpen = (fn: IrFunction): boolean =>
      defs.has(fn.def) && (!fn.def.isStatic || taken.has(fn.name));
    const isOutline = (fn: IrFunction): boolean => !defs.has(fn.def) && !contracts.has(fn.name);
    const options = { shared: kernel.flows, contracts, isOpen, isOutline };
    const facts = new ProgramFacts(program, options);
    const functions = [...defs].map(
      (def) => program.functions.get(def.name) ?? kernel.lowered.lower(def, env).fn,
    );
    const reading = { table, facts, functions };
    this.#last = { text, reading };
    return reading;
  }

  /** Findings of the file. Nothing in it is new, so all of them are told. */
  check(text: string): CheckResult {
    const { table, facts, functions } = this.read(text);
    const protocol = new Protocol(facts, new Order(facts.program));
    const findings = functions
      .flatMap((fn) => protocol.mistakesIn(fn))
      .map((m) => mistakeFinding(m, table, () => []))
      .sort((a, b) => a.at.line - b.at.line || (a.id < b.id ? -1 : 1));
    return {
      ...{ uri: this.uri, form: 'file', messages: 0, changes: [], findings, traces: [], notes: [] },
      ...(findings.length === 0
        ? { silence: `nothing found in ${functions.length} functions` }
        : {}),
      complete: true,
    };
  }

  /** Facts at a place: 0-based line and character. */
  at(text: string, line: number, character: number): Hover | undefined {
    const { table, facts, functions } = this.read(text);
    const watched = [...new Set(this.kernel.rules().map((r) => r.held))];
    for (const fn of functions) {
      const { loc } = fn.def;
      const offset = table.offsetAt(loc.src, line, character);
      if (offset === undefined || offset < loc.start || offset > loc.end) continue;
      const found = factsAt(fn, facts, table, loc.src, offset);
      if (found) return { facts: found, range: table.docRange(found.loc), table, watched };
    }
    return undefined;
  }
}
