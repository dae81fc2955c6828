/** What the globals hold before any code runs. */
import type { Program } from '../csource/ir.js';
import type { Cpu } from './cpu.js';
import { ExprCompiler } from './expr.js';
import type { Linkage } from './linkage.js';
import { BASE } from './objects.js';
import { toCell } from './val.js';

/** Stores of the constant initialisers of globals. */
export function initialisers(program: Program, link: Linkage): readonly ((m: Cpu) => void)[] {
  const compiler = new ExprCompiler({
    types: program.types,
    fn: undefined,
    local: () => ({ k: 'none', what: 'local', type: { kind: 'void' } }),
    global: (n) => link.global(n),
    range: (n) => link.range(n),
    functionNumber: (n) => link.functionNumber(n),
    stringNumber: (t) => link.stringNumber(t),
    load: (p) => ({ type: p.type, f: (m) => m.S[p.addr(m) - BASE] ?? 0, uses: [] }),
  });
  return [...program.globals.values()]
    .flatMap((g) => g.init)
    .flatMap(({ target, value }) => {
      const place = compiler.place(target);
      if (place.k !== 'mem') return [];
      const { addr } = place;
      const { f } = compiler.value(value);
      const cell = toCell(place.type, place.range);
      return [
        (m: Cpu): void => {
          m.S[addr(m) - BASE] = cell(m, f(m));
        },
      ];
    });
}
