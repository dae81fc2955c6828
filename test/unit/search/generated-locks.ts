import { random, type Pick } from './generated.js';

/** Locks that are counted, handles that are waited for, flags that others clear: what reduction looks for. */
const PRIMITIVES = `
struct sem { int writer; int readers; };
struct sem sem[2]; bool page[3]; bool busy[3]; bool queued[3]; int state, updates, total, seq; int r[4];
void down_read(struct sem *s) { __atomic { __wait(!s->writer); s->readers++; __acquire_shared(s); } }
void up_read(struct sem *s) { __atomic { s->readers--; __release(s); } }
void down_write(struct sem *s) { __atomic { __wait(!s->writer && !s->readers); s->writer = 1; __acquire(s); } }
void up_write(struct sem *s) { __atomic { s->writer = 0; __release(s); } }
void lock_page(bool *p) { __atomic { __wait(!*p); *p = true; __acquire(p); } }
void unlock_page(bool *p) { __atomic { *p = false; __release(p); } }
void begin(void) { __atomic { __wait(state <= 1); state = 1; updates++; } }
void end(void) { __atomic { updates--; } }
`;

function statement(pick: Pick, depth: number): string {
  const inner = (): string => block(pick, depth + 1, 1 + pick(2));
  const i = pick(2);
  switch (pick(depth > 1 ? 9 : 15)) {
    case 0:
      return '__atomic { total++; }';
    case 1:
      return '__atomic { if (total > 0) total--; }';
    case 2:
      return `__wait(!busy[${i}], "busy");`;
    case 3:
      return `__atomic { busy[${i}] = true; } queued[${i}] = true;`;
    case 4:
      return `r[${pick(3)}] = total;`;
    case 5:
      return `__assert(r[${pick(3)}] != ${1 + pick(2)}, "r${pick(2)}");`;
    case 6:
      return `n = seq; r[3] = n;`;
    case 7:
      return `__assert(total < ${1 + pick(2)}, "total");`;
    case 8:
      return 'seq++;';
    case 9:
      return `down_read(&sem[${i}]); ${inner()} up_read(&sem[${pick(8) === 0 ? 1 - i : i}]);`;
    case 10:
      return `down_write(&sem[${i}]); ${inner()} up_write(&sem[${i}]);`;
    case 11:
      return `lock_page(&page[${i}]); ${inner()} unlock_page(&page[${i}]);`;
    case 12:
      return `begin(); ${inner()} end();`;
    case 13:
      return `for (int k = 0; k < 2; k++) { lock_page(&page[k]); r[k] = k; unlock_page(&page[k]); }`;
    default:
      return `if (__fault("alloc")) { ${inner()} } else { ${inner()} }`;
  }
}

function block(pick: Pick, depth: number, length: number): string {
  return Array.from({ length }, () => statement(pick, depth)).join(' ');
}

/** A Model C program around counted locks, the same for the same seed. */
export function generatedLocks(seed: number): string {
  const pick = random(seed ^ 0x5bd1e995);
  const bodies = Array.from(
    { length: 2 + (pick(3) > 0 ? 1 : 0) },
    (_, t) =>
      `__thread("t${t}") void t${t}(void) { int n = 0; ${block(pick, 0, 2 + pick(2))} r[${t}] += n; }`,
  );
  const disk = `__daemon("disk") void disk(void) { for (;;) { int i; __atomic { __idle(queued[0] || queued[1]); i = queued[0] ? 0 : 1; queued[i] = false; } ${
    pick(2) === 0 ? 'begin(); seq = 0; end();' : ''
  } busy[i] = false; } }`;
  const commit =
    pick(2) === 0
      ? '__daemon("commit") void commit(void) { __atomic { __idle(state == 1); state = 2; } __wait(!updates, "updates"); state = 0; }'
      : '';
  const invariant =
    pick(3) === 0
      ? '__invariant("few") bool few(void) { return updates < 3 && !(busy[0] && r[1] == 2); }'
      : '';
  return `${PRIMITIVES}${bodies.join('\n')}\n${disk}\n${commit}\n${invariant}
__finally void last(void) { __assert(total < 3, "total stays small"); }
`;
}
