/**
 * Calls that sleep whatever happens: a wait, or a function declared to sleep, on every way through.
 * Branches on constants that the caller passes are decided: an allocation that may not reclaim does
 * not sleep.
 *
 * Soundness: a function that may sleep on some of its paths is not counted, nor one that gives
 * anything back that its caller holds; so what is reported sleeps.
 */
import type { Instr, IrFunction } from '../csource/ir.js';
import type { Constants } from './constants.js';
import { constantArgs, foldingOf, withConstants } from './constants.js';
import { successorsOf } from './steps.js';
import type { ProgramFacts } from './program.js';

type Call = Instr & { readonly op: 'call' };

/** Why something sleeps: functions from the call on, and what the last one does. */
export interface Sleep {
  readonly chain: readonly string[];
  readonly why: string;
}

export class Sleeps {
  readonly #known = new Map<string, Sleep | undefined>();

  constructor(readonly facts: ProgramFacts) {}

  /** Why a call always sleeps; undefined when it may not. */
  of(call: Call): Sleep | undefined {
    const targets = this.facts.graph.targets(call);
    const [name] = targets;
    if (name === undefined || targets.length > 1) return undefined;
    const declared = this.facts.contract(name).sleeps;
    if (declared !== undefined) return { chain: [name], why: declared };
    const fn = this.facts.callee(name);
    if (!fn) return undefined;
    const constants = constantArgs(fn, call, this.facts.program.types);
    const key = constants ? `${name}(${constants.join()})` : name;
    if (this.#known.has(key)) return this.#known.get(key);
    this.#known.set(key, undefined); // recursion: nothing is known
    const sleep = this.#always(fn, constants ?? []);
    this.#known.set(key, sleep);
    return sleep;
  }

  #always(fn: IrFunction, constants: Constants): Sleep | undefined {
    const { fold } = foldingOf(fn.name, constants, this.facts.program.types);
    let found: Sleep | undefined;
    const seen = new Set<number>();
    const work = [0];
    for (let pc = work.pop(); pc !== undefined; pc = work.pop()) {
      const instr = fn.code[pc];
      if (!instr || seen.has(pc)) continue;
      seen.add(pc);
      const here = this.#at(instr, constants);
      if (here) {
        found ??= { chain: [fn.name, ...here.chain], why: here.why };
        continue;
      }
      if (instr.op === 'return' || this.#releases(instr)) return undefined;
      const decided = instr.op === 'branch' ? fold(instr.cond) : undefined;
      if (instr.op === 'branch' && decided !== undefined)
        work.push(decided === 0 ? instr.else : instr.then);
      else work.push(...successorsOf(instr, pc));
    }
    return found;
  }

  /** It may be the caller's, given back for the time of the sleep. */
  #releases(instr: Instr): boolean {
    if (instr.op === 'intrinsic') return instr.name === '__release';
    return (
      instr.op === 'call' &&
      this.facts.effects(instr)?.variants.some((v) => v.releases.length > 0) === true
    );
  }

  #at(instr: Instr, constants: Constants): Sleep | undefined {
    if (instr.op === 'call')
      return this.of({ ...instr, args: instr.args.map((a) => withConstants(a, constants)) });
    if (instr.op !== 'intrinsic' || instr.name !== '__wait') return undefined;
    return instr.args[0]?.kind === 'number' ? undefined : { chain: [], why: 'waits' };
  }
}
