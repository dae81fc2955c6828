/** Two short texts compared line by line. */

interface Row {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** Longest common subsequence from each pair of positions on. */
function table(a: readonly string[], b: readonly string[]): Int32Array {
  const width = b.length + 1;
  const t = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      t[i * width + j] =
        a[i] === b[j]
          ? (t[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(t[(i + 1) * width + j] ?? 0, t[i * width + j + 1] ?? 0);
  return t;
}

function common(text: string): Row {
  return { mark: ' ', text };
}

/** Rows of both texts. What is equal at both ends is not searched. */
function rowsOf(a: readonly string[], b: readonly string[]): readonly Row[] {
  const least = Math.min(a.length, b.length);
  let head = 0;
  while (head < least && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < least - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return [
    ...a.slice(0, head).map(common),
    ...middleRows(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(common),
  ];
}

function middleRows(a: readonly string[], b: readonly string[]): readonly Row[] {
  const t = table(a, b);
  const width = b.length + 1;
  const rows: Row[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    const goes = x !== undefined && (t[(i + 1) * width + j] ?? 0) >= (t[i * width + j + 1] ?? 0);
    if (x !== undefined && x === y) {
      rows.push({ mark: ' ', text: x });
      i++;
      j++;
    } else if (x !== undefined && (goes || y === undefined)) {
      rows.push({ mark: '-', text: x });
      i++;
    } else {
      rows.push({ mark: '+', text: y ?? '' });
      j++;
    }
  }
  return rows;
}

/** Changed lines with `context` lines around them, marked as in a diff; `...` for what is left out. */
export function diffLines(
  a: readonly string[],
  b: readonly string[],
  context: number,
): readonly string[] {
  const rows = rowsOf(a, b);
  const near = (k: number): boolean =>
    rows.slice(Math.max(0, k - context), k + context + 1).some((r) => r.mark !== ' ');
  const out: string[] = [];
  rows.forEach((r, k) => {
    if (near(k)) out.push(`${r.mark}${r.text}`);
    else if (out.length > 0 && out.at(-1) !== '...') out.push('...');
  });
  return out.at(-1) === '...' ? out.slice(0, -1) : out;
}
