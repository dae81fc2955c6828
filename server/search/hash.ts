/**
 * A number that changes when the code that a program can run changes, not when it only moves in its file. What cannot
 * run has no part in any schedule, so a token stays good when such code is edited.
 */
import type { Program } from '../csource/ir.js';

const SKIPPED = new Set(['loc', 'nameLoc', 'stmt', 'doc']);

class Fnv {
  value = 0x811c9dc5;

  text(s: string): void {
    for (let i = 0; i < s.length; i++)
      this.value = Math.imul(this.value ^ s.charCodeAt(i), 0x01000193);
    this.value = Math.imul(this.value ^ 0x1ff, 0x01000193);
  }

  /** Structure and content of plain data. */
  data(v: unknown): void {
    if (typeof v === 'object' && v !== null) {
      this.text(Array.isArray(v) ? '[' : '{');
      for (const [key, value] of Object.entries(v)) {
        if (SKIPPED.has(key)) continue;
        this.text(key);
        this.data(value);
      }
    } else this.text(String(v));
  }
}

/** FNV-1a, 32 bits unsigned. */
export function fnv(bytes: Iterable<number>): number {
  let h = 0x811c9dc5;
  for (const b of bytes) h = Math.imul(h ^ b, 0x01000193);
  return h >>> 0;
}

const known = new WeakMap<Program, number>();

/** Hash of the functions that can run in a linked program, and of its globals. */
export function programHash(program: Program): number {
  const hash = known.get(program) ?? compute(program);
  known.set(program, hash);
  return hash;
}

function compute({ part }: Program): number {
  const h = new Fnv();
  for (const fn of part.functions.values()) {
    h.text(fn.name);
    h.data(fn.code);
    h.data(fn.locals);
    h.data(fn.def.attrs);
  }
  for (const g of part.globals.values()) {
    h.text(g.name);
    h.data(g.type);
    h.data(g.init);
  }
  return h.value >>> 0;
}
