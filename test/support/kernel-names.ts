/**
 * Names that the model kernel defines, read from its C by a lexer of its own, so that the check of
 * the core's ignorance does not lean on the core.
 */

export interface KernelNames {
  readonly functions: ReadonlySet<string>;
  readonly structs: ReadonlySet<string>;
  /** Members that are locks: their type is what some function with `__acquire` takes. */
  readonly locks: ReadonlySet<string>;
  /** Class strings of `__acquire`, `__wait` and `__rule`, e.g. `folio lock`. */
  readonly classes: ReadonlySet<string>;
}

interface Function {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly string[];
}

/** Tokens without comments and preprocessor lines; strings keep their quotes. */
function tokens(text: string): readonly string[] {
  const code = text
    .replace(/\/\*[^]*?\*\//g, ' ')
    .replace(/\/\/.*$/gm, ' ')
    .replace(/^[ \t]*#(?:.*\\\n)*.*$/gm, ' ');
  return code.match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\w+|[^\s\w]/g) ?? [];
}

const CLOSERS = new Map([
  ['(', ')'],
  ['{', '}'],
]);

/** Index behind the bracket that closes the one at `open`. */
function behind(all: readonly string[], open: number): number {
  const opener = all[open] ?? '';
  const closer = CLOSERS.get(opener);
  let depth = 0;
  for (let at = open; at < all.length; at++) {
    if (all[at] === opener) depth++;
    if (all[at] === closer && --depth === 0) return at + 1;
  }
  return all.length;
}

function functionsOf(all: readonly string[]): readonly Function[] {
  const found: Function[] = [];
  for (let at = 0; at < all.length; at++) {
    const name = all[at] ?? '';
    if (name === '{') at = behind(all, at) - 1;
    if (!/^[a-z_]\w*$/i.test(name) || all[at + 1] !== '(') continue;
    const end = behind(all, at + 1);
    if (all[end] === '{') {
      const close = behind(all, end);
      found.push({ name, parameters: all.slice(at + 2, end - 1), body: all.slice(end, close) });
      at = close - 1;
    } else at = end - 1;
  }
  return found;
}

/** `struct name {` → name and the tokens between the braces. */
function structsOf(all: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [at, word] of all.entries()) {
    const name = all[at + 1];
    if ((word !== 'struct' && word !== 'union') || name === undefined || all[at + 2] !== '{')
      continue;
    found.set(name, all.slice(at + 3, behind(all, at + 2) - 1));
  }
  return found;
}

function typeOf(words: readonly string[]): string | undefined {
  return words.find((word) => /^\w+$/.test(word) && !/^(?:const|struct|volatile)$/.test(word));
}

/** Types of the parameters of functions that take what they are given. */
function lockTypes(functions: readonly Function[]): ReadonlySet<string> {
  const types = new Set<string>();
  for (const { parameters, body } of functions)
    if (body.some((word) => /^__acquire(?:_shared)?$/.test(word))) {
      const type = typeOf(parameters);
      if (type !== undefined && parameters.includes('*')) types.add(type);
    }
  return types;
}

function lockFields(fields: readonly string[], types: ReadonlySet<string>): readonly string[] {
  const declarations = fields.join(' ').split(/[;{}]/);
  return declarations.flatMap((text) => {
    const words: readonly string[] = text.match(/\w+|\*/g) ?? [];
    const type = typeOf(words);
    if (type === undefined || !types.has(type) || words.includes('*')) return [];
    return words.slice(words.indexOf(type) + 1).filter((word) => /^[a-z_]/i.test(word));
  });
}

const CLASSED = /^__(?:acquire|acquire_shared|release|wait|idle|rule)$/;

/** Strings inside calls of the intrinsics that name classes, titles of rules left out. */
function classesOf(all: readonly string[]): readonly string[] {
  return all.flatMap((word, at) => {
    if (!CLASSED.test(word) || all[at + 1] !== '(') return [];
    const inside = all.slice(at + 2, behind(all, at + 1));
    const strings = inside.filter((token) => token.startsWith('"'));
    const classes = word === '__rule' ? strings.slice(2) : strings;
    return classes.map((token) => token.slice(1, -1));
  });
}

/** Everything that the given C files define. */
export function kernelNames(files: readonly string[]): KernelNames {
  const all = files.flatMap(tokens);
  const functions = functionsOf(all);
  const structs = structsOf(all);
  const types = lockTypes(functions);
  return {
    functions: new Set(functions.map(({ name }) => name)),
    structs: new Set(structs.keys()),
    locks: new Set([...structs.values()].flatMap((fields) => lockFields(fields, types))),
    classes: new Set(classesOf(all)),
  };
}
