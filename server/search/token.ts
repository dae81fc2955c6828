/**
 * Schedules as short texts that can stand in a mail: `rl1.` and base64url of varints with a
 * checksum. Runs of one thread are counted, not listed.
 */
import { fnv } from './hash.js';
import type { Decision } from './types.js';

export interface Token {
  readonly scenario: string;
  readonly profile: string;
  readonly switches: readonly string[];
  /** Of the program for which the schedule was found (`programHash`). */
  readonly hash: number;
  readonly schedule: readonly Decision[];
}

export type Decoded =
  | { readonly kind: 'token'; readonly token: Token }
  | { readonly kind: 'damaged'; readonly reason: string };

const PREFIX = 'rl1.';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** No schedule is that long; more means damage. */
const MAX_STEPS = 100_000;

class Writer {
  readonly bytes: number[] = [];

  number(v: number): void {
    let rest = v >>> 0;
    for (; rest >= 0x80; rest >>>= 7) this.bytes.push((rest & 0x7f) | 0x80);
    this.bytes.push(rest);
  }
  text(s: string): void {
    const utf8 = new TextEncoder().encode(s);
    this.number(utf8.length);
    this.bytes.push(...utf8);
  }
}

class Damage extends Error {}

class Reader {
  readonly #bytes: readonly number[];
  #at = 0;

  constructor(bytes: readonly number[]) {
    this.#bytes = bytes;
  }
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const b = this.#bytes[this.#at++];
      if (b === undefined) throw new Damage('it ends early');
      value += (b & 0x7f) * 2 ** shift;
      if (b < 0x80) return value;
    }
    throw new Damage('a number in it has no end');
  }
  text(): string {
    const length = this.number();
    if (this.#at + length > this.#bytes.length) throw new Damage('it ends early');
    const part = this.#bytes.slice(this.#at, this.#at + length);
    this.#at += length;
    return new TextDecoder().decode(Uint8Array.from(part));
  }
}

function base64url(bytes: readonly number[]): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(4, bytes.length - i + 1);
    for (let d = 0; d < digits; d++) out += ALPHABET[(word >> (18 - 6 * d)) & 63] ?? '';
  }
  return out;
}

function fromBase64url(text: string): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 4) {
    const part = Array.from(text.slice(i, i + 4), (c) => ALPHABET.indexOf(c));
    if (part.some((d) => d < 0)) throw new Damage('it holds a character that no token has');
    if (part.length === 1) throw new Damage('it ends early');
    const word = part.reduce((w, d, n) => w | (d << (18 - 6 * n)), 0);
    bytes.push(...[word >> 16, (word >> 8) & 255, word & 255].slice(0, part.length - 1));
  }
  return bytes;
}

export function encodeToken(token: Token): string {
  const w = new Writer();
  w.text(token.scenario);
  w.text(token.profile);
  w.number(token.switches.length);
  for (const s of token.switches) w.text(s);
  w.number(token.hash);
  writeSchedule(w, token.schedule);
  const sum = fnv(w.bytes);
  return PREFIX + base64url([...w.bytes, sum & 255, (sum >>> 8) & 255, (sum >>> 16) & 255]);
}

/** Decisions without choices as (2 × thread, count), others as (2 × thread + 1, choices). */
function writeSchedule(w: Writer, schedule: readonly Decision[]): void {
  for (let i = 0; i < schedule.length;) {
    const d = schedule[i];
    if (!d) break;
    if (d.choices.length > 0) {
      w.number(d.thread * 2 + 1);
      w.number(d.choices.length);
      for (const c of d.choices) w.number(c);
      i++;
      continue;
    }
    let end = i;
    while (schedule[end]?.thread === d.thread && schedule[end]?.choices.length === 0) end++;
    w.number(d.thread * 2);
    w.number(end - i);
    i = end;
  }
}

function readSchedule(r: Reader): readonly Decision[] {
  const schedule: Decision[] = [];
  while (!r.done) {
    const head = r.number();
    const thread = Math.floor(head / 2);
    const count = r.number();
    if (count === 0 || count + schedule.length > MAX_STEPS)
      throw new Damage('its schedule has no sense');
    if (head % 2 === 1)
      schedule.push({ thread, choices: Array.from({ length: count }, () => r.number()) });
    else for (let i = 0; i < count; i++) schedule.push({ thread, choices: [] });
  }
  return schedule;
}

function parse(text: string): Token {
  const all = fromBase64url(text.slice(PREFIX.length));
  const bytes = all.slice(0, -3);
  const [a = -1, b = -1, c = -1] = all.slice(-3);
  const sum = fnv(bytes);
  if (a !== (sum & 255) || b !== ((sum >>> 8) & 255) || c !== ((sum >>> 16) & 255))
    throw new Damage('its checksum does not match');
  const r = new Reader(bytes);
  const scenario = r.text();
  const profile = r.text();
  const count = r.number();
  if (count > bytes.length) throw new Damage('it ends early');
  const switches = Array.from({ length: count }, () => r.text());
  return { scenario, profile, switches, hash: r.number(), schedule: readSchedule(r) };
}

/** The inverse of `encodeToken`; says what is wrong with a text that is no token. */
export function decodeToken(text: string): Decoded {
  const trimmed = text.trim();
  if (!trimmed.startsWith(PREFIX))
    return { kind: 'damaged', reason: `a token starts with ${PREFIX}` };
  try {
    return { kind: 'token', token: parse(trimmed) };
  } catch (e) {
    if (e instanceof Damage)
      return { kind: 'damaged', reason: `the token is damaged: ${e.message}` };
    throw e;
  }
}
