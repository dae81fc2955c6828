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

/** Appends a number as the format writes it. */
function put(n: number, out: number[]): void {
  let rest = n;
  for (; rest >= 128; rest >>>= 7) out.push((rest & 127) | 128);
  out.push(rest);
}

/** The same as code: mostly one byte, which needs no array. */
function unsigned(n: number): Code {
  if (n < 128) return n;
  const bytes: number[] = [];
  put(n, bytes);
  return bytes;
}

function signed(n: number): Code {
  if (n >= -64 && n < 64) return n & 127;
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
  else if (!('kind' in code)) {
    // Most parts are bytes: they are not worth a call.
    for (const part of code)
      if (typeof part === 'number') out.push(part);
      else flatten(part, labels, out);
  } else if (!('body' in code)) {
    const at = labels.lastIndexOf(code.label);
    if (at < 0) throw new RangeError('branch out of a region that is not there');
    out.push(code.kind === 'br' ? 0x0c : 0x0d);
    put(labels.length - 1 - at, out);
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

/** Appends how many bytes follow, then these. */
function sized(content: readonly number[], out: number[]): void {
  put(content.length, out);
  for (const byte of content) out.push(byte);
}

function name(text: string, out: number[]): void {
  sized([...new TextEncoder().encode(text)], out);
}

/** Appends a section with as many items as there are functions. */
function section<T>(
  id: number,
  items: readonly T[],
  write: (item: T, out: number[], i: number) => void,
  out: number[],
): void {
  const content: number[] = [];
  put(items.length, content);
  items.forEach((item, i) => {
    write(item, content, i);
  });
  out.push(id);
  sized(content, out);
}

/** A module that imports its memory as `heap.memory` and exports the functions. */
export function moduleOf(functions: readonly Func[]): Uint8Array<ArrayBuffer> {
  const out = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const type = ({ params }: Func, to: number[]): void => {
    to.push(0x60, params);
    for (let i = 0; i < params; i++) to.push(INT);
    to.push(1, INT);
  };
  const imported = (memory: string, to: number[]): void => {
    name('heap', to);
    name(memory, to);
    to.push(0x02, 0x00, 1);
  };
  const exported = (f: Func, to: number[], i: number): void => {
    name(f.name, to);
    to.push(0x00, i);
  };
  const bodies = ({ locals, body }: Func, to: number[]): void => {
    const code: number[] = [1];
    put(locals, code);
    code.push(INT);
    flatten(body, [], code);
    code.push(0x0b);
    sized(code, to);
  };
  section(1, functions, type, out);
  section(2, ['memory'], imported, out);
  section(3, functions, (_, to, i) => to.push(i), out);
  section(7, functions, exported, out);
  section(10, functions, bodies, out);
  return Uint8Array.from(out);
}
