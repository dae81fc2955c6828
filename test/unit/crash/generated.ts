/** Small programs over cells of a device, drawn by number, for comparisons between searches. */

function random(seed: number): (n: number) => number {
  let s = (seed * 2654435761) >>> 0;
  return (n) => {
    s = (Math.imul(s ^ (s >>> 15), 2246822519) + 3266489917) >>> 0;
    return (s >>> 8) % n;
  };
}

const HEAD = `
struct dev { int a __wcache; int b __wcache; int super __media; int scratch; };
struct dev dev; int log __media; int x, y = 1; int seen;
`;

/** Two threads that write a device, a recovery and a check. */
export function generatedCrash(seed: number): string {
  const pick = random(seed + 1);
  const one = <T>(all: readonly T[]): T => all[pick(all.length)] as T;
  const cell = (): string => one(['dev.a', 'dev.b', 'dev.super', 'log', 'x', 'dev.scratch']);
  const statement = (): string =>
    one([
      () => `${cell()} = ${String(pick(3))};`,
      () => `${cell()} = ${cell()};`,
      () => '__flush();',
      () => '__flush(&dev.a);',
      () => `__wait(x != ${String(pick(2))});`,
      () => `if (${cell()}) ${cell()} = ${String(pick(3))};`,
    ])();
  const body = (n: number): string => Array.from({ length: n }, statement).join(' ');
  const value = (): string => one(['dev.a', 'dev.b', 'dev.super', 'log', 'seen', 'x']);
  return `${HEAD}
    __thread("p") void p(void) { ${body(2 + pick(3))} }
    __thread("q") void q(void) { ${body(1 + pick(3))} }
    __recovery void r(void) { ${one(['seen = dev.a;', 'if (log) dev.b = dev.super;', 'dev.a = log;', 'seen = y + x;'])} }
    __after_crash("c1") bool c1(void) { return ${value()} ${one(['==', '!=', '<='])} ${value()} || ${value()} != ${String(pick(3))}; }
    __after_crash("c2") void c2(void) { __assert(!(${value()} && ${value()} == ${String(pick(3))}), "c2"); }`;
}
