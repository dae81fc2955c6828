/** What is frozen while a set of threads stands still, as WebAssembly: frozen.ts is the plain form. */
import { OPENED } from '../control.js';
import * as at from '../guide-at.js';
import {
  LACKING,
  bitOf,
  byThread,
  c,
  call,
  changesOf,
  eachBit,
  eachThread,
  gate,
  has,
  not,
  of,
  put,
  situation,
} from './calls.js';
import * as w from './code.js';
import type { Func } from './code.js';
import { Block } from './function.js';
import { control, keep } from './shape.js';

/** (array of touched sets by thread, gates, set) → threads outside the set that may change one of the gates. */
function changers(): Func {
  const f = new Block(3);
  const [array, gates, set] = [0, 1, 2];
  const [q, by] = [f.local(), f.local()];
  const touched = w.load(w.add(w.get(array), w.shl(w.get(q), c(2))));
  const body = [
    eachThread(
      q,
      w.when(w.isZero(has(w.get(set), q)), [
        w.when(w.and(changesOf(touched), w.get(gates)), w.set(by, w.or(w.get(by), bitOf(q)))),
      ]),
    ),
    w.get(by),
  ];
  return { name: 'changers', params: 3, locals: f.extra, body };
}

/** (set) → 0, or what is lacking. */
function freeze(): Func {
  const f = new Block(1);
  const set = 0;
  const [q, g, rest, more, all, pinned, changed, thawed, falls, touched, drop, address] = [
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
  ];
  const start = w.when(has(w.get(set), q), w.set(pinned, w.or(w.get(pinned), of(at.PINS, q))), [
    w.set(all, of(at.LEAST, q)),
    put(at.REACH, q, w.get(all)),
    put(at.LEFT, q, of(at.MATTER, q)),
    w.set(changed, w.or(w.get(changed), changesOf(w.get(all)))),
  ]);
  const stays = w.select(
    byThread(w.get(address), q, at.GATE_NOT_ZERO),
    c(0),
    has(w.get(pinned), g),
  );
  const thawOne = [
    w.set(
      drop,
      w.and(w.and(of(at.LEFT, q), byThread(w.get(address), q, at.GATE_LITERALS)), not(stays)),
    ),
    w.when(w.get(drop), [
      put(at.LEFT, q, w.and(of(at.LEFT, q), not(w.get(drop)))),
      w.set(touched, w.or(w.get(touched), bitOf(q))),
    ]),
  ];
  const thaw = eachBit(rest, w.get(falls), g, [
    w.set(address, gate(g)),
    eachBit(more, w.and(w.load(w.get(address), 16), not(w.get(set))), q, thawOne),
  ]);
  const reach = eachBit(rest, w.get(touched), q, [
    w.set(all, call('future', w.get(q), of(at.LOCAL, q), of(at.LEFT, q))),
    w.when(w.equal(w.get(all), c(LACKING)), w.leave(c(LACKING))),
    put(at.REACH, q, w.get(all)),
    w.set(changed, w.or(w.get(changed), changesOf(w.get(all)))),
  ]);
  const again = w.label();
  const round = [
    w.set(falls, w.and(w.and(w.get(changed), control(at.ACTIVE)), not(w.get(thawed)))),
    w.when(w.get(falls), [
      w.set(thawed, w.or(w.get(thawed), w.get(falls))),
      w.set(touched, c(0)),
      thaw,
      reach,
      w.br(again),
    ]),
  ];
  const body = [
    eachThread(q, start),
    keep(at.PINNED, w.get(pinned)),
    { kind: 'loop' as const, label: again, body: round },
    keep(at.THAWED, w.get(thawed)),
    c(0),
  ];
  return { name: 'freeze', params: 1, locals: f.extra, body };
}

/** (address of the row) → 0, or what is lacking. All leaves of the row are opened, all its situations known. */
function look(): Func {
  const f = new Block(1);
  const row = 0;
  const [g, q, rest, address, code, held, mask, any, active, place, local, set] = [
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
  ];
  const field = w.shr(
    w.load(w.add(w.get(row), w.and(w.get(place), c(0xffff)))),
    w.shr(w.get(place), c(16)),
  );
  const literals = byThread(w.get(address), q, at.GATE_LITERALS);
  const hold = eachBit(rest, w.load(w.get(address), 16), q, [
    w.set(mask, c(0)),
    // No literal holds for a code that came up later.
    w.when(w.get(held), w.set(mask, byThread(w.get(held), q, 0))),
    w.set(any, w.or(w.get(any), w.get(mask))),
    put(at.HOLDING, q, w.or(w.and(of(at.HOLDING, q), not(literals)), w.get(mask))),
  ]);
  const heldAt = w.add(
    w.load(w.get(address), 8),
    w.shl(w.mul(w.get(code), control(at.THREAD_COUNT)), c(2)),
  );
  const oneGate = [
    w.set(place, w.load(w.get(address))),
    w.set(code, w.and(field, w.load(w.get(address), 4))),
    w.when(w.differ(w.get(code), of(at.BEFORE, g)), [
      put(at.BEFORE, g, w.get(code)),
      w.set(held, w.select(heldAt, c(0), w.below(w.get(code), w.load(w.get(address), 12)))),
      w.set(any, c(0)),
      hold,
      w.set(active, w.and(w.get(active), not(bitOf(g)))),
      w.when(w.get(any), w.set(active, w.or(w.get(active), bitOf(g)))),
    ]),
    w.bump(address, at.GATE_BYTES),
  ];
  const opened = (offset: number): w.Code => w.load(w.shl(w.get(q), c(3)), OPENED + offset);
  const fresh = [
    w.set(set, call('future', w.get(q), w.get(local), w.get(held))),
    w.when(w.equal(w.get(set), c(LACKING)), w.leave(c(LACKING))),
    put(at.LOCAL, q, w.get(local)),
    put(at.HELD, q, w.get(held)),
    put(at.LEAST, q, w.get(set)),
    w.set(address, situation(q, w.get(local))),
    put(at.MATTER, q, w.and(w.get(held), w.load(w.get(address)))),
    put(at.PINS, q, w.load(w.get(address), 4)),
  ];
  const factsOf = [
    w.set(code, w.load(opened(0))),
    w.set(address, c(0)),
    w.when(
      w.below(w.get(code), control(at.FACTS_ROOM)),
      w.set(address, w.load(w.add(control(at.FACTS), w.shl(w.get(code), c(2))))),
    ),
    w.when(w.isZero(w.get(address)), [keep(at.WANTED_LEAF, w.get(code)), w.leave(c(LACKING))]),
    put(at.FACT, q, w.get(address)),
    put(at.HARD, q, c(-1)),
  ];
  const body = [
    w.set(active, control(at.ACTIVE)),
    w.set(address, control(at.GATES)),
    w.set(g, c(0)),
    w.during(w.below(w.get(g), control(at.GATE_COUNT)), [oneGate, w.bump(g, 1)]),
    keep(at.ACTIVE, w.get(active)),
    eachThread(q, [
      w.set(local, opened(4)),
      w.set(held, of(at.HOLDING, q)),
      w.when(
        w.or(w.differ(w.get(local), of(at.LOCAL, q)), w.differ(w.get(held), of(at.HELD, q))),
        fresh,
      ),
      factsOf,
    ]),
    keep(at.STAMP, w.add(control(at.STAMP), c(1))),
    c(0),
  ];
  return { name: 'look', params: 1, locals: f.extra, body };
}

export const frozenFunctions = (): readonly Func[] => [changers(), freeze(), look()];
