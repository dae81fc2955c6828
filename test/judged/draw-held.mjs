/**
 * Draws the lines that `held.tsv` judges: `node test/judged/draw-held.mjs TREE`, where TREE (or the
 * variable RACELORE_TREE) is an unpacked kernel source. Prints `file:line function`, sorted.
 *
 * A line can be drawn when it begins a statement and, reading the function from the top, more locks
 * were taken than given back. That is only a way to draw from locked regions; it judges nothing.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { drawer, shuffled } from './random.mjs';

const SEED = 20221211;
/** Lines per function, so that one long function does not fill the sample. */
const PER_FUNCTION = 2;
/** Lines per directory, 200 in all. */
const QUOTAS = new Map([
  ['fs/iomap', 8],
  ['fs/ext4', 62],
  ['fs/jbd2', 46],
  ['fs/xfs', 44],
  ['fs/btrfs', 40],
]);

const TAKES =
  /\b(?:\w*down_(?:read|write)\w*|(?:\w*_)?(?:lock|ilock|trylock|seqlock)(?:_(?!init)\w+)?)\s*\(/g;
const GIVES = /\b(?:\w*up_(?:read|write)|\w*unlock\w*)\s*\(/g;
/** Annotations between a function's head and its body. */
const ANNOTATIONS = /^__(?:releases|acquires|must_hold)$/;
const HEAD = /^(?=\w)[\w*\s]*?\b(\w+)\s*\(/;
const NOT_A_START = /^(?:[{}*/#:?&|+.,)"]|else\b|case\b|default\b|do\b|\w+:$)/;

/** @param {string} text @param {RegExp} pattern @returns {number} */
const count = (text, pattern) => [...text.matchAll(pattern)].length;

/** The text with comments blanked, line by line the same. @param {string} text */
const uncommented = (text) =>
  text.replace(/\/\*[^]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' '));

/**
 * The lines of a file that can be drawn, with the function each is in.
 * @param {string} path @param {string} text @returns {{ where: string, inside: string, nested: boolean }[]}
 */
function candidates(path, text) {
  const found = [];
  let inside = '';
  let open = false;
  let held = 0;
  let ended = true;
  let depth = 0;
  for (const [index, line] of uncommented(text).split('\n').entries()) {
    const code = line.trim();
    const name = HEAD.exec(line)?.[1];
    if (line.startsWith('{')) [open, held, ended, depth] = [true, 0, true, 0];
    else if (line.startsWith('}')) open = false;
    else if (!open && name !== undefined && !ANNOTATIONS.test(name)) inside = name;
    if (!open || code === '') continue;
    if (held > 0 && ended && !NOT_A_START.test(code) && /[;({)]/.test(code))
      found.push({ where: `${path}:${index + 1}`, inside, nested: depth > 0 });
    depth += count(code, /\(/g) - count(code, /\)/g);
    held = Math.max(0, held + count(code, TAKES) - count(code, GIVES));
    ended = /[;{}:]$/.test(code) || /^(?:if|for|while)\b.*\)$/.test(code) || code === 'else';
  }
  return found;
}

/** @param {string} tree @param {string} folder @returns {string[]} */
const sources = (tree, folder) =>
  readdirSync(join(tree, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => `${folder}/${name}`);

/** @param {string} tree */
function drawn(tree) {
  const draw = drawer(SEED);
  const out = [];
  for (const [folder, quota] of QUOTAS) {
    const all = sources(tree, folder).flatMap((path) =>
      candidates(path, readFileSync(join(tree, path), 'utf8')),
    );
    const taken = new Map();
    const kept = shuffled(all, draw).filter(({ where, inside, nested }) => {
      if (nested) return false;
      const key = `${where.split(':')[0]} ${inside}`;
      taken.set(key, (taken.get(key) ?? 0) + 1);
      return taken.get(key) <= PER_FUNCTION;
    });
    out.push(...kept.slice(0, quota));
    console.error(`${folder}: ${Math.min(quota, kept.length)} of ${all.length}`);
  }
  return out;
}

const tree = process.argv[2] ?? process.env['RACELORE_TREE'];
if (tree === undefined) throw new Error('usage: node test/judged/draw-held.mjs TREE');
const order = new Intl.Collator('en', { numeric: true });
for (const { where, inside } of drawn(tree).sort((a, b) => order.compare(a.where, b.where)))
  console.log(`${where}\t${inside}`);
