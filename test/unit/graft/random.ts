/** Random bodies of known calls (`a` … `e`), known conditions (`p`, `q`) and calls that no model knows (`u…`). */

/** `try`: `ret = name(x, arg);` and its check. */
export type Node =
  | { readonly kind: 'try'; readonly name: string; readonly arg: number }
  | { readonly kind: 'call'; readonly name: string; readonly arg: number }
  | {
      readonly kind: 'if';
      readonly cond: string;
      readonly arg: number;
      readonly body: readonly Node[];
      readonly other: readonly Node[];
    }
  | { readonly kind: 'return'; readonly value: number };

/** A small linear congruential generator: the same numbers everywhere. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0;
  }
  /** 0 … n-1. */
  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * n);
  }
  pick<T>(list: readonly T[], or: T): T {
    return list[this.below(list.length)] ?? or;
  }
}

const CALLS = ['a', 'b', 'c', 'd', 'e'];
const CONDITIONS = ['p', 'q'];

function knownCall(random: Random): Node {
  return { kind: 'call', name: random.pick(CALLS, 'a'), arg: random.below(4) };
}

function knownTry(random: Random): Node {
  return { kind: 'try', name: random.pick(CALLS, 'a'), arg: random.below(4) };
}

function randomNode(random: Random, depth: number): Node {
  const what = random.below(10);
  if (what < 2) return { kind: 'call', name: `u${random.below(3)}`, arg: random.below(3) };
  if (what < 4 && depth < 2) {
    const unknown = random.below(4) === 0;
    const body = unknown
      ? [{ kind: 'call', name: `u${random.below(3)}`, arg: 0 } as const]
      : list(random, depth + 1);
    const other = !unknown && random.below(3) === 0 ? list(random, depth + 1) : [];
    return {
      kind: 'if',
      cond: unknown ? 'uncertain' : random.pick(CONDITIONS, 'p'),
      arg: random.below(4),
      body,
      other,
    };
  }
  if (what === 5) return knownTry(random);
  if (what === 6) return { kind: 'try', name: `u${random.below(3)}`, arg: random.below(3) };
  if (what === 4 && depth > 0) return { kind: 'return', value: random.below(3) };
  return knownCall(random);
}

function list(random: Random, depth: number): readonly Node[] {
  return Array.from({ length: 1 + random.below(depth === 0 ? 9 : 3) }, () =>
    randomNode(random, depth),
  );
}

export function randomBody(random: Random): readonly Node[] {
  return [...list(random, 0), { kind: 'return', value: 0 }];
}

function unknown(n: Node): boolean {
  return (
    ((n.kind === 'call' || n.kind === 'try') && n.name.startsWith('u')) ||
    (n.kind === 'if' && n.cond === 'uncertain')
  );
}

/** What a model has of it. */
export function modelled(nodes: readonly Node[]): readonly Node[] {
  return nodes
    .filter((n) => !unknown(n))
    .map((n) => (n.kind === 'if' ? { ...n, body: modelled(n.body), other: modelled(n.other) } : n));
}

/** One statement a line. */
export function render(nodes: readonly Node[], depth = 1): string[] {
  const pad = '\t'.repeat(depth);
  return nodes.flatMap((n) => {
    if (n.kind === 'call') return [`${pad}${n.name}(x, ${n.arg});`];
    if (n.kind === 'return') return [`${pad}return ${n.value};`];
    if (n.kind === 'try')
      return [`${pad}ret = ${n.name}(x, ${n.arg});`, `${pad}if (ret)`, `${pad}\treturn ret;`];
    const other = n.other.length > 0 ? [`${pad}} else {`, ...render(n.other, depth + 1)] : [];
    return [
      `${pad}if (${n.cond}(x, ${n.arg})) {`,
      ...render(n.body, depth + 1),
      ...other,
      `${pad}}`,
    ];
  });
}

type Edit = (nodes: readonly Node[]) => readonly Node[];

function splice(
  nodes: readonly Node[],
  at: number,
  remove: number,
  ...add: readonly Node[]
): readonly Node[] {
  return [...nodes.slice(0, at), ...add, ...nodes.slice(at + remove)];
}

function changed(n: Node, random: Random): Node {
  if (n.kind === 'return') return { ...n, value: n.value + 1 };
  if (n.kind === 'if')
    return random.below(2) === 0
      ? { ...n, arg: n.arg + 4 }
      : { ...n, other: n.other.length > 0 ? [] : [knownCall(random)] };
  return { ...n, arg: n.arg + 4 };
}

function editsOf(random: Random): readonly Edit[] {
  const at = (nodes: readonly Node[]): number => random.below(nodes.length);
  return [
    (l) => splice(l, at(l), 0, knownCall(random)),
    (l) => splice(l, at(l), 0, knownTry(random)),
    (l) => splice(l, at(l), 1),
    (l) => {
      const i = at(l);
      const n = l[i];
      return n ? splice(l, i, 1, changed(n, random)) : l;
    },
    (l) => {
      const i = at(l);
      const n = l[i];
      const rest = splice(l, i, 1);
      return n ? splice(rest, at(rest), 0, n) : l;
    },
    (l) => {
      const i = at(l);
      const n = l[i];
      return n ? splice(l, i, 1, { kind: 'if', cond: 'p', arg: 9, body: [n], other: [] }) : l;
    },
    (l) => {
      const i = at(l);
      return splice(l, i, 0, {
        kind: 'if',
        cond: 'q',
        arg: 8,
        body: [{ kind: 'return', value: 7 }],
        other: [],
      });
    },
    (l) => splice(l, at(l), 0, { kind: 'call', name: 'u9', arg: 9 }),
  ];
}

function edit(nodes: readonly Node[], random: Random, depth: number): readonly Node[] {
  const inner = nodes.flatMap((n, i) => (n.kind === 'if' && n.cond !== 'uncertain' ? [i] : []));
  const i = random.pick(inner, -1);
  const n = nodes[i];
  if (n?.kind === 'if' && depth < 2 && random.below(3) === 0)
    return splice(nodes, i, 1, { ...n, body: edit(n.body, random, depth + 1) });
  return random.pick(editsOf(random), (l) => l)(nodes);
}

/** One to three random edits. The last return stays. */
export function patched(nodes: readonly Node[], random: Random): readonly Node[] {
  let body = nodes.slice(0, -1);
  for (let n = 1 + random.below(3); n > 0; n--) body = [...edit(body, random, 0)];
  return [...body, ...nodes.slice(-1)];
}

/** Lengths of longest common subsequences of the tails. */
function tails(a: readonly string[], b: readonly string[]): number[][] {
  const t = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = t[i];
      if (row)
        row[j] =
          a[i] === b[j]
            ? 1 + (t[i + 1]?.[j + 1] ?? 0)
            : Math.max(t[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return t;
}

function marked(a: readonly string[], b: readonly string[]): string[] {
  const t = tails(a, b);
  const out: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push(` ${a[i] ?? ''}`);
      i++;
      j++;
    } else if (i < a.length && (j === b.length || (t[i + 1]?.[j] ?? 0) >= (t[i]?.[j + 1] ?? 0)))
      out.push(`-${a[i++] ?? ''}`);
    else out.push(`+${b[j++] ?? ''}`);
  }
  return out;
}

/** Hunks with three lines of context; `@@` lines name the function. Empty when nothing changed. */
export function diffHunks(a: readonly string[], b: readonly string[], section: string): string {
  const lines = marked(a, b);
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - 3), i + 4).some((l) => !l.startsWith(' ')),
  );
  return lines
    .flatMap((l, i) => (near[i] ? [...(near[i - 1] ? [] : [`@@ ${section}`]), l] : []))
    .join('\n');
}
