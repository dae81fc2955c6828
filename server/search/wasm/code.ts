/**
 * WebAssembly by hand: instructions as trees of bytes, labels by object, one module of functions over
 * an imported memory. Only what the search needs: 32-bit integers, structured control, loads and
 * stores. Bytes come from numbers alone; nothing of an input is ever an instruction.
 */

/** The target of branches: the end of a block, or the start of a loop. */
export interface Label {
  readonly kind: 'label';
}
export const label = (): Label => ({ kind: 'label' });

interface Region {
  readonly kind: keyof typeof REGIONS;
  readonly label: Label;
  readonly body: Code;
  readonly otherwise?: Code;
}

interface Branch {
  readonly kind: 'br' | 'br_if';
  readonly label: Label;
}

export type Code = number | Region | Branch | readonly Code[];

function unsigned(n: number): number[] {
  const bytes: number[] = [];
  for (let rest = n; ; rest >>>= 7) {
    if (rest < 128) {
      bytes.push(rest);
      return bytes;
    }
    bytes.push((rest & 127) | 128);
  }
}

function signed(n: number): number[] {
  const bytes: number[] = [];
  for (let rest = n; ;) {
    const low = rest & 127;
    rest >>= 7;
    const last = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
    bytes.push(last ? low : low | 128);
    if (last) return bytes;
  }
}

// ---- expressions and statements --------------------------------------------------------------

export const constant = (n: number): Code => [0x41, signed(n | 0)];
const two =
  (op: number) =>
  (a: Code, b: Code): Code => [a, b, op];
export const add = two(0x6a);
export const sub = two(0x6b);
export const mul = two(0x6c);
export const remainder = two(0x70);
export const and = two(0x71);
export const or = two(0x72);
export const xor = two(0x73);
export const shl = two(0x74);
export const shr = two(0x76);
export const equal = two(0x46);
export const differ = two(0x47);
export const below = two(0x49);
export const above = two(0x4b);
export const atLeast = two(0x4f);
const one =
  (op: number) =>
  (a: Code): Code => [a, op];
/** Number of the lowest bit; how many bits are set. */
export const lowest = one(0x68);
export const population = one(0x69);
export const isZero = (a: Code): Code => [a, 0x45];
export const select = (yes: Code, no: Code, condition: Code): Code => [yes, no, condition, 0x1b];
/** The word at a byte address. */
export const load = (address: Code, offset = 0): Code => [address, 0x28, 2, unsigned(offset)];
export const store = (address: Code, offset: number, value: Code): Code => [
  address,
  value,
  0x36,
  2,
  unsigned(offset),
];
export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
export const bump = (local: number, by: number): Code => set(local, add(get(local), constant(by)));
export const leave = (value: Code): Code => [value, 0x0f];

/** The result of the function with this number in the module. */
export const call = (fn: number, ...args: readonly Code[]): Code => [args, 0x10, unsigned(fn)];
export const drop = (value: Code): Code => [value, 0x1a];

export const block = (label: Label, body: Code): Code => ({ kind: 'block', label, body });
export const br = (label: Label): Code => ({ kind: 'br', label });
export const brIf = (label: Label, condition: Code): Code => [condition, { kind: 'br_if', label }];
export const when = (condition: Code, body: Code, otherwise?: Code): Code => [
  condition,
  otherwise === undefined
    ? { kind: 'if', label: label(), body }
    : { kind: 'if', label: label(), body, otherwise },
];
/** Runs the body until the condition fails. */
export function during(condition: Code, body: Code): Code {
  const [out, again] = [label(), label()];
  const loop = { kind: 'loop' as const, label: again };
  return block(out, { ...loop, body: [brIf(out, isZero(condition)), body, br(again)] });
}
/** Runs the body, and again while the condition holds. */
export function repeat(body: Code, condition: Code): Code {
  const again = label();
  return { kind: 'loop', label: again, body: [body, brIf(again, condition)] };
}

const REGIONS = { block: 0x02, loop: 0x03, if: 0x04 };
const NO_RESULT = 0x40;

/** `labels`: of the regions around, the innermost last. */
function flatten(code: Code, labels: Label[], out: number[]): void {
  if (typeof code === 'number') out.push(code);
  else if (!('kind' in code)) for (const part of code) flatten(part, labels, out);
  else if (!('body' in code)) {
    const at = labels.lastIndexOf(code.label);
    if (at < 0) throw new RangeError('branch out of a region that is not there');
    out.push(code.kind === 'br' ? 0x0c : 0x0d, ...unsigned(labels.length - 1 - at));
  } else {
    labels.push(code.label);
    out.push(REGIONS[code.kind], NO_RESULT);
    flatten(code.body, labels, out);
    if (code.otherwise !== undefined) {
      out.push(0x05);
      flatten(code.otherwise, labels, out);
    }
    out.push(0x0b);
    labels.pop();
  }
}

// ---- modules ---------------------------------------------------------------------------------

/** A function of 32-bit integers with one result; the last thing on its stack is the result. */
export interface Func {
  readonly name: string;
  readonly params: number;
  /** Further locals. */
  readonly locals: number;
  readonly body: Code;
}

const INT = 0x7f;

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): number[] {
  const bytes = [...new TextEncoder().encode(text)];
  return [...unsigned(bytes.length), ...bytes];
}

function bodyOf({ locals, body }: Func): number[] {
  const code: number[] = [1, ...unsigned(locals), INT];
  flatten(body, [], code);
  code.push(0x0b);
  return [...unsigned(code.length), ...code];
}

/** A module that imports its memory as `heap.memory` and exports the functions. */
export function moduleOf(functions: readonly Func[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ params }) => [
    0x60,
    ...list(Array.from({ length: params }, () => [INT])),
    ...list([[INT]]),
  ]);
  const memory = [...name('heap'), ...name('memory'), 0x02, 0x00, ...unsigned(1)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(types)),
    ...section(2, list([memory])),
    ...section(3, list(functions.map((_, i) => unsigned(i)))),
    ...section(7, list(functions.map((f, i) => [...name(f.name), 0x00, ...unsigned(i)]))),
    ...section(10, list(functions.map(bodyOf))),
  ]);
}
