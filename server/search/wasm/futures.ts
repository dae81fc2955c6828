/** What a thread may still touch, as WebAssembly: futures.ts and touched.ts are the plain form. */
import * as at from '../guide-at.js';
import { LACKING, c, call, of, situation, touchedAt } from './calls.js';
import * as w from './code.js';
import type { Code, Func } from './code.js';
import { Block } from './function.js';
import { control, keep } from './shape.js';

const eachWord = (setWords: number, make: (i: number) => Code): readonly Code[] =>
  Array.from({ length: 3 * setWords }, (_, i) => make(i));

/** Gates whose variable the set at an address changes. */
function gatesOf(f: Block, setWords: number, set: number, mask: number): Code {
  const [g, address, v] = [f.local(), f.local(), f.local()];
  const word = w.add(w.get(set), w.shl(w.shr(w.get(v), c(5)), c(2)));
  const changed = w.or(w.load(word, 4 * setWords), w.load(word, 8 * setWords));
  const bit = w.and(w.shr(changed, w.and(w.get(v), c(31))), c(1));
  return [
    w.set(mask, c(0)),
    w.set(g, c(0)),
    w.set(address, control(at.GATES)),
    w.during(w.below(w.get(g), control(at.GATE_COUNT)), [
      w.set(v, w.load(w.get(address), at.GATE_VAR)),
      w.set(mask, w.or(w.get(mask), w.shl(bit, w.get(g)))),
      w.bump(address, at.GATE_BYTES),
      w.bump(g, 1),
    ]),
  ];
}

/** () → number of the set at UNION, which is kept when it is new. There must be room. */
function number(setWords: number): Func {
  const f = new Block(0);
  const [set, h, slot, entry, mask, n] = [
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
  ];
  const again = w.label();
  const hash = eachWord(setWords, (i) => [
    w.set(h, w.mul(w.xor(w.get(h), w.load(w.get(set), 4 * i)), c(at.SETS_HASH.word))),
    w.set(h, w.xor(w.get(h), w.shr(w.get(h), c(at.SETS_HASH.shift)))),
  ]);
  const differs = eachWord(setWords, (i) =>
    w.xor(w.load(w.get(set), 4 * i), w.load(w.get(mask), 4 * i)),
  ).reduce((a, b) => w.or(a, b));
  const made = [
    w.set(n, control(at.SET_COUNT)),
    keep(at.SET_COUNT, w.add(w.get(n), c(1))),
    w.store(w.get(slot), 0, w.add(w.get(n), c(1))),
    gatesOf(f, setWords, set, mask),
    w.store(w.add(control(at.CHANGES), w.shl(w.get(n), c(2))), 0, w.get(mask)),
    w.set(mask, touchedAt(w.get(n), setWords)),
    eachWord(setWords, (i) => w.store(w.get(mask), 4 * i, w.load(w.get(set), 4 * i))),
    w.leave(w.get(n)),
  ];
  const probe = [
    w.set(entry, w.load(w.get(slot))),
    w.when(w.isZero(w.get(entry)), made),
    w.set(n, w.sub(w.get(entry), c(1))),
    w.set(mask, touchedAt(w.get(n), setWords)),
    w.when(w.isZero(differs), w.leave(w.get(n))),
    w.bump(slot, 4),
    w.when(w.equal(w.get(slot), control(at.SET_TABLE_END)), w.set(slot, control(at.SET_TABLE))),
    w.br(again),
  ];
  const body = [
    w.set(set, control(at.UNION)),
    w.set(h, c(at.SETS_HASH.seed)),
    hash,
    w.set(slot, w.add(control(at.SET_TABLE), w.shl(w.shr(w.get(h), control(at.SET_SHIFT)), c(2)))),
    { kind: 'loop' as const, label: again, body: probe },
    c(LACKING),
  ];
  return { name: 'number', params: 0, locals: f.extra, body };
}

/** (thread, situation, literals) → number of what steps touch from there on that the literals do not bar. */
function collect(setWords: number): Func {
  const f = new Block(3);
  const [thread, local, mask] = [0, 1, 2];
  const [walk, top, seen, p, end, next, set, to] = [
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
  ];
  const union = (i: number): Code => w.load(w.get(to), 4 * i);
  const visit = [
    w.set(to, w.load(w.get(p))),
    w.when(w.differ(w.load(w.add(w.get(seen), w.shl(w.get(to), c(2)))), w.get(walk)), [
      w.store(w.add(w.get(seen), w.shl(w.get(to), c(2))), 0, w.get(walk)),
      w.store(w.get(top), 0, w.get(to)),
      w.bump(top, 4),
    ]),
    w.bump(p, 4),
  ];
  const oneStep = [
    w.set(next, w.add(w.get(p), w.shl(w.add(w.load(w.get(p), 8), c(3)), c(2)))),
    w.when(w.isZero(w.and(w.load(w.get(p)), w.get(mask))), [
      w.set(set, touchedAt(w.load(w.get(p), 4), setWords)),
      w.set(to, control(at.UNION)),
      eachWord(setWords, (i) =>
        w.store(w.get(to), 4 * i, w.or(union(i), w.load(w.get(set), 4 * i))),
      ),
      w.bump(p, 12),
      w.during(w.differ(w.get(p), w.get(next)), visit),
    ]),
    w.set(p, w.get(next)),
  ];
  const body = [
    keep(at.WALK, w.add(control(at.WALK), c(1))),
    w.set(walk, control(at.WALK)),
    w.set(seen, w.add(control(at.SEEN), w.shl(of(at.FIRST, thread), c(2)))),
    w.set(to, control(at.UNION)),
    eachWord(setWords, (i) => w.store(w.get(to), 4 * i, c(0))),
    w.set(top, control(at.STACK)),
    w.store(w.get(top), 0, w.get(local)),
    w.store(w.add(w.get(seen), w.shl(w.get(local), c(2))), 0, w.get(walk)),
    w.bump(top, 4),
    w.during(w.differ(w.get(top), control(at.STACK)), [
      w.bump(top, -4),
      w.set(p, w.add(of(at.STEPS_OF, thread), w.shl(w.load(w.get(top)), c(2)))),
      w.set(end, w.load(w.get(p), 4)),
      w.set(p, w.load(w.get(p))),
      w.during(w.differ(w.get(p), w.get(end)), oneStep),
    ]),
    call('number'),
  ];
  return { name: 'collect', params: 3, locals: f.extra, body };
}

/** (thread, situation, literals) → number of the set that the thread may touch, or what is lacking: room. */
function future(): Func {
  const f = new Block(3);
  const [thread, local, mask] = [0, 1, 2];
  const [slot, from, set] = [f.local(), f.local(), f.local()];
  const hash = w.mul(
    w.xor(w.mul(w.get(from), c(at.FUTURES_HASH.from)), w.get(mask)),
    c(at.FUTURES_HASH.all),
  );
  const same = w.and(
    w.equal(w.load(w.get(slot)), w.get(from)),
    w.equal(w.load(w.get(slot), 4), w.get(mask)),
  );
  const again = w.label();
  const isFull = w.or(
    w.isZero(control(at.FUTURES_LEFT)),
    w.equal(control(at.SET_COUNT), control(at.SET_ROOM)),
  );
  const made = [
    w.when(isFull, [keep(at.WANTED_LEAF, c(-1)), w.leave(c(LACKING))]),
    w.set(set, call('collect', w.get(thread), w.get(local), w.get(mask))),
    keep(at.FUTURES_LEFT, w.sub(control(at.FUTURES_LEFT), c(1))),
    w.store(w.get(slot), 0, w.get(from)),
    w.store(w.get(slot), 4, w.get(mask)),
    w.store(w.get(slot), 8, w.add(w.get(set), c(1))),
    w.leave(w.get(set)),
  ];
  const probe = [
    w.set(set, w.load(w.get(slot), 8)),
    w.when(w.isZero(w.get(set)), made),
    w.when(same, w.leave(w.sub(w.get(set), c(1)))),
    w.bump(slot, 12),
    w.when(w.equal(w.get(slot), control(at.FUTURES_END)), w.set(slot, control(at.FUTURES))),
    w.br(again),
  ];
  const body = [
    w.set(mask, w.and(w.get(mask), w.load(situation(thread, w.get(local))))),
    w.set(from, w.add(of(at.FIRST, thread), w.get(local))),
    w.set(slot, w.add(control(at.FUTURES), w.mul(w.shr(hash, control(at.FUTURES_SHIFT)), c(12)))),
    { kind: 'loop' as const, label: again, body: probe },
    c(LACKING),
  ];
  return { name: 'future', params: 3, locals: f.extra, body };
}

/** `setWords`: words of a set of variables. */
export const futureFunctions = (setWords: number): readonly Func[] => [
  number(setWords),
  collect(setWords),
  future(),
];
