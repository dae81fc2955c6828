/**
 * Where the closed sets of closed-sets.ts lie in the heap, so that the generated loop chooses threads
 * by itself: tables that the guide (guide.ts) fills as they are asked for, and room for what is found
 * out of one row. All arrays by thread have `MOST_THREADS` words.
 */
import { MOST_THREADS } from './control.js';

const BASE = 1024;
const WORD = BASE >> 2;

/** Words of the block, by index: addresses of tables, then numbers. */
export const THREAD_COUNT = WORD;
export const GATES = WORD + 1;
export const GATE_COUNT = WORD + 2;
/** Slots of the futures, the end of them, and the shift of their hash. */
export const FUTURES = WORD + 3;
export const FUTURES_END = WORD + 4;
export const FUTURES_SHIFT = WORD + 5;
/** Touched sets, three of so many words each; by set the gates that it changes. */
export const SETS = WORD + 6;
export const CHANGES = WORD + 7;
/** What invariants read, as a set of variables. */
export const WATCHED = WORD + 8;
/** By leaf the address of its facts or 0, and for how many leaves there is room. */
export const FACTS = WORD + 9;
export const FACTS_ROOM = WORD + 10;
/** By thread, 32 words each: the gate of each literal. */
export const GATE_OF = WORD + 11;
/** Findings that are looked for, as bits. */
export const OPEN = WORD + 12;
/** What is lacking, when the loop ends with `UNKNOWN`: facts of a leaf; or room (-1). */
export const WANTED_LEAF = WORD + 13;
/** Futures, and touched sets, for which there is room; how many sets there are. */
export const FUTURES_LEFT = WORD + 14;
export const SET_ROOM = WORD + 15;
export const SET_COUNT = WORD + 16;
/** Of the open row: as in frozen.ts and closure.ts. */
export const ACTIVE = WORD + 17;
export const THAWED = WORD + 18;
export const PINNED = WORD + 19;
export const STAMP = WORD + 20;
export const CHOICE_COUNT = WORD + 21;
export const PERIOD = WORD + 22;
export const IDLE = WORD + 23;
/** Slots of the touched sets by hash: a number and one, 0 when free. */
export const SET_TABLE = WORD + 24;
export const SET_TABLE_END = WORD + 25;
export const SET_SHIFT = WORD + 26;
/** To collect what a thread may touch: open situations, by situation the walk that has seen it, that walk, and the set. */
export const STACK = WORD + 27;
export const SEEN = WORD + 28;
export const WALK = WORD + 29;
export const UNION = WORD + 30;

/** Byte addresses of arrays by thread. */
const array = (n: number): number => BASE + 128 + 4 * MOST_THREADS * n;
export const HOLDING = array(0);
export const LEAST = array(1);
export const PINS = array(2);
export const REACH = array(3);
export const MATTER = array(4);
export const LEFT = array(5);
/** Situation and literals that `LEAST` is for. */
export const LOCAL = array(6);
export const HELD = array(7);
/** As in closure.ts; -1 when not asked yet. */
export const HARD = array(8);
/** Address of the facts of the next step. */
export const FACT = array(9);
/** Address and number of the situations; gates with literals; number of the first situation of all. */
export const SITUATIONS = array(10);
export const SITUATION_COUNT = array(11);
export const USED = array(12);
export const FIRST = array(13);
/** By gate: its code in the row that was looked at before. */
export const BEFORE = array(14);
export const CHOICES = array(15);
/** By thread: address of the addresses where the steps of its situations begin (futures.ts has their form). */
export const STEPS_OF = array(16);
export const SLOTS = array(17);
/** Slots of closure.ts, in words of row, set, number of choices, choices. */
export const SLOT_COUNT = 64;
export const SLOT_BYTES = 44;
/** First byte behind the block. */
export const END = SLOTS + SLOT_COUNT * SLOT_BYTES;

/** A situation: literals that make a difference, gates that it pins, findings it may show. */
export const SITUATION_BYTES = 16;
/** A gate: place of its field (as in a tree), mask, address and number of what holds, users, variable, by thread its literals and those for all but zero. */
export const GATE_BYTES = 24 + 8 * MOST_THREADS;
export const GATE_VAR = 20;
export const GATE_LITERALS = 24;
export const GATE_NOT_ZERO = GATE_LITERALS + 4 * MOST_THREADS;
/** Facts of a leaf: flags, touched set, literals that block it, variables of which one must change. */
export const FACT_TOUCHED = 4;
export const FACT_KEYS = 8;
export const FACT_NEEDS = 12;
export const MOVES = 1;
export const BLOCKED = 2;
export const IS_WATCHED = 4;

/** How threads are chosen: any closed set; one around those that may show something; that one and ends. */
export const FREE = 0;
export const ASKED = 1;
export const ASKED_AND_ENDS = 2;
/** The same, and surprises: nothing is put off for ever. */
export const ASKED_AND_SURPRISES = 3;

/** The hash of a future's slot: the product of the situation's number mixed with the literals. */
export const FUTURES_HASH = { from: 0x85ebca6b, all: 0x9e3779b1 };
/** The hash of a touched set, word by word; its highest bits are its home. */
export const SETS_HASH = { seed: 0x9e3779b9, word: 0x85ebca6b, shift: 15 };
