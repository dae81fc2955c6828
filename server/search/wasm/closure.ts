/** The smallest closed set around some threads, as WebAssembly: closure.ts in the folder above is the plain form. */
import * as at from '../guide-at.js';
import {
  LACKING,
  bitOf,
  byThread,
  c,
  call,
  eachBit,
  eachThread,
  gate,
  has,
  not,
  of,
  put,
  touchedAt,
} from './calls.js';
import * as w from './code.js';
import type { Code, Func } from './code.js';
import { Block } from './function.js';
import { control, keep } from './shape.js';

const WAYS = 8;

const union = (all: readonly Code[]): Code => all.reduce((a, b) => w.or(a, b));
const eachWord = (setWords: number, make: (i: number) => Code): readonly Code[] =>
  Array.from({ length: setWords }, (_, i) => make(i));

/** (facts, touched set) → whether a thread that may touch the set disturbs the step. */
function disturbs(setWords: number): Func {
  const f = new Block(2);
  const [facts, other] = [0, 1];
  const [x, y, any] = [f.local(), f.local(), f.local()];
  const part = (set: number, kind: number, i: number): Code =>
    w.load(w.get(set), 4 * (kind * setWords + i));
  const [read, written, added] = [0, 1, 2];
  const conflict = eachWord(setWords, (i) => {
    const yw = part(y, written, i);
    const ya = part(y, added, i);
    const reads = w.and(part(x, read, i), w.or(yw, ya));
    const writes = w.and(part(x, written, i), w.or(part(y, read, i), w.or(yw, ya)));
    const adds = w.and(part(x, added, i), w.or(part(y, read, i), yw));
    return w.or(w.or(reads, writes), adds);
  });
  const seen = eachWord(setWords, (i) =>
    w.and(w.or(part(y, written, i), part(y, added, i)), w.load(control(at.WATCHED), 4 * i)),
  );
  const body = [
    w.set(x, touchedAt(w.load(w.get(facts), at.FACT_TOUCHED), setWords)),
    w.set(y, touchedAt(w.get(other), setWords)),
    w.set(any, union(conflict)),
    w.when(
      w.and(w.load(w.get(facts)), c(at.IS_WATCHED)),
      w.set(any, w.or(w.get(any), union(seen))),
    ),
    w.differ(w.get(any), c(0)),
  ];
  return { name: 'disturbs', params: 2, locals: f.extra, body };
}

/** (set) → the set with all that disturbs its threads even while all that holds is frozen. */
function hard(): Func {
  const f = new Block(1);
  const set = 0;
  const [rest, p, q, by] = [f.local(), f.local(), f.local(), f.local()];
  const ask = [
    w.set(by, c(0)),
    w.when(
      w.and(w.load(of(at.FACT, p)), c(at.MOVES)),
      eachThread(
        q,
        w.when(
          w.differ(w.get(q), w.get(p)),
          w.when(
            call('disturbs', of(at.FACT, p), of(at.LEAST, q)),
            w.set(by, w.or(w.get(by), bitOf(q))),
          ),
        ),
      ),
    ),
    put(at.HARD, p, w.get(by)),
  ];
  const body = [
    w.set(rest, w.get(set)),
    w.during(w.get(rest), [
      w.set(p, w.lowest(w.get(rest))),
      w.set(by, of(at.HARD, p)),
      w.when(w.equal(w.get(by), c(-1)), ask),
      w.set(
        rest,
        w.or(w.and(w.get(rest), w.sub(w.get(rest), c(1))), w.and(w.get(by), not(w.get(set)))),
      ),
      w.set(set, w.or(w.get(set), w.get(by))),
    ]),
    w.get(set),
  ];
  return { name: 'hard', params: 1, locals: f.extra, body };
}

/** (threads) → 0: one more choice. */
function offer(): Func {
  const count = control(at.CHOICE_COUNT);
  const body = [
    w.when(w.below(count, c(WAYS)), w.store(w.shl(count, c(2)), at.CHOICES, w.get(0))),
    keep(at.CHOICE_COUNT, w.add(count, c(1))),
    c(0),
  ];
  return { name: 'offer', params: 1, locals: 0, body };
}

/** (threads, few) → how many the fewest are, when these are offered unless others are fewer. */
function fewer(): Func {
  const f = new Block(2);
  const [threads, few] = [0, 1];
  const n = f.local();
  const body = [
    w.set(n, w.population(w.get(threads))),
    w.when(w.or(w.above(w.get(n), w.get(few)), w.isZero(w.get(n))), w.leave(w.get(few))),
    w.when(w.below(w.get(n), w.get(few)), keep(at.CHOICE_COUNT, c(0))),
    w.drop(call('offer', w.get(threads))),
    w.get(n),
  ];
  return { name: 'fewer', params: 2, locals: f.extra, body };
}

const gateOf = (thread: number, literal: number): Code =>
  w.load(
    w.add(control(at.GATE_OF), w.shl(w.add(w.shl(w.get(thread), c(5)), w.get(literal)), c(2))),
  );

/** (thread, literals) → whether one of the literals is frozen. */
function keeps(): Func {
  const f = new Block(2);
  const [thread, literals] = [0, 1];
  const [rest, n, g] = [f.local(), f.local(), f.local()];
  const body = [
    eachBit(rest, w.get(literals), n, [
      w.set(g, gateOf(thread, n)),
      w.when(w.isZero(has(control(at.THAWED), g)), w.leave(c(1))),
      w.when(
        w.and(has(control(at.PINNED), g), has(byThread(gate(g), thread, at.GATE_NOT_ZERO), n)),
        w.leave(c(1)),
      ),
    ]),
    c(0),
  ];
  return { name: 'keeps', params: 2, locals: f.extra, body };
}

/** (thread, set) → 0: choices against one that disturbs only behind something thawed. */
function against(): Func {
  const f = new Block(2);
  const [q, set] = [0, 1];
  const [rest, g, by] = [f.local(), f.local(), f.local()];
  const literals = byThread(gate(g), q, at.GATE_LITERALS);
  const body = [
    w.drop(call('offer', bitOf(q))),
    eachBit(
      rest,
      w.and(control(at.THAWED), of(at.USED, q)),
      g,
      w.when(w.and(literals, of(at.HOLDING, q)), [
        w.set(by, call('changers', c(at.LEAST), bitOf(g), w.get(set))),
        w.when(
          w.and(w.differ(w.get(by), c(0)), w.differ(w.get(by), bitOf(q))),
          w.leave(call('offer', w.get(by))),
        ),
      ]),
    ),
    c(0),
  ];
  return { name: 'against', params: 2, locals: f.extra, body };
}

/** (thread, facts, set) → 0: choices so that a blocked thread stays blocked; none when it does. */
function unblocking(setWords: number): Func {
  const f = new Block(3);
  const [p, facts, set] = [0, 1, 2];
  const [keys, rest, n, g, few, closing, by, h] = [
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
  ];
  const pinning = w.when(
    w.isZero(has(w.get(set), h)),
    w.when(has(of(at.PINS, h), g), w.set(few, call('fewer', bitOf(h), w.get(few)))),
  );
  const oneGate = [
    w.set(by, call('changers', c(at.LEAST), bitOf(g), w.get(set))),
    w.when(w.isZero(w.get(by)), w.set(by, call('changers', c(at.REACH), bitOf(g), w.get(set)))),
    w.set(few, call('fewer', w.get(by), w.get(few))),
    w.when(w.and(byThread(gate(g), p, at.GATE_NOT_ZERO), w.get(keys)), eachThread(h, pinning)),
  ];
  const touched = w.get(n);
  const changes = eachWord(setWords, (i) =>
    w.and(
      w.or(w.load(touched, 4 * (setWords + i)), w.load(touched, 4 * (2 * setWords + i))),
      w.load(w.get(facts), at.FACT_NEEDS + 4 * i),
    ),
  );
  const enders = eachThread(
    h,
    w.when(w.isZero(has(w.get(set), h)), [
      w.set(n, touchedAt(of(at.REACH, h), setWords)),
      w.when(union(changes), w.set(by, w.or(w.get(by), bitOf(h)))),
    ]),
  );
  const body = [
    w.set(keys, w.and(w.load(w.get(facts), at.FACT_KEYS), of(at.HOLDING, p))),
    w.when(call('keeps', w.get(p), w.get(keys)), w.leave(c(0))),
    w.set(few, c(31)),
    eachBit(rest, w.get(keys), n, [
      w.set(g, gateOf(p, n)),
      w.set(closing, w.or(w.get(closing), bitOf(g))),
    ]),
    eachBit(rest, w.get(closing), g, oneGate),
    w.when(w.get(keys), w.leave(c(0))),
    w.set(by, c(0)),
    enders,
    w.when(w.get(by), w.leave(call('offer', w.get(by)))),
    c(0),
  ];
  return { name: 'unblocking', params: 3, locals: f.extra, body };
}

/** (set) → 0 with choices for it, none when it is closed, or what is lacking. */
function find(): Func {
  const f = new Block(1);
  const set = 0;
  const [p, q, rest, more, facts, other, outside] = [
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
  ];
  const all = w.sub(w.shl(c(1), control(at.THREAD_COUNT)), c(1));
  const disturbing = [
    w.set(other, of(at.REACH, q)),
    // What it may touch at least was compared before.
    w.when(
      w.differ(w.get(other), of(at.LEAST, q)),
      w.when(
        call('disturbs', w.get(facts), w.get(other)),
        w.leave(call('against', w.get(q), w.get(set))),
      ),
    ),
  ];
  const is = (flag: number): Code => w.and(w.load(w.get(facts)), c(flag));
  const body = [
    keep(at.CHOICE_COUNT, c(0)),
    w.when(call('freeze', w.get(set)), w.leave(c(LACKING))),
    w.set(outside, w.and(not(w.get(set)), all)),
    eachBit(rest, w.get(set), p, [
      w.set(facts, of(at.FACT, p)),
      w.when(
        is(at.BLOCKED),
        [
          w.drop(call('unblocking', w.get(p), w.get(facts), w.get(set))),
          w.when(control(at.CHOICE_COUNT), w.leave(c(0))),
        ],
        w.when(is(at.MOVES), eachBit(more, w.get(outside), q, disturbing)),
      ),
    ]),
    c(0),
  ];
  return { name: 'find', params: 1, locals: f.extra, body };
}

/** (set) → address of the slot with its choices, or what is lacking. */
function slot(): Func {
  const f = new Block(1);
  const set = 0;
  const [address, i] = [f.local(), f.local()];
  const home = w.shr(w.mul(w.get(set), c(0x9e3779b1)), c(26));
  const known = w.and(
    w.equal(w.load(w.get(address)), control(at.STAMP)),
    w.equal(w.load(w.get(address), 4), w.get(set)),
  );
  const copied = [
    w.store(
      w.add(w.get(address), w.shl(w.get(i), c(2))),
      12,
      w.load(w.shl(w.get(i), c(2)), at.CHOICES),
    ),
    w.bump(i, 1),
  ];
  const body = [
    w.set(address, w.add(c(at.SLOTS), w.mul(home, c(at.SLOT_BYTES)))),
    w.when(known, w.leave(w.get(address))),
    w.when(call('find', w.get(set)), w.leave(c(LACKING))),
    w.store(w.get(address), 0, control(at.STAMP)),
    w.store(w.get(address), 4, w.get(set)),
    w.store(w.get(address), 8, control(at.CHOICE_COUNT)),
    w.during(
      w.and(w.below(w.get(i), c(WAYS)), w.below(w.get(i), control(at.CHOICE_COUNT))),
      copied,
    ),
    w.get(address),
  ];
  return { name: 'slot', params: 1, locals: f.extra, body };
}

/** (seed, way, enabled, most, never) → as `close` of the plain form, or what is lacking. */
function close(): Func {
  const f = new Block(5);
  const [set, way, enabled, most, never] = [0, 1, 2, 3, 4];
  const [found, choices, period, n] = [f.local(), f.local(), f.local(), f.local()];
  const again = w.label();
  /** Smallest common multiple as far as ways differ by it. */
  const common = [
    w.set(n, w.get(period)),
    w.during(
      w.and(w.below(w.get(n), c(WAYS)), w.differ(w.remainder(w.get(n), w.get(choices)), c(0))),
      w.set(n, w.add(w.get(n), w.get(period))),
    ),
    w.set(period, w.select(w.get(n), c(WAYS), w.below(w.get(n), c(WAYS)))),
  ];
  const chosen = w.shl(w.remainder(w.get(way), w.get(choices)), c(2));
  const isEnough = w.or(
    w.and(w.get(set), w.get(never)),
    w.atLeast(w.population(w.and(w.get(set), w.get(enabled))), w.get(most)),
  );
  const leave = [keep(at.PERIOD, w.get(period)), w.leave(w.get(set))];
  const round = [
    w.set(set, call('hard', w.get(set))),
    w.when(isEnough, leave),
    w.set(found, call('slot', w.get(set))),
    w.when(w.equal(w.get(found), c(LACKING)), w.leave(c(LACKING))),
    w.set(choices, w.load(w.get(found), 8)),
    w.when(w.isZero(w.get(choices)), leave),
    w.when(w.above(w.get(choices), c(1)), common),
    w.set(set, w.or(w.get(set), w.load(w.add(w.get(found), chosen), 12))),
    w.br(again),
  ];
  const body = [
    w.set(period, c(1)),
    { kind: 'loop' as const, label: again, body: round },
    c(LACKING),
  ];
  return { name: 'close', params: 5, locals: f.extra, body };
}

/** `setWords`: words of a set of variables. */
export const closureFunctions = (setWords: number): readonly Func[] => [
  disturbs(setWords),
  hard(),
  offer(),
  fewer(),
  keeps(),
  against(),
  unblocking(setWords),
  find(),
  slot(),
  close(),
];
