/**
 * Documents that are run as tests: the fenced `console` blocks of a Markdown file. A line
 * `$ command` is followed by what it prints; `…` alone stands for any lines, inside a line for any
 * text; a last line `[1]` is the exit status, 0 when there is none.
 */

export interface Step {
  /** 1-based line of the command in the document. */
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
  readonly status: number;
}

export interface Block {
  /** The nearest heading above. */
  readonly title: string;
  /** Words after `console` on the fence, e.g. `shared` for blocks that need the real mails. */
  readonly flags: readonly string[];
  readonly steps: readonly Step[];
}

function step(line: number, command: string, output: readonly string[]): Step {
  const status = /^\[(\d+)\]$/.exec(output.at(-1) ?? '')?.[1];
  const expected = status === undefined ? output : output.slice(0, -1);
  return { line, command, expected, status: Number(status ?? 0) };
}

/** The blocks of one document, in order. */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let title = '';
  for (const match of markdown.matchAll(/^#+ (.*)$|^```console(.*)\n([^]*?)^```$/gm)) {
    if (match[1] !== undefined) {
      title = match[1];
      continue;
    }
    const body = match[3] ?? '';
    const first = markdown.slice(0, match.index).split('\n').length + 1;
    const steps: Step[] = [];
    const lines = body.split('\n').slice(0, -1);
    const starts = lines.flatMap((text, index) => (text.startsWith('$ ') ? [index] : []));
    for (const [nth, start] of starts.entries()) {
      const output = lines.slice(start + 1, starts[nth + 1]);
      steps.push(step(first + start, (lines[start] ?? '').slice(2), output));
    }
    const flags = (match[2] ?? '').split(' ').filter((flag) => flag !== '');
    blocks.push({ title, flags, steps });
  }
  return blocks;
}

function pattern(line: string): RegExp {
  const parts = line.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

/**
 * The expected lines with each wildcard replaced by what it matched, so that a difference shows
 * only what really differs. Equal to `actual` exactly when the output is as expected.
 */
export function filled(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const result: string[] = [];
  let at = 0;
  for (const [index, line] of expected.entries()) {
    if (line === '…') {
      const next = expected[index + 1];
      const end =
        next === undefined
          ? actual.length
          : actual.findIndex((text, nth) => nth >= at && pattern(next).test(text));
      if (end < 0) return [...result, ...expected.slice(index)];
      result.push(...actual.slice(at, end));
      at = end;
    } else {
      const text = actual[at++];
      result.push(text !== undefined && pattern(line).test(text) ? text : line);
    }
  }
  return result;
}
