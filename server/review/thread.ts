import type { Letter, Thread, ThreadEntry } from './types.js';

/** Sets of numbers that grow together (union-find with path halving). */
class Groups {
  readonly #up: number[] = [];

  add(): number {
    return this.#up.push(this.#up.length) - 1;
  }

  find(n: number): number {
    let at = n;
    for (let up = this.#up[at] ?? at; up !== at; up = this.#up[at] ?? at) {
      this.#up[at] = this.#up[up] ?? up;
      at = up;
    }
    return at;
  }

  join(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.#up[Math.max(x, y)] = Math.min(x, y);
  }
}

/** The ids that a letter answers, nearest first. */
function idsAbove(letter: Letter): readonly string[] {
  const last = [...letter.references].reverse();
  const { inReplyTo } = letter;
  return inReplyTo === undefined ? last : [inReplyTo, ...last.filter((id) => id !== inReplyTo)];
}

/** First letter with each id: mailboxes hold copies of one mail. */
export function byMessageId(letters: readonly Letter[]): Map<string, number> {
  const found = new Map<string, number>();
  letters.forEach(({ messageId }, i) => {
    if (messageId !== undefined && !found.has(messageId)) found.set(messageId, i);
  });
  return found;
}

/**
 * The letter above each: by its ids, else as the document says. Ids may lie: an edge that would
 * close a cycle is left out. A letter without parent yet is the top of its tree, so that an edge closes
 * a cycle just when both ends are in one tree.
 */
export function parentsOf(letters: readonly Letter[]): (number | undefined)[] {
  const known = byMessageId(letters);
  const trees = new Groups();
  for (let n = letters.length; n > 0; n--) trees.add();
  return letters.map((letter, i) => {
    const parent =
      idsAbove(letter)
        .map((id) => known.get(id))
        .find((at) => at !== undefined && at !== i) ?? letter.parent;
    if (parent === undefined || parent >= letters.length) return undefined;
    if (trees.find(parent) === trees.find(i)) return undefined;
    trees.join(parent, i);
    return parent;
  });
}

function keyOf(letter: Letter): string {
  return letter.date.iso ?? '';
}

/** Threads by references: letters that share an ancestor belong together, also when it is not there. */
export function threadsOf(letters: readonly Letter[]): Thread[] {
  const up = parentsOf(letters);
  const known = byMessageId(letters);
  const groups = new Groups();
  const nodeOfId = new Map<string, number>();
  const own = letters.map(() => groups.add());
  const nodeFor = (id: string): number => {
    const there = known.get(id);
    const node = there === undefined ? nodeOfId.get(id) : own[there];
    if (node !== undefined) return node;
    const fresh = groups.add();
    nodeOfId.set(id, fresh);
    return fresh;
  };
  letters.forEach((letter, i) => {
    const parent = up[i];
    if (parent !== undefined) groups.join(own[i] ?? i, own[parent] ?? parent);
    for (const id of idsAbove(letter)) groups.join(own[i] ?? i, nodeFor(id));
  });
  const members = new Map<number, number[]>();
  own.forEach((node, i) => {
    const root = groups.find(node);
    const list = members.get(root);
    if (list) list.push(i);
    else members.set(root, [i]);
  });
  return [...members.values()].map((list, index) => threadOf(letters, up, known, list, index));
}

function threadOf(
  letters: readonly Letter[],
  up: readonly (number | undefined)[],
  known: ReadonlyMap<string, number>,
  list: readonly number[],
  index: number,
): Thread {
  const below = new Map<number | undefined, number[]>();
  const order = [...list].sort((a, b) => {
    const [x, y] = [letters[a], letters[b]];
    const [p, q] = [x ? keyOf(x) : '', y ? keyOf(y) : ''];
    return p < q ? -1 : p > q ? 1 : a - b;
  });
  for (const i of order) {
    const above = up[i];
    const children = below.get(above);
    if (children) children.push(i);
    else below.set(above, [i]);
  }
  const missing = new Set<string>();
  const entries: ThreadEntry[] = [];
  const open = (below.get(undefined) ?? []).map((letter) => ({ letter, level: 0 })).reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const { letter: i, level } = next;
    const letter = letters[i];
    const lost = letter ? idsAbove(letter).filter((id) => !known.has(id)) : [];
    for (const id of lost) missing.add(id);
    const above = letter ? idsAbove(letter)[0] : undefined;
    const parent = up[i];
    entries.push({
      letter: i,
      level,
      ...(parent === undefined ? {} : { parent }),
      ...(above === undefined || known.has(above) ? {} : { missing: above }),
    });
    for (const child of [...(below.get(i) ?? [])].reverse())
      open.push({ letter: child, level: level + 1 });
  }
  const first = letters[entries[0]?.letter ?? 0];
  return { index, entries, missing: [...missing].sort(), title: first?.subject.title ?? '' };
}
