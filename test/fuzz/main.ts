/**
 * `npm run fuzz -- [--minutes N] [--seed S]`: inputs made from a seed, one after the other, until the time
 * is over. An exception, a second of CPU for 100 KB, or memory that grows is printed once for each kind, with
 * the input in `test/output/fuzz/`; then the exit code is 1.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkMail } from './mail.js';
import { MailMaker } from './mail-text.js';

interface Target {
  readonly name: string;
  make(seed: number): Uint8Array;
  check(input: Uint8Array): void;
}

const TARGETS: readonly Target[] = [
  { name: 'mail', make: (seed) => new MailMaker(seed).make(), check: checkMail },
];

/** Milliseconds of CPU for an input: one second a begun 100 KB. */
const MS_PER_100_KB = 1000;
const MOST_MB = 600;
/** Different faults after which it ends. */
const MOST_KINDS = 20;

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = Number(process.argv[at + 1]);
  return at > 0 && value > 0 ? value : otherwise;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What is wrong with an input; undefined when nothing is. */
function wrong(target: Target, input: Uint8Array): string | undefined {
  const from = cpuMs();
  try {
    target.check(input);
  } catch (e) {
    return e instanceof Error ? (e.stack ?? e.message) : String(e);
  }
  const ms = cpuMs() - from;
  const allowed = MS_PER_100_KB * Math.ceil((input.length + 1) / 100_000);
  if (ms > allowed) return `${Math.round(ms)} ms for ${input.length} bytes`;
  const megabytes = process.memoryUsage().rss / 1024 / 1024;
  return megabytes > MOST_MB ? `${Math.round(megabytes)} MB` : undefined;
}

/** Inputs with one fault are many: one of each is kept. */
function kindOf(what: string): string {
  return what.replaceAll(/\d+/g, '0').split('\n').slice(0, 4).join('\n');
}

function main(): number {
  const end = cpuMs() + option('minutes', 1) * 60_000;
  const first = option('seed', 1);
  const dir = 'test/output/fuzz';
  const seen = new Set<string>();
  let rounds = 0;
  let bytes = 0;
  for (let seed = first; cpuMs() < end && seen.size < MOST_KINDS; seed++) {
    for (const target of TARGETS) {
      const input = target.make(seed);
      const what = wrong(target, input);
      rounds++;
      bytes += input.length;
      if (what === undefined || seen.has(kindOf(what))) continue;
      seen.add(kindOf(what));
      mkdirSync(dir, { recursive: true });
      const path = join(dir, `${target.name}-${seed}`);
      writeFileSync(path, input);
      process.stdout.write(`${target.name}, seed ${seed} (${path}): ${what}\n`);
    }
  }
  const outcome = seen.size === 0 ? 'nothing' : `${seen.size} things`;
  process.stdout.write(`${rounds} inputs, ${Math.round(bytes / 1e6)} MB, ${outcome} wrong\n`);
  return seen.size === 0 ? 0 : 1;
}

process.exitCode = main();
