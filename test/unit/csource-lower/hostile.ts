/** Texts that nobody writes by mistake: names of other worlds, endless nesting, numbers without end. */

/** Repeats a text. */
const many = (text: string, n: number): string => text.repeat(n);

/** Names that mean something elsewhere: to JavaScript, to Promela, to C, to a shell, to nobody. */
export const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'proctype',
  'printf',
  'assert',
  'init',
  'rl_put',
  'c_code',
  'active',
  'main',
  'NULL_',
  'é',
  '가',
  '$',
  '_',
  many('a', 5000),
] as const;

/** A whole program that uses a name for everything that has a name. */
export function named(name: string): string {
  return `struct ${name} { int ${name}; struct ${name} *next; };
    enum e_${name} { K_${name}, ${name}_K = 3 };
    #define M_${name}(${name}) ((${name}) + K_${name})
    struct ${name} ${name}[2]; int x_${name};
    int f_${name}(int ${name}) { ${name}_out: return M_${name}(${name}); }
    __thread("${name}") void t_${name}(void) { int ${name}_l = f_${name}(2); x_${name} = ${name}_l; ${name}[1].${name} = x_${name}; __note("${name}"); }
    __invariant("${name}") bool i_${name}(void) { return ${name}[0].${name} == 0; }
    __finally void z_${name}(void) { __assert(x_${name} == 2, "${name} \\" */ } ; \\n %s"); }`;
}

const deep = (open: string, inner: string, close: string, n: number): string =>
  `${many(open, n)}${inner}${many(close, n)}`;
const inThread = (body: string, before = ''): string =>
  `${before}\nint x;\n__thread("t") void t(void) { ${body} }`;

/** Texts by what is wrong with them. */
export const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['parentheses', inThread(`x = ${deep('(', '1', ')', 10_000)};`)],
  ['open parentheses', inThread(`x = ${many('(', 10_000)}`)],
  ['braces', inThread(deep('{', 'x = 1;', '}', 10_000))],
  ['open braces', inThread(many('{', 10_000))],
  ['closed braces', `int x;${many('}', 10_000)}`],
  ['brackets', inThread(`x = x${many('[', 5000)}`)],
  ['ifs', inThread(`${many('if (x) ', 5000)} x = 1;`)],
  ['elses', inThread(`${many('if (x) x = 1; else ', 5000)} x = 1;`)],
  ['minuses', inThread(`x = ${many('- ', 10_000)}1;`)],
  ['stars', inThread(`int ${many('*', 5000)}p; x = ${many('*', 5000)}p;`)],
  ['sums', inThread(`x = ${many('x + ', 10_000)}1;`)],
  ['commas', inThread(`x = (${many('x, ', 10_000)}1);`)],
  ['ternaries', inThread(`x = ${many('x ? x : ', 5000)}1;`)],
  ['members', inThread(`x = x${many('.a', 5000)};`)],
  ['calls', inThread(`x = ${deep('f(', '1', ')', 5000)};`)],
  ['casts', inThread(`x = ${many('(int)', 5000)}1;`)],
  ['statement expressions', inThread(`x = ${deep('({ ', '1', '; })', 2000)};`)],
  ['structs in structs', deep('struct {', 'int a;', '} b;', 2000)],
  ['lists in lists', `int a[2] = ${deep('{', '1', '}', 5000)};`],
  ['function types', `int ${deep('(*', 'f', ')(void)', 2000)};`],
  ['arrays of arrays', `int a${many('[9]', 2000)};`],
  ['a huge array', 'int a[1048576][1048576]; int b[99999999999999999999];'],
  [
    'huge structs',
    'struct s { int a[1000000]; struct { int b[1000000]; } c[1000000]; } s[1000000];',
  ],
  ['a struct in itself', 'struct s { int a; struct s s[3]; union { struct s t; } u; } v;'],
  ['a typedef of itself', 'typedef a b; typedef b a; a x; typedef typeof(y) z; z y; typeof(w) w;'],
  ['a macro of itself', inThread('x = A; x = B(1);', '#define A A + B(A)\n#define B(x) B(x) + A')],
  [
    'doubling macros',
    inThread(
      'x = A30;',
      `#define A0 (1+1)\n${Array.from({ length: 30 }, (_, i) => `#define A${i + 1} (A${i} + A${i})`).join('\n')}`,
    ),
  ],
  ['doubling arguments', inThread(`x = ${deep('D(', '1', ')', 40)};`, '#define D(x) ((x) + (x))')],
  ['pasting without end', inThread('P(P(P(x)));', '#define P(a) a##a##a##a##a##a##a##a')],
  [
    'pasting nothing',
    inThread('x = Q();', '#define Q(a, ...) ## a ## # ## __VA_ARGS__ #\n#define R #\n#define S ##'),
  ],
  ['many macros', many('#define A(a,b,c) a##b #c\n', 3000)],
  [
    'ranges',
    'int a[1000000] = { [0 ... 999999] = 1, [0 ... 999999] = 2 }; int b[] = { [4000000000] = 1, [-1] = 2 };',
  ],
  [
    'case ranges',
    inThread('switch (x) { case 0 ... 9223372036854775807: x = 1; case -1 ... 0: x = 2; }'),
  ],
  [
    'numbers',
    inThread(
      `x = ${many('9', 10_000)}; x = 0x${many('f', 10_000)}; x = 1e999999; x = 0b2; x = 09; x = 1.5.5; x = ${many('1', 5000)}ULL;`,
    ),
  ],
  [
    'shifts and divisions',
    inThread('x = 1 << 99; x = 1 / 0; x = x % 0; x = 1 << -1; x = (-2147483647 - 1) / -1;'),
  ],
  ['characters', inThread(`x = '\\xffffffffffff'; x = ''; x = '\\'; x = 'abcdefgh`)],
  ['a string without end', `${inThread('')}"${many('\\', 9999)}`],
  ['a comment without end', `${inThread('x = 1;')}/*${many('* /', 5000)}`],
  ['NULs', inThread(`x = 1;\0\0${many('\0', 5000)} int \0y;`)],
  ['lone surrogates', inThread(`x = 1; // \ud800 \udfff\n\ud800 int \udc00y; "\ud83d"`)],
  ['no line ends', many('a b c ( [ { ', 5000)],
  ['only line ends', many('\r\n\r', 30_000)],
  ['spliced lines', many('\\\n', 20_000)],
  ['conditionals', `${many('#if A && (\n', 5000)}int x;${many('\n#elif\n#else\n', 2000)}`],
  ['ends of conditionals', many('#endif\n#else\n#elif 1\n', 5000)],
  ['attributes', `${many('__attribute__((x(', 2000)} int a;`],
  [
    'threads',
    Array.from({ length: 300 }, (_, i) => `__thread("t${i}") void t${i}(void) { }`).join('\n'),
  ],
  ['one thread many times', many('__thread("t") void t(void) { int a; a = 1; }\n', 500)],
  [
    'roles',
    '__thread __daemon("") __irq() __setup __finally __invariant __recovery __after_crash void t(int a, ...) { }',
  ],
  [
    'declarations',
    `__scenario(); __scenario("a", 1, x); __crashes(99999999999); __faults(-1); __on(); ${many('__bound("', 2000)}`,
  ],
  [
    'atomic',
    inThread(`${deep('__atomic { ', '__wait(x);', '}', 500)} __atomic { __atomic __wait(1); }`),
  ],
  ['a loop without end', inThread('for (;;) ; while (1) { } do x = x; while (1);')],
  ['recursion', 'int f(int a) { return f(f(a)); } int x; __thread("t") void t(void) { x = f(1); }'],
  ['choices', inThread('x = __choose(1000000); x = __choose(-5); x = __choose(x);')],
  [
    'pointers',
    inThread(
      'int *p = (int *)x; *p = 1; p[1000000000] = 2; p = &x + 2147483647; *p = 3; *(char *)4096 = 1;',
    ),
  ],
  [
    'stack',
    inThread('int a[100000]; a[99999] = 1; struct { int b[2000]; } s = { 0 }; s.b[1999] = x;'),
  ],
  [
    'jumps',
    inThread(
      Array.from({ length: 2000 }, (_, i) => `l${i}: if (x) goto l${(i * 7919) % 2000};`).join(' '),
    ),
  ],
  ['switches', inThread(deep('switch (x) { case 1: ', 'x = 2;', '}', 1000))],
  [
    'enums',
    `enum e { ${Array.from({ length: 5000 }, (_, i) => `A${i}`).join(', ')} }; int x = A4999;`,
  ],
  [
    'pools',
    'struct s { int a; } p[0] __pool, q[100000] __pool, *s; __thread("t") void t(void) { s = __alloc(p); s = __alloc(q); __free(s + 1); __free(&s); }',
  ],
];
