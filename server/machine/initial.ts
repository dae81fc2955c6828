/** What the globals hold before any code runs. */
import type { Part } from '../csource/ir.js';
import { Stop } from './cpu.js';
import type { Cpu } from './cpu.js';
import { ExprCompiler } from './expr.js';
import type { Linkage } from './linkage.js';
import { BASE } from './objects.js';
import type { Violation } from './types.js';
import { toCell } from './val.js';

/** Stores the constant initialisers of globals; gives what is wrong with the first that no cell can hold. */
export function initialisers(program: Part, link: Linkage): (m: Cpu) => Violation | undefined {
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
  const stores = [...program.globals.values()]
    .flatMap((g) => g.init.map((i) => ({ ...i, name: g.name })))
    .flatMap(({ target, value, name }) => {
      const place = compiler.place(target);
      if (place.k !== 'mem') return [];
      const { addr } = place;
      const { f } = compiler.value(value);
      const cell = toCell(place.type, place.range);
      return [
        (m: Cpu): Violation | undefined => {
          try {
            m.S[addr(m) - BASE] = cell(m, f(m));
            return undefined;
          } catch (e) {
            if (!(e instanceof Stop)) throw e;
            const text = `initialiser of ${name}: ${m.violation?.text ?? ''}`;
            m.violation = undefined;
            return { property: 'model-error', function: '', text, loc: value.loc };
          }
        },
      ];
    });
  return (m) => {
    let wrong: Violation | undefined;
    for (const store of stores) {
      const failed = store(m);
      wrong ??= failed;
    }
    return wrong;
  };
}
