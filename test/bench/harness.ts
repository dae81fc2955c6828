/** Measures rows and compares each with its bar, scaled by how fast this machine is just now. */

export interface Row {
  readonly name: string;
  /** Longest median time in milliseconds, on a machine where the reference takes `REFERENCE_MS`. */
  readonly bar: number;
  /** One run; returns the milliseconds that count. */
  readonly run: () => number | Promise<number>;
}

export interface Result {
  readonly name: string;
  readonly median: number;
  /** The bar after scaling. */
  readonly limit: number;
  /** What it was scaled by. */
  readonly speed: number;
}

/** What the reference, a raw parse of a fixed text, takes on the machine the bars were set on. */
const REFERENCE_MS = 60;

const RUNS = 7;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds of a synchronous piece of work. */
export function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Runs the row and, between its runs, the reference, so that both see the same load. */
async function measure(reference: Row['run'], row: Row): Promise<Result> {
  await row.run(); // Compiles the code; not counted.
  const times: number[] = [];
  const references: number[] = [];
  for (let nth = 0; nth < RUNS; nth++) {
    references.push(await reference());
    times.push(await row.run());
  }
  const speed = median(references) / REFERENCE_MS;
  return { name: row.name, median: median(times), speed, limit: row.bar * speed };
}

/** Measures every row; a slow machine gets longer bars, a fast one shorter. */
export async function measureAll(
  reference: Row['run'],
  rows: readonly Row[],
): Promise<readonly Result[]> {
  await reference();
  const results: Result[] = [];
  for (const row of rows) results.push(await measure(reference, row));
  return results;
}

/** Markdown, one row a measurement. */
export function table(results: readonly Result[]): string {
  const lines = results.map(({ name, median: ms, limit, speed }) => {
    const numbers = `${ms.toFixed(1)} | ${limit.toFixed(1)} | ${speed.toFixed(2)}`;
    return `| ${name} | ${numbers} | ${ms <= limit ? 'yes' : 'NO'} |`;
  });
  const head = [
    '| what | median ms | bar ms | × for this machine | within |',
    '|---|---|---|---|---|',
  ];
  return [...head, ...lines, ''].join('\n');
}
