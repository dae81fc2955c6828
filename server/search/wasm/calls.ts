/** The functions of the module, by number, and what those of the closed sets have in common. */
import * as at from '../guide-at.js';
import * as w from './code.js';
import type { Code, Func } from './code.js';
import { control } from './shape.js';

const ORDER = [
  'run',
  'open',
  'take',
  'fill',
  'number',
  'collect',
  'future',
  'changers',
  'freeze',
  'look',
  'disturbs',
  'hard',
  'offer',
  'fewer',
  'keeps',
  'against',
  'unblocking',
  'find',
  'slot',
  'close',
  'fewest',
  'free',
  'asked',
  'guided',
] as const;

export const call = (name: (typeof ORDER)[number], ...args: readonly Code[]): Code =>
  w.call(ORDER.indexOf(name), ...args);

/** The functions as calls number them. */
export function inOrder(functions: readonly Func[]): readonly Func[] {
  return ORDER.map((name) => {
    const fn = functions.find((f) => f.name === name);
    if (!fn) throw new RangeError('a function is called that is not there');
    return fn;
  });
}

/** What functions give back that lack something (`WANTED` says what); no mask of threads is -1. */
export const LACKING = -1;

export const c = w.constant;
export const not = (a: Code): Code => w.xor(a, c(-1));
export const bitOf = (n: number): Code => w.shl(c(1), w.get(n));
/** Whether bit `n` of a mask is set. */
export const has = (mask: Code, n: number): Code => w.and(w.shr(mask, w.get(n)), c(1));
/** Whether a mask has one bit at most. */
export const isSingle = (mask: Code): Code => w.isZero(w.and(mask, w.sub(mask, c(1))));

/** A word of an array by thread (guide-at.ts), and how it is set. */
export const of = (array: number, thread: number): Code =>
  w.load(w.shl(w.get(thread), c(2)), array);
export const put = (array: number, thread: number, value: Code): Code =>
  w.store(w.shl(w.get(thread), c(2)), array, value);

/** Runs the body for each bit of a mask, `n` its number; `rest` is a local of its own. */
export const eachBit = (rest: number, mask: Code, n: number, body: Code): Code => [
  w.set(rest, mask),
  w.during(w.get(rest), [
    w.set(n, w.lowest(w.get(rest))),
    w.set(rest, w.and(w.get(rest), w.sub(w.get(rest), c(1)))),
    body,
  ]),
];

/** Runs the body for each thread. */
export const eachThread = (n: number, body: Code): Code => [
  w.set(n, c(0)),
  w.during(w.below(w.get(n), control(at.THREAD_COUNT)), [body, w.bump(n, 1)]),
];

/** Address of a gate; a word of it that is kept by thread. */
export const gate = (g: number): Code =>
  w.add(control(at.GATES), w.mul(w.get(g), c(at.GATE_BYTES)));
export const byThread = (address: Code, q: number, offset: number): Code =>
  w.load(w.add(address, w.shl(w.get(q), c(2))), offset);

/** Address of a situation. */
export const situation = (q: number, local: Code): Code =>
  w.add(of(at.SITUATIONS, q), w.mul(local, c(at.SITUATION_BYTES)));

/** Gates that a touched set changes. */
export const changesOf = (touched: Code): Code =>
  w.load(w.add(control(at.CHANGES), w.shl(touched, c(2))));
/** Address of a touched set: words read, written, added to. */
export const touchedAt = (touched: Code, setWords: number): Code =>
  w.add(control(at.SETS), w.mul(touched, c(12 * setWords)));
