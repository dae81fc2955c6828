import { LOCKS } from '../unit/machine/support.js';
import { random, type Pick } from '../unit/search/generated.js';

/** Types of the plain variables, by name. */
const VARIABLES: readonly (readonly [name: string, type: string])[] = [
  ['x', 'int'],
  ['y', 'int'],
  ['u', 'unsigned int'],
  ['b', 'unsigned char'],
  ['s', 'signed char'],
  ['h', 'unsigned short'],
  ['w', 'long long'],
  ['f', 'bool'],
];

class Writer {
  readonly #pick: Pick;

  constructor(pick: Pick) {
    this.#pick = pick;
  }

  #one(...texts: readonly string[]): string {
    return texts[this.#pick(texts.length)] ?? '';
  }

  #number(): string {
    return this.#one('0', '1', '2', '3', '7', '200', '-1', '0x80000000', '65535', '1LL << 33');
  }

  #place(): string {
    const [name] = VARIABLES[this.#pick(VARIABLES.length)] ?? ['x'];
    return this.#one(name, name, 'n', 'arr[1]', 'obj[0].v', 'q->v', 'obj[1].pair.b', 'ranged');
  }

  expression(depth = 0): string {
    if (depth > 1) return this.#one(this.#place(), this.#place(), this.#number());
    const a = (): string => this.expression(depth + 1);
    switch (this.#pick(9)) {
      case 0:
        return `(${a()} ${this.#one('+', '-', '*', '&', '|', '^')} ${a()})`;
      case 1:
        return `(${a()} ${this.#one('<', '<=', '==', '!=', '>', '>=')} ${a()})`;
      case 2:
        return `(${a()} ${this.#one('/', '%')} ${this.#one('2', '3', '(y + 2)', '(unsigned int)3')})`;
      case 3:
        return `(${a()} ${this.#one('<<', '>>')} ${this.#one('1', '4', '(x & 7)')})`;
      case 4:
        return `(${this.#one('signed char', 'unsigned int', 'long long', 'unsigned short')})${a()}`;
      case 5:
        return `${this.#one('!', '~', '-')}${a()}`;
      case 6:
        return `(${a()} ${this.#one('&&', '||')} ${a()})`;
      case 7:
        return `(${a()} ? ${a()} : ${a()})`;
      default:
        return `arr[${a()} & 3]`;
    }
  }

  statement(depth: number): string {
    const inner = (): string => this.block(depth + 1, 1 + this.#pick(2));
    switch (this.#pick(depth > 1 ? 17 : 23)) {
      case 0:
      case 1:
      case 2:
        return `${this.#place()} ${this.#one('=', '=', '+=', '-=', '^=')} ${this.expression()};`;
      case 3:
        return `${this.#place()}${this.#one('++', '--')};`;
      case 4:
        return `__assert(${this.expression()}, "a${this.#pick(3)}");`;
      case 5:
        return `__wait(${this.#one('x < 3', 'f || y', 'q->v != 9', 'b <= 100')}, "state");`;
      case 6:
        return `__atomic { __wait(${this.#one('x', '!f', 'u < 2')}); f = !f; n = __choose(2) + __choose(2); }`;
      case 7:
        return `n = __choose(${this.#one('2', '3')}); arr[n] = n;`;
      case 8:
        return `if (__fault("site")) y = -12;`;
      case 9:
        return `q = &obj[${this.#one('0', '1', 'x & 1')}];`;
      case 10:
        return `obj[${this.#pick(2)}].pair = ${this.#one('obj[0].pair', 'made(x, 1)', 'made(1, 300)')};`;
      case 11:
        return `n = obj[${this.#pick(2)}].op(${this.#one('x', '2', 'y')});`;
      case 12:
        return `p = __alloc(pool); p->v = ${this.#pick(3)}; got = p;`;
      case 13:
        return this.#one('if (got) y = got->v;', 'p = got; got = 0; __free(p);');
      case 14:
        return `n = only((struct one) { .v = ${this.#one('x', '2')} }) + sum(obj[0].pair);`;
      case 15:
        return this.#one('shared = &n;', 'if (shared) *shared = 2;', 'bump(&n);', 'bump(&x);');
      case 16:
        return `if (__warn(${this.#one('x > 2', 'u > 100', 'n < 0')})) return;`;
      case 17:
        return `for (int i = 0; i < ${1 + this.#pick(3)}; i++) { ${inner()} arr[i] = i; }`;
      case 18:
        return `switch (${this.#one('x & 3', 'n', 'b')}) { case 0: ${inner()} case 1: ${inner()} break; default: y = 1; }`;
      case 19:
        return `mutex_lock(&obj[${this.#pick(2)}].lock); ${inner()} mutex_unlock(&obj[0].lock);`;
      case 20:
        return `if (${this.expression()}) { ${inner()} } else { ${inner()} }`;
      case 21:
        return `do { ${inner()} if (n++ > 1) break; } while (x < 2 && n < 3);`;
      default:
        return `arr[${this.#one('x', 'n', '4', 'y & 3')}] = 1;`;
    }
  }

  block(depth: number, length: number): string {
    return Array.from({ length }, () => this.statement(depth)).join(' ');
  }
}

/**
 * A Model C program that leaves little of the language out: widths and signs, arrays, structs by
 * value, loops, pools, faults, choices inside atomic regions, calls through pointers, pointers into
 * stacks, an interrupt. Small bodies, because every order is tried. The same for the same seed.
 */
export function wideProgram(seed: number): string {
  const pick = random(seed);
  const w = new Writer(pick);
  const body = (): string => `int n = 0; struct obj *p = 0; ${w.block(0, 2 + pick(3))}`;
  const threads = Array.from(
    { length: 2 },
    (_, t) => `__thread("t${t}") void t${t}(void) { ${body()} arr[${t}] = n; }`,
  );
  const irq =
    pick(2) === 0
      ? '__irq("i") void i(void) { __idle(f); x++; if (__in_irq()) y = __current(); }'
      : '';
  const daemon =
    pick(3) === 0
      ? '__daemon("d") void d(void) { for (;;) { __atomic { __idle(f); f = 0; } } }'
      : '';
  const invariant =
    pick(3) === 0 ? '__invariant("sum") bool sums(void) { return x + arr[1] < 5; }' : '';
  return `${LOCKS}
struct pair { int a; unsigned char b; };
struct one { int v; };
struct obj { int v; struct pair pair; int (*op)(int); struct mutex lock; };
${VARIABLES.map(([name, type]) => `${type} ${name};`).join(' ')}
int twice(int a) { return 2 * a; }
int less(int a) { x--; return a - 1; }
int arr[4]; int *shared; __range(0, 9) int ranged;
struct obj obj[2] = { { .v = 1, .op = twice }, { .v = 2, .op = less } };
struct obj *q = &obj[0], *got; struct obj pool[2] __pool;
void bump(int *cell) { (*cell)++; }
int only(struct one o) { return o.v + 1; }
int sum(struct pair p) { p.a++; return p.a + p.b; }
struct pair made(int a, int b) { struct pair p = { .a = a, .b = b }; return p; }
${threads.join('\n')}
${irq}
${daemon}
${invariant}
__finally void last(void) { __assert(x < 3, "x stays small"); __assert(!got || got->v < 2, "got"); }
`;
}
