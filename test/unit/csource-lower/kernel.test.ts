/** The model kernel as input: it links in every version, and its code keeps what ir.ts guarantees. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { IrFunction } from '../../../server/csource/ir.js';
import { link } from '../../../server/csource/link.js';
import { successors } from '../../../server/csource/liveness.js';
import { parseAll } from './support.js';

const dir = fileURLToPath(new URL('../../../server/kernel/', import.meta.url));
const kernel = readdirSync(dir)
  .filter((f) => f.endsWith('.c'))
  .sort()
  .map((f) => `${dir}${f}`);
const scenarios = readdirSync(`${dir}scenarios`)
  .filter((f) => f.endsWith('.c'))
  .sort()
  .map((f) => `${dir}scenarios/${f}`);
const read = (file: string) => ({ name: file.slice(dir.length), text: readFileSync(file, 'utf8') });
const shared = kernel.map(read);

/** What is wrong with the graph of a function; empty when nothing is. */
function graphErrors(fn: IrFunction): string[] {
  const errors: string[] = [];
  const depth = new Map<number, number>([[0, 0]]);
  const work = [0];
  for (let pc = work.pop(); pc !== undefined; pc = work.pop()) {
    const instr = fn.code[pc];
    if (!instr) {
      errors.push(`${fn.name}: no instruction ${String(pc)}`);
      continue;
    }
    const before = depth.get(pc) ?? 0;
    const after = instr.op === 'atomic' ? before + (instr.enter ? 1 : -1) : before;
    if (instr.op === 'return' && after !== 0)
      errors.push(`${fn.name}: returns inside an atomic region at ${String(pc)}`);
    if (fn.stmts[instr.stmt] === undefined)
      errors.push(`${fn.name}: no statement of ${String(pc)}`);
    for (const next of successors(instr, pc)) {
      const known = depth.get(next);
      if (known === undefined) {
        depth.set(next, after);
        work.push(next);
      } else if (known !== after)
        errors.push(`${fn.name}: atomic regions differ at ${String(next)}`);
    }
  }
  if (depth.size !== fn.code.length) errors.push(`${fn.name}: unreachable code`);
  return errors;
}

test.each(scenarios.map((s) => s.slice(dir.length)))(
  '%s links without a problem, old and new',
  (scenario) => {
    const { units, place } = parseAll([...shared, read(`${dir}${scenario}`)]);
    for (const on of [true, false]) {
      for (const fix of [true, false]) {
        const program = link(units, { since: () => on, fix: () => fix });
        expect(program.problems.map((p) => `${place(p.loc)}: ${p.message}`)).toEqual([]);
        expect([...program.functions.values()].flatMap(graphErrors)).toEqual([]);
      }
    }
  },
);
