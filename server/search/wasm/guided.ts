/** The loop that chooses threads by closed sets, as WebAssembly: closed-sets.ts is the plain form of the choice. */
import {
  ASIDE,
  CAPACITY,
  COUNT,
  DIRECTORY,
  DONE,
  ENABLED,
  FAILING,
  FULL,
  LIMIT,
  MISSING,
  NEXT,
  OPENED,
  SPARE,
  SPECIAL,
  UNKNOWN,
} from '../control.js';
import * as at from '../guide-at.js';
import {
  LACKING,
  bitOf,
  c,
  call,
  eachBit,
  eachThread,
  isSingle,
  not,
  of,
  situation,
} from './calls.js';
import * as w from './code.js';
import type { Code, Func } from './code.js';
import { Block } from './function.js';
import { control, keep } from './shape.js';
import type { Shape } from './shape.js';

const WAYS = 8;

/** (seed, enabled, best, never) → enabled threads of the closed set with the fewest, or what is lacking. */
function fewest(): Func {
  const f = new Block(4);
  const [seed, enabled, least, never] = [0, 1, 2, 3];
  const [way, done, set, moving, same] = [f.local(), f.local(), f.local(), f.local(), f.local()];
  const out = w.label();
  const size = (mask: number): Code => w.population(w.get(mask));
  const oneWay = [
    w.set(set, call('close', w.get(seed), w.get(way), w.get(enabled), size(least), w.get(never))),
    w.when(w.equal(w.get(set), c(LACKING)), w.leave(c(LACKING))),
    w.set(moving, w.and(w.get(set), w.get(enabled))),
    w.when(w.isZero(w.get(moving)), [keep(at.IDLE, w.get(set)), w.br(out)]),
    w.when(
      w.isZero(w.and(w.get(set), w.get(never))),
      w.when(w.below(size(moving), size(least)), w.set(least, w.get(moving))),
    ),
    w.brIf(out, w.or(w.equal(control(at.PERIOD), c(1)), isSingle(w.get(least)))),
    w.set(same, w.add(w.get(way), control(at.PERIOD))),
    w.during(w.below(w.get(same), c(WAYS)), [
      w.set(done, w.or(w.get(done), bitOf(same))),
      w.set(same, w.add(w.get(same), control(at.PERIOD))),
    ]),
  ];
  const isDone = w.and(w.shr(w.get(done), w.get(way)), c(1));
  const body = [
    w.block(
      out,
      w.during(w.below(w.get(way), c(WAYS)), [w.when(w.isZero(isDone), oneWay), w.bump(way, 1)]),
    ),
    w.get(least),
  ];
  return { name: 'fewest', params: 4, locals: f.extra, body };
}

/** Leaves with what is lacking, or with the best when it has one thread. */
const leaveWhen = (best: number): Code =>
  w.when(w.or(w.equal(w.get(best), c(LACKING)), isSingle(w.get(best))), w.leave(w.get(best)));

/** (enabled, failing) → as `free` of the plain form, the row looked at. */
function free(): Func {
  const f = new Block(2);
  const [enabled, failing] = [0, 1];
  const [rest, t, best] = [f.local(), f.local(), f.local()];
  const body = [
    w.set(best, w.get(enabled)),
    eachBit(rest, w.and(w.get(enabled), not(w.get(failing))), t, [
      w.set(best, call('fewest', bitOf(t), w.get(enabled), w.get(best), w.get(failing))),
      leaveWhen(best),
    ]),
    w.get(best),
  ];
  return { name: 'free', params: 2, locals: f.extra, body };
}

/** (threads, enabled, ends) → as `asked` of the plain form, the row looked at. */
function asked(): Func {
  const f = new Block(3);
  const [threads, enabled, ends] = [0, 1, 2];
  const [rest, t, best, idle] = [f.local(), f.local(), f.local(), f.local()];
  const around = (seed: Code): Code =>
    w.set(best, call('fewest', seed, w.get(enabled), w.get(best), c(0)));
  const body = [
    w.set(best, w.get(enabled)),
    keep(at.IDLE, c(0)),
    w.when(w.get(threads), [
      around(w.get(threads)),
      w.when(w.equal(w.get(best), c(LACKING)), w.leave(c(LACKING))),
      w.when(w.isZero(control(at.IDLE)), w.leave(w.get(best))),
      w.when(w.isZero(w.get(ends)), w.leave(c(0))),
    ]),
    w.set(idle, control(at.IDLE)),
    eachBit(rest, w.get(enabled), t, [around(w.or(w.get(idle), bitOf(t))), leaveWhen(best)]),
    w.get(best),
  ];
  return { name: 'asked', params: 3, locals: f.extra, body };
}

/** Rows in order, each by the threads that are chosen for it; what must be seen to outside ends it. */
function guided(shape: Shape): Func {
  const f = new Block(4);
  const [n, to, limit, mode] = [0, 1, 2, 3];
  const [enabled, chosen, t, local, may, status] = [
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
  ];
  const out = w.label();
  const stop = (condition: Code, why: number): Code =>
    w.when(condition, [w.set(status, c(why)), w.br(out)]);
  const oneThread = [
    w.set(local, w.load(w.shl(w.get(t), c(3)), OPENED + 4)),
    // A situation that came up later.
    stop(w.atLeast(w.get(local), of(at.SITUATION_COUNT, t)), ASIDE),
    w.when(
      w.and(w.load(situation(t, w.get(local)), 8), control(at.OPEN)),
      w.set(may, w.or(w.get(may), bitOf(t))),
    ),
  ];
  const row = shape.row(control(DIRECTORY), w.get(n));
  const isFree = w.isZero(w.get(mode));
  const isFair = w.or(w.isZero(w.get(mode)), w.equal(w.get(mode), c(at.ASKED_AND_SURPRISES)));
  const choose = [
    w.set(may, c(0)),
    eachThread(t, oneThread),
    w.set(chosen, call('look', row)),
    w.when(
      w.isZero(w.get(chosen)),
      w.when(
        isFree,
        w.set(chosen, call('free', w.get(enabled), control(FAILING))),
        w.set(
          chosen,
          call('asked', w.get(may), w.get(enabled), w.atLeast(w.get(mode), c(at.ASKED_AND_ENDS))),
        ),
      ),
    ),
    stop(w.equal(w.get(chosen), c(LACKING)), UNKNOWN),
  ];
  // Where ends are looked for, or anything at all, a thread alone is its own closed set.
  const mustChoose = w.or(w.equal(w.get(mode), c(at.ASKED)), w.isZero(isSingle(w.get(enabled))));
  const others = w.and(w.get(enabled), not(w.get(chosen)));
  const expand = [
    stop(w.atLeast(control(COUNT), w.get(limit)), LIMIT),
    stop(w.above(w.add(control(COUNT), control(SPARE)), control(CAPACITY)), FULL),
    stop(call('open', w.get(n)), MISSING),
    stop(control(SPECIAL), ASIDE),
    w.set(enabled, control(ENABLED)),
    stop(w.isZero(w.get(enabled)), ASIDE),
    w.set(chosen, w.get(enabled)),
    w.when(mustChoose, choose),
    w.set(local, call('take', w.get(n), w.get(chosen))),
    // No successor waits to be expanded: nothing is put off for ever.
    w.when(isFair, w.when(w.isZero(w.get(local)), w.drop(call('take', w.get(n), others)))),
    w.bump(n, 1),
  ];
  const body = [
    w.set(status, c(DONE)),
    w.block(out, w.during(w.below(w.get(n), w.get(to)), expand)),
    keep(NEXT, w.get(n)),
    w.get(status),
  ];
  return { name: 'guided', params: 4, locals: f.extra, body };
}

export const guidedFunctions = (shape: Shape): readonly Func[] => [
  fewest(),
  free(),
  asked(),
  guided(shape),
];
