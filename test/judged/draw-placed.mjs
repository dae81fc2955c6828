/**
 * Draws the lines that `placed.tsv` judges: `node test/judged/draw-placed.mjs CORPUS`, where CORPUS
 * (or the variable RACELORE_CORPUS) is the folder with the real mails. Prints `mail:line mark function`.
 *
 * A line can be drawn when it is a changed line of code in a patch of the series and, by the words of
 * its hunk, stands in a function whose name the model kernel has. That judges nothing.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawer, shuffled } from './random.mjs';

const SEED = 20260203;
const LINES = 50;
/** Lines per function and mail: one patch adds most of what the model has of the series. */
const PER_FUNCTION = 4;
/** The 22 patches of the series, without its cover letter and the replies. */
const PATCH = /^\d+-iomap-v2-patch-next-v2-(?!00)\d\d-22-.*\.eml$/;
const KERNEL = fileURLToPath(new URL('../../server/kernel', import.meta.url));

const HEAD = /^(?=\w)[\w*\s]*?\b(\w+)\s*\(/;
const CODE = /\w/;
const COMMENT = /^(?:\/?\*|\/\/)/;

/** @param {string} file @returns {string[]} */
const linesOf = (file) => readFileSync(file, 'utf8').split('\n');

/** The names of all functions that the model kernel defines. */
function modelled() {
  const names = new Set();
  for (const file of readdirSync(KERNEL).filter((name) => name.endsWith('.c'))) {
    let name;
    for (const line of linesOf(join(KERNEL, file))) {
      if (line.startsWith('{') && name !== undefined) names.add(name);
      if (/^\w/.test(line)) name = line.startsWith('__source') ? undefined : HEAD.exec(line)?.[1];
      if (/^(?:[{}#]|$)/.test(line)) name = undefined;
    }
  }
  return names;
}

/**
 * The changed lines of code of a mail with the function each stands in.
 * @param {string} mail @param {readonly string[]} lines
 */
function changed(mail, lines) {
  const found = [];
  let inside = '';
  let [before, after] = [0, 0];
  for (const [index, line] of lines.entries()) {
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@ ?(.*)/.exec(line);
    if (hunk !== null) {
      [before, after] = [Number(hunk[1] ?? 1), Number(hunk[2] ?? 1)];
      inside = HEAD.exec(hunk[3] ?? '')?.[1] ?? '';
      continue;
    }
    if (before <= 0 && after <= 0) continue;
    const [mark, text] = [line.slice(0, 1), line.slice(1)];
    if (mark !== '+') before--;
    if (mark !== '-') after--;
    inside = HEAD.exec(text)?.[1] ?? inside;
    if (/[+-]/.test(mark) && CODE.test(text) && !COMMENT.test(text.trim()))
      found.push({ where: `${mail}:${index + 1}`, mark, inside });
    if (text.startsWith('}')) inside = '';
  }
  return found;
}

const corpus = process.argv[2] ?? process.env['RACELORE_CORPUS'];
if (corpus === undefined) throw new Error('usage: node test/judged/draw-placed.mjs CORPUS');
const names = modelled();
const raw = join(corpus, 'raw');
const all = readdirSync(raw)
  .filter((mail) => PATCH.test(mail))
  .sort()
  .flatMap((mail) => changed(mail, linesOf(join(raw, mail))));
const known = all.filter(({ inside }) => names.has(inside));
console.error(`${known.length} of ${all.length} changed lines, ${names.size} functions`);
const order = new Intl.Collator('en', { numeric: true });
const taken = new Map();
const drawn = shuffled(known, drawer(SEED))
  .filter(({ where, inside }) => {
    const key = `${where.split(':')[0]} ${inside}`;
    taken.set(key, (taken.get(key) ?? 0) + 1);
    return taken.get(key) <= PER_FUNCTION;
  })
  .slice(0, LINES);
for (const { where, mark, inside } of drawn.sort((a, b) => order.compare(a.where, b.where)))
  console.log(`${where}\t${mark}\t${inside}`);
