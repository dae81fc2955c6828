/** A name as git quotes it when it has unusual characters: `"a/f\303\244.c"`. */
function unquote(name: string): string {
  if (!name.startsWith('"') || !name.endsWith('"') || name.length < 2) return name;
  const bytes: number[] = [];
  const flush = (): string => decodeUtf8(bytes.splice(0));
  let out = '';
  const body = name.slice(1, -1);
  for (let i = 0; i < body.length; i++) {
    const octal = /^\\([0-7]{3})/.exec(body.slice(i, i + 4))?.[1];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8) & 255);
      i += 3;
      continue;
    }
    out += flush();
    if (body.charAt(i) === '\\') i++;
    out += body.charAt(i);
  }
  return out + flush();
}

function decodeUtf8(bytes: readonly number[]): string {
  if (bytes.length === 0) return '';
  try {
    return decodeURIComponent(bytes.map((b) => `%${b.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return String.fromCharCode(...bytes);
  }
}

/** Name in a `---` or `+++` line: without time stamp, quotes and trailing space. */
export function nameOf(rest: string): string {
  const tab = rest.indexOf('\t');
  const name = (tab < 0 ? rest : rest.slice(0, tab)).slice(0, 1000).trim();
  return unquote(name.replace(/ \d{4}-\d\d-\d\d \d\d:\d\d.*$/, ''));
}

function split(path: string): { first: string; rest: string } {
  const slash = path.indexOf('/');
  return slash < 0
    ? { first: '', rest: path }
    : { first: path.slice(0, slash), rest: path.slice(slash + 1) };
}

const NONE = '/dev/null';
const PREFIXES = new Set(['a', 'b', 'c', 'i', 'o', 'w']);

/** Both names without the prefix that diff adds: `a/` and `b/`, or two trees (`linux.orig/`, `linux/`). */
export function stripPrefixes(
  oldName: string,
  newName: string,
): { oldPath: string; newPath: string } {
  const o = split(oldName);
  const n = split(newName);
  const twoTrees = o.first !== n.first && o.rest === n.rest && o.first !== '';
  const bare = (name: string, parts: { first: string; rest: string }): string => {
    if (name === NONE) return NONE;
    return twoTrees || PREFIXES.has(parts.first) ? parts.rest : name;
  };
  return { oldPath: bare(oldName, o), newPath: bare(newName, n) };
}

/**
 * Without git there are no renames: of `x.c.orig` and `x.c` the shorter one is the file, as git apply has
 * it, and no name is absolute.
 */
export function oneName(names: { readonly oldPath: string; readonly newPath: string }): {
  oldPath: string;
  newPath: string;
} {
  const relative = (path: string): string => (path === NONE ? path : path.replace(/^\/+/, ''));
  const [oldPath, newPath] = [relative(names.oldPath), relative(names.newPath)];
  if (oldPath === '' || newPath === '') return { oldPath, newPath };
  if (newPath.startsWith(oldPath)) return { oldPath, newPath: oldPath };
  if (oldPath.startsWith(newPath)) return { oldPath: newPath, newPath };
  return { oldPath, newPath };
}

/** The two names of a `diff --git` line; undefined where spaces make them ambiguous. */
export function gitNames(rest: string): { oldPath: string; newPath: string } | undefined {
  const text = rest.slice(0, 2000).trim();
  if (text.startsWith('"')) {
    const m = /^("(?:[^"\\]|\\.)*") (.+)$/.exec(text);
    return m ? stripPrefixes(nameOf(m[1] ?? ''), nameOf(m[2] ?? '')) : undefined;
  }
  const middle = (text.length - 1) / 2;
  if (Number.isInteger(middle) && text.charAt(middle) === ' ') {
    const a = split(text.slice(0, middle));
    const b = split(text.slice(middle + 1));
    if (a.rest === b.rest) return stripPrefixes(text.slice(0, middle), text.slice(middle + 1));
  }
  const words = text.split(' ');
  const [first, second] = words;
  if (words.length !== 2 || first === undefined || second === undefined) return undefined;
  return stripPrefixes(first, nameOf(second));
}
