/**
 * The inner loop as WebAssembly, made for rows of so many words (control.ts says what lies where).
 * Rows are expanded in batches: all successors of a batch first, then their slots of the hash table
 * and the rows these name are touched one after the other without a branch between, so that the
 * waits for memory overlap, and then they are stored, row by row as the plain loop does.
 */
import * as at from '../control.js';
import { Block } from './function.js';
import {
  Shape,
  control,
  differs,
  homeOf,
  insert,
  judge,
  keep,
  leafOf,
  make,
  openStore,
  slotOf,
} from './shape.js';
import type { Store } from './shape.js';
import { inOrder } from './calls.js';
import { closureFunctions } from './closure.js';
import * as w from './code.js';
import type { Code, Func } from './code.js';
import { frozenFunctions } from './frozen.js';
import { futureFunctions } from './futures.js';
import { guidedFunctions } from './guided.js';

/** Touches the slots of all successors up to `end`, then the rows that these name. */
function touch(f: Block, shape: Shape, s: Store, end: number): Code {
  const [p, sum, h, entry, tag] = [f.local(), f.local(), f.local(), f.local(), f.local()];
  const pass = (body: Code): Code => [
    w.set(p, control(at.BUFFER)),
    w.during(w.below(w.get(p), w.get(end)), [body, w.bump(p, shape.stride)]),
  ];
  const hash = w.load(w.get(p), 4 * shape.words);
  const address = w.add(w.get(s.table), w.shl(homeOf(s, w.get(h)), w.constant(2)));
  const row = w.select(
    w.constant(0),
    w.and(w.get(entry), w.get(s.slots)),
    w.or(differs(s, entry, tag), w.isZero(w.get(entry))),
  );
  return [
    pass([w.set(h, hash), w.set(sum, w.xor(w.get(sum), w.load(address)))]),
    pass([
      w.set(h, hash),
      w.set(entry, w.load(address)),
      w.set(tag, w.shl(w.get(h), w.get(s.lg))),
      w.set(entry, row),
      // Row 0 stands for no row.
      w.set(entry, w.sub(w.get(entry), w.differ(w.get(entry), w.constant(0)))),
      w.set(sum, w.xor(w.get(sum), w.load(shape.row(w.get(s.directory), w.get(entry))))),
    ]),
    // Used, so that no compiler may leave the loads out.
    w.store(w.constant(4), 0, w.get(sum)),
  ];
}

function run(shape: Shape): Func {
  const f = new Block(3);
  const [n, to, limit] = [0, 1, 2];
  const { store: s, code: setUp } = openStore(f);
  const [status, out, start, batch, rows] = [f.local(), f.local(), f.local(), f.local(), f.local()];
  const [row, thread, threads, node, local] = [
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
  ];
  const [flags, left, outcome, steps, h] = [f.local(), f.local(), f.local(), f.local(), f.local()];
  const [bad, i, end, last, ends] = [f.local(), f.local(), f.local(), f.local(), f.local()];
  const ignored = f.local();
  const words = f.locals(shape.words);
  const made = f.locals(shape.words);
  const [done, collected, inserted, again] = [w.label(), w.label(), w.label(), w.label()];
  const stop = (why: number): Code => [
    w.set(status, w.constant(why)),
    w.set(out, w.get(start)),
    w.br(collected),
  ];
  const oneOutcome = [
    make(shape, words, outcome, out, made),
    shape.hash(h, (k) => w.get(made + k)),
    w.store(w.get(out), 4 * shape.words, w.get(h)),
    w.when(w.and(w.get(flags), w.constant(at.WATCHED)), [
      judge(f, bad, out),
      w.when(w.get(bad), stop(at.ASIDE)),
    ]),
    w.bump(out, shape.stride),
    w.bump(outcome, 8 * shape.words),
    w.bump(left, -1),
  ];
  const oneThread = [
    leafOf(f, node, local, thread, row),
    w.when(w.isZero(w.get(node)), [
      keep(at.LOST, w.shr(w.sub(w.get(thread), w.constant(at.THREADS)), w.constant(4))),
      stop(at.MISSING),
    ]),
    w.bump(node, -1),
    w.set(flags, w.load(w.get(node), 4)),
    w.when(w.and(w.get(flags), w.constant(at.LOOK)), stop(at.ASIDE)),
    w.set(left, w.load(w.get(node), 8)),
    w.set(steps, w.add(w.get(steps), w.load(w.get(node), 12))),
    w.set(outcome, w.add(w.get(node), w.constant(16))),
    w.during(w.get(left), oneOutcome),
    w.bump(thread, at.THREAD_BYTES),
  ];
  const oneRow = [
    w.set(row, shape.row(w.get(s.directory), w.get(n))),
    shape.each((k) => w.set(words + k, w.load(w.get(row), 4 * k))),
    w.set(start, w.get(out)),
    w.set(steps, w.constant(0)),
    w.set(thread, w.constant(at.THREADS)),
    w.repeat(oneThread, w.below(w.get(thread), w.get(threads))),
    w.store(w.get(batch), 0, w.get(out)),
    w.store(w.get(batch), 4, w.get(steps)),
    w.bump(batch, 8),
    w.bump(n, 1),
    w.bump(rows, -1),
  ];
  const collect = w.block(
    collected,
    w.during(
      w.and(
        w.and(w.below(w.get(n), w.get(to)), w.differ(w.get(rows), w.constant(0))),
        w.isZero(w.above(w.get(out), w.get(last))),
      ),
      oneRow,
    ),
  );
  // The rows of the batch are those from `i` up to `n`.
  const insertAll = w.block(
    inserted,
    w.during(w.below(w.get(i), w.get(n)), [
      w.when(w.atLeast(w.get(s.count), w.get(limit)), [
        w.set(status, w.constant(at.LIMIT)),
        w.set(n, w.get(i)),
        w.br(inserted),
      ]),
      w.set(end, w.load(w.get(batch))),
      w.set(steps, w.load(w.get(batch), 4)),
      keep(at.STEPS, w.add(control(at.STEPS), w.get(steps))),
      w.when(w.isZero(w.get(steps)), [w.store(w.get(ends), 0, w.get(i)), w.bump(ends, 4)]),
      w.during(w.below(w.get(start), w.get(end)), [
        w.set(h, w.load(w.get(start), 4 * shape.words)),
        insert(f, shape, s, start, h, i, ignored),
        w.bump(start, shape.stride),
      ]),
      w.bump(batch, 8),
      w.bump(i, 1),
    ]),
  );
  const oneBatch = [
    w.brIf(done, w.atLeast(w.get(n), w.get(to))),
    w.when(w.above(w.add(w.get(s.count), control(at.SPARE)), control(at.CAPACITY)), [
      w.set(status, w.constant(at.FULL)),
      w.br(done),
    ]),
    w.set(i, w.get(n)),
    w.set(rows, w.constant(at.BATCH_ROWS)),
    w.set(out, control(at.BUFFER)),
    w.set(last, control(at.BUFFER_LAST)),
    w.set(batch, control(at.BATCH)),
    collect,
    touch(f, shape, s, out),
    w.set(start, control(at.BUFFER)),
    w.set(batch, control(at.BATCH)),
    w.set(ends, control(at.ENDS)),
    insertAll,
    // Who looks at a row aside, or learns for it, would expand it; the limit comes first.
    w.when(
      w.and(w.differ(w.get(status), w.constant(at.DONE)), w.atLeast(w.get(s.count), w.get(limit))),
      w.set(status, w.constant(at.LIMIT)),
    ),
    keep(at.COUNT, w.get(s.count)),
    keep(at.END_COUNT, w.shr(w.sub(w.get(ends), control(at.ENDS)), w.constant(2))),
    w.when(control(at.END_COUNT), w.set(status, w.constant(at.ENDED))),
    w.brIf(again, w.isZero(w.get(status))),
  ];
  const body = [
    setUp,
    w.set(threads, control(at.THREADS_END)),
    w.block(done, { kind: 'loop', label: again, body: oneBatch }),
    keep(at.NEXT, w.get(n)),
    w.get(status),
  ];
  return { name: 'run', params: 3, locals: f.extra, body };
}

function open(shape: Shape): Func {
  const f = new Block(1);
  const [row, thread, node, local] = [f.local(), f.local(), f.local(), f.local()];
  const [bit, flags, left, outcome, bad, scratch, opened] = [
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
    f.local(),
  ];
  const masks = { enabled: f.local(), failing: f.local(), special: f.local() };
  const words = f.locals(shape.words);
  const mark = (mask: number, condition: Code): Code =>
    w.set(mask, w.or(w.get(mask), w.select(w.get(bit), w.constant(0), condition)));
  const judgeAll = [
    w.set(left, w.load(w.get(node), 8)),
    w.set(outcome, w.add(w.get(node), w.constant(16))),
    w.during(w.get(left), [
      make(shape, words, outcome, scratch),
      judge(f, bad, scratch),
      mark(masks.special, w.get(bad)),
      w.bump(outcome, 8 * shape.words),
      w.bump(left, -1),
    ]),
  ];
  const oneThread = [
    leafOf(f, node, local, thread, row),
    w.when(w.isZero(w.get(node)), [
      keep(at.LOST, w.shr(w.sub(w.get(thread), w.constant(at.THREADS)), w.constant(4))),
      w.leave(w.constant(at.MISSING)),
    ]),
    w.bump(node, -1),
    w.store(w.get(opened), 0, w.get(node)),
    w.store(w.get(opened), 4, w.get(local)),
    w.bump(opened, 8),
    w.set(flags, w.load(w.get(node), 4)),
    mark(masks.enabled, w.load(w.get(node), 12)),
    mark(masks.failing, w.and(w.get(flags), w.constant(at.FAILS))),
    mark(masks.special, w.and(w.get(flags), w.constant(at.LOOK))),
    w.when(w.and(w.get(flags), w.constant(at.WATCHED)), judgeAll),
    w.set(bit, w.shl(w.get(bit), w.constant(1))),
    w.bump(thread, at.THREAD_BYTES),
  ];
  const body = [
    w.set(row, shape.row(control(at.DIRECTORY), w.get(0))),
    shape.each((k) => w.set(words + k, w.load(w.get(row), 4 * k))),
    w.set(scratch, control(at.SCRATCH)),
    w.set(opened, w.constant(at.OPENED)),
    w.set(bit, w.constant(1)),
    w.set(thread, w.constant(at.THREADS)),
    w.repeat(oneThread, w.below(w.get(thread), control(at.THREADS_END))),
    keep(at.ENABLED, w.get(masks.enabled)),
    keep(at.FAILING, w.get(masks.failing)),
    keep(at.SPECIAL, w.get(masks.special)),
    w.constant(at.DONE),
  ];
  return { name: 'open', params: 1, locals: f.extra, body };
}

function take(shape: Shape): Func {
  const f = new Block(2);
  const [n, threads] = [0, 1];
  const { store: s, code: setUp } = openStore(f);
  const [row, node, left, outcome, h, to, opened, steps, found, ahead] = [
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
  const words = f.locals(shape.words);
  const made = f.locals(shape.words);
  const oneOutcome = [
    make(shape, words, outcome, to, made),
    shape.hash(h, (k) => w.get(made + k)),
    insert(f, shape, s, to, h, n, found),
    w.set(ahead, w.or(w.get(ahead), w.above(w.get(found), w.get(n)))),
    w.bump(outcome, 8 * shape.words),
    w.bump(left, -1),
  ];
  const body = [
    setUp,
    w.set(row, shape.row(w.get(s.directory), w.get(n))),
    shape.each((k) => w.set(words + k, w.load(w.get(row), 4 * k))),
    w.set(to, control(at.SCRATCH)),
    w.set(opened, w.constant(at.OPENED)),
    w.set(steps, control(at.STEPS)),
    w.during(w.get(threads), [
      w.when(w.and(w.get(threads), w.constant(1)), [
        w.set(node, w.load(w.get(opened))),
        w.set(left, w.load(w.get(node), 8)),
        w.set(steps, w.add(w.get(steps), w.load(w.get(node), 12))),
        w.set(outcome, w.add(w.get(node), w.constant(16))),
        w.during(w.get(left), oneOutcome),
      ]),
      w.bump(opened, 8),
      w.set(threads, w.shr(w.get(threads), w.constant(1))),
    ]),
    keep(at.COUNT, w.get(s.count)),
    keep(at.STEPS, w.get(steps)),
    w.get(ahead),
  ];
  return { name: 'take', params: 2, locals: f.extra, body };
}

/** In blocks: hashes first, which touches the slots, then the slots are filled. */
function fill(shape: Shape): Func {
  const f = new Block(0);
  const { store: s, code: setUp } = openStore(f);
  const [n, row, h, slot] = [f.local(), f.local(), f.local(), f.local()];
  const [end, p, sum] = [f.local(), f.local(), f.local()];
  const again = w.label();
  const block = [
    w.set(end, w.add(w.get(n), w.constant(at.BATCH_ROWS))),
    w.set(end, w.select(w.get(end), w.get(s.count), w.below(w.get(end), w.get(s.count)))),
    w.set(slot, w.get(n)),
    w.set(p, control(at.BATCH)),
    w.during(w.below(w.get(slot), w.get(end)), [
      w.set(row, shape.row(w.get(s.directory), w.get(slot))),
      shape.hash(h, (i) => w.load(w.get(row), 4 * i)),
      w.store(w.get(p), 0, w.get(h)),
      w.set(row, w.add(w.get(s.table), w.shl(homeOf(s, w.get(h)), w.constant(2)))),
      w.set(sum, w.xor(w.get(sum), w.load(w.get(row)))),
      w.bump(p, 4),
      w.bump(slot, 1),
    ]),
    w.store(w.constant(4), 0, w.get(sum)),
    w.set(p, control(at.BATCH)),
    w.during(w.below(w.get(n), w.get(end)), [
      w.set(h, w.load(w.get(p))),
      w.set(slot, homeOf(s, w.get(h))),
      w.during(
        w.load(slotOf(s, slot)),
        w.set(slot, w.and(w.add(w.get(slot), w.constant(1)), w.get(s.slots))),
      ),
      w.bump(n, 1),
      w.store(slotOf(s, slot), 0, w.or(w.shl(w.get(h), w.get(s.lg)), w.get(n))),
      w.bump(p, 4),
    ]),
    w.brIf(again, w.below(w.get(n), w.get(s.count))),
  ];
  const body = [
    setUp,
    w.when(w.get(s.count), { kind: 'loop', label: again, body: block }),
    w.constant(at.DONE),
  ];
  return { name: 'fill', params: 0, locals: f.extra, body };
}

/**
 * The bytes of a module with the functions of `Loop`, for rows of so many words; with `guided` when sets
 * of variables have `setWords` of them.
 */
export function loopModule(words: number, setWords = 0): Uint8Array<ArrayBuffer> {
  const shape = new Shape(words);
  const plain = [run(shape), open(shape), take(shape), fill(shape)];
  if (setWords === 0) return w.moduleOf(plain);
  const guiding = [
    ...futureFunctions(setWords),
    ...frozenFunctions(),
    ...closureFunctions(setWords),
    ...guidedFunctions(shape),
  ];
  return w.moduleOf(inOrder([...plain, ...guiding]));
}
