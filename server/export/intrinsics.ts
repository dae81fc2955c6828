/** The intrinsics of Model C as operations; see docs/model-c.md. */
import type { CType, Instr, IrExpr } from '../csource/ir.js';
import { allocatesAnyType, freesAnyType } from '../machine/alloc.js';
import { INT } from './arith.js';
import type { Val } from './arith.js';
import type { FunctionWriter } from './function.js';
import { cText } from './text.js';

type Intrinsic = Extract<Instr, { op: 'intrinsic' }>;
const MAX_CHOICES = 64;

function given(e: IrExpr | undefined): string | undefined {
  return e?.kind === 'string' ? e.value : undefined;
}

function argument(w: FunctionWriter, e: IrExpr | undefined): Val {
  return e ? w.expr.value(e) : { type: INT, text: '0LL', uses: [], constant: 0 };
}

/** Text of a property: the one given, else its condition. */
function label(w: FunctionWriter, instr: Intrinsic): string {
  return cText(given(instr.args[1]) ?? w.names.textOf(instr.args[0]?.loc ?? instr.loc));
}

function deliver(w: FunctionWriter, instr: Intrinsic, v: Val): void {
  if (instr.result !== undefined) w.store(w.local(instr.result), v);
}

export function intrinsic(w: FunctionWriter, instr: Intrinsic): void {
  switch (instr.name) {
    case '__wait':
      return wait(w, instr, 0);
    case '__idle':
      return wait(w, instr, 1);
    case '__spin':
      return wait(w, instr, 2);
    case '__choose':
      return choose(w, instr);
    case '__fault':
      return fault(w, instr);
    case '__assert': {
      const { text, uses } = argument(w, instr.args[0]);
      const body = `if (${text} == 0) rl_fail("assert", "%s", "${label(w, instr)}");`;
      return w.op({ body, uses });
    }
    case '__warn': {
      const { text, uses } = argument(w, instr.args[0]);
      w.op({ body: `if (${text} != 0) rl_warn("%s", "${label(w, instr)}");`, uses });
      return deliver(w, instr, { type: INT, text: `(long long)(${text} != 0)`, uses });
    }
    case '__note':
      return w.op({ body: '' });
    case '__acquire':
    case '__acquire_shared':
    case '__release':
      return w.op({ body: '', uses: argument(w, instr.args[0]).uses });
    case '__require':
      return require(w, instr);
    // Rules over what a thread holds are the machine's.
    case '__forbid':
      return;
    case '__alloc':
      return alloc(w, instr);
    case '__free': {
      const { text, uses } = argument(w, instr.args[0]);
      const any = freesAnyType(w.fn, instr.args[0]) ? 1 : 0;
      return w.op({ kind: 2, body: `rl_free(${text}, ${any});`, uses });
    }
    case '__current':
      return deliver(w, instr, { type: INT, text: '(rl_solo ? 0LL : rl_t + 1LL)', uses: [] });
    case '__in_irq':
      return deliver(w, instr, { type: INT, text: '(long long)rl_irq', uses: [] });
    case '__zero':
      return zero(w, instr);
    // Only crashes look at media, and runs with a crash are not exported.
    case '__flush':
      return;
  }
}

function wait(w: FunctionWriter, instr: Intrinsic, kind: 0 | 1 | 2): void {
  const cond = argument(w, instr.args[0]);
  const object = instr.args[2] ? w.expr.value(instr.args[2]).uses : [];
  const body = `if (rl_blocks(${cond.text} == 0, ${kind})) return RL_BLOCKED;`;
  w.op({ body, uses: [...cond.uses, ...object] });
}

/** Of a number: the run ends here and goes on, so two choices. What a thread holds is the machine's to know. */
function require(w: FunctionWriter, instr: Intrinsic): void {
  const what = instr.args[0];
  if (!what || what.kind === 'string') return;
  const { text, type, uses } = argument(w, what);
  if (type.kind !== 'int') return;
  const body = `if (!rl_solo && ${text} == 0 && rl_choice(2) == 1) rl_fail("assert", "%s", "${label(w, instr)}");`;
  w.op({ body, uses, choices: 2 });
}

function choose(w: FunctionWriter, instr: Intrinsic): void {
  const n = argument(w, instr.args[0]);
  const slot = w.temp();
  const body = `rl_put(rl_fp + ${slot}, rl_choice(${n.text}));`;
  const choices = Math.min(Math.max(n.constant ?? MAX_CHOICES, 1), MAX_CHOICES);
  w.op({ kind: 2, body, uses: n.uses, sets: slot, choices });
  deliver(w, instr, { type: INT, text: `rl_r(${slot})`, uses: [slot] });
}

function fault(w: FunctionWriter, instr: Intrinsic): void {
  const slot = w.temp();
  const body = `rl_put(rl_fp + ${slot}, rl_fault());`;
  w.op({ kind: 1, body, sets: slot, choices: 2, fault: true });
  deliver(w, instr, { type: INT, text: `rl_r(${slot})`, uses: [slot] });
}

function alloc(w: FunctionWriter, instr: Intrinsic): void {
  const e = instr.args[0];
  const pool = e?.kind === 'ident' ? w.names.pool(e.name) : undefined;
  if (!pool) return w.op({ body: 'rl_fail("model-error", "__alloc is not given a pool");' });
  const slot = w.temp();
  const any = allocatesAnyType(w.fn) ? 1 : 0;
  const body = `rl_put(rl_fp + ${slot}, rl_alloc(${pool.index}, ${any}));`;
  w.op({ kind: 2, body, sets: slot });
  const type: CType = { kind: 'pointer', to: pool.element };
  deliver(w, instr, { type, text: `rl_r(${slot})`, uses: [slot] });
}

function zero(w: FunctionWriter, instr: Intrinsic): void {
  const [target, length] = instr.args;
  if (!target) return;
  const p = w.expr.value(target);
  const type: CType = p.type.kind === 'pointer' ? p.type.to : INT;
  const given = length ? (w.expr.value(length).constant ?? w.types.constant(length)) : undefined;
  const own = p.own === true ? { own: true } : {};
  const place = { k: 'mem', addr: p.text, uses: p.uses, type, ...own } as const;
  w.zero(place, given ?? w.types.sizeOf(type));
}
