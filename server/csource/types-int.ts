/** C's integer types on Linux x86_64: names, promotions, conversions, wrapping. */
import type { CType } from './ir.js';

export type IntType = Extract<CType, { kind: 'int' }>;

const int = (bits: IntType['bits'], signed: boolean, bool = false): IntType => ({
  kind: 'int',
  bits,
  signed,
  bool,
});

export const VOID: CType = { kind: 'void' };
export const BOOL = int(8, false, true);
const CHAR = int(8, true);
export const INT = int(32, true);
export const LONG = int(64, true);
export const UINT = int(32, false);
export const ULONG = int(64, false);
export const VOID_POINTER: CType = { kind: 'pointer', to: VOID };
export const CHAR_POINTER: CType = { kind: 'pointer', to: CHAR };

const SHORT = int(16, true);
const USHORT = int(16, false);
const UCHAR = int(8, false);

/** Names that every kernel file may use; a typedef in the C takes precedence. */
const NAMED: ReadonlyMap<string, CType> = new Map<string, CType>([
  ['void', VOID],
  ['bool', BOOL],
  ['_Bool', BOOL],
  ...(['8', '16', '32', '64'] as const).flatMap((width): [string, CType][] => {
    const signed = { 8: CHAR, 16: SHORT, 32: INT, 64: LONG }[width];
    const unsigned = { 8: UCHAR, 16: USHORT, 32: UINT, 64: ULONG }[width];
    return [
      [`s${width}`, signed],
      [`__s${width}`, signed],
      [`int${width}_t`, signed],
      [`u${width}`, unsigned],
      [`__u${width}`, unsigned],
      [`uint${width}_t`, unsigned],
      [`__le${width}`, unsigned],
      [`__be${width}`, unsigned],
    ];
  }),
  ['size_t', ULONG],
  ['ssize_t', LONG],
  ['ptrdiff_t', LONG],
  ['uintptr_t', ULONG],
  ['intptr_t', LONG],
  ['off_t', LONG],
  ['loff_t', LONG],
  ['pgoff_t', ULONG],
  ['sector_t', ULONG],
  ['blkcnt_t', ULONG],
  ['gfp_t', UINT],
  ['uint', UINT],
  ['ulong', ULONG],
]);

const WORDS = new Set(['signed', 'unsigned', 'char', 'short', 'int', 'long', '__signed__']);

/** Type of a name that C or the kernel defines everywhere; undefined for others. Words in any order. */
export function builtinType(name: string): CType | undefined {
  const named = NAMED.get(name);
  if (named) return named;
  const words = name.split(' ').filter((w) => w !== 'const' && w !== 'volatile');
  if (words.length === 0) return undefined;
  if (!words.every((w) => WORDS.has(w)))
    return words.length === 1 ? undefined : NAMED.get(words.join(' '));
  const unsigned = words.includes('unsigned');
  if (words.includes('char')) return unsigned ? UCHAR : CHAR;
  if (words.includes('short')) return unsigned ? USHORT : SHORT;
  if (words.includes('long')) return unsigned ? ULONG : LONG;
  return unsigned ? UINT : INT;
}

/** Integer promotion: anything narrower than int becomes int. Other types stay. */
export function promote(type: CType): CType {
  return type.kind === 'int' && type.bits < 32 ? INT : type;
}

/** Usual arithmetic conversions of two operand types; the side that is no integer wins. */
export function commonType(left: CType, right: CType): CType {
  const a = promote(left);
  const b = promote(right);
  if (a.kind !== 'int') return a;
  if (b.kind !== 'int') return b;
  if (a.bits !== b.bits) return a.bits > b.bits ? a : b;
  return a.signed ? b : a;
}

/** Value as an object of the type would hold it; pointers are 64 bits wide. */
export function wrap(value: bigint, type: CType): bigint {
  if (type.kind !== 'int') return BigInt.asIntN(64, value);
  if (type.bool) return value === 0n ? 0n : 1n;
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}

/** Arrays become pointers to their first element, functions pointers to themselves. */
export function decay(type: CType): CType {
  if (type.kind === 'array') return { kind: 'pointer', to: type.of };
  return type.kind === 'function' ? { kind: 'pointer', to: type } : type;
}
