import { LOCKS } from './support.js';

/** Small deterministic generator (mulberry32). */
export function random(seed: number): (n: number) => number {
  let a = seed >>> 0;
  return (n) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

export type Pick = (n: number) => number;

function condition(pick: Pick): string {
  return ['x == 0', 'y != 1', 'obj[0].v <= 1', 'p->v == 0', 'x + y < 3', 'z'][pick(6)] ?? '1';
}

function statement(pick: Pick, depth: number): string {
  const inner = (): string => block(pick, depth + 1, 1 + pick(2));
  switch (pick(depth > 1 ? 9 : 14)) {
    case 0:
      return 'x++;';
    case 1:
      return `y = ${pick(3)};`;
    case 2:
      return `obj[${pick(2)}].v = ${pick(3)};`;
    case 3:
      return 'n = x; y = n;';
    case 4:
      return `__wait(${condition(pick)}, "state");`;
    case 5:
      return `__assert(${condition(pick)}, "a${pick(3)}");`;
    case 6:
      return 'p->v = 1 - p->v;';
    case 7:
      return `n = __choose(2); obj[n].v = ${pick(2)};`;
    case 8:
      return `__atomic { __wait(${condition(pick)}); x = ${pick(2)}; z = ${pick(2)}; }`;
    case 9:
      return `mutex_lock(&m[${pick(2)}]); ${inner()} mutex_unlock(&m[0]);`;
    case 10: {
      const lock = pick(2);
      return `mutex_lock(&obj[${lock}].lock); ${inner()} mutex_unlock(&obj[${lock}].lock);`;
    }
    case 11:
      return `if (${condition(pick)}) { ${inner()} }`;
    case 12:
      return `bump(&${['x', 'y', 'obj[0].v', 'obj[1].v'][pick(4)] ?? 'x'});`;
    default:
      return `p = &obj[${pick(2)}]; use(p);`;
  }
}

function block(pick: Pick, depth: number, length: number): string {
  return Array.from({ length }, () => statement(pick, depth)).join(' ');
}

/** A Model C program with locks, waits, assertions, choices and pointers, the same for the same seed. */
export function generated(seed: number): string {
  const pick = random(seed);
  const threads = 2 + pick(2);
  const bodies = Array.from(
    { length: threads },
    (_, t) =>
      `__thread("t${t}") void t${t}(void) { int n = 0; ${block(pick, 0, 1 + pick(3))} done[${t}] = n; }`,
  );
  const daemon =
    pick(2) === 0
      ? '__daemon("d") void d(void) { for (;;) { __atomic { __idle(z); z = 0; } y = 0; } }'
      : '';
  const invariant =
    pick(3) === 0 ? '__invariant("xy") bool xy(void) { return !(x == 2 && y == 2); }' : '';
  return `${LOCKS}
struct obj { int v; struct mutex lock; };
int x, y, z; int done[4]; struct mutex m[2]; struct obj obj[2]; struct obj *p = &obj[0];
void bump(int *cell) { (*cell)++; }
void use(struct obj *o) { mutex_lock(&o->lock); o->v = 1; mutex_unlock(&o->lock); }
${bodies.join('\n')}
${daemon}
${invariant}
__finally void last(void) { __assert(x < 3, "x stays small"); }
`;
}
