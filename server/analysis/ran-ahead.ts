/**
 * Which functions run in each scenario on each bare version of the model, known before any search: a
 * change of others cannot matter to the scenario (ran.ts), and nothing of it needs to be run.
 *
 * The table is a file of the model kernel, written by test/kernel/ran.test.ts from complete searches and
 * compared with them there. It counts only for the very texts that it was made from.
 *
 * Its lines, tab-separated: `texts <hash>`, `names <function> …`, and for each scenario
 * `<scenario> <profile,…> <hex digits>`, digit i of which has names 4i to 4i+3, the first as its lowest bit.
 */
import { shortHash } from './confirmed.js';
import type { KernelFile } from './model.js';

export const RAN_FILE = 'ran.txt';

export interface RanRow {
  readonly scenario: string;
  readonly profile: string;
  readonly ran: ReadonlySet<string>;
}

/** Of everything that the table depends on; scenarios of the user have no rows. */
export function textsHash(files: readonly KernelFile[]): string {
  const own = files.filter((f) => f.uri === undefined && f.name !== RAN_FILE);
  const sorted = own.map((f) => `${f.name} ${shortHash(f.text)} ${f.text.length}`).sort();
  return shortHash(sorted.join('\n'));
}

function bitmap(names: readonly string[], ran: ReadonlySet<string>): string {
  const digits = new Array<number>(Math.ceil(names.length / 4)).fill(0);
  names.forEach((name, i) => {
    if (ran.has(name)) digits[i >> 2] = (digits[i >> 2] ?? 0) | (1 << (i & 3));
  });
  return digits.map((d) => d.toString(16)).join('');
}

/** The text of the table. Profiles with the same functions share a line. */
export function ranText(files: readonly KernelFile[], rows: readonly RanRow[]): string {
  const names = [...new Set(rows.flatMap((r) => [...r.ran]))].sort();
  const profiles = new Map<string, string[]>();
  for (const { scenario, profile, ran } of rows) {
    const key = `${scenario}\t*\t${bitmap(names, ran)}`;
    profiles.set(key, [...(profiles.get(key) ?? []), profile]);
  }
  const lines = [...profiles].map(([key, of]) => key.replace('*', of.join()));
  return [`texts\t${textsHash(files)}`, `names\t${names.join(' ')}`, ...lines, ''].join('\n');
}

export class RanAhead {
  readonly #names: readonly string[] = [];
  /** By scenario and profile. */
  readonly #bits = new Map<string, string>();

  /** Knows nothing when the files hold no table, or one of other texts. */
  constructor(files: readonly KernelFile[]) {
    const table = files.find((f) => f.name === RAN_FILE)?.text.split('\n') ?? [];
    const [texts, names, ...rows] = table.map((line) => line.split('\t'));
    if (texts?.[1] !== textsHash(files)) return;
    this.#names = names?.[1]?.split(' ') ?? [];
    for (const [scenario = '', profiles = '', bits = ''] of rows)
      for (const profile of profiles.split(',')) this.#bits.set(`${scenario} ${profile}`, bits);
  }

  /** Functions that run; undefined when it is not known. */
  of(scenario: string, profile: string): ReadonlySet<string> | undefined {
    const bits = this.#bits.get(`${scenario} ${profile}`);
    if (bits === undefined) return undefined;
    const runs = (i: number): boolean => ((parseInt(bits[i >> 2] ?? '0', 16) >> (i & 3)) & 1) === 1;
    return new Set(this.#names.filter((_, i) => runs(i)));
  }
}
