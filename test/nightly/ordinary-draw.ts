/**
 * Ordinary patches of a mailing list, drawn by words alone before anything is run: names of files that the
 * model kernel cites, names of functions that stand in hunk headers.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mailsOfEpoch } from '../../server/cli/git-epoch.js';
import { drawer, shuffled } from '../judged/random.mjs';
import { ROOT } from '../support/tools.mjs';

const SEED = 20260214;
/** How many are drawn from patches that touch functions of the model, and from all others of kernel C. */
const TOUCHING = 60;
const OTHERS = 140;

export interface Drawn {
  /** The mail's object in the epoch. */
  readonly mail: string;
  readonly touching: boolean;
}

const SOURCE = /^__source\("([^":]+):(\w+)/gm;

/** `file:function` of all that the model kernel says it was written from. */
function cited(): { readonly files: ReadonlySet<string>; readonly functions: ReadonlySet<string> } {
  const kernel = join(ROOT, 'server/kernel');
  const files = new Set<string>();
  const functions = new Set<string>();
  for (const name of readdirSync(kernel).filter((f) => f.endsWith('.c')))
    for (const [, file = '', fn = ''] of readFileSync(join(kernel, name), 'utf8').matchAll(
      SOURCE,
    )) {
      files.add(file);
      functions.add(fn);
    }
  return { files, functions };
}

const SUBJECT = /^Subject: (?!Re:).*\[[^\]]*PATCH/im;
const KERNEL_C = /^diff --git a\/(?:fs|mm|block|include)\//m;
/** Of other projects that have such folders too. */
const ELSEWHERE = /^Subject: .*(?:e2fsprogs|fsprogs|xfstests|fstests|blktests)/im;
const FILE = /^\+\+\+ b\/(\S+)/;
const SECTION = /^@@ .* @@.*?\b(\w+)\s*\(/;

/** What a mail is by its words; undefined for what is no patch to kernel C. */
function classify(text: string, model: ReturnType<typeof cited>): boolean | undefined {
  const head = text.slice(0, text.search(/\r?\n\r?\n/));
  if (!SUBJECT.test(head) || ELSEWHERE.test(head) || !KERNEL_C.test(text)) return undefined;
  let inFile = false;
  for (const line of text.split('\n')) {
    const file = FILE.exec(line);
    if (file) inFile = model.files.has(file[1] ?? '');
    if (inFile && model.functions.has(SECTION.exec(line)?.[1] ?? '')) return true;
  }
  return false;
}

/** The sample, in an order that depends on the seed and the epoch alone. */
export async function drawOrdinary(epoch: string): Promise<readonly Drawn[]> {
  const model = cited();
  const [touching, others]: [string[], string[]] = [[], []];
  for await (const { name, bytes } of mailsOfEpoch(epoch)) {
    const is = classify(Buffer.from(bytes).toString('latin1'), model);
    if (is !== undefined) (is ? touching : others).push(name);
  }
  const draw = drawer(SEED);
  const take = (from: readonly string[], n: number, is: boolean): readonly Drawn[] =>
    shuffled(from, draw)
      .slice(0, n)
      .map((mail) => ({ mail, touching: is }));
  return [...take(touching, TOUCHING, true), ...take(others, OTHERS, false)];
}
