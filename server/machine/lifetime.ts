/**
 * Lives of pool objects. Each object has a hidden cell: which of its lives it is in, whether that has
 * ended, and who ended it. A pointer carries the number of the life for which it was made, so a stale
 * one is known for stale also after its memory was given out again.
 */
import type { Cpu } from './cpu.js';
import { BASE, FUNCTIONS } from './objects.js';
import type { Busy } from './pool.js';

/** Lives that are told apart; an object that is used again more often breaks a bound of the model. */
export const LIVES = 16;
/** Bit of an address at which the number of the life starts; everything below is the place. */
export const LIFE_SHIFT = 20;
const PLACE = (1 << LIFE_SHIFT) - 1;
/** A hidden cell is `site × 64 + life`: 0 never used, 2n + 1 allocated, 2n + 2 freed in life n. */
export const SITE_SHIFT = 6;
const LIFE = (1 << SITE_SHIFT) - 1;

/** The place that an address names, whatever the life. */
export function placeOf(address: number): number {
  return address > PLACE && address < FUNCTIONS ? address & PLACE : address;
}

/** Part of a hidden cell that says what may be done with the object. */
export function lifeIn(cell: number): number {
  return cell & LIFE;
}

/** Function that allocated or freed last, as a number that counts from 1; 0: not recorded. */
export function siteIn(cell: number): number {
  return cell >> SITE_SHIFT;
}

export function isAllocated(cell: number): boolean {
  return (lifeIn(cell) & 1) === 1;
}

/** Whether an object whose hidden cell has this value is alive, and a pointer is to that very life. */
export function isAlive(cell: number, address: number): boolean {
  const life = address > PLACE && address < FUNCTIONS ? address >> LIFE_SHIFT : 0;
  return lifeIn(cell) === 2 * life + 1;
}

/** Why an access to an object through a pointer is an error; `freedBy` names who freed it last. */
export function staleText(cell: number, name: string, freedBy: string): string {
  const life = lifeIn(cell);
  if (life === 0) return `use of ${name} before it is allocated`;
  if (isAllocated(cell)) return `use after free of ${name}: freed and allocated again`;
  return `use after free of ${name}: freed in ${freedBy}`;
}

/** A member that is neither zero nor a pointer to itself, as an empty list is. */
export function busyMember(m: Cpu, start: number, members: readonly Busy[]): string | undefined {
  for (const { offset, text } of members) {
    const cell = start + offset;
    if (m.tracking) m.noteRead(cell);
    const v = m.S[cell] ?? 0;
    if (v !== 0 && placeOf(v) - BASE !== cell) return text;
  }
  return undefined;
}
