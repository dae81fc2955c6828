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
import type { FunctionDef, Unit } from '../csource/ast.js';
import type { IrExpr, IrFunction, Program } from '../csource/ir.js';
import type { CParser } from '../csource/parser.js';
import type { SourceTable } from '../csource/source.js';
import type { Finding } from '../../shared/trace.js';
import { suspectFinding } from './check.js';
import { mistakeFinding } from './mistakes.js';
import type { ModelKernel, Profile } from './model.js';
import type { CheckResult, Hover } from './types.js';
import type { VersionReading } from './whole-suspects.js';
import { wholeSuspects } from './whole-suspects.js';

/** What was read of a file. */
export interface KernelReading extends VersionReading {
  readonly table: SourceTable;
  readonly unit: Unit;
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
    const reading = { table, unit, ...this.#readIn(kernel.latest, unit) };
    this.#last = { text, reading };
    return reading;
  }

  /** The file on top of one kernel version; its functions in order. */
  #readIn(profile: Profile, unit: Unit): VersionReading {
    const { kernel } = this;
    const { env, contracts } = kernel.reading(profile, [unit]);
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
    return { facts, functions };
  }

  #suspects(reading: KernelReading): readonly Finding[] {
    const { kernel } = this;
    const oldest = kernel.profiles[0] ?? kernel.latest;
    const older = (): VersionReading => this.#readIn(oldest, reading.unit);
    return wholeSuspects(reading, older, kernel.rules(), kernel.closing()).map((s) =>
      suspectFinding(s, reading.table, []),
    );
  }

  /** Findings of the file. Nothing in it is new, so all of them are told. */
  check(text: string): CheckResult {
    const reading = this.read(text);
    const { table, facts, functions } = reading;
    const protocol = new Protocol(facts, new Order(facts.program));
    const mistakes = functions
      .flatMap((fn) => protocol.mistakesIn(fn))
      .map((m) => mistakeFinding(m, table, () => []));
    const findings = [...mistakes, ...this.#suspects(reading)].sort(
      (a, b) => a.at.line - b.at.line || (a.id < b.id ? -1 : 1),
    );
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
