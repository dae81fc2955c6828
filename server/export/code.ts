/** Functions as C: a switch over program counters each, tables beside it. */
import type { SourceTable } from '../csource/source.js';
import { deadSlots } from './liveness.js';
import type { FunctionText, Op } from './op.js';
import { cText, identifier } from './text.js';

/** A function with its place in the program. */
export interface Placed {
  readonly text: FunctionText;
  /** Position among the exported functions. */
  readonly index: number;
  /** Program counter of its first operation. */
  readonly entry: number;
  /** What its number as a value is. */
  readonly number: number;
}

/** Longest text of a statement that is shown. */
const SHOWN = 64;

export class CodeWriter {
  readonly #table: SourceTable;
  readonly #byName: ReadonlyMap<string, Placed>;

  constructor(table: SourceTable, byName: ReadonlyMap<string, Placed>) {
    this.#table = table;
    this.#byName = byName;
  }

  /** The C of a function, to stand in a block of its own. */
  functionText(f: Placed): string {
    const { text, entry } = f;
    const name = cName(f);
    const targets = new Set(text.ops.flatMap((op) => targetsOf(op)));
    const lines: string[] = [];
    let shown = -1;
    text.ops.forEach((op, i) => {
      if (op.stmt !== shown) lines.push(`    // ${this.#where(op)}`);
      shown = op.stmt;
      const label = targets.has(i) ? ` L${entry + i}:` : '';
      lines.push(`  case ${entry + i}:${label} ${this.#op(f, op, entry + i)}`);
    });
    return [
      `static int rl_run_${name}(int pc) {`,
      '  switch (pc) {',
      ...lines,
      '  }',
      '  return RL_ENDED;',
      '}',
      `static void rl_params_${name}(int base) { ${text.params} }`,
      this.#keep(f),
      this.#tables(f),
    ].join('\n');
  }

  /** The row of a function in the table of functions. */
  row(f: Placed): string {
    const { text, entry, number } = f;
    const name = cName(f);
    const shape = `${number}, ${entry}, ${text.frame}, ${text.resultSize}, ${words(text)}`;
    const code = `rl_run_${name}, rl_params_${name}, rl_keep_${name}`;
    return `{ "${cText(text.name)}", ${shape}, ${code}, rl_d_${name}, rl_o_${name}, rl_s_${name}, rl_b_${name} }`;
  }

  #where({ loc }: Op): string {
    if (loc.src >= this.#table.size) return '';
    const text = cText(this.#table.slice(loc));
    const line = this.#table.lineOf(loc) + 1;
    const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
    return `${cText(this.#table.get(loc.src).name)}:${line}: ${short}`;
  }

  #op(f: Placed, op: Op, pc: number): string {
    const body = op.body === '' ? '' : `${op.body} `;
    return `${stopping(op, pc)} rl_tick(); ${body}${this.#flow(f, op, pc)}`.trimEnd();
  }

  #flow({ entry }: Placed, { flow, addr, body }: Op, pc: number): string {
    switch (flow.k) {
      case 'next':
        return '';
      case 'jump':
        return `goto L${entry + flow.to};`;
      case 'branch':
        return `if (${flow.cond} != 0) goto L${entry + flow.then}; goto L${entry + flow.else};`;
      case 'return':
        return 'return rl_leave();';
      case 'call': {
        const { callees } = flow;
        const given = body === '' ? 0 : body.split('rl_arg[').length - 1;
        const known = callees.k === 'name' ? this.#byName.get(callees.name)?.index : undefined;
        return `return rl_enter(${known ?? `rl_function(${addr ?? '0'})`}, ${pc}, ${given});`;
      }
    }
  }

  #keep(f: Placed): string {
    const cases = f.text.ops.flatMap((op, i) =>
      op.keep === undefined ? [] : [`case ${f.entry + i}: ${op.keep} break;`],
    );
    return `static void rl_keep_${cName(f)}(int pc, int size) { switch (pc) { ${cases.join(' ')} } }`;
  }

  /** Dead slots per operation, statements as text, the statement of each operation. */
  #tables(f: Placed): string {
    const { text } = f;
    const name = cName(f);
    const dead = deadSlots(text).flatMap((bits) =>
      Array.from({ length: words(text) }, (_, w) => `0x${wordOf(bits, w)}ULL`),
    );
    const statements: string[] = [];
    const numbers = text.ops.map((op) => {
      const shown = `${cText(text.name)} (${this.#where(op)})`;
      const known = statements.indexOf(shown);
      return known >= 0 ? known : statements.push(shown) - 1;
    });
    const strings = statements.map((s) => `"${s}"`);
    return [
      `static const unsigned long long rl_d_${name}[] = { ${dead.join(', ')} };`,
      `static const unsigned short rl_o_${name}[] = { ${numbers.join(', ')} };`,
      `static const struct rl_busy rl_b_${name}[] = { ${busyRows(text)}{ 0, 0 } };`,
      `static const char *const rl_s_${name}[] = {\n  ${strings.join(',\n  ')} };`,
    ].join('\n');
  }
}

/** Whether the thread stops before an operation: only if others can see it. */
function stopping(op: Op, pc: number): string {
  const stop = `return rl_stops(${pc});`;
  if (op.fault) return `if (rl_may_stop(${pc}) && rl_get(RL_FAULTS) > 0) ${stop}`;
  if (op.kind === 2) return `if (rl_may_stop(${pc})) ${stop}`;
  if (op.kind === 0) return `rl_op = ${pc};`;
  return `if (rl_may_stop(${pc}) && rl_visible(${op.addr ?? '0'}, ${op.write ? 1 : 0})) ${stop}`;
}

function targetsOf({ flow }: Op): readonly number[] {
  if (flow.k === 'jump') return [flow.to];
  return flow.k === 'branch' ? [flow.then, flow.else] : [];
}

function words(text: FunctionText): number {
  return Math.max(1, Math.ceil(text.frame / 64));
}

function busyRows({ busy }: FunctionText): string {
  return busy.map((b) => `{ ${b.offset}, "${cText(b.text)}" }, `).join('');
}

function wordOf(bits: bigint, word: number): string {
  return BigInt.asUintN(64, bits >> BigInt(64 * word)).toString(16);
}

function cName(f: Placed): string {
  return `${f.index}_${identifier(f.text.name)}`;
}
