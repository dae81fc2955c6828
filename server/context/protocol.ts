/**
 * Mistakes in the use of locks that show in one function: something left held at a return, taken
 * twice, slept under a spinlock, taken against the order that the kernel's C declares or that another
 * function uses. In: a function and what is known of its callees. Out: places with the two sides of
 * the argument. Never: a place where something is not certain.
 */
import type { IrFunction, Loc } from '../csource/ir.js';
import { NO_FOLD } from './constants.js';
import type { Nested } from './flow.js';
import { Flow } from './flow.js';
import { successorsOf } from './steps.js';
import type { Held } from './held.js';
import { originOf } from './held.js';
import { leaksOf } from './leaks.js';
import type { Order } from './order.js';
import { Pairs } from './order.js';
import type { ProgramFacts } from './program.js';
import { Sleeps } from './sleeps.js';
import type { WitnessStep } from './witness.js';
import { decisions, pathTo } from './witness.js';

/** Ids of the rules; their pages are in the kernel's C. */
export type ProtocolRule = 'RL-LEFT-HELD' | 'RL-TAKEN-TWICE' | 'RL-SLEEP-ATOMIC' | 'RL-LOCK-ORDER';

export interface Mistake {
  readonly rule: ProtocolRule;
  readonly function: string;
  readonly at: Loc;
  readonly message: string;
  /** What a reader has to look at, in order. */
  readonly witness: readonly WitnessStep[];
  /** Stays the same when lines move: rule, function, class and what is called. */
  readonly key: string;
}

function nameOf(h: Held): string {
  if (h.object === '' || h.object === h.class) return h.class;
  return h.named ? `${h.class} of ${h.object}` : h.object;
}

function taken(h: Held): WitnessStep {
  return { at: h.at, text: `${nameOf(h)} taken here` };
}

/** Held at entry for no other reason than that the function gives it back in the end. */
function isGivenBack(h: Held, fn: IrFunction): boolean {
  return h.from === 'caller' && h.at === fn.def.nameLoc;
}

/**
 * Whether a round of a loop may leave out a lock that it takes: under a condition that depends on more
 * than is followed, it is not taken in the round after it was.
 */
function isSkipped(flow: Flow, { pc, state }: Nested): boolean {
  const path = pathTo(pc, state);
  const at = path.findLastIndex((p, i) => i < path.length - 1 && isFork(flow.fn, p.pc));
  const fork = path[at];
  const instr = fork && flow.fn.code[fork.pc];
  if (!fork || instr?.op !== 'branch') return false;
  const other = path[at + 1]?.pc === instr.then ? instr.else : instr.then;
  const seen = new Set([pc]);
  const work = [other];
  for (let p = work.pop(); p !== undefined; p = work.pop()) {
    if (p === fork.pc) return true;
    const next = flow.fn.code[p];
    if (!next || seen.has(p)) continue;
    seen.add(p);
    work.push(...successorsOf(next, p));
  }
  return false;
}

function isFork(fn: IrFunction, pc: number): boolean {
  const instr = fn.code[pc];
  return instr?.op === 'branch' && instr.then !== instr.else;
}

/** Protocol of the functions of one text. */
export class Protocol {
  readonly #sleeps: Sleeps;
  readonly #pairs = new Pairs();

  constructor(
    readonly facts: ProgramFacts,
    readonly order: Order,
  ) {
    this.#sleeps = new Sleeps(facts);
  }

  /** Mistakes in a function. `isReturn`: whether a place at which the text ends is a return. */
  mistakesIn(fn: IrFunction, isReturn: (at: Loc) => boolean = () => true): readonly Mistake[] {
    const { facts } = this;
    const entry = facts.entry(fn.name).filter((h) => h.certain);
    if (Flow.isQuiet(fn, facts) && !entry.some((h) => h.atomic)) return [];
    const flow = new Flow(fn, facts, NO_FOLD);
    flow.run(entry);
    return [
      ...this.#left(flow).filter((m) => fn.def.extent === 'whole' || isReturn(m.at)),
      ...this.#twice(flow),
      ...this.#asleep(flow),
      ...this.#ordered(flow),
    ];
  }

  #left(flow: Flow): readonly Mistake[] {
    const { fn } = flow;
    const known = (name: string): boolean => this.facts.callee(name) !== undefined;
    const declared = this.facts.contract(fn.name).summary.variants.flatMap((v) => v.acquires);
    const classes = new Set(declared.map((a) => a.class));
    return leaksOf(flow, known, classes).map(({ at, held, keeps, releases }) => ({
      rule: 'RL-LEFT-HELD' as const,
      function: fn.name,
      at,
      message: `${nameOf(held)} is still held at this return`,
      witness: [
        taken(held),
        ...keeps,
        { at, text: 'returns with it' },
        ...releases.map((loc) => ({ at: loc, text: 'given back here on another path' })),
      ],
      key: `RL-LEFT-HELD|${fn.name}|${held.class}`,
    }));
  }

  #twice(flow: Flow): readonly Mistake[] {
    const { fn } = flow;
    const out = new Map<string, Mistake>();
    for (const n of flow.nested) {
      const { held, taken: now } = n;
      if (held.class !== now.class || held.key !== now.key || (held.shared && now.shared)) continue;
      if ((held.named && held.shared) || held.doubt || isGivenBack(held, fn)) continue;
      if (originOf(held) === originOf(now) && isSkipped(flow, n)) continue;
      const key = `RL-TAKEN-TWICE|${fn.name}|${now.class}|${originOf(now)}`;
      if (out.has(key)) continue;
      out.set(key, {
        rule: 'RL-TAKEN-TWICE',
        function: fn.name,
        at: now.at,
        message: `${nameOf(now)} is taken again while it is held`,
        witness: [taken(held), ...this.#between(flow, n), { at: now.at, text: 'and again here' }],
        key: `RL-TAKEN-TWICE|${fn.name}|${now.class}`,
      });
    }
    return [...out.values()];
  }

  #between(flow: Flow, { pc, state, held }: Nested): readonly WitnessStep[] {
    const path = pathTo(pc, state);
    const from = path.findLastIndex((p) => flow.fn.code[p.pc]?.loc.start === held.at.start);
    return decisions(flow.fn, path.slice(Math.max(0, from)));
  }

  #asleep(flow: Flow): readonly Mistake[] {
    const { fn } = flow;
    const out: Mistake[] = [];
    fn.code.forEach((instr, pc) => {
      if (instr.op !== 'call') return;
      let spinning: Held | undefined;
      for (const s of flow.states[pc]?.values() ?? [])
        spinning ??= s.held.find((h) => h.atomic && h.certain && !h.doubt && h.key !== '');
      const sleep = spinning && this.#sleeps.of(instr);
      if (!spinning || !sleep) return;
      const through = sleep.chain.length > 1 ? ` (${sleep.chain.join(' > ')})` : '';
      out.push({
        rule: 'RL-SLEEP-ATOMIC',
        function: fn.name,
        at: instr.loc,
        message: `${sleep.chain[0] ?? ''} ${sleep.why}${through} while ${nameOf(spinning)} is held`,
        witness: [taken(spinning), { at: instr.loc, text: `${sleep.why} here` }],
        key: `RL-SLEEP-ATOMIC|${fn.name}|${spinning.class}|${sleep.chain[0] ?? ''}`,
      });
    });
    return out;
  }

  #ordered(flow: Flow): readonly Mistake[] {
    const { fn } = flow;
    const out = new Map<string, Mistake>();
    for (const { held, taken: now } of flow.nested) {
      const key = `RL-LOCK-ORDER|${fn.name}|${held.class}|${now.class}`;
      if (out.has(key) || (held.shared && held.named) || held.doubt) continue;
      const declared = this.order.against(held, now);
      const pair = { function: fn.name, held, taken: now };
      const other = this.#pairs.opposite(pair, fn, flow.values);
      const why = declared
        ? `the order is ${declared.join(', ')}`
        : other && `${other.function} takes them the other way round`;
      if (why === undefined) continue;
      out.set(key, {
        rule: 'RL-LOCK-ORDER',
        function: fn.name,
        at: now.at,
        message: `${nameOf(now)} is taken under ${nameOf(held)}; ${why}`,
        witness: [
          taken(held),
          { at: now.at, text: `${nameOf(now)} taken under it` },
          ...(other
            ? [
                taken(other.held),
                { at: other.taken.at, text: `${nameOf(other.taken)} taken under it` },
              ]
            : []),
        ],
        key,
      });
    }
    return [...out.values()];
  }
}
