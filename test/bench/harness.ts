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
}

/** What the reference, a raw parse of a fixed text, takes on the machine the bars were set on. */
export const REFERENCE_MS = 60;

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

async function measure({ run }: Pick<Row, 'run'>): Promise<number> {
  await run(); // Compiles the code; not counted.
  const times: number[] = [];
  for (let nth = 0; nth < RUNS; nth++) times.push(await run());
  return median(times);
}

/** Measures the reference, then every row; a slow machine gets longer bars, a fast one shorter. */
export async function measureAll(
  reference: Row['run'],
  rows: readonly Row[],
): Promise<{ readonly speed: number; readonly results: readonly Result[] }> {
  const speed = (await measure({ run: reference })) / REFERENCE_MS;
  const results: Result[] = [];
  for (const row of rows)
    results.push({ name: row.name, median: await measure(row), limit: row.bar * speed });
  return { speed, results };
}

/** Markdown, one row a measurement. */
export function table(speed: number, results: readonly Result[]): string {
  const lines = results.map(
    ({ name, median: ms, limit }) =>
      `| ${name} | ${ms.toFixed(1)} | ${limit.toFixed(1)} | ${ms <= limit ? 'yes' : 'NO'} |`,
  );
  const head = ['| what | median ms | bar ms | within |', '|---|---|---|---|'];
  return [...head, ...lines, '', `Bars × ${speed.toFixed(2)} for this machine.`, ''].join('\n');
}
